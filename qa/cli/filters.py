"""`--since`, `--until`, `--on`, `--source`: which articles a command looks at, and saying so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qa.errors import SettingsError
from qa.period import parse_period

if TYPE_CHECKING:
    from index.entities import Filter
    from index.store import Store

__all__ = ["FilterOptions", "filter_options"]

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterOptions:
    """The filter as it was typed."""

    since: str | None = None
    until: str | None = None
    on: str | None = None
    source: str | None = None
    now: datetime | None = None

    def resolve(self) -> Filter:
        """The filter with real dates, in the local time zone.

        Raises:
            SettingsError: an option names no days, or `--on` stands beside `--since` or `--until`.
        """
        from index.entities import Filter

        for option, value in (("--since", self.since), ("--until", self.until), ("--on", self.on)):
            if value is not None and not value.strip():
                raise SettingsError(f"{option} is empty; leave it out, or say which days")
        if self.on and (self.since or self.until):
            raise SettingsError("--on says both ends; leave out --since and --until")
        today = (self.now or datetime.now().astimezone()).date()
        first = last = None
        if self.on:
            period = parse_period(self.on, today=today)
            first, last = period.first, period.last
        if self.since:
            first = _end(parse_period(self.since, today=today).first, "--since", self.since)
        if self.until:
            last = _end(parse_period(self.until, today=today).last, "--until", self.until)
        if first and last and first > last:
            raise SettingsError(f"--since {self.since} is {first}, after --until {self.until}, which is {last}")
        return Filter(since=_iso(first), until=_iso(last), source=self.source)


def describe(where: Filter, store: Store) -> str | None:
    """What a filter leaves, for a person: the resolved dates and the counts; None for an empty filter."""
    if not where:
        return None
    ends = {(True, True): f"from {where.since} to {where.until}", (True, False): f"since {where.since}"}
    ends |= {(False, True): f"until {where.until}", (False, False): ""}
    parts = [ends[bool(where.since), bool(where.until)], f"from {where.source}" if where.source else ""]
    counts = store.count_allowed(where)
    undated = f"; {counts.undated} undated left out" if counts.undated else ""
    names = " ".join(part for part in parts if part)
    return f"articles {names}: {counts.allowed} of {counts.total}{undated}"


def filter_options(function: Callable[..., R]) -> Callable[..., R]:
    """Add the options and hand them over as `filters`."""

    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> R:  # noqa: ANN401  # whatever the command takes
        names = ("since", "until", "on", "source", "now")
        return function(*args, filters=FilterOptions(**{name: kwargs.pop(name) for name in names}), **kwargs)

    decorated: Callable[..., R] = command
    for option in (
        click.option("--now", type=click.DateTime(), hidden=True, help="What relative dates count from."),
        click.option("--source", metavar="GLOB", help="Only articles whose path or outlet matches."),
        click.option("--on", metavar="PERIOD", help='Only articles of a period: 2025-03, "last month", "since March".'),
        click.option("--until", metavar="DATE", help="Only articles up to a day, month or year."),
        click.option("--since", metavar="DATE", help="Only articles from a day, month or year on."),
    ):
        decorated = option(decorated)
    return decorated


def _end(day: date | None, option: str, value: str) -> date:
    if day is None:
        raise SettingsError(f"{option} {value!r} has no such end; write a day, month or year, or use --on")
    return day


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
