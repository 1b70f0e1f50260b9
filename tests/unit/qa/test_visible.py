from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.visible import one_line, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]8;;http://evil\x07link\x1b]8;;\x07", "␛]8;;http://evil␇link␛]8;;␇"),
        ("abc\u202edef", "abc⟨U+202E⟩def"),
        ("[red]not markup[/red]", "[red]not markup[/red]"),
        ("a\x9b31mb", "a⟨U+009B⟩31mb"),
        ("over\rwritten", "over␍written"),
        ("line\r\nbreak", "line\nbreak"),
        ("name\udcff.txt", "name\\xff.txt"),
        ("Zoë – 5 °C “so”", "Zoë – 5 °C “so”"),
    ],
)
def test_what_would_act_is_shown_as_a_symbol(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_nothing_that_a_terminal_acts_on_is_left(text: str) -> None:
    shown = visible(text)
    assert not any((ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 for c in shown)
    assert not any(c in shown for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    shown.encode()


def test_one_line_folds_white_space() -> None:
    assert one_line("  a\n\n b\tc ") == "a b c"
