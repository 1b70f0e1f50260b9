"""The SQLite file: its tables, its pragmas, and how it is opened [I/O].

SQLite is the truth. One transaction adds, replaces or removes whole articles: text, sentences, passages,
vectors and full-text rows together. Everything else in `.qa/` can be made again from this file.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from index.errors import IndexDamagedError, IndexFormatError, NoIndexError
from index.lexical import FTS_SCHEMA

__all__ = ["FORMAT_VERSION", "STORE_FILE", "create", "open_readonly", "open_writable"]

FORMAT_VERSION = 1
STORE_FILE = "corpus.sqlite"

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- Folders and single files that the index keeps in step with. `path` is relative to the folder that holds
-- `.qa/` when it lies inside it, so that a project can be moved; bytes when it is not valid UTF-8.
CREATE TABLE sources (key INTEGER PRIMARY KEY, path NOT NULL UNIQUE, is_file INTEGER NOT NULL);

CREATE TABLE articles (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, title_given INTEGER NOT NULL,
  text TEXT NOT NULL, date TEXT, author TEXT, outlet TEXT, url TEXT, language TEXT NOT NULL,
  sha256 TEXT NOT NULL, text_sha256 TEXT NOT NULL
);
CREATE INDEX articles_date ON articles (date);

-- One row per file that was found. `problem` says why a file gave no article; what it gave before is kept.
-- `mtime_ns` is -1 until everything in the file is in the store. `left_out` is 1 after `qa rm`.
CREATE TABLE files (
  key INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources (key), path NOT NULL,
  mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL, sha256 TEXT, encoding TEXT, format TEXT, problem TEXT,
  left_out INTEGER NOT NULL DEFAULT 0,
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


def create(path: Path) -> sqlite3.Connection:
    """Make a new, empty store and return a writable connection to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(f"{path.absolute().as_uri()}?mode=rwc")
    connection.execute("PRAGMA journal_mode = WAL")
    _set_pragmas(connection)
    connection.execute("BEGIN IMMEDIATE")
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        for statement in _statements(_TABLES + FTS_SCHEMA):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('format_version', ?)", (FORMAT_VERSION,))
        connection.execute("INSERT INTO meta VALUES ('generation', 0)")
    connection.execute("COMMIT")
    return connection


def open_writable(path: Path) -> sqlite3.Connection:
    """Open an existing store for writing.

    Raises:
        NoIndexError: there is none, or it cannot be used (see its subclasses).
    """
    _require(path)
    connection = _connect(f"{path.absolute().as_uri()}?mode=rw")
    _check(connection, path)
    _set_pragmas(connection)
    return connection


def open_readonly(path: Path) -> sqlite3.Connection:
    """Open a store for reading; a folder that cannot be written to is read as it stands.

    Raises:
        NoIndexError: there is none, or it cannot be used (see its subclasses).
    """
    _require(path)
    # Even a reader of a WAL file writes (its lock table); without that permission the file is taken as fixed.
    mode = "mode=ro" if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK) else "mode=ro&immutable=1"
    connection = _connect(f"{path.absolute().as_uri()}?{mode}")
    _check(connection, path)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _connect(uri: str) -> sqlite3.Connection:
    # Worker threads of the chat take turns on one connection, hence check_same_thread.
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30.0, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -16384")  # 16 MiB
    return connection


def _set_pragmas(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: never damaged, at most the last commit lost
    connection.execute("PRAGMA secure_delete = ON")  # removed text is overwritten with zeros


def _require(path: Path) -> None:
    if not path.is_file():
        raise NoIndexError(f"no index in {path.parent}; make one with: qa index FOLDER")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'format_version'").fetchone()
    except sqlite3.DatabaseError as error:
        raise IndexDamagedError(
            f"{path} cannot be read ({error}); make it again with: qa index --rebuild FOLDER"
        ) from error
    if row is None or row[0] != FORMAT_VERSION:
        found = "none" if row is None else row[0]
        raise IndexFormatError(
            f"{path} has format version {found}, this release reads {FORMAT_VERSION}; "
            "make it again with: qa index --rebuild FOLDER"
        )


def _statements(script: str) -> list[str]:
    # executescript() would commit the transaction that makes creation all or nothing.
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
