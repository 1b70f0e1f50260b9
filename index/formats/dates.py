"""Dates as sources write them -> ISO 8601. Pure; nothing is taken for a date that is not wholly one."""

from __future__ import annotations

import re
from datetime import date, time
from email.utils import parsedate_to_datetime

__all__ = ["date_of_name", "date_shape", "parse_date"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? +)?"
_MONTH_DAY = re.compile(rf"{_WEEKDAY}(?P<month>[a-z]+)\.? +(?P<day>[0-9]{{1,2}}),? +(?P<year>[0-9]{{4}})")
_DAY_MONTH = re.compile(rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}}) +(?P<month>[a-z]+)\.?,? +(?P<year>[0-9]{{4}})")
_ISO = re.compile(
    r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})"
    r"(?:[Tt ] *(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r"(?: *(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
_COMPACT = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_MAIL = re.compile(
    r"(?:[a-z]{3}, *)?[0-9]{1,2} [a-z]{3} [0-9]{4} [0-9]{2}:[0-9]{2}(?::[0-9]{2})? *"
    r"(?:[+-][0-9]{4}|[a-z]{1,5})?(?: *\([^()]{1,40}\))?"
)
"""RFC 5322, as mail and feeds write it."""
_IN_NAME = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<mark>[-_.]?)(?P<month>0[1-9]|1[0-2])(?P=mark)"
    r"(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9])"
)


def parse_date(value: str) -> str | None:
    """Return `value` as ISO 8601 (YYYY-MM-DD, with time and offset where given); None if it is no date.

    Read are ISO 8601, with slashes too, English dates with the month's name, such as "March 30, 2025", and the dates
    of mail, such as "Sun, 30 Mar 2025 10:00:00 +0900"; the offset is kept.
    """
    plain = " ".join(value.split()).lower()
    if _MAIL.fullmatch(plain):
        try:
            return parsedate_to_datetime(plain).isoformat()
        except ValueError:
            return None
    shape = date_shape(plain) or _COMPACT.fullmatch(plain)
    if shape is None:
        return None
    month = shape["month"]
    try:
        number = int(month) if month.isdigit() else _MONTHS[month]
        day = date(int(shape["year"]), number, int(shape["day"])).isoformat()
        clock = shape.groupdict().get("time")
        if clock is None:
            return day
        offset = _offset(shape["offset"])
        time.fromisoformat(_microseconds(clock) + offset)
    except ValueError:
        return None
    return f"{day}T{clock}{offset}"


def date_of_name(name: str) -> str | None:
    """Return the day that stands in a file's name, such as "2025-03-30-ships.txt"; None when none does.

    Three numbers with the same mark between them, or none; a name with two different days says nothing.
    """
    found = {parse_date(f"{match['year']}-{match['month']}-{match['day']}") for match in _IN_NAME.finditer(name)}
    return found.pop() if len(found) == 1 else None


def date_shape(value: str) -> re.Match[str] | None:
    """Match `value` as an ISO or English date, whether or not there is such a day."""
    plain = " ".join(value.split()).lower()
    iso = _ISO.fullmatch(plain)
    if iso is not None:
        return iso
    named = _MONTH_DAY.fullmatch(plain) or _DAY_MONTH.fullmatch(plain)
    return named if named is not None and named["month"] in _MONTHS else None


def _offset(given: str | None) -> str:
    if not given:
        return ""
    return "Z" if given in "zZ" else f"{given[:3]}:{given[-2:]}"


def _microseconds(clock: str) -> str:
    whole, point, fraction = clock.partition(".")
    return f"{whole}.{fraction[:6]:0<6}" if point else whole
