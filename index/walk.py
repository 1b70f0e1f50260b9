"""Which files of a folder are articles [I/O].

Hidden files and folders, `.qa/`, what the ignore globs name and files of other kinds are left out, and so is what
belongs to another file: the folder of pictures and frames beside a saved page, Word's lock of an open document.
Symbolic links are followed to files within the folder only, never to folders, so that no walk can leave it or run in a
circle.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from index.formats import SUFFIXES

__all__ = ["FoundFile", "FoundProblem", "walk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file that may hold articles."""

    path: str
    """Relative to the folder walked, POSIX separators."""
    mtime_ns: int
    ctime_ns: int
    """When the file was last written, renamed or given other rights; when it was made, on Windows."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundProblem:
    """A folder or file that could not be looked at."""

    path: str
    reason: str
    is_folder: bool


def walk(root: Path, *, exclude: Sequence[str] = ()) -> Iterator[FoundFile | FoundProblem]:
    """The files below `root` in a fixed order.

    Args:
        root: Folder to walk.
        exclude: Globs on the relative path or on the name of a file or folder.
    """
    yield from _walk(root, "", root.resolve(), tuple(exclude))


def _walk(root: Path, relative: str, real_root: Path, exclude: tuple[str, ...]) -> Iterator[FoundFile | FoundProblem]:
    folder = root / relative
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield FoundProblem(path=relative or ".", reason=_unreadable("folder", error), is_folder=True)
        return
    names = {entry.name for entry in entries}
    for entry in entries:
        path = f"{relative}/{entry.name}" if relative else entry.name
        if entry.name.startswith((".", "~$")) or is_excluded(path, exclude) or _belongs_to_a_page(entry.name, names):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(root, path, real_root, exclude)
            elif _is_article(entry, real_root):
                stat = entry.stat()
                yield FoundFile(path=path, mtime_ns=stat.st_mtime_ns, ctime_ns=stat.st_ctime_ns, size=stat.st_size)
        except OSError as error:
            yield FoundProblem(path=path, reason=_unreadable("file", error), is_folder=False)


def is_excluded(path: str, exclude: Sequence[str]) -> bool:
    """Whether a glob names the relative path, or the name of the file or folder itself."""
    name = path.rpartition("/")[2]
    return any(fnmatchcase(path, glob) or fnmatchcase(name, glob) for glob in exclude)


def _belongs_to_a_page(name: str, names: set[str]) -> bool:
    """Whether browsers would name the folder of a saved page so: "Port_files" beside "Port.html"."""
    page = name.removesuffix("_files")
    return page != name and not names.isdisjoint({f"{page}.html", f"{page}.htm", f"{page}.xhtml"})


def _is_article(entry: os.DirEntry[str], real_root: Path) -> bool:
    if os.path.splitext(entry.name)[1].lower() not in SUFFIXES:  # noqa: PTH122  # names may not be valid UTF-8
        return False
    if entry.is_symlink() and not Path(os.path.realpath(entry.path)).is_relative_to(real_root):  # no error in a circle
        return False
    return entry.is_file()


def _unreadable(kind: str, error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "a symbolic link that runs in a circle; delete it or leave it out with --exclude"
    return f"{kind} cannot be read ({error.strerror}); change its permissions or leave it out with --exclude"
