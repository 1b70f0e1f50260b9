"""What a question measures (money, length, time …), and what an answer is measured in. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from qa.numbers import numbers_in

__all__ = ["Measure", "clashes", "measured_in", "measures_asked"]


class Measure(StrEnum):
    """What units measure."""

    MONEY = "money"
    SHARE = "share"
    LENGTH = "length"
    AREA = "area"
    MASS = "mass"
    TIME = "time"
    SPEED = "speed"
    TEMPERATURE = "temperature"
    ENERGY = "energy"
    COUNT = "count"
    """A bare number, or one of things."""


_UNITS: tuple[tuple[Measure, re.Pattern[str]], ...] = tuple(
    (measure, re.compile(pattern, re.IGNORECASE))
    for measure, pattern in (
        (
            Measure.MONEY,
            r"[$€£¥]|\b(?:dollars?|euros?|pounds? sterling|yen|yuan|cents?|francs?|rubles?|rupees?|usd|eur)\b",
        ),
        (Measure.SHARE, r"%|\bper ?cent\b|\bpercentage\b"),
        (
            Measure.SPEED,
            r"\b(?:mph|km/h|kph|knots?|m/s)\b|"
            r"\b(?:miles|kilomet(?:er|re)s|met(?:er|re)s) (?:per|an|a) (?:hour|second)\b",
        ),
        (
            Measure.AREA,
            r"\b(?:square (?:\w*met(?:er|re)s?|miles?|feet|foot|inch(?:es)?|yards?)|acres?|hectares?|"
            r"(?:sq|km|mi|m)[ ]?[²2])(?!\w)",
        ),
        (
            Measure.LENGTH,
            r"\b(?:(?:kilo|centi|milli|nano)?met(?:er|re)s?|km|cm|mm|miles?|feet|foot|ft|inch(?:es)?|yards?|"
            r"light[- ]years?)\b",
        ),
        (Measure.MASS, r"\b(?:(?:kilo|milli)?grams?|kg|tonn?es?|tons?|lbs?|pounds?|ounces?|oz)\b"),
        (Measure.TEMPERATURE, r"°|\bdegrees?(?: (?:celsius|fahrenheit))?\b|\b(?:celsius|fahrenheit|kelvin)\b"),
        (Measure.ENERGY, r"\b(?:mega|kilo|giga)?(?:joules?|watts?|watt[- ]hours?)\b|\b[kMG]Wh?\b"),
        (
            Measure.TIME,
            r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies))\b|\b\d+:\d\d(?::\d\d)?\b",
        ),
    )
)
_ASKED: tuple[tuple[frozenset[Measure], re.Pattern[str]], ...] = tuple(
    (frozenset(measures), re.compile(pattern, re.IGNORECASE))
    for measures, pattern in (
        (
            {Measure.MONEY},
            r"\bhow much (?:\w+ ){0,2}(?:money|cash)\b|\bhow much (?:did|does|do|will|would|was|is|has|have)\b.*"
            r"\b(?:costs?|paid|pay|spend|spent|earn|earned|charge|sell|sold|worth|invest|invested|donate[ds]?)\b|"
            r"\b(?:what|which|how much) (?:\w+ ){0,3}(?:price|cost|salary|prize money|budget|fee|fine)\b",
        ),
        (
            {Measure.SHARE},
            r"\b(?:what|which|how (?:much|big|large|high)) (?:\w+ ){0,3}(?:percent|per cent|percentage)\b",
        ),
        ({Measure.SPEED}, r"\bhow fast\b|\b(?:what|which) (?:\w+ ){0,4}speed\b"),
        ({Measure.TEMPERATURE}, r"\bhow (?:hot|cold|warm)\b|\b(?:what|which) (?:\w+ ){0,4}temperature\b"),
        (
            {Measure.MASS},
            r"\bhow heavy\b|\bhow much (?:do|does|did) .*\bweigh\b|\b(?:what|which) (?:\w+ ){0,4}(?:weight|mass)\b",
        ),
        (
            {Measure.LENGTH},
            r"\bhow (?:tall|wide|high|deep|far)\b|\b(?:what|which) (?:is|was|are|were) the (?:\w+ ){0,2}"
            r"(?:height|width|depth|diameter|radius|distance)\b",
        ),
        ({Measure.LENGTH, Measure.TIME}, r"\bhow long\b"),
        ({Measure.TIME, Measure.COUNT}, r"\bhow old\b|\b(?:what|which) (?:\w+ ){0,3}age\b"),
    )
)
_HOW_MANY = re.compile(r"\bhow many\b(?P<what>(?:\W+\w+){0,4})", re.IGNORECASE)


def measures_asked(question: str) -> frozenset[Measure]:
    """What the answer may be measured in; empty when the question does not say."""
    for measures, pattern in _ASKED:
        if pattern.search(question):
            return measures
    if found := _HOW_MANY.search(question):
        return measured_in(found["what"]) or frozenset({Measure.COUNT})
    return frozenset()


def measured_in(text: str) -> frozenset[Measure]:
    """The units in a text; an area or a speed is no length."""
    rest, found = text, set()
    for measure, pattern in _UNITS:
        if pattern.search(rest):
            found.add(measure)
            rest = pattern.sub(" ", rest)
    return frozenset(found)


def clashes(question: str, answer: str) -> bool:
    """Whether a number is an answer to another question: 26 kilograms to "How tall …?", 18 percent to "How many …?"."""
    asked = measures_asked(question)
    if not asked or not numbers_in(answer):
        return False
    units = measured_in(answer) or frozenset({Measure.COUNT})
    if units == {Measure.COUNT}:
        return False  # the unit may stand elsewhere: "Height: 1.83"
    return not units & asked
