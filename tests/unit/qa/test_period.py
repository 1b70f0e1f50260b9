from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import SettingsError
from qa.period import parse_period

TODAY = date(2025, 5, 14)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-03", "2025-03-01", "2025-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-03-30", "2025-03-30", "2025-03-30"),
        ("March 2025", "2025-03-01", "2025-03-31"),
        ("in March", "2025-03-01", "2025-03-31"),
        ("November", "2024-11-01", "2024-11-30"),
        ("May", "2025-05-01", "2025-05-31"),
        ("last May", "2024-05-01", "2024-05-31"),
        ("March 30, 2025", "2025-03-30", "2025-03-30"),
        ("30 March", "2025-03-30", "2025-03-30"),
        ("3rd of June", "2024-06-03", "2024-06-03"),
        ("today", "2025-05-14", "2025-05-14"),
        ("yesterday", "2025-05-13", "2025-05-13"),
        ("Sunday", "2025-05-11", "2025-05-11"),
        ("Wednesday", "2025-05-14", "2025-05-14"),
        ("last Wednesday", "2025-05-07", "2025-05-07"),
        ("this week", "2025-05-12", "2025-05-18"),
        ("last week", "2025-05-05", "2025-05-11"),
        ("last month", "2025-04-01", "2025-04-30"),
        ("last year", "2024-01-01", "2024-12-31"),
        ("past 7 days", "2025-05-08", "2025-05-14"),
        ("last 3 months", "2025-02-15", "2025-05-14"),
        ("the past year", "2024-05-15", "2025-05-14"),
        ("Q1 2024", "2024-01-01", "2024-03-31"),
        ("summer 2024", "2024-06-01", "2024-08-31"),
        ("winter", "2024-12-01", "2025-02-28"),
        ("since March", "2025-03-01", None),
        ("after 2025-03", "2025-04-01", None),
        ("until last month", None, "2025-04-30"),
        ("before 2024", None, "2023-12-31"),
        ("May to July 2024", "2024-05-01", "2024-07-31"),
        ("November to February 2025", "2024-11-01", "2025-02-28"),
        ("from 2024-01-05 to 2024-02", "2024-01-05", "2024-02-29"),
        ("between 2022 and 2023", "2022-01-01", "2023-12-31"),
        ("2024-01..2024-03", "2024-01-01", "2024-03-31"),
    ],
)
def test_periods_as_people_write_them(text: str, first: str | None, last: str | None) -> None:
    period = parse_period(text, today=TODAY)
    assert (period.first and period.first.isoformat(), period.last and period.last.isoformat()) == (first, last)


def test_last_month_in_january_is_december() -> None:
    period = parse_period("last month", today=date(2025, 1, 31))
    assert (period.first, period.last) == (date(2024, 12, 1), date(2024, 12, 31))


@pytest.mark.parametrize("text", ["", "soon", "2025-02-30", "2025-13", "the day of the jackal", "0000", "since"])
def test_what_names_no_days_is_an_error_that_shows_forms(text: str) -> None:
    with pytest.raises(SettingsError, match="last month"):
        parse_period(text, today=TODAY)


def test_an_end_before_its_beginning_is_an_error() -> None:
    with pytest.raises(SettingsError, match="before it begins"):
        parse_period("2025-03 to 2024-03", today=TODAY)


@given(st.text(max_size=40))
def test_no_text_is_anything_but_a_period_or_that_error(text: str) -> None:
    try:
        period = parse_period(text, today=TODAY)
    except SettingsError:
        return
    assert period.first or period.last
