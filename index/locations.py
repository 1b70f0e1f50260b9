"""Paths as the index keeps them: text with POSIX separators, bytes where a name is not valid UTF-8. Pure."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["covers", "decode_path", "encode_path", "is_inside", "relative_to"]


def encode_path(path: str) -> str | bytes:
    """A path as SQLite keeps it: text, or the bytes of a name that is not valid UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def decode_path(value: str | bytes) -> str:
    """The inverse of `encode_path`."""
    return os.fsdecode(value) if isinstance(value, bytes) else value


def is_inside(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies below it; both absolute, POSIX separators."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def covers(folder: str, path: str) -> bool:
    """Whether walking a folder comes to a path; what lies in a hidden folder within it is passed by."""
    return is_inside(path, folder) and "/." not in path[len(folder.rstrip("/")) :]


def relative_to(file: Path, root: Path) -> str | None:
    """The path below `root`, POSIX separators; None when the file does not lie there."""
    try:
        return file.relative_to(root).as_posix()
    except ValueError:
        return None
