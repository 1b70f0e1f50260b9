"""The history file: made, opened, checked and wiped; what fails names the file and the next step [I/O].

A connection lasts for one call, so that any thread and any process may make the next one. The file has no log beside
it: what is deleted is gone from the disk when the call returns.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from qa.errors import HistoryError
from qa.history.records import NotAnAnswerError

__all__ = ["FORMAT_VERSION", "changing", "reading", "wipe"]

FORMAT_VERSION = 2
"""1 had no baskets; such a file is brought to 2 when it is next written to."""
BUSY_S = 5.0
"""How long a call waits for other processes."""

_APPLICATION_ID = 0x71614869
"""In the header of the file: "qaHi"."""
_BASKETS = (
    "CREATE TABLE baskets (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    # `record` is JSON; heading, note and order are what the person did with it.
    """CREATE TABLE pins (
      key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
      basket INTEGER NOT NULL REFERENCES baskets (key) ON DELETE CASCADE,
      position INTEGER NOT NULL, heading TEXT NOT NULL, note TEXT NOT NULL, record TEXT NOT NULL
    )""",
    "CREATE INDEX pins_basket ON pins (basket)",
)
_TABLES = (
    # `index_folder` is text, bytes when the path is not valid UTF-8, or null.
    """CREATE TABLE conversations (
      key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, index_folder, started_at TEXT NOT NULL
    )""",
    # `answer` is JSON; `words` is what is searched. AUTOINCREMENT: a greater key was always kept later.
    """CREATE TABLE turns (
      key INTEGER PRIMARY KEY AUTOINCREMENT,
      conversation INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
      asked_at TEXT NOT NULL, asked_s INTEGER NOT NULL, words TEXT NOT NULL, answer TEXT NOT NULL
    )""",
    "CREATE INDEX turns_conversation ON turns (conversation)",
    *_BASKETS,
)
_ADDED = {1: _BASKETS}
"""Format version -> what the next one has besides."""
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_OF_THE_DISK = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """One state of the history; an empty one where there is no file. Nothing is made.

    Raises:
        HistoryError: the file cannot be used.
    """
    with _explained(path), closing(_open_readonly(path)) as connection:
        connection.execute("BEGIN")
        yield connection


@contextmanager
def changing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction; the file is made when there is none, for the eyes of its owner only.

    Raises:
        HistoryError: the file cannot be used; it stays as it was.
    """
    with _explained(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):  # SQLite gives its journal the mode of the file
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(_connect(path, "rw")) as connection:
            _set_pragmas(connection)
            connection.execute("BEGIN IMMEDIATE")
            try:
                if not _holds_history(connection, path):
                    _fill(connection)
                _migrate(connection)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


def wipe(path: Path) -> None:
    """Write the file anew. Deleting overwrites with zeros, but pages that SQLite reordered may keep an older copy.

    Raises:
        HistoryError: the file cannot be used, or another process is in it.
    """
    with _explained(path), closing(_connect(path, "rw")) as connection:
        _set_pragmas(connection)
        connection.execute("VACUUM")


def _open_readonly(path: Path) -> sqlite3.Connection:
    if path.exists():
        _finish_interrupted(path)
        connection = _connect(path, "ro")
        try:
            if _holds_history(connection, path):
                return _in_this_format(connection)
        except BaseException:
            connection.close()
            raise
        connection.close()
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _fill(connection)
    return connection


def _finish_interrupted(path: Path) -> None:
    """Take back what a process that was killed had half written; a connection that only reads cannot."""
    if path.with_name(f"{path.name}-journal").exists():
        with closing(_connect(path, "rw")) as connection:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()


def _in_this_format(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The history as this release has it: of an older file a copy in memory, so that reading writes nothing."""
    if _version(connection) == FORMAT_VERSION:
        return connection
    copy = sqlite3.connect(":memory:", isolation_level=None)
    connection.backup(copy)
    connection.close()
    _migrate(copy)
    return copy


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=BUSY_S)


def _set_pragmas(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten with zeros
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")  # VACUUM would copy the answers into another file


def _holds_history(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the tables are there; False for an empty file."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
        return False
    if application != _APPLICATION_ID:
        raise HistoryError(f"{path} belongs to another program; name another folder with the setting data_dir")
    version = _version(connection)
    if version != FORMAT_VERSION and version not in _ADDED:
        raise HistoryError(
            f"{path} has format version {version}, this release reads {FORMAT_VERSION}; use the release that wrote "
            "it, or move the file away to begin a new history"
        )
    return True


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring an older history to this format; what it holds stays as it is."""
    for version in range(_version(connection), FORMAT_VERSION):
        for statement in _ADDED[version]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version + 1}")


def _fill(connection: sqlite3.Connection) -> None:
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the primary result code
        if code in _DAMAGED:
            message = f"{path} is damaged or no history of qa ({error}); move it away to begin a new one"
        elif code in _IN_USE:
            message = f"{path} is in use by another process; try again when it has finished"
        elif code in _OF_THE_DISK:
            message = f"{path} cannot be used ({error}); see that its disk has room and its folder is writable"
        else:
            raise
        raise HistoryError(message) from error
    except NotAnAnswerError as error:
        raise HistoryError(f"{path} is damaged ({error}); move it away to begin a new history") from error
    except OSError as error:
        raise HistoryError(
            f"{path} cannot be used ({error.strerror}); make its folder writable, or name another one with the "
            "setting data_dir"
        ) from error
