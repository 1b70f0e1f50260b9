"""What a full, failing or read-only disk raises, turned into errors that name the folder and the next step."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import CorpusError

__all__ = ["disk_errors"]

_FULL = {errno.ENOSPC, errno.EDQUOT}
_SCARCE_BYTES = 65_536
"""With less left, an I/O error of SQLite comes from want of room: for its lock table it says no more than that."""
_PRIMARY = 0xFF
"""SQLite's extended result codes keep the primary one in their lowest byte."""


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Around everything that writes to the index in `folder`.

    Raises:
        CorpusError: the disk is full, or cannot be written to.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & _PRIMARY not in {
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_READONLY,
        }:
            raise
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL or shutil.disk_usage(folder).free < _SCARCE_BYTES
        raise _error(folder, str(error), full=full) from error
    except OSError as error:
        raise _error(folder, error.strerror or str(error), full=error.errno in _FULL) from error


def _error(folder: Path, reason: str, *, full: bool) -> CorpusError:
    if full:
        return CorpusError(
            f"the disk is full: {folder} cannot grow. What was committed is kept; free some space, then run: qa index"
        )
    return CorpusError(
        f"{folder} cannot be written to ({reason}). What was committed is kept; make the folder writable, or name "
        "another place with --index"
    )
