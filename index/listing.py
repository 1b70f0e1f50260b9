"""The articles of an index as a table: filtered, sorted, without their texts [I/O]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase

from index.entities import Filter, Place
from index.filtering import allowed_articles
from index.store import Store

__all__ = ["Listed", "Order", "list_articles", "listed", "longest_articles"]


class Order(StrEnum):
    """What articles are sorted by; ties by id."""

    DATE = "date"
    """Newest first, undated last."""
    TITLE = "title"
    PATH = "path"
    LENGTH = "length"
    """Longest first."""
    ADDED = "added"
    """Last added first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row."""

    id: str
    title: str
    date: str | None
    outlet: str | None
    language: str
    sentences: int
    length_chars: int
    """Up to the end of the last sentence."""
    places: tuple[Place, ...] = ()
    added: int = field(default=0, repr=False)
    """Greater for articles that were added later."""


_ROWS = (
    "SELECT a.key, a.id, a.title, a.date, a.outlet, a.language, "
    "coalesce((SELECT max(number) FROM sentences WHERE article = a.key), 0), "
    'coalesce((SELECT max("end") FROM passages WHERE article = a.key), 0) FROM articles a '
)
_KEYS: dict[Order, Callable[[Listed], str | int]] = {
    Order.DATE: lambda row: row.date or "",
    Order.TITLE: lambda row: row.title.casefold(),
    Order.PATH: lambda row: _path(row.places[0]) if row.places else "",
    Order.LENGTH: lambda row: row.length_chars,
    Order.ADDED: lambda row: row.added,
}
_GREATEST_FIRST = frozenset({Order.DATE, Order.LENGTH, Order.ADDED})


def list_articles(
    store: Store,
    *,
    pattern: str | None = None,
    where: Filter | None = None,
    order: Order = Order.DATE,
    backwards: bool = False,
    most: int | None = None,
) -> tuple[tuple[Listed, ...], int]:
    """The articles selected, and how many there are in all.

    Args:
        store: The index.
        pattern: Glob on, or part of, title, outlet or path; upper and lower case are the same.
        where: Dates and source.
        order: What they are sorted by.
        backwards: The other way round.
        most: How many are returned at most.
    """
    condition, parameters = allowed_articles(where or Filter())
    with store.snapshot():
        rows = [_listed(row) for row in store.connection.execute(f"{_ROWS} WHERE {condition}", parameters)]
        if pattern is not None or order is Order.PATH:
            rows = [replace(row, places=store.places(row.id)) for row in rows]
        if pattern is not None:
            matches = _matcher(pattern)
            rows = [row for row in rows if matches(row)]
        rows.sort(key=lambda row: row.id)
        rows.sort(key=_KEYS[order], reverse=(order in _GREATEST_FIRST) != backwards)
        chosen = rows[:most]
        return tuple(row if row.places else replace(row, places=store.places(row.id)) for row in chosen), len(rows)


def listed(store: Store, article_id: str) -> Listed:
    """The row of one article, which must be in the store."""
    row = store.connection.execute(f"{_ROWS} WHERE a.id = ?", (article_id,)).fetchone()
    return replace(_listed(row), places=store.places(article_id))


def longest_articles(store: Store, most: int) -> tuple[Listed, ...]:
    """The longest articles, the longest first, without reading any text."""
    keys = store.connection.execute(
        'SELECT article FROM passages GROUP BY article ORDER BY max("end") DESC, article LIMIT ?', (most,)
    ).fetchall()
    rows = [_listed(store.connection.execute(f"{_ROWS} WHERE a.key = ?", key).fetchone()) for key in keys]
    return tuple(replace(row, places=store.places(row.id)) for row in rows)


def _listed(row: tuple[int, str, str, str | None, str | None, str, int, int]) -> Listed:
    key, article_id, title, date, outlet, language, sentences, length = row
    return Listed(
        id=article_id,
        title=title,
        date=date,
        outlet=outlet,
        language=language,
        sentences=sentences,
        length_chars=length,
        added=key,
    )


def _matcher(pattern: str) -> Callable[[Listed], bool]:
    wanted = pattern.casefold()
    glob = any(character in wanted for character in "*?[")

    def matches(row: Listed) -> bool:
        texts = [row.title, row.outlet or "", *(_path(place) for place in row.places)]
        if glob:  # a path is matched from its beginning or from any of its folders
            return any(fnmatchcase(text.casefold(), wanted) for text in texts) or any(
                fnmatchcase(_path(place).casefold(), f"*/{wanted}") for place in row.places
            )
        return any(wanted in text.casefold() for text in texts)

    return matches


def _path(place: Place) -> str:
    """From the name of the folder that was indexed on: what lies above it is the same for all."""
    path = f"{place.root.rstrip('/').rpartition('/')[2]}/{place.path}"
    return path if place.member is None else f"{path}#{place.member}"
