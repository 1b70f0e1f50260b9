"""What is in an index, in numbers: read from SQLite and the folder alone, no text and no model [I/O]."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.copies import has_stories
from index.entities import Source
from index.listing import Listed, longest_articles
from index.schema import STORE_FILE
from index.store import Store

__all__ = ["Overview", "Skipped", "Tally", "overview"]

_LONGEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many articles have one value."""

    name: str | None
    """None: the articles without one."""
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that gave no article."""

    file: str
    """Absolute path, POSIX separators."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One generation of an index."""

    articles: int
    sentences: int
    passages: int
    places: int
    stories: int
    """Told by more than one article."""
    articles_of_stories: int
    formats: tuple[Tally, ...]
    """Most frequent first, like outlets and languages. An article with two places may count in two formats."""
    outlets: tuple[Tally, ...]
    languages: tuple[Tally, ...]
    months: tuple[Tally, ...]
    """Newest first; the undated are left out."""
    newest: str | None
    oldest: str | None
    undated: int
    store_bytes: int
    """The SQLite file with its log."""
    vectors_bytes: int
    """All generations on disk."""
    generation: int
    encoder_id: str | None
    encoder_sha256: str | None
    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...]
    left_out: int
    """Files taken out with `qa rm`."""
    longest: tuple[Listed, ...]


def overview(store: Store) -> Overview:
    """Count what the store holds."""
    with store.snapshot():
        newest, oldest = store.connection.execute("SELECT max(date), min(date) FROM articles").fetchone()
        files = list(store.files())
        stories, told = _stories(store)
        return Overview(
            articles=store.count("articles"),
            sentences=store.count("sentences"),
            passages=store.count("passages"),
            places=store.count("places"),
            stories=stories,
            articles_of_stories=told,
            formats=_tallies(
                store,
                "SELECT f.format, count(DISTINCT p.article) FROM places p JOIN files f ON f.key = p.file GROUP BY 1",
            ),
            outlets=_tallies(store, "SELECT outlet, count(*) FROM articles GROUP BY 1"),
            languages=_tallies(store, "SELECT language, count(*) FROM articles GROUP BY 1"),
            months=_months(store),
            newest=newest,
            oldest=oldest,
            undated=_number(store, "SELECT count(*) FROM articles WHERE date IS NULL"),
            store_bytes=sum(_bytes(path) for path in store.folder.glob(f"{STORE_FILE}*")),
            vectors_bytes=sum(_bytes(path) for path in (store.folder / "vectors").rglob("*")),
            generation=store.generation,
            encoder_id=_text(store, "encoder_id"),
            encoder_sha256=_text(store, "encoder_sha256"),
            sources=tuple(source for _, source in store.sources()),
            skipped=tuple(Skipped(file=file.file, reason=file.problem) for file in files if file.problem),
            left_out=sum(file.left_out for file in files),
            longest=longest_articles(store, _LONGEST),
        )


def _tallies(store: Store, sql: str) -> tuple[Tally, ...]:
    rows = store.connection.execute(sql).fetchall()
    rows.sort(key=lambda row: (-row[1], row[0] or ""))
    return tuple(Tally(name=name, articles=count) for name, count in rows)


def _months(store: Store) -> tuple[Tally, ...]:
    rows = store.connection.execute(
        "SELECT substr(date, 1, 7), count(*) FROM articles WHERE date IS NOT NULL GROUP BY 1 ORDER BY 1 DESC"
    )
    return tuple(Tally(name=month, articles=count) for month, count in rows)


def _stories(store: Store) -> tuple[int, int]:
    """How many there are, and how many articles tell them."""
    if not has_stories(store):
        return 0, 0
    stories, articles = store.connection.execute("SELECT count(DISTINCT earliest), count(*) FROM stories").fetchone()
    return int(stories), int(articles)


def _number(store: Store, sql: str) -> int:
    return int(store.connection.execute(sql).fetchone()[0])


def _text(store: Store, key: str) -> str | None:
    value = store.meta(key)
    return None if value is None else str(value)


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:  # a writer has just removed it
        return 0
