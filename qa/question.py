"""What kind of thing a question asks for, and whether some words are of that kind. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from qa.numbers import numbers_in

__all__ = ["Asked", "asked_for", "fits"]


class Asked(StrEnum):
    """Kinds of answers."""

    NUMBER = "number"
    DATE = "date"
    DURATION = "duration"
    PERSON = "person"
    PLACE = "place"
    REASON = "reason"
    MANNER = "manner"
    STATEMENT = "statement"
    """What somebody said."""
    YES_NO = "yes_no"
    OTHER = "other"


_KINDS: tuple[tuple[Asked, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            Asked.STATEMENT,
            r"\bwhat (?:did|does|do|has|have|had) .*\b(?:say|said|tell|told|claim|claimed|argue|argued|state|stated|"
            r"announce|announced|warn|warned|write|written|think|believe)\b",
        ),
        (Asked.DURATION, r"\bhow (?:long|soon)\b(?! is the| was the| are the)|\bfor how (?:long|many)\b"),
        (
            Asked.NUMBER,
            r"\bhow (?:many|much|old|far|fast|long|large|big|high|tall|often|deep|wide|heavy|few|hot|cold|late)\b|"
            r"\b(?:what|which) (?:is |was |are |were )?(?:the )?(?:\w+ )?(?:share|percent|percentage|proportion|number|"
            r"amount|price|cost|age|total|score|rate|size|population)\b",
        ),
        (
            Asked.DATE,
            r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|date|day|month|century|decade|time|season|week)\b",
        ),
        (Asked.PERSON, r"^\W*(?:\w+ ){0,3}who(?:m|se)?\b|\b(?:what|which) (?:person|man|woman)\b"),
        (Asked.PLACE, r"\bwhere\b|\b(?:what|which) (?:city|country|state|town|place|region|continent|location)\b"),
        (Asked.REASON, r"\bwhy\b|\bwhat (?:was|is|were|are) the reasons?\b|\bwhat cause[sd]?\b|\bfor what reason\b"),
        (Asked.MANNER, r"\bhow\b"),
        (
            Asked.YES_NO,
            r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must)(?:n't)?\b",
        ),
    )
)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d{2}|\d0s|jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow|year|month|week|morning|evening|night|"
    r"century|summer|winter|spring|autumn|fall|decades?|a\.?m|p\.?m|noon|midnight|after|before|since|during)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur\w+|until|since)\b", re.I
)
_QUANTITY = re.compile(
    r"\b(?:half|third|quarter|several|dozens?|hundreds|thousands|millions|none|no|both|twice|one)\b", re.I
)
_NAME = re.compile(r"[A-Z]")


def asked_for(question: str) -> Asked:
    """The kind of answer that a question wants."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), Asked.OTHER)


def fits(kind: Asked, text: str) -> bool:
    """Whether words may be an answer of this kind; true for kinds that have no form."""
    if kind is Asked.NUMBER:
        return bool(numbers_in(text) or _QUANTITY.search(text))
    if kind is Asked.DURATION:
        return bool(_DURATION.search(text) or numbers_in(text))
    if kind is Asked.DATE:
        return bool(_DATE.search(text))
    if kind in {Asked.PERSON, Asked.PLACE}:
        return bool(_NAME.search(text))
    if kind in {Asked.REASON, Asked.STATEMENT}:
        return len(text.split()) >= 3
    return True
