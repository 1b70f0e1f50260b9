from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.entities import Freshness
from index.segment import sentences
from qa.report.cited import Change
from qa.report.reanchor import Found, difference, find_again

TEXT = (
    "The port deal was signed on Monday. It covers 54,000 jobs, officials said.\n\n"
    "The unions were not convinced by her. A second phase begins in July."
)
QUOTE = "It covers 54,000 jobs, officials said."


def again(quote: str, start: int, text: str) -> tuple[Freshness, str] | None:
    found = find_again(quote, start, text, sentences(text, body_start=0, article_id=""))
    return None if found is None else (found.status, text[found.start : found.end])


def test_the_same_words_elsewhere_have_moved() -> None:
    assert again(QUOTE, TEXT.index(QUOTE), f"News. {TEXT}") == (Freshness.MOVED, QUOTE)


def test_of_several_places_the_nearest_to_the_old_one_is_taken() -> None:
    text = f"{QUOTE} Filler stands here. {QUOTE} More of it. {QUOTE}"
    second = text.index(QUOTE, 1)
    found = find_again(QUOTE, second + 3, text, ())
    assert found == Found(status=Freshness.MOVED, start=second, end=second + len(QUOTE))


@pytest.mark.parametrize(
    "now",
    [
        "It covers 48,000 jobs, officials said.",
        "It covers 54,000 jobs, the unions said.",
        "It covers 54,000 new jobs in the region, officials said.",
        "It covers 54 000 jobs, officials said.",
    ],
)
def test_another_wording_has_changed(now: str) -> None:
    assert again(QUOTE, TEXT.index(QUOTE), TEXT.replace(QUOTE, now)) == (Freshness.CHANGED, now)


def test_a_sentence_that_was_split_is_found_whole() -> None:
    two = "It covers 54,000 jobs. Officials said that."
    assert again(QUOTE, 36, TEXT.replace(QUOTE, two)) == (Freshness.CHANGED, two)


def test_what_was_taken_out_is_not_found_in_something_else() -> None:
    assert again(QUOTE, 36, TEXT.replace(QUOTE, "")) is None
    assert again(QUOTE, 36, "") is None


def test_of_equally_similar_sentences_the_nearest_is_taken() -> None:
    text = "It covers 48,000 jobs, officials said. " * 3
    found = find_again(QUOTE, 80, text, sentences(text, body_start=0, article_id=""))
    assert found is not None
    assert found.start == 78


def test_a_difference_is_given_in_whole_words() -> None:
    assert difference("It covers 54,000 jobs, officials said.", "It covers 48,000 new jobs, officials say.") == (
        Change(kind="same", text="It covers "),
        Change(kind="removed", text="54,000 "),
        Change(kind="added", text="48,000 new "),
        Change(kind="same", text="jobs, officials "),
        Change(kind="removed", text="said."),
        Change(kind="added", text="say."),
    )


@given(st.lists(st.sampled_from("a b c d".split())), st.lists(st.sampled_from("a b c d".split())))
def test_a_difference_holds_the_words_of_both_sides(old: list[str], new: list[str]) -> None:
    changes = difference(" ".join(old), " ".join(new))
    assert " ".join(c.text for c in changes if c.kind != "added").split() == old
    assert " ".join(c.text for c in changes if c.kind != "removed").split() == new
