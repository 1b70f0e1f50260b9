"""Rows of the library: what a preview knows joined in, sorted, filtered, counted by month."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.sync_report import Change, FileChange, SyncReport
from qa.tui.screens.library_rows import (
    Column,
    Row,
    filtered,
    join,
    months,
    removal_words,
    shown_file,
    sort_words,
    sorted_rows,
)
from qa.tui.services import ArticleRow


def article(name: str, **values: object) -> ArticleRow:
    known = {"title": name, "date": None, "outlet": None, "path": f"/a/{name}.txt", "words": 10, "sentences": 2}
    return ArticleRow(id=name, **{**known, **values})  # type: ignore[arg-type]  # the tests' own words


def names(rows: list[Row]) -> list[str]:
    return [row.title for row in rows]


def test_a_preview_marks_its_files_and_adds_those_that_are_new() -> None:
    report = SyncReport(
        changes=[
            FileChange(file="/a/one.txt", change=Change.CHANGED),
            FileChange(file="/a/two.txt", change=Change.REMOVED),
            FileChange(file="/a/four.txt", change=Change.NEW),
            FileChange(file="/a/five.txt", change=Change.MOVED),
        ]
    )
    rows = join([article("one"), article("two"), article("three")], report)
    assert [(row.title, row.state) for row in rows] == [
        ("one", "changed"),
        ("two", "missing"),
        ("three", ""),
        ("four.txt", "new"),
    ]


def test_rows_are_sorted_by_any_column_and_ties_by_id() -> None:
    rows = join([article("b", words=5), article("c", words=9), article("a", words=5)], None)
    assert names(sorted_rows(rows, Column.WORDS)) == ["c", "a", "b"]
    assert names(sorted_rows(rows, Column.WORDS, backwards=True)) == ["a", "b", "c"]
    assert names(sorted_rows(rows, Column.TITLE)) == ["a", "b", "c"]


def test_what_has_no_date_stands_last_either_way() -> None:
    rows = join([article("none"), article("old", date="2020-01-01"), article("new", date="2024-01-01")], None)
    assert names(sorted_rows(rows, Column.DATE)) == ["new", "old", "none"]
    assert names(sorted_rows(rows, Column.DATE, backwards=True)) == ["old", "new", "none"]


@pytest.mark.parametrize("column", list(Column))
def test_every_column_says_in_words_how_it_is_sorted(column: Column) -> None:
    assert sort_words(column, backwards=False) != sort_words(column, backwards=True)
    assert sort_words(column, backwards=False).startswith(f"by {column.value}, ")


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("", ["Alpha", "Beta"]),
        ("ALPHA", ["Alpha"]),
        ("reuters", ["Beta"]),
        ("2024 beta", ["Beta"]),
        ("undated", ["Alpha"]),
        ("a.txt", ["Alpha", "Beta"]),
        ("alpha reuters", []),
    ],
)
def test_a_filter_leaves_rows_with_all_words_in_title_outlet_path_date_or_state(typed: str, left: list[str]) -> None:
    rows = join(
        [article("Alpha", path="/a/a.txt"), article("Beta", date="2024-05-01", outlet="Reuters", path="/b/a.txt")], None
    )
    assert names(filtered(rows, typed)) == left


def test_months_count_every_month_of_the_range_also_the_empty_ones() -> None:
    dates = ("2023-11-30", "2024-02-01", "2024-02-28", None)
    found = months(join([article(str(at), date=date) for at, date in enumerate(dates)], None))
    assert found.counts == (1, 0, 0, 2)
    assert found.words == "2023-11 to 2024-02 · most in 2024-02: 2 · 1 undated"


def test_months_of_undated_articles_and_of_none_are_said_in_words() -> None:
    assert months(join([article("a")], None)).words == "no article has a date"
    assert months(()).words == ""


def test_files_are_named_from_the_folder_that_holds_the_index_and_made_visible() -> None:
    assert shown_file("/home/me/news/a\x1b.txt", Path("/home/me")) == "news/a␛.txt"
    assert shown_file("/elsewhere/a.txt", Path("/home/me")) == "/elsewhere/a.txt"


def test_a_removal_is_told_as_it_is_for_copies_siblings_and_standard_input() -> None:
    index = Path("/a/.qa")
    one, two = article("one", path="/a/wire.csv"), article("two", path="/a/wire.csv")
    alone, twice = article("alone"), article("twice", copies=2)
    typed = article("typed", path="/a/.qa/stdin/x.txt")
    everything = (one, two, alone, twice, typed)

    def words(chosen: ArticleRow) -> str:
        return removal_words(join([chosen], None)[0], everything, index).partition("\n")[0]

    assert words(alone) == "The file itself stays: alone.txt."
    assert words(twice) == "Its 2 files stay, twice.txt among them."
    assert words(one) == "The file itself stays: wire.csv. 1 more article of this file goes with it."
    assert words(typed) == "It came from standard input, so its text is deleted."
