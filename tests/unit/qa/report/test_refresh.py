"""Asking the questions of a report again: what counts as another answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.entities import Answer, Verdict
from qa.report.asked import Asked, asked_of
from qa.report.refresh import Difference, asked_again
from tests.pins import TEXT
from tests.unit.qa.passages import citation

CITED = citation(1, TEXT, "About 300 people")
ANSWER = Answer(
    id="0123456789ab",
    asked_at="2025-06-01T12:00:00+02:00",
    question="And how many?",
    standalone_question="How many people lost their work?",
    verdict=Verdict.ANSWERED,
    text="About 300",
    confidence=0.9,
    citations=(CITED,),
    related=(),
    index_generation=1,
    models={},
    timings_ms={},
)
ELSEWHERE = citation(1, f"It is said that {TEXT}", "About 300 people")
NOTHING = replace(ANSWER, verdict=Verdict.NOT_FOUND, text=None, citations=())


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (ANSWER, Difference.NONE),
        (replace(ANSWER, text="300"), Difference.NONE),
        (replace(ANSWER, text="400"), Difference.ANSWER),
        (replace(ANSWER, citations=(ELSEWHERE,)), Difference.SOURCES),
        (NOTHING, Difference.ANSWER),
    ],
)
def test_a_question_gives_another_answer_when_verdict_or_words_differ(now: Answer, expected: Difference) -> None:
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        return now

    (again,) = asked_again([asked_of(ANSWER)], ask)
    assert (again.difference, again.now) == (expected, now)
    assert asked == ["How many people lost their work?"], "the question that stands alone"


def test_an_answer_whose_words_were_purged_is_compared_by_its_verdict() -> None:
    purged: Asked = replace(asked_of(ANSWER), text="")
    (again,) = asked_again([purged], lambda _: replace(ANSWER, text="400"))
    assert again.difference is Difference.NONE
    (again,) = asked_again([purged], lambda _: NOTHING)
    assert again.difference is Difference.ANSWER
