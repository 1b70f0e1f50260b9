from __future__ import annotations

import pytest

from qa.question import Asked, asked_for, fits


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many US troops are in Japan?", Asked.NUMBER),
        ("how many troops", Asked.NUMBER),
        ("How old is Hegseth?", Asked.NUMBER),
        ("How much did it cost?", Asked.NUMBER),
        ("What is the population of Okinawa?", Asked.NUMBER),
        ("How long did the talks last?", Asked.DURATION),
        ("How long is the border?", Asked.NUMBER),
        ("When did Finland join NATO?", Asked.DATE),
        ("In which year did the war end?", Asked.DATE),
        ("Who is the US Defense Secretary?", Asked.PERSON),
        ("Whose idea was it?", Asked.PERSON),
        ("Where is the headquarters?", Asked.PLACE),
        ("Which country was the last to ratify?", Asked.PLACE),
        ("Why did the bridge collapse?", Asked.REASON),
        ("How did the ship lose power?", Asked.MANNER),
        ("What did Hegseth say about China?", Asked.STATEMENT),
        ("Has Beijing ruled out force?", Asked.YES_NO),
        ("Is the tariff in force?", Asked.YES_NO),
        ("Which aircraft carrier is based at Yokosuka?", Asked.OTHER),
        ("What is the new command called?", Asked.OTHER),
    ],
)
def test_the_kind_of_answer_is_told_from_the_question(question: str, kind: Asked) -> None:
    assert asked_for(question) is kind


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Asked.NUMBER, "about 54,000", "Okinawa"),
        (Asked.NUMBER, "dozens", "the island"),
        (Asked.DATE, "March 2025", "Tokyo"),
        (Asked.DATE, "on Sunday", "54 troops"),
        (Asked.DURATION, "three weeks", "a bridge"),
        (Asked.PERSON, "Pete Hegseth", "the minister"),
        (Asked.PLACE, "Okinawa", "an island"),
        (Asked.REASON, "because of the tariff on cars", "tariff"),
    ],
)
def test_words_fit_a_kind_by_their_form(kind: Asked, good: str, bad: str) -> None:
    assert fits(kind, good)
    assert not fits(kind, bad)


@pytest.mark.parametrize("kind", [Asked.OTHER, Asked.MANNER, Asked.YES_NO])
def test_kinds_without_a_form_are_fitted_by_anything(kind: Asked) -> None:
    assert fits(kind, "anything")
