from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.report.typography import nested, quoted, title_case


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("“We stay,” she said.", "“‘We stay,’ she said.”"),
        ('"We stay," she said.', "“‘We stay,’ she said.”"),
        ("She said “he said ‘no’ to me”.", "“She said ‘he said “no” to me’.”"),
        ("The country's ports don’t open.", "“The country’s ports don’t open.”"),
        ("The workers’ strike", "“The workers’ strike”"),
        ("“We stay. We always did.", "“‘We stay. We always did.”"),
        ("We always did,” she said.", "“We always did,’ she said.”"),
        ("Er sagte „nein“ dazu.", "“Er sagte „nein“ dazu.”"),
        ("«Non», dit-il.", "“«Non», dit-il.”"),
        ('a 5" pipe', '“a 5" pipe”'),
    ],
)
def test_marks_within_a_quotation_alternate(text: str, shown: str) -> None:
    assert quoted(text) == shown


@given(st.text("ab “”‘’'\".,-"))
def test_only_marks_are_changed(text: str) -> None:
    marks = str.maketrans('“”‘’"', "'''''")
    assert nested(text, within=True).translate(marks) == text.translate(marks)


def test_titles_in_another_language_stay_as_they_are() -> None:
    assert title_case("häfen schließen", language="de-AT") == "häfen schließen"
    assert title_case("ports are closed", language="en-GB") == "Ports Are Closed"


@given(st.text())
def test_a_title_only_changes_case(text: str) -> None:
    assert title_case(text, language="en").casefold() == text.casefold()
