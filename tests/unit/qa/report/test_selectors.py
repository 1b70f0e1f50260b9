from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.report.selectors import context, fragment_link, web_address

URL = "https://example.org/a"


def link(text: str, passage: str, *, url: str | None = URL, nth: int = 0) -> str | None:
    start = [match.start() for match in re.finditer(re.escape(passage), text)][nth]
    return fragment_link(url, text, start, start + len(passage))


def test_a_link_percent_encodes_what_a_directive_would_take_for_its_own() -> None:
    text = "It began. Twenty-five men, women & children – 50% “more” – left."
    assert link(text, "Twenty-five men, women & children – 50% “more” – left.") == (
        f"{URL}#:~:text=Twenty%2Dfive%20men%2C%20women%20%26%20children%20%E2%80%93%2050%25%20%E2%80%9Cmore%E2%80%9D"
        "%20%E2%80%93%20left."
    )


def test_a_passage_that_occurs_twice_is_linked_with_its_surroundings() -> None:
    text = "On Monday ports closed. It rained. On Friday ports closed. It snowed."
    assert link(text, "ports closed.", nth=0) == f"{URL}#:~:text=ports%20closed."
    second = link(text, "ports closed.", nth=1)
    assert second == f"{URL}#:~:text=On%20Friday-,ports%20closed.,-It%20snowed."


def test_a_long_passage_is_linked_by_its_first_and_last_words() -> None:
    text = "Before. " + " ".join(f"word{n}" for n in range(100)) + ". After."
    passage = text[8:-7]
    assert link(text, passage) == (
        f"{URL}#:~:text=word0%20word1%20word2%20word3%20word4,word95%20word96%20word97%20word98%20word99."
    )


def test_the_ends_of_a_passage_of_two_paragraphs_each_lie_in_one() -> None:
    text = "The end.\n\nThe beginning of it all was here. And more."
    assert link(text, text[:43]) == f"{URL}#:~:text=The%20end.,it%20all%20was%20here."


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        (f"{URL}#section", f"{URL}#section:~:text=Ports"),
        (f"{URL}#:~:text=old", f"{URL}#:~:text=Ports"),
        ("https://example.org/ä b", None),
        ("https://example.org/ä", "https://example.org/%C3%A4#:~:text=Ports"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E#:~:text=Ports"),
        (None, None),
    ],
)
def test_only_web_addresses_are_linked(url: str | None, linked: str | None) -> None:
    assert link("Ports closed.", "Ports", url=url) == linked


def test_an_address_with_blanks_is_none() -> None:
    assert web_address("https://example.org/a b") is None


@given(st.text("ab .\n", min_size=1, max_size=60), st.data())
def test_a_passage_with_its_context_occurs_once(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    prefix, suffix = context(text, start, end)
    around = prefix + text[start:end] + suffix
    assert text[start - len(prefix) : end + len(suffix)] == around
    assert len(re.findall(f"(?={re.escape(around)})", text)) == 1


WORDS = st.lists(st.sampled_from("ports closed on Monday, the sea-side & rain".split()), min_size=1, max_size=40)


@given(WORDS, st.data())
def test_the_first_match_of_a_link_is_its_passage(words: list[str], data: st.DataObject) -> None:
    """Only where enough context exists: between equal texts no directive can tell."""
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = len(" ".join(words[:first])) + (first > 0)
    end = len(" ".join(words[: last + 1]))
    found = fragment_link(URL, text, start, end)
    assert found is not None
    directive = found.partition(":~:text=")[2]
    assert re.fullmatch(r"(?:[^,&-]+-,)?[^,&-]+(?:,-[^,&-]+)?", directive)
    parts = directive.split(",")
    before = unquote(parts.pop(0)[:-1]) + " " if parts[0].endswith("-") else ""
    behind = " " + unquote(parts.pop()[1:]) if parts[-1].startswith("-") else ""
    whole = f"{before}{unquote(parts[0])}{behind}"
    assert re.search(rf"(?<!\S){re.escape(whole)}(?!\S)", text)
    assert unquote(parts[0]) == text[start:end]
    assert re.search(rf"(?<!\w){re.escape(whole)}(?!\w)", text).start() + len(before) == start  # type: ignore[union-attr]
