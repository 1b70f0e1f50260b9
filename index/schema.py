"""The SQLite file: its tables, its pragmas, and how it is opened [I/O].

SQLite is the truth. One transaction adds, replaces or removes whole articles: text, sentences, passages,
vectors and full-text rows together. Everything else in `.qa/` can be made again from this file.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from index.errors import IndexDamagedError, IndexFormatError, NoIndexError
from index.filtering import register_functions
from index.lexical import FTS_SCHEMA
from index.lexicon import NORMALISER_VERSION
from index.stories import STORIES_VERSION

__all__ = [
    "FORMAT_VERSION",
    "OWNER_FILE",
    "STORE_FILE",
    "STORIES_SCHEMA",
    "create",
    "is_blank",
    "open_readonly",
    "open_writable",
    "statements",
]

_OF_THE_DISK = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
"""Result codes that say nothing of the file's contents."""
FORMAT_VERSION = 2
STORE_FILE = "corpus.sqlite"
OWNER_FILE = "lock.json"
"""Says who is writing; one that is left behind means that a writer was killed."""

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- Folders and single files that the index keeps in step with. `path` is relative to the folder that holds
-- `.qa/` when it lies inside it, so that a project can be moved; bytes when it is not valid UTF-8.
CREATE TABLE sources (key INTEGER PRIMARY KEY, path NOT NULL UNIQUE, is_file INTEGER NOT NULL);

CREATE TABLE articles (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, title_given INTEGER NOT NULL,
  date TEXT, author TEXT, outlet TEXT, url TEXT, language TEXT NOT NULL,
  sha256 TEXT NOT NULL, text_sha256 TEXT NOT NULL,
  text TEXT NOT NULL  -- last, so that reading the other columns does not read through it
);
CREATE INDEX articles_date ON articles (date);

-- One row per file that was found. `problem` says why a file gave no article; what it gave before is kept.
-- `mtime_ns` is -1 until everything in the file is in the store. `ctime_ns` tells files apart that changed places and
-- have the same size and time. `left_out` is 1 after `qa rm`.
CREATE TABLE files (
  key INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources (key), path NOT NULL,
  mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, size INTEGER NOT NULL,
  sha256 TEXT, encoding TEXT, format TEXT, problem TEXT, left_out INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, path)
);

-- `member` is '' for a file that is one article.
CREATE TABLE places (
  file INTEGER NOT NULL REFERENCES files (key), member TEXT NOT NULL,
  article INTEGER NOT NULL REFERENCES articles (key),
  PRIMARY KEY (file, member)
) WITHOUT ROWID;
CREATE INDEX places_article ON places (article);

CREATE TABLE sentences (
  article INTEGER NOT NULL REFERENCES articles (key), number INTEGER NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, page INTEGER,
  PRIMARY KEY (article, number)
) WITHOUT ROWID;

-- AUTOINCREMENT: the id of a removed passage is never given to another, so a stale vector finds nothing.
CREATE TABLE passages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (key),
  first_sentence INTEGER NOT NULL, last_sentence INTEGER NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE INDEX passages_article ON passages (article);

-- float16, little-endian, unit length.
CREATE TABLE vectors (passage INTEGER PRIMARY KEY REFERENCES passages (id), vector BLOB NOT NULL);

-- Removed passages whose vectors are still in the current vector file.
CREATE TABLE tombstones (passage INTEGER PRIMARY KEY);
"""

STORIES_SCHEMA = """
-- Articles that tell one story, where there is more than one. `earliest` is the same for all of them, itself included.
CREATE TABLE stories (
  article INTEGER PRIMARY KEY REFERENCES articles (key), earliest INTEGER NOT NULL REFERENCES articles (key)
);
CREATE INDEX stories_earliest ON stories (earliest);

-- What copies are found by: see `Sketch.sample`. No foreign key, which would need a second index of this size.
CREATE TABLE shingles (hash INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (hash, article)) WITHOUT ROWID;
"""
"""Its statements; an index that was made before there were stories has none of these tables."""


def create(path: Path) -> sqlite3.Connection:
    """Make a new, empty store and return a writable connection to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(f"{path.absolute().as_uri()}?mode=rwc")
    try:
        _fill(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _fill(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    _set_pragmas(connection)
    connection.execute("BEGIN IMMEDIATE")
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        for statement in statements(_TABLES + FTS_SCHEMA + STORIES_SCHEMA):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('format_version', ?)", (FORMAT_VERSION,))
        connection.execute("INSERT INTO meta VALUES ('generation', 0)")
        connection.execute("INSERT INTO meta VALUES ('normaliser_version', ?)", (NORMALISER_VERSION,))
        connection.execute("INSERT INTO meta VALUES ('stories_version', ?)", (STORIES_VERSION,))
    connection.execute("COMMIT")


def is_blank(path: Path) -> bool:
    """Whether there is no store yet: no file, or one whose making was cut short before its only commit."""
    if not path.exists():
        return True
    connection = _connect(f"{path.absolute().as_uri()}?mode=rw")
    try:
        return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    except sqlite3.DatabaseError:
        return False  # something is there, though no store
    finally:
        connection.close()


def open_writable(path: Path) -> sqlite3.Connection:
    """Open an existing store for writing.

    Raises:
        NoIndexError: there is none, or it cannot be used (see its subclasses).
    """
    _require(path)
    connection = _connect(f"{path.absolute().as_uri()}?mode=rw")
    try:
        _check(connection, path)
        _set_pragmas(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_readonly(path: Path) -> sqlite3.Connection:
    """Open a store for reading; a folder that cannot be written to is read as it stands.

    Raises:
        NoIndexError: there is none, or it cannot be used (see its subclasses).
    """
    _require(path)
    # Even a reader of a WAL file writes (its lock table); without that permission the file is taken as fixed,
    # unless a log lies beside it: then it may hold commits that the file lacks, and SQLite can read both as they are.
    writable = os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)
    if writable or _has_log(path):
        try:
            return _opened(path, "mode=ro")
        except sqlite3.OperationalError as error:
            if _has_log(path):
                raise IndexDamagedError(
                    f"{path} cannot be opened ({error}); see that its folder is writable and its disk has room, "
                    "then run: qa index"
                ) from error  # else: a full disk has no room for the lock table, and nobody is writing
    return _opened(path, "mode=ro&immutable=1")


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    connection = _connect(f"{path.absolute().as_uri()}?{mode}")
    try:
        _check(connection, path)
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(uri: str) -> sqlite3.Connection:
    # Worker threads of the chat take turns on one connection, hence check_same_thread.
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30.0, check_same_thread=False)
    register_functions(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    with suppress(sqlite3.DatabaseError):  # it reads the file; one that is no database is named by `_check`
        connection.execute("PRAGMA cache_size = -16384")  # 16 MiB
    return connection


def _set_pragmas(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: never damaged, at most the last commit lost
    connection.execute("PRAGMA secure_delete = ON")  # removed text is overwritten with zeros


def _has_log(path: Path) -> bool:
    log, lock_table = path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
    return _size(log) > 0 or (log.exists() and _size(lock_table) > 0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _require(path: Path) -> None:
    if not path.is_file():
        raise _no_index(path)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    try:
        if connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
            raise _no_index(path)
        row = connection.execute("SELECT value FROM meta WHERE key = 'format_version'").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _OF_THE_DISK:
            raise
        raise IndexDamagedError(
            f"{path} cannot be read ({error}); make it again with: qa index --rebuild FOLDER"
        ) from error
    if row is None or row[0] != FORMAT_VERSION:
        found = "none" if row is None else row[0]
        raise IndexFormatError(
            f"{path} has format version {found}, this release reads {FORMAT_VERSION}; "
            "make it again with: qa index --rebuild FOLDER"
        )


def _no_index(path: Path) -> NoIndexError:
    return NoIndexError(f"no index in {path.parent}; make one with: qa index FOLDER")


def statements(script: str) -> list[str]:
    """The statements of a script one by one: executescript() would commit the transaction that it runs in."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found
