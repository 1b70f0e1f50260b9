from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.entities import Sentence
from index.segment import Window, passage_prefix, passages, sentences


def cut(text: str, *, body_start: int = 0, markdown: bool = False) -> list[str]:
    found = sentences(text, body_start=body_start, article_id="a", markdown=markdown)
    return [text[sentence.start : sentence.end] for sentence in found]


def test_offsets_number_and_article_are_given() -> None:
    text = "date 2025-03-30 Rain fell. 😀 It stopped.\n\n\nSnow."
    found = sentences(text, body_start=16, article_id="a")
    assert [(s.number, s.start, s.end, s.page, s.article_id) for s in found] == [
        (1, 16, 26, None, "a"),
        (2, 27, 40, None, "a"),
        (3, 43, 48, None, "a"),
    ]


@pytest.mark.parametrize(
    "blank",
    ["\n\n", "\n \t\n", "\r\n\r\n", "\r\r", "\n\u3000\n", "\x0b\x0b", "\x0c\n", "\x85\x85", "\u2028\u2028", "\u2029"],
)
def test_no_sentence_crosses_a_blank_line(blank: str) -> None:
    assert cut(f"rain fell{blank}and “it{blank}never” stopped") == ["rain fell", "and “it", "never” stopped"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\x0c"])
def test_a_single_newline_does_not_end_a_sentence(newline: str) -> None:
    text = f"The minister{newline}of Finland{newline}left. Nobody{newline}cared."
    assert cut(text) == [f"The minister{newline}of Finland{newline}left.", f"Nobody{newline}cared."]


def test_lines_too_long_to_be_wrapped_are_paragraphs() -> None:
    long = "The ships sailed on " + "and on " * 25 + "to the sea"
    assert cut(f"Ships sail\n{long}\n“They return”\nand so on") == ["Ships sail", long, "“They return”\nand so on"]


@pytest.mark.parametrize("line", ["***", "* * *", "—", "- - -"])
def test_a_line_of_punctuation_is_a_sentence_of_its_own(line: str) -> None:
    assert cut(f"Rain fell.\n\n{line}\n\nSnow fell.") == ["Rain fell.", line, "Snow fell."]


def test_bullets_stand_on_their_own() -> None:
    assert cut("We saw:\n• rain\n• snow\nand hail") == ["We saw:", "• rain", "• snow\nand hail"]


MARKDOWN = """\
## Rain
It fell in March
30. Then it *stopped. At* once. **Bold.** Next.
- one
  goes on. And on.
* two
1. three
2. four

> quoted
> goes on. More.
>
> second

Setext
======
| a | b |
|---|---|
***
End
"""


def test_markdown_blocks_stand_on_their_own() -> None:
    assert cut(MARKDOWN, markdown=True) == [
        "## Rain",
        "It fell in March\n30.",
        "Then it *stopped.",
        "At* once.",
        "**Bold.**",
        "Next.",
        "- one\n  goes on.",
        "And on.",
        "* two",
        "1. three",
        "2. four",
        "> quoted\n> goes on.",
        "More.",
        ">\n> second",
        "Setext",
        "======",
        "| a | b |",
        "|---|---|",
        "***",
        "End",
    ]


PIECES = [
    "The U.S. ", "He said. ", "no", "Word ", "“", "”", '"', "'", "’", "(", ")", ". ", "!", "…", "[1]",
    "\n", "\r\n", "\n\n", "\n \n", " ", "\u00a0", "\u2028", "\u2029", "\x0c", "\x85",
    "é", "e\u0301", "😀", "\U0001f469\u200d\U0001f467", "日本。", "- ", "> ", "# ", "1. ", "* ",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=60).map("".join)
NEWLINE = r"(?>\r\n|[\n\r\v\f\x85\u2028\u2029])"
BLANK = re.compile(rf"{NEWLINE}[^\S\n\r\v\f\x85\u2028\u2029]*{NEWLINE}")


@given(TEXTS, st.booleans(), st.integers(0, 20))
def test_sentences_cover_the_body_in_order(text: str, markdown: bool, start: int) -> None:
    start = min(start, len(text))
    found = sentences(text, body_start=start, article_id="a", markdown=markdown)
    position = start
    for number, sentence in enumerate(found, start=1):
        quote = text[sentence.start : sentence.end]
        assert sentence.number == number
        assert quote
        assert quote == quote.strip()
        assert position <= sentence.start
        assert not text[position : sentence.start].strip()
        assert not BLANK.search(quote)
        position = sentence.end
    assert not text[position:].strip()


@given(TEXTS)
def test_the_same_text_is_always_cut_the_same(text: str) -> None:
    assert sentences(text, body_start=0, article_id="a") == sentences(text, body_start=0, article_id="a")


# --- passages ------------------------------------------------------------------------------------------


def count_words(quotes: Sequence[str]) -> list[int]:
    return [len(quote.split()) for quote in quotes]


def article(*lengths: int) -> tuple[str, tuple[Sentence, ...]]:
    """An article whose sentences have so many words."""
    text, found = "", []
    for number, length in enumerate(lengths, start=1):
        quote = " ".join(["w"] * length)
        found.append(Sentence(article_id="a", number=number, start=len(text), end=len(text) + len(quote), page=None))
        text += quote + "\n"
    return text, tuple(found)


def windows(*lengths: int, max_tokens: int = 256) -> list[tuple[int, int]]:
    text, found = article(*lengths)
    made = passages(found, text, prefix_tokens=6, max_tokens=max_tokens, count_tokens=count_words)
    return [(window.first_sentence, window.last_sentence) for window in made]


def test_no_sentences_give_no_passages() -> None:
    assert windows() == []


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ((30,), [(1, 1)]),
        ((30,) * 3, [(1, 3)]),
        ((30,) * 6, [(1, 3), (3, 5), (5, 6)]),
        ((30, 30, 30, 30, 30, 20), [(1, 3), (3, 6)]),
        ((10,) * 20, [(1, 10), (9, 20)]),
        ((50, 50, 50, 50), [(1, 2), (2, 3), (3, 4)]),
        ((100, 100, 100), [(1, 1), (2, 2), (3, 3)]),
        ((40, 50, 40, 12), [(1, 2), (2, 4)]),
        ((90, 20), [(1, 2)]),
        ((10, 400, 10), [(1, 1), (2, 2), (3, 3)]),
    ],
)
def test_passages_have_about_a_hundred_words_and_overlap(
    lengths: tuple[int, ...], expected: list[tuple[int, int]]
) -> None:
    assert windows(*lengths) == expected


def test_a_passage_and_its_prefix_stay_within_the_budget() -> None:
    assert windows(20, 20, 20, 20, max_tokens=46) == [(1, 2), (2, 3), (3, 4)]


def test_a_prefix_over_the_budget_leaves_each_sentence_alone() -> None:
    assert windows(20, 20, max_tokens=5) == [(1, 1), (2, 2)]


def test_tokens_are_counted_in_one_call_and_the_window_is_a_slice() -> None:
    calls = []

    def count(quotes: Sequence[str]) -> list[int]:
        calls.append(list(quotes))
        return count_words(quotes)

    text = "date 2025-03-30 Rain fell. It stopped.\n"
    found = sentences(text, body_start=16, article_id="a")
    made = passages(found, text, prefix_tokens=0, max_tokens=256, count_tokens=count)
    assert calls == [["Rain fell.", "It stopped."]]
    assert made == (Window(first_sentence=1, last_sentence=2, start=16, end=38),)


@given(st.lists(st.integers(1, 300), max_size=40), st.integers(1, 260), st.integers(1, 150))
def test_every_sentence_is_in_a_passage_and_none_lies_within_another(
    lengths: list[int], max_tokens: int, target: int
) -> None:
    text, found = article(*lengths)
    made = passages(found, text, prefix_tokens=0, max_tokens=max_tokens, count_tokens=count_words, target_words=target)
    held = {number for window in made for number in range(window.first_sentence, window.last_sentence + 1)}
    assert held == set(range(1, len(lengths) + 1))
    for window in made:
        words = sum(lengths[window.first_sentence - 1 : window.last_sentence])
        assert words <= max_tokens or window.first_sentence == window.last_sentence
        assert window.start == found[window.first_sentence - 1].start
        assert window.end == found[window.last_sentence - 1].end
    for before, after in pairwise(made):
        assert before.first_sentence < after.first_sentence <= before.last_sentence + 1
        assert before.last_sentence < after.last_sentence
        assert before.last_sentence - after.first_sentence < 2


@pytest.mark.parametrize(
    ("title", "outlet", "date", "expected"),
    [
        ("Rain", "The Daily", "2025-03-30", "Rain | The Daily | 2025-03-30"),
        (" Rain\n falls ", None, None, "Rain falls"),
        ("Rain", None, "2025-03-30", "Rain | 2025-03-30"),
        ("w " * 40, None, None, " ".join("w" * 24)),
        ("x" * 400, "y" * 400, None, "x" * 200 + " | " + "y" * 60),
    ],
)
def test_a_prefix_holds_what_is_there(title: str, outlet: str | None, date: str | None, expected: str) -> None:
    assert passage_prefix(title, outlet, date) == expected
