"""ZIP archives -> the files in them, in memory and within limits; nothing is unpacked to disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import PurePosixPath

from index.formats.entities import FormatError, ReadOptions

__all__ = ["Entry", "entries", "kind_of_zip", "require_small"]

MAX_RATIO = 200
"""Unpacked size by packed size. Text packs to a third, and to a fiftieth at best."""
_RATIO_FROM_BYTES = 1_000_000
"""Smaller entries may have any ratio."""
_ENTRY_MARK = b"PK\x01\x02"
_KINDS = {
    "xl/workbook.xml": "an Excel file: save its sheet as CSV",
    "ppt/presentation.xml": "a PowerPoint file: save it as PDF",
    "META-INF/container.xml": "an EPUB book: save its chapters as HTML",
    "content.xml": "an OpenDocument file: save it as .docx or PDF",
    "Index/Document.iwa": "a Pages file: export it as .docx or PDF",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of an archive."""

    name: str
    """As the archive spells it."""
    data: bytes = b""
    problem: str | None = None
    """Why it was not read; `data` is empty then."""


def kind_of_zip(data: bytes, suffix: str) -> str:
    """Return "docx" or "zip", by what is inside.

    Raises:
        FormatError: It is damaged, or of a kind that is not read.
    """
    with _opened(data, "Word file" if suffix == ".docx" else "archive", 1_000_000) as archive:
        names = set(archive.namelist())
    if "word/document.xml" in names:
        return "docx"
    for name, what in _KINDS.items():
        if name in names:
            raise FormatError(what)
    if suffix == ".docx":
        raise FormatError("not a Word file, though its name says so: it holds no word/document.xml")
    return "zip"


def entries(data: bytes, *, options: ReadOptions, suffixes: frozenset[str]) -> Iterator[Entry]:
    """Yield the files of an archive whose names end in one of `suffixes`, in the order of the archive.

    Hidden files and what `options.exclude` names are left out, as in a folder.

    Raises:
        FormatError: It is damaged, or has too many entries.
    """
    unpacked = 0
    seen: set[str] = set()
    with _opened(data, "archive", options.max_articles) as archive:
        for info in archive.infolist():
            name = info.filename
            if info.is_dir() or not _is_wanted(name, options, suffixes):
                continue
            problem = _refusal(info, options) or ("there are two entries of this name" if name in seen else None)
            seen.add(name)
            unpacked += 0 if problem else info.file_size
            if unpacked > options.max_unpacked_bytes:
                raise FormatError(
                    f"unpacks to more than the {options.max_unpacked_bytes / 1e6:g} MB that max_unpacked_mb allows; "
                    "split it or raise the setting"
                )
            yield Entry(name=name, problem=problem) if problem else _unpacked(archive, info)


def require_small(data: bytes, *, options: ReadOptions) -> None:
    """Raise `FormatError` when a file that is an archive inside would unpack to too much."""
    with _opened(data, "Word file", options.max_articles) as archive:
        for info in archive.infolist():
            if info.file_size > options.max_unpacked_bytes or _is_bomb(info):
                raise FormatError(f"{info.filename} in it {_unpacks_to(info)}: it may be made to exhaust the computer")


def _opened(data: bytes, what: str, most: int) -> zipfile.ZipFile:
    if data.count(_ENTRY_MARK) > most:  # before zipfile makes an object of each
        raise FormatError(f"more than {most} entries, which max_rows allows; split it or raise the setting")
    try:
        return zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError) as error:
        raise FormatError(f"a damaged {what} ({_short(error)}): get the file again") from error


def _is_wanted(name: str, options: ReadOptions, suffixes: frozenset[str]) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    hidden = any(part.startswith(".") and part not in {".", ".."} for part in path.parts)
    if hidden or "__MACOSX" in path.parts or path.suffix.lower() not in suffixes:
        return False
    return not any(fnmatchcase(name, glob) or fnmatchcase(path.name, glob) for glob in options.exclude)


def _refusal(info: zipfile.ZipInfo, options: ReadOptions) -> str | None:
    """Return why an entry is not unpacked, None when it may be."""
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "its name leads out of the archive, so it is not read: pack it again under a plain name"
    if path.suffix.lower() == ".zip":
        return "an archive within an archive is not opened: unpack it first"
    if info.flag_bits & 1:
        return "protected by a password: pack it without one"
    if info.file_size > options.max_bytes:
        allowed = f"more than the {options.max_bytes / 1e6:g} MB that max_file_mb allows"
        return f"{info.file_size / 1e6:.1f} MB is {allowed}; raise the setting"
    return f"{_unpacks_to(info)}: it may be made to exhaust the computer" if _is_bomb(info) else None


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > _RATIO_FROM_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1)


def _unpacks_to(info: zipfile.ZipInfo) -> str:
    return f"unpacks to {info.file_size / 1e6:.0f} MB from {info.compress_size / 1e3:.0f} kB"


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    try:
        with archive.open(info) as file:
            return Entry(name=info.filename, data=file.read(info.file_size + 1))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        # zipfile raises RuntimeError for a password, and for other faults of an entry whatever its decompressor raises.
        return Entry(name=info.filename, problem=f"damaged ({_short(error)}): pack it again")


def _short(error: Exception) -> str:
    """What went wrong; zipfile quotes names as long as they are."""
    return " ".join(str(error).split())[:100]
