"""A question that says which articles to look at ("only since March") -> the filter, and what is left to ask. Pure.

Only a turn that is nothing but a period, or that speaks of articles, sets a filter: in "Who has ruled since 2019?" the
year is a part of the question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from index.entities import Filter
from qa.errors import SettingsError
from qa.period import parse_period

__all__ = ["Limited", "limited"]

_ARTICLES = r"(?:articles|news|reports|sources)"
_PERIOD = r"(?P<period>(?:since|until|till|before|after|from|in|of|during|on) .+?)"
_ONLY_PERIOD = re.compile(
    r"^\W*(?:(?:and|but|or|only|just|what about|how about|ok|okay)\b[\s,]*)*"
    r"(?P<period>(?:since|until|till|before|after) .+?)[\s?.!]*$",
    re.IGNORECASE,
)
_ONLY_ARTICLES = re.compile(
    rf"^\W*(?:(?:and|but|or|only|just|show|look|search|what about|how about)\b[\s,]*)*"
    rf"(?:in |at )?(?:the )?{_ARTICLES} {_PERIOD}[\s?.!]*$",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    rf"[\s,(]+(?:only )?(?:in|from|according to) (?:the )?{_ARTICLES} {_PERIOD}[\s?.!)]*$", re.IGNORECASE
)
_ALL = re.compile(
    r"[\s,(]*\b(?:(?:and|but|look|search) )*(?:in )?(?:all|any of) (?:the )?articles(?: again)?\b\W*$|"
    r"^\W*(?:at )?any time\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """What a question says about articles."""

    where: Filter
    """Which articles are searched from now on."""
    question: str
    """Without that; empty when it says nothing else, and the last question is meant again."""


def limited(question: str, where: Filter, *, today: date) -> Limited:
    """The filter after a question.

    Args:
        question: As it was typed.
        where: What held before.
        today: What "last month" counts from.
    """
    if match := _ALL.search(question):
        return Limited(where=Filter(), question=_ended(question[: match.start()], question))
    for pattern in (_ONLY_PERIOD, _ONLY_ARTICLES, _WITHIN):
        match = pattern.search(question)
        days = _days(match["period"], today) if match else None
        if match and days is not None:
            return Limited(
                where=replace(where, since=days[0], until=days[1]),
                question=_ended(question[: match.start()], question),
            )
    return Limited(where=where, question=question)


def _days(period: str, today: date) -> tuple[str | None, str | None] | None:
    words = re.sub(r"^(?:of|from(?= (?:\S+|\S+ \S+)$))\s+", "", period, flags=re.IGNORECASE)
    try:
        days = parse_period(words, today=today)
    except SettingsError:
        return None
    return (days.first.isoformat() if days.first else None, days.last.isoformat() if days.last else None)


def _ended(rest: str, question: str) -> str:
    """What is left, with the question mark that stood at the end."""
    rest = rest.strip(" ,(")
    return f"{rest}?" if rest and question.rstrip().endswith(("?", "?)")) and not rest.endswith("?") else rest
