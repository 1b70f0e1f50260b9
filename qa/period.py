"""A period as people write it ("2025-03", "last month", "since March") -> first and last day. Pure.

A month or weekday without a year is the latest one that has begun. Weeks begin on Monday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from qa.errors import SettingsError

__all__ = ["Period", "parse_period"]

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
_DAYS |= {name.casefold(): number for number, name in enumerate(calendar.day_abbr)}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_EXAMPLES = '2025, 2025-03, 2025-03-30, "March 2025", "last month", "past 7 days", "since March", "May to July 2024"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `first` to `last`, both included; None is open."""

    first: date | None
    last: date | None


def parse_period(text: str, *, today: date) -> Period:
    """The days that `text` names.

    Args:
        text: In English.
        today: What relative words count from.

    Raises:
        SettingsError: it names no days; the message shows forms that do.
    """
    words = " ".join(text.casefold().replace(",", " ").split())
    try:
        period = _bounded(words, today) or _simple(words, today)
    except (ValueError, OverflowError):  # 2025-02-30, a year 0
        period = None
    if period is None:
        raise SettingsError(f"{text!r} names no days; write one of: {_EXAMPLES}")
    if period.first and period.last and period.first > period.last:
        raise SettingsError(f"{text!r} ends on {period.last}, before it begins on {period.first}")
    return period


def _bounded(words: str, today: date) -> Period | None:
    """Periods with an open end, or with two ends that are periods themselves."""
    if match := re.fullmatch(r"(?:since|from|starting|after|until|till|to|before|up to) (.+)", words):
        inner = _simple(match[1], today)
        if inner is not None:
            return _open(words.split()[0], inner)
    for pattern in (r"(?:from |between )?(.+?) (?:to|until|till|and|-|–) (.+)", r"(\S+?)\.\.(\S+)"):
        if match := re.fullmatch(pattern, words):
            first, last = _simple(match[1], today), _simple(match[2], today)
            if first is not None and last is not None:
                return Period(first=_year_of(match[1], first, last), last=last.last)
    return None


def _open(word: str, inner: Period) -> Period:
    day = timedelta(days=1)
    if word == "after":
        return Period(first=inner.last + day if inner.last else None, last=None)
    if word == "before":
        return Period(first=None, last=inner.first - day if inner.first else None)
    if word in {"since", "from", "starting"}:
        return Period(first=inner.first, last=None)
    return Period(first=None, last=inner.last)


def _year_of(words: str, first: Period, last: Period) -> date | None:
    """In "May to July 2024" the year stands once: a month without one lies before the end."""
    if first.first and last.last and words in _MONTHS:
        begin = first.first.replace(year=last.last.year)
        return begin if begin <= last.last else begin.replace(year=begin.year - 1)
    return first.first


def _simple(words: str, today: date) -> Period | None:
    words = re.sub(r"^(?:on|in|during|the) ", "", words)
    words = words.removeprefix("the ")
    for pattern, build in _FORMS:
        if match := re.fullmatch(pattern, words):
            return build(match, today)
    return None


def _days(match: re.Match[str], _today: date) -> Period:
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    return Period(first=day, last=day)


def _numbered_month(match: re.Match[str], _today: date) -> Period:
    return _month(int(match["y"]), int(match["m"]))


def _year(match: re.Match[str], _today: date) -> Period:
    return Period(first=date(int(match["y"]), 1, 1), last=date(int(match["y"]), 12, 31))


def _named_day(match: re.Match[str], today: date) -> Period:
    month = _MONTHS[match["month"]]
    year = int(match["y"] or today.year)
    day = date(year, month, int(match["d"]))
    if match["y"] is None and day > today:
        day = day.replace(year=year - 1)
    return Period(first=day, last=day)


def _named_month(match: re.Match[str], today: date) -> Period:
    month = _MONTHS[match["month"]]
    latest = today.year - (month > today.month) - (match["last"] is not None and month == today.month)
    return _month(int(match["y"] or latest), month)


def _quarter(match: re.Match[str], today: date) -> Period:
    year, quarter = int(match["y"] or today.year), int(match["q"])
    return Period(first=date(year, 3 * quarter - 2, 1), last=_month(year, 3 * quarter).last)


def _season(match: re.Match[str], today: date) -> Period:
    month = _SEASONS[match["season"]]
    year = int(match["y"]) if match["y"] else today.year - (month > today.month)
    end = year + (month == 12)
    return Period(first=date(year, month, 1), last=_month(end, (month + 2) % 12).last)


def _weekday(match: re.Match[str], today: date) -> Period:
    back = (today.weekday() - _DAYS[match["day"]]) % 7
    day = today - timedelta(days=back or (7 if match["last"] else 0))
    return Period(first=day, last=day)


def _near_day(match: re.Match[str], today: date) -> Period:
    day = today - timedelta(days=int(match[0] == "yesterday"))
    return Period(first=day, last=day)


def _unit(match: re.Match[str], today: date) -> Period:
    """This or last week, month or year."""
    before = match["which"] == "last"
    if match["unit"] == "week":
        monday = today - timedelta(days=today.weekday() + 7 * before)
        return Period(first=monday, last=monday + timedelta(days=6))
    if match["unit"] == "year":
        return Period(first=date(today.year - before, 1, 1), last=date(today.year - before, 12, 31))
    month = today.replace(day=1) - timedelta(days=int(before))
    return _month(month.year, month.month)


def _past(match: re.Match[str], today: date) -> Period:
    """The last N days, weeks, months or years, today included."""
    count = int(match["n"] or 1)
    if match["unit"] in {"month", "year"}:
        months = today.year * 12 + today.month - 1 - count * (12 if match["unit"] == "year" else 1)
        year, month = divmod(months, 12)
        first = date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
    else:
        first = today - timedelta(days=count * (7 if match["unit"] == "week" else 1))
    return Period(first=first + timedelta(days=1), last=today)


def _month(year: int, month: int) -> Period:
    return Period(first=date(year, month, 1), last=date(year, month, calendar.monthrange(year, month)[1]))


_FORMS: tuple[tuple[str, Callable[[re.Match[str], date], Period]], ...] = (
    (r"(?P<y>\d{4})[-/](?P<m>\d\d?)[-/](?P<d>\d\d?)", _days),
    (r"(?P<y>\d{4})-(?P<m>\d\d?)", _numbered_month),
    (r"(?P<y>\d{4})", _year),
    (rf"(?P<d>\d\d?)(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\.?(?: (?P<y>\d{{4}}))?", _named_day),
    (rf"(?P<month>{_MONTH})\.? (?P<d>\d\d?)(?:st|nd|rd|th)?(?: (?P<y>\d{{4}}))?", _named_day),
    (rf"(?P<last>last )?(?P<month>{_MONTH})\.?(?: (?P<y>\d{{4}}))?", _named_month),
    (r"q(?P<q>[1-4])(?: (?P<y>\d{4}))?", _quarter),
    (rf"(?:last )?(?P<season>{'|'.join(_SEASONS)})(?: (?P<y>\d{{4}}))?", _season),
    (rf"(?P<last>last )?(?P<day>{_DAY})", _weekday),
    (r"today|yesterday", _near_day),
    (r"(?P<which>this|last) (?P<unit>week|month|year)", _unit),
    (r"(?:past|last|previous) (?:(?P<n>\d{1,4}) )?(?P<unit>day|week|month|year)s?", _past),
)
