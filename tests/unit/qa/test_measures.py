from __future__ import annotations

import pytest

from qa.measures import Measure, clashes, measured_in, measures_asked


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("$3.5 billion", Measure.MONEY),
        ("18 percent", Measure.SHARE),
        ("6.5 metres", Measure.LENGTH),
        ("377,975 square kilometers", Measure.AREA),
        ("26 kilograms", Measure.MASS),
        ("2:00:35", Measure.TIME),
        ("120 miles per hour", Measure.SPEED),
        ("minus 40 degrees Celsius", Measure.TEMPERATURE),
        ("2.05 megajoules", Measure.ENERGY),
    ],
)
def test_a_unit_says_what_is_measured(text: str, measure: Measure) -> None:
    assert measured_in(text) == {measure}


@pytest.mark.parametrize(
    ("question", "measures"),
    [
        ("How many lasers were fired?", {Measure.COUNT}),
        ("How many kilometres long is the border?", {Measure.LENGTH}),
        ("How much did the mission cost?", {Measure.MONEY}),
        ("How tall is the tower?", {Measure.LENGTH}),
        ("How long is the border?", {Measure.LENGTH, Measure.TIME}),
        ("How old is he?", {Measure.TIME, Measure.COUNT}),
        ("What percentage voted?", {Measure.SHARE}),
        ("Who won?", set()),
        ("How much asteroid material is there?", set()),
    ],
)
def test_a_question_says_what_its_answer_may_be_measured_in(question: str, measures: set[Measure]) -> None:
    assert measures_asked(question) == measures


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How tall is the lander?", "26 kilograms"),
        ("How many allies reach the target?", "18 percent"),
        ("How much prize money did he get?", "1:00:48"),
        ("How many lasers does it fire?", "2.05 megajoules"),
    ],
)
def test_a_number_of_another_measure_clashes(question: str, answer: str) -> None:
    assert clashes(question, answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How tall is the lander?", "two metres"),
        ("How tall is the lander?", "2.0"),
        ("How many troops are there?", "about 54,000"),
        ("How long was the race?", "42.195 kilometres"),
        ("How long did it take?", "3 hours"),
        ("Who won?", "Team 7 metres"),
        ("How far is it?", "not far"),
    ],
)
def test_a_fitting_or_bare_number_does_not_clash(question: str, answer: str) -> None:
    assert not clashes(question, answer)
