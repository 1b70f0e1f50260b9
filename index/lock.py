"""One writer at a time: the lock of an index folder, and who holds it [I/O]."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import IndexLockedError
from index.schema import OWNER_FILE

__all__ = ["LOCK_WAIT_S", "acquire_lock"]

LOCK_WAIT_S = 30.0
"""How long a second writer waits for the first before it gives up and says who holds the lock."""


def acquire_lock(folder: Path, wait_s: float, report: Callable[[str], None]) -> FileLock:
    """Take the lock of an index folder; it is released when the process ends, however it ends.

    Raises:
        IndexLockedError: another writer held it for longer than `wait_s` seconds.
        OSError: the folder cannot be written to.
    """
    lock = FileLock(folder / "lock")
    owner = folder / OWNER_FILE
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report(f"waiting for {_owner(owner)}")
        try:
            lock.acquire(timeout=wait_s, poll_interval=0.1)
        except Timeout as error:
            raise IndexLockedError(
                f"{folder} is being written to by {_owner(owner)}; try again when it has finished"
            ) from error
    command = " ".join(["qa", *sys.argv[1:3]])
    try:
        owner.write_text(json.dumps({"pid": os.getpid(), "command": command}), encoding="utf-8")
    except BaseException:
        lock.release()
        raise
    return lock


def _owner(file: Path) -> str:
    try:
        owner = json.loads(file.read_text(encoding="utf-8"))
        return f"process {owner['pid']} ({owner['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
