"""Files that are there whole or not at all: written beside their targets, then renamed [I/O]."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from qa.errors import ExportError

__all__ = ["write_files"]


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write all files, replacing those that are there; each is there whole or not at all.

    Everything is written beside the targets first, so that a full disk or a missing folder changes none of them.

    Raises:
        ExportError: one cannot be written.
    """
    parts: list[tuple[Path, Path]] = []
    with ExitStack() as cleaning:
        for file, content in files.items():
            try:
                part = _beside(file, content)
                cleaning.callback(part.unlink, missing_ok=True)
                parts.append((part, file))
            except OSError as error:
                raise _not_written(file, error) from error
        for part, file in parts:
            try:
                part.replace(file)
            except OSError as error:
                raise _not_written(file, error) from error


def _beside(file: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name[:40]}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.chmod(_mode(file))
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return part


def _mode(file: Path) -> int:
    """Of the file that is replaced, otherwise what the umask leaves."""
    with suppress(FileNotFoundError):
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _not_written(file: Path, error: OSError) -> ExportError:
    return ExportError(f"{file} cannot be written ({error.strerror}); name another file with -o")
