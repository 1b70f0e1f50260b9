"""Reading the store: articles, sentences, passages and vectors by id [I/O].

A `Store` sees one committed state at a time: within `snapshot()` every read comes from the same generation,
however many writers commit meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.entities import Article, Filter, Neighbourhood, Passage, Place, Sentence, Source
from index.filtering import allowed_articles
from index.locations import decode_path, encode_path, relative_to
from index.schema import STORE_FILE, open_readonly

if TYPE_CHECKING:
    from index.arrays import Embeddings

__all__ = ["AllowedCount", "KnownFile", "Store"]

_ARTICLE = "id, title, title_given, text, date, author, outlet, url, language, sha256, text_sha256"
_PASSAGE = 'p.id, a.id, p.first_sentence, p.last_sentence, p.start, p."end"'


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """A file as the store remembers it."""

    key: int
    file: str
    """Absolute path, POSIX separators."""
    mtime_ns: int
    ctime_ns: int
    size: int
    """Bytes."""
    sha256: str | None
    encoding: str | None
    """That it was read in."""
    problem: str | None
    """Why it gave no article; None when it did."""
    left_out: bool
    """Removed with `qa rm`, so it is not indexed again unless it is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedCount:
    """What a filter leaves of the articles."""

    allowed: int
    undated: int
    """Left out because they have no date."""
    total: int


class Store:
    """Read access to one index folder."""

    def __init__(self, connection: sqlite3.Connection, folder: Path, *, home: Path | None = None) -> None:
        self.connection = connection
        self.folder = folder
        self.home = home or folder.absolute().parent
        """Sources inside it are stored relative to it, so that it can be moved."""

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open the index in `folder` (the `.qa` folder itself) for reading.

        Raises:
            NoIndexError: there is no usable index.
        """
        return cls(open_readonly(folder / STORE_FILE), folder)

    def close(self) -> None:
        """Release the file."""
        self.connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside comes from one generation."""
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self._end_snapshot()

    def _end_snapshot(self) -> None:
        if self.connection.in_transaction:  # a damaged file may have ended it; its error is the one to see
            self.connection.execute("ROLLBACK")

    def meta(self, key: str) -> str | int | None:
        """One value of the `meta` table, None when it is not set."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    @property
    def generation(self) -> int:
        """Counts the committed changes of the corpus."""
        return int(self.meta("generation") or 0)

    def count(self, table: str) -> int:
        """Rows of `articles`, `sentences`, `passages`, `files`, `places`, `vectors` or `tombstones`."""
        if table not in {"articles", "sentences", "passages", "files", "places", "vectors", "tombstones"}:
            raise ValueError(f"no such table: {table}")
        row = self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(row[0])

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        row = self.connection.execute(f"SELECT {_ARTICLE} FROM articles WHERE id = ?", (article_id,)).fetchone()
        return None if row is None else article_from_row(row)

    def has_vectors(self) -> bool:
        """Whether any passage is in the store; counting would read through all vectors."""
        return self.connection.execute("SELECT 1 FROM vectors LIMIT 1").fetchone() is not None

    def has(self, article_id: str) -> bool:
        """Whether this article is in the store."""
        return self.connection.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone() is not None

    def count_allowed(self, where: Filter) -> AllowedCount:
        """How many articles a filter allows, and how many it leaves out only because they have no date."""
        total = self.count("articles")
        condition, parameters = allowed_articles(where)
        sql = f"SELECT count(*) FROM articles a WHERE {condition}"
        allowed = self.connection.execute(sql, parameters).fetchone()[0]
        undated = 0
        if where.since is not None or where.until is not None:
            condition, parameters = allowed_articles(Filter(source=where.source))
            sql = f"SELECT count(*) FROM articles a WHERE a.date IS NULL AND {condition}"
            undated = self.connection.execute(sql, parameters).fetchone()[0]
        return AllowedCount(allowed=allowed, undated=undated, total=total)

    def article_ids(self, prefix: str) -> tuple[str, ...]:
        """Ids that begin with `prefix`, in order, at most 20."""
        rows = self.connection.execute(
            # "g" comes behind every hex digit, so this is a range of the index.
            "SELECT id FROM articles WHERE id >= ? AND id < ? ORDER BY id LIMIT 20",
            (prefix, f"{prefix}g"),
        )
        return tuple(row[0] for row in rows)

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """All sentences of an article in order; empty when there is no such article."""
        rows = self.connection.execute(
            'SELECT s.number, s.start, s."end", s.page FROM sentences s JOIN articles a ON a.key = s.article '
            "WHERE a.id = ? ORDER BY s.number",
            (article_id,),
        )
        return tuple(
            Sentence(article_id=article_id, number=number, start=start, end=end, page=page)
            for number, start, end, page in rows
        )

    def places(self, article_id: str) -> tuple[Place, ...]:
        """Where an article lies, ordered by root and path."""
        rows = self.connection.execute(
            "SELECT s.path, s.is_file, f.path, p.member, f.mtime_ns, f.ctime_ns, f.size, f.sha256 "
            "FROM places p "
            "JOIN articles a ON a.key = p.article JOIN files f ON f.key = p.file "
            "JOIN sources s ON s.key = f.source WHERE a.id = ? ORDER BY s.path, f.path, p.member",
            (article_id,),
        )
        return tuple(
            Place(
                article_id=article_id,
                root=self._root(source, bool(is_file)),
                path=decode_path(path),
                member=member or None,
                mtime_ns=mtime_ns,
                ctime_ns=ctime_ns,
                size=size,
                sha256=sha256 or "",
            )
            for source, is_file, path, member, mtime_ns, ctime_ns, size, sha256 in rows
        )

    def encodings(self, article_id: str) -> tuple[str | None, ...]:
        """The encoding that the file of each place was read in, in the order of `places`."""
        rows = self.connection.execute(
            "SELECT f.encoding FROM places p "
            "JOIN articles a ON a.key = p.article JOIN files f ON f.key = p.file "
            "JOIN sources s ON s.key = f.source WHERE a.id = ? ORDER BY s.path, f.path, p.member",
            (article_id,),
        )
        return tuple(row[0] for row in rows)

    def files(self) -> Iterator[KnownFile]:
        """Every file the store remembers, by path."""
        rows = self.connection.execute(
            "SELECT s.path, s.is_file, f.key, f.path, f.mtime_ns, f.ctime_ns, f.size, f.sha256, f.encoding, "
            "f.problem, f.left_out FROM files f "
            "JOIN sources s ON s.key = f.source ORDER BY s.path, f.path"
        )
        for source, is_file, key, path, *rest in rows:
            root = self._root(source, bool(is_file)).rstrip("/")
            mtime_ns, ctime_ns, size, sha256, encoding, problem, left_out = rest
            yield KnownFile(
                key=key,
                file=f"{root}/{decode_path(path)}",
                mtime_ns=mtime_ns,
                ctime_ns=ctime_ns,
                size=size,
                sha256=sha256,
                encoding=encoding,
                problem=problem,
                left_out=bool(left_out),
            )

    def articles_in(self, file: int) -> tuple[tuple[str | None, str], ...]:
        """What lies in a file, as (member, article id)."""
        rows = self.connection.execute(
            "SELECT p.member, a.id FROM places p JOIN articles a ON a.key = p.article WHERE p.file = ? "
            "ORDER BY p.member",
            (file,),
        )
        return tuple((member or None, article) for member, article in rows)

    def files_in(self, source: int) -> tuple[int, ...]:
        """Keys of the files of a source."""
        return tuple(row[0] for row in self.connection.execute("SELECT key FROM files WHERE source = ?", (source,)))

    def files_of(self, article_id: str) -> set[int]:
        """Keys of the files that an article lies in."""
        rows = self.connection.execute(
            "SELECT p.file FROM places p JOIN articles a ON a.key = p.article WHERE a.id = ?", (article_id,)
        )
        return {row[0] for row in rows}

    def article_at(self, file: Path, member: str | None = None) -> str | None:
        """Id of the article that lies in `file`, None when no place is there.

        Args:
            file: Absolute path.
            member: Row or archive entry; None is the first of them.
        """
        for key, source in self.sources():
            relative = relative_to(file, Path(source.root).parent if source.is_file else Path(source.root))
            if relative is None:
                continue
            row = self.connection.execute(
                "SELECT a.id FROM files f JOIN places p ON p.file = f.key JOIN articles a ON a.key = p.article "
                "WHERE f.source = ? AND f.path = ? AND p.member = coalesce(?, p.member) "
                "ORDER BY length(p.member), p.member",
                (key, encode_path(relative), member),
            ).fetchone()
            if row is not None:
                return str(row[0])
        return None

    def sources(self) -> tuple[tuple[int, Source], ...]:
        """The folders and files the index keeps in step with, each with its key."""
        rows = self.connection.execute("SELECT key, path, is_file FROM sources ORDER BY path")
        return tuple(
            (key, Source(root=self._absolute(decode_path(path)), is_file=bool(is_file))) for key, path, is_file in rows
        )

    def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """The passages with these ids, in the order of `ids`; ids that are gone are left out."""
        found: dict[int, Passage] = {}
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            rows = self.connection.execute(
                f"SELECT {_PASSAGE} FROM passages p JOIN articles a ON a.key = p.article WHERE p.id IN ({marks})",
                part,
            )
            found.update((row[0], passage_from_row(row)) for row in rows)
        return tuple(found[i] for i in ids if i in found)

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """All passages of an article in order."""
        rows = self.connection.execute(
            f"SELECT {_PASSAGE} FROM passages p JOIN articles a ON a.key = p.article WHERE a.id = ? ORDER BY p.id",
            (article_id,),
        )
        return tuple(passage_from_row(row) for row in rows)

    def neighbourhood(self, passage: Passage, *, sentences: int = 1) -> Neighbourhood:
        """The `sentences` before and behind a passage, and the other passages of its article."""
        every = self.sentences(passage.article_id)
        first, last = passage.first_sentence - 1, passage.last_sentence
        return Neighbourhood(
            before=every[max(0, first - sentences) : first],
            after=every[last : last + sentences],
            others=tuple(other for other in self.passages_of(passage.article_id) if other.id != passage.id),
        )

    def vectors(self, ids: Sequence[int]) -> Embeddings:
        """(n, d) unit vectors of these passages, in the order of `ids`.

        Raises:
            KeyError: an id is not in the store.
        """
        import numpy as np  # most commands read text only, and it takes 0.1 s

        found: dict[int, bytes] = {}
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            found.update(
                self.connection.execute(f"SELECT passage, vector FROM vectors WHERE passage IN ({marks})", part)
            )
        joined = b"".join(found[i] for i in ids)
        return np.frombuffer(joined, dtype="<f2").reshape(len(ids), -1).astype(np.float32)

    def _absolute(self, path: str) -> str:
        # Stored paths are relative to the folder that holds `.qa/`.
        return Path(os.path.normpath(self.home / path)).as_posix()

    def _root(self, source_path: str | bytes, is_file: bool) -> str:
        absolute = self._absolute(decode_path(source_path))
        return absolute.rpartition("/")[0] or "/" if is_file else absolute


def article_from_row(row: tuple[Any, ...]) -> Article:
    """An article from the columns of `_ARTICLE`."""
    values = dict(zip(_ARTICLE.split(", "), row, strict=True))
    return Article(**{**values, "title_given": bool(values["title_given"])})


def passage_from_row(row: tuple[Any, ...]) -> Passage:
    """A passage from the columns of `_PASSAGE`."""
    passage_id, article_id, first_sentence, last_sentence, start, end = row
    return Passage(
        id=passage_id,
        article_id=article_id,
        first_sentence=first_sentence,
        last_sentence=last_sentence,
        start=start,
        end=end,
    )


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    # SQLite before 3.32 takes at most 999 parameters.
    return (ids[begin : begin + 500] for begin in range(0, len(ids), 500))
