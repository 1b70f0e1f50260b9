from __future__ import annotations

import math

import pytest

from qa.coverage import QuestionWords

TEXT = "The United States has 54,000 troops in Japan. They are mostly in Okinawa."


def coverage(question: str, text: str, everything: list[str]) -> float:
    return QuestionWords(question, everything).coverage(text)


def test_coverage_is_the_weighted_share_of_the_words_that_a_text_holds() -> None:
    held, missing = math.log(1 + 1 / 1.5), math.log(1 + 1 / 0.5)  # in one of one text, in none
    expected = 2 * held / (2 * held + missing)
    assert coverage("troops stationed in Okinawa", TEXT, [TEXT]) == pytest.approx(expected)
    assert coverage("Who is it?", TEXT, [TEXT]) == 0.0


def test_a_rare_word_that_is_missing_weighs_more_than_a_common_one() -> None:
    everything = [TEXT, "Troops left Germany.", "Troops came home."]
    assert coverage("troops Guam", TEXT, everything) < 0.5 < coverage("troops Okinawa", TEXT, everything)


def test_endings_of_a_word_do_not_matter_to_coverage() -> None:
    assert coverage("deployed", "They deploy.", ["They deploy."]) == 1.0


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        ("How many US troops are in Japan?", False),
        ("How many troops has the United States in Okinawa?", False),
        ("How many troops are in South Korea?", True),
        ("Who commands the Seventh Fleet?", True),
        ("how many troops are there", False),
        ("Japan's troops: how many?", False),
    ],
)
def test_a_name_is_lacking_when_one_of_its_words_is(question: str, *, lacks: bool) -> None:
    assert QuestionWords(question, [TEXT]).lacks_name(TEXT) is lacks


def test_a_name_is_held_by_its_initials() -> None:
    assert not QuestionWords("What did the European Union say?", []).lacks_name("The EU said no.")
    assert QuestionWords("What did the European Union say?", []).lacks_name("The UN said no.")


def test_a_number_is_lacking_unless_the_text_holds_it() -> None:
    assert QuestionWords("Who won the prize in 2024?", []).lacks_number("2023-10-05 The prize went to Fosse.")
    assert not QuestionWords("Who won the prize in 2024?", []).lacks_number("2024-10-10 The prize went to Han Kang.")
