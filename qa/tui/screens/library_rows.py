"""Articles as rows of a table: what a preview knows of them joined in, sorted, filtered, counted by month. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING

from qa.visible import name_in_line, one_line

if TYPE_CHECKING:
    from index.sync_report import SyncReport
    from qa.tui.services import ArticleRow

__all__ = [
    "Column",
    "Months",
    "Row",
    "filtered",
    "greatest_first",
    "join",
    "months",
    "removal_words",
    "shown_file",
    "shown_place",
    "sort_words",
    "sorted_rows",
]


class Column(StrEnum):
    """What a row shows, and what rows are sorted by."""

    DATE = "date"
    TITLE = "title"
    OUTLET = "outlet"
    FILE = "file"
    WORDS = "words"
    SENTENCES = "sentences"
    COPIES = "copies"
    STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article, or a file that would become one."""

    article: ArticleRow | None
    """None for a file that is not indexed yet."""
    file: str
    """Absolute path, POSIX separators; raw."""
    state: str = ""
    """`new`, `changed` or `missing`; empty for an article whose file is as it was indexed."""

    @property
    def key(self) -> str:
        """Its name in the table."""
        return self.article.id if self.article is not None else f"file:{self.file}"

    @property
    def name(self) -> str:
        """The file's name, visible."""
        return name_in_line(PurePosixPath(self.file).name)

    @property
    def title(self) -> str:
        """The title in one line, visible; of a file that is not indexed yet, its name."""
        return one_line(self.article.title) if self.article is not None else self.name

    @property
    def date(self) -> str | None:
        """ISO 8601."""
        return self.article.date if self.article is not None else None

    @property
    def outlet(self) -> str:
        """In one line, visible; empty when there is none."""
        return one_line(self.article.outlet or "") if self.article is not None else ""


_STATES = {"changed": "changed", "removed": "missing"}
_GREATEST_FIRST = frozenset({Column.DATE, Column.WORDS, Column.SENTENCES, Column.COPIES, Column.STATE})
_KEYS: dict[Column, Callable[[Row], str | int]] = {
    Column.DATE: lambda row: row.date or "",
    Column.TITLE: lambda row: row.title.casefold(),
    Column.OUTLET: lambda row: row.outlet.casefold(),
    Column.FILE: lambda row: row.file.casefold(),
    Column.WORDS: lambda row: row.article.words if row.article is not None else -1,
    Column.SENTENCES: lambda row: row.article.sentences if row.article is not None else -1,
    Column.COPIES: lambda row: row.article.copies if row.article is not None else -1,
    Column.STATE: lambda row: row.state,
}
_ORDERS = {
    Column.DATE: ("oldest first", "newest first"),
    Column.TITLE: ("A to Z", "Z to A"),
    Column.OUTLET: ("A to Z", "Z to A"),
    Column.FILE: ("A to Z", "Z to A"),
    Column.STATE: ("as indexed first", "not as indexed first"),
}


def join(articles: Iterable[ArticleRow], preview: SyncReport | None) -> tuple[Row, ...]:
    """The rows of articles, with what a preview says of their files, and one for each file that is new."""
    changes = {one.file: one.change.value for one in preview.changes} if preview is not None else {}
    rows = []
    for article in articles:
        state = _STATES.get(changes.get(article.path, ""), "")
        rows.append(Row(article=article, file=article.path, state=state))
    rows += [Row(article=None, file=file, state="new") for file, change in changes.items() if change == "new"]
    return tuple(rows)


def sorted_rows(rows: Iterable[Row], column: Column, *, backwards: bool = False) -> list[Row]:
    """Sorted by a column, ties by key; what has no date or outlet stands last either way."""
    ordered = sorted(rows, key=lambda row: row.key)
    ordered.sort(key=_KEYS[column], reverse=greatest_first(column, backwards=backwards))
    if column in {Column.DATE, Column.OUTLET}:
        ordered.sort(key=lambda row: not _KEYS[column](row))
    return ordered


def greatest_first(column: Column, *, backwards: bool) -> bool:
    """Whether a column begins with its greatest value: the newest date, the most words."""
    return (column in _GREATEST_FIRST) != backwards


def sort_words(column: Column, *, backwards: bool) -> str:
    """Such as "by date, newest first"."""
    orders = _ORDERS.get(column, ("fewest first", "most first"))
    return f"by {column.value}, {orders[greatest_first(column, backwards=backwards)]}"


def filtered(rows: Iterable[Row], typed: str) -> list[Row]:
    """The rows that hold all words that were typed, in title, outlet, path, date or state."""
    words = typed.casefold().split()
    if not words:
        return list(rows)
    return [row for row in rows if _holds(row, words)]


def _holds(row: Row, words: Sequence[str]) -> bool:
    text = "\n".join([row.title, row.outlet, name_in_line(row.file), row.date or "undated", row.state]).casefold()
    return all(word in text for word in words)


def shown_place(row: Row, home: PurePath) -> str:
    """Like `shown_file`, with the part of the file that the article is."""
    place = row.article.place if row.article is not None else None
    part = f"#{name_in_line(place.member)}" if place is not None and place.member is not None else ""
    return f"{shown_file(row.file, home)}{part}"


def removal_words(row: Row, articles: Iterable[ArticleRow], index: PurePath) -> str:
    """What taking an article out of the index does to its file and to others.

    Args:
        row: The article.
        articles: All of them.
        index: The index folder; files in it came from standard input.
    """
    file = shown_file(row.file, index.parent)
    copies = row.article.copies if row.article is not None else 1
    others = sum(one.path == row.file for one in articles) - 1
    where = f"The file itself stays: {file}." if copies == 1 else f"Its {copies:,} files stay, {file} among them."
    if PurePosixPath(row.file).is_relative_to(index.as_posix()):
        where = "It came from standard input, so its text is deleted."
    elif others > 0:
        where += f" {others:,} more article{'s' * (others != 1)} of this file {'go' if others > 1 else 'goes'} with it."
    return (
        f"{where}\nQuestions no longer find it, and it is not indexed again until you add this very file. "
        "Answers that quote it keep their quotations."
    )


def shown_file(file: str, home: PurePath) -> str:
    """A path in one line, visible: from the folder that holds the index where it lies below it, otherwise whole."""
    path = PurePosixPath(file)
    return name_in_line(str(path.relative_to(home.as_posix()) if path.is_relative_to(home.as_posix()) else path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """How many articles each month has."""

    counts: tuple[int, ...]
    """From the first month with an article to the last one, empty months too."""
    words: str
    """The range, its fullest month, and how many articles have no date."""


def months(rows: Iterable[Row]) -> Months:
    """Count articles by the month of their date."""
    articles = [row.article for row in rows if row.article is not None]
    found = Counter(article.date[:7] for article in articles if article.date and len(article.date) >= 7)
    undated = len(articles) - sum(found.values())
    if not found:
        return Months(counts=(), words="no article has a date" if articles else "")
    first, last = min(found), max(found)
    counts = tuple(found[f"{at // 12:04d}-{at % 12 + 1:02d}"] for at in range(_number(first), _number(last) + 1))
    top = max(sorted(found), key=found.__getitem__)
    parts = [first if first == last else f"{first} to {last}", f"most in {top}: {found[top]:,}"]
    return Months(counts=counts, words=" · ".join([*parts, *([f"{undated:,} undated"] if undated else [])]))


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1
