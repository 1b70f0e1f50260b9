"""Changing the store: whole articles, one transaction each [I/O].

A `Writer` holds the lock of the index folder from opening to closing, so there is one at a time; readers are
never blocked (WAL). Killed at any moment, the file opens at its last commit.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from filelock import FileLock

from index import lexicon, schema
from index.article_rows import remove_article, write_full_text
from index.disk import disk_errors
from index.entities import Source
from index.locations import covers, decode_path, encode_path, is_inside
from index.lock import LOCK_WAIT_S, acquire_lock
from index.schema import OWNER_FILE
from index.store import Store
from index.stories import STORIES_VERSION
from index.story_rows import regroup, write_stories

__all__ = ["FileRecord", "Writer"]

VACUUM_SHARE = 0.25
"""The file is rewritten when more than this share of its pages is free."""
FOLD_WAIT_MS = 2_000
"""How long folding the log into the file waits for readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """What is known of one file on disk."""

    file: str
    """Absolute path, POSIX separators; below a source of the store."""
    mtime_ns: int
    """-1 while what is in the file is not wholly in the store."""
    size: int
    """Bytes."""
    ctime_ns: int = 0
    sha256: str | None = None
    """Of the bytes; None when they could not be read."""
    encoding: str | None = None
    format: str | None = None
    problem: str | None = None
    """Why the file gave no article; None when it did."""


class Writer(Store):
    """Write access to one index folder; a context manager that holds its lock."""

    def __init__(
        self, connection: sqlite3.Connection, folder: Path, lock: FileLock, *, home: Path | None = None
    ) -> None:
        super().__init__(connection, folder, home=home)
        self._lock = lock
        self._sources: tuple[tuple[int, Source], ...] | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        home: Path | None = None,
        wait_s: float = LOCK_WAIT_S,
        report: Callable[[str], None] = lambda _: None,
    ) -> Writer:
        """Open the index in `folder` for writing; make an empty one when there is none.

        Args:
            folder: The `.qa` folder itself.
            home: What sources are stored relative to; the folder that holds `folder` when not given.
            wait_s: Seconds to wait for another writer.
            report: Is told when there is something to wait for.

        Raises:
            IndexLockedError: another writer held the lock for longer than `wait_s`.
            NoIndexError: there is an index, but it cannot be used.
            CorpusError: the folder cannot be written to.
        """
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            ignore = folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            lock = acquire_lock(folder, wait_s, report)
        path = folder / schema.STORE_FILE
        try:
            shutil.rmtree(folder / "rebuild", ignore_errors=True)  # of an interrupted one; it may hold removed text
            with disk_errors(folder):
                connection = schema.create(path) if schema.is_blank(path) else schema.open_writable(path)
        except BaseException:
            lock.release()
            raise
        writer = cls(connection, folder, lock, home=home)
        try:
            writer._update_rules(report)
        except BaseException:
            writer.close()
            raise
        return writer

    def _update_rules(self, report: Callable[[str], None]) -> None:
        # Rows are removed by making them again from the text, so rows made by older rules must go first.
        if self.meta("normaliser_version") != lexicon.NORMALISER_VERSION:
            report("the rules of spelling have changed; writing the full-text index again")
            with self.transaction():
                write_full_text(self)
        if self.meta("stories_version") != STORIES_VERSION:
            report(f"looking for copies among {self.count('articles'):,} articles, once")
            with self.transaction():
                write_stories(self)

    @classmethod
    def open_existing(cls, folder: Path, *, report: Callable[[str], None] = lambda _: None) -> Writer:
        """Like `open`, for an index that must be there already.

        Raises:
            NoIndexError: there is no usable index.
        """
        schema.open_readonly(folder / schema.STORE_FILE).close()
        return cls.open(folder, report=report)

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file and the lock."""
        super().close()
        with suppress(OSError):  # on a read-only disk it stays, and readers check more than they need to
            (self.folder / OWNER_FILE).unlink(missing_ok=True)
        self._lock.release()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; each one that changes the corpus is a generation.

        Raises:
            CorpusError: the disk is full, or cannot be written to.
        """
        with disk_errors(self.folder):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # a full disk may have rolled back already
                    self.connection.execute("ROLLBACK")
                self._sources = None
                raise

    def set_meta(self, key: str, value: str | int) -> None:
        """Set one value of the `meta` table."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def bump_generation(self) -> None:
        """Count a change of the corpus; call it once in the transaction that makes one."""
        self.connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")

    def add_source(self, source: Source) -> None:
        """Remember a folder or file; sources inside it become part of it, and one that it lies in stays."""
        others = self._known_sources()
        if any(covers(other.root, source.root) for _, other in others if not other.is_file):
            return
        self._sources = None
        cursor = self.connection.execute(
            "INSERT OR IGNORE INTO sources (path, is_file) VALUES (?, ?)",
            (encode_path(self._stored(source.root)), int(source.is_file)),
        )
        for key, other in others:
            if covers(source.root, other.root) and other.root != source.root:
                prefix = other.root.removeprefix(source.root.rstrip("/") + "/")
                self._absorb(key, other, prefix, int(cursor.lastrowid or 0))

    def _absorb(self, key: int, other: Source, prefix: str, into: int) -> None:
        rows = self.connection.execute("SELECT key, path FROM files WHERE source = ?", (key,)).fetchall()
        for file, path in rows:
            new = prefix if other.is_file else f"{prefix}/{decode_path(path)}"
            self.connection.execute(
                "UPDATE files SET source = ?, path = ? WHERE key = ?", (into, encode_path(new), file)
            )
        self.connection.execute("DELETE FROM sources WHERE key = ?", (key,))

    def remove_source(self, key: int) -> None:
        """Forget a source whose files are gone."""
        self._sources = None
        self.connection.execute("DELETE FROM sources WHERE key = ?", (key,))

    def put_file(self, file: FileRecord) -> int:
        """Insert or update the row of a file; return its key.

        A file that turned bad keeps its articles, so its row goes on describing the bytes they were made of.
        """
        source, path = self._locate(file.file)
        self.connection.execute(
            "INSERT INTO files (source, path, mtime_ns, ctime_ns, size, sha256, encoding, format, problem) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, path) DO UPDATE SET "
            "mtime_ns = CASE WHEN excluded.problem IS NULL THEN excluded.mtime_ns ELSE mtime_ns END, "
            "ctime_ns = CASE WHEN excluded.problem IS NULL THEN excluded.ctime_ns ELSE ctime_ns END, "
            "size = CASE WHEN excluded.problem IS NULL THEN excluded.size ELSE size END, "
            "sha256 = CASE WHEN excluded.problem IS NULL THEN excluded.sha256 ELSE sha256 END, "
            "encoding = coalesce(excluded.encoding, encoding), format = coalesce(excluded.format, format), "
            "problem = excluded.problem, "
            "left_out = CASE WHEN excluded.problem IS NULL THEN 0 ELSE left_out END",
            (
                source,
                path,
                file.mtime_ns,
                file.ctime_ns,
                file.size,
                file.sha256,
                file.encoding,
                file.format,
                file.problem,
            ),
        )
        row = self.connection.execute("SELECT key FROM files WHERE source = ? AND path = ?", (source, path)).fetchone()
        return int(row[0])

    def put_place(self, file: int, member: str | None, article_id: str) -> None:
        """Say that the article lies in this file now; what lay there before does not."""
        self.connection.execute(
            "INSERT OR REPLACE INTO places (file, member, article) SELECT ?, ?, key FROM articles WHERE id = ?",
            (file, member or "", article_id),
        )

    def remove_place(self, file: int, member: str | None) -> None:
        """Say that nothing lies there any more."""
        self.connection.execute("DELETE FROM places WHERE file = ? AND member = ?", (file, member or ""))

    def remove_file(self, file: int) -> None:
        """Forget a file and its places."""
        self.connection.execute("DELETE FROM places WHERE file = ?", (file,))
        self.connection.execute("DELETE FROM files WHERE key = ?", (file,))

    def leave_out(self, file: int) -> None:
        """Take a file out of the index and keep it out, until it is named again."""
        self.connection.execute("DELETE FROM places WHERE file = ?", (file,))
        self.connection.execute("UPDATE files SET left_out = 1, problem = NULL WHERE key = ?", (file,))

    def remove_orphans(self, article_ids: Iterable[str]) -> int:
        """Remove those of the articles that lie nowhere any more; return how many."""
        ids = list(set(article_ids))
        orphans: list[str] = []
        for begin in range(0, len(ids), 500):  # SQLite before 3.32 takes at most 999 parameters
            part = ids[begin : begin + 500]
            rows = self.connection.execute(
                f"SELECT id FROM articles WHERE id IN ({','.join('?' * len(part))}) "
                "AND NOT EXISTS (SELECT 1 FROM places WHERE article = articles.key)",
                part,
            )
            orphans += [row[0] for row in rows]
        regroup(self, [remove_article(self, article_id) for article_id in orphans])
        return len(orphans)

    def tidy(self) -> None:
        """After a sync: leave no byte of removed text, fold the log into the file, give space back.

        What a killed process left undone is done by the next.

        Raises:
            CorpusError: the disk is full, or cannot be written to.
        """
        self._sources = None  # a rebuild replaces the whole file
        with disk_errors(self.folder):
            if self.meta("untidy"):
                # FTS5 keeps the words of a removed row until its segments are merged.
                self.connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('optimize')")
                free = self.connection.execute("PRAGMA freelist_count").fetchone()[0]
                pages = self.connection.execute("PRAGMA page_count").fetchone()[0]
                if free > VACUUM_SHARE * pages:
                    self.connection.execute("VACUUM")
                self.set_meta("untidy", 0)
            self.connection.execute("PRAGMA optimize")
            self._fold_log()

    def _fold_log(self) -> None:
        # A reader in the middle of an answer keeps the log in use; the next sync folds it then.
        (before,) = self.connection.execute("PRAGMA busy_timeout").fetchone()
        self.connection.execute(f"PRAGMA busy_timeout = {FOLD_WAIT_MS}")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self.connection.execute(f"PRAGMA busy_timeout = {before}")

    def _stored(self, root: str) -> str:
        """A root as it is stored: relative to the folder that holds `.qa/` when it lies inside it."""
        home = self.home.as_posix()
        return Path(root).relative_to(home).as_posix() if is_inside(root, home) else root

    def _known_sources(self) -> tuple[tuple[int, Source], ...]:
        if self._sources is None:
            self._sources = self.sources()
        return self._sources

    def _locate(self, file: str) -> tuple[int, str | bytes]:
        """Key of the source that a file lies in, and its path there."""
        for key, source in self._known_sources():
            if source.is_file and source.root == file:
                return key, encode_path(file.rpartition("/")[2])
            if not source.is_file and covers(source.root, file):
                return key, encode_path(file.removeprefix(source.root).lstrip("/") or ".")
        raise ValueError(f"{file} lies in no source")
