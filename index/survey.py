"""What changed on disk since the last sync: a `stat` per file, nothing written [I/O]."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.entities import Source
from index.errors import InputError, MissingFolderError, PathNotFoundError
from index.locations import covers
from index.store import KnownFile, Store
from index.walk import FoundProblem, walk

__all__ = ["Candidate", "Survey", "survey", "targets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file that is new, that differs from what the store remembers, or that is to be read in another encoding."""

    file: str
    """Absolute path, POSIX separators."""
    mtime_ns: int
    ctime_ns: int
    size: int
    known: KnownFile | None
    other_encoding: bool = False
    """An encoding is forced that is not the one it was read in, so it is parsed even if its bytes are the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The difference between the folders and the store."""

    unchanged: int
    candidates: tuple[Candidate, ...]
    gone: tuple[KnownFile, ...]
    """Files that are no longer there. Files below a folder that cannot be read are not among them."""
    problems: tuple[FoundProblem, ...]
    """With absolute paths."""


def targets(store: Store | None, paths: Sequence[Path]) -> tuple[Source, ...]:
    """What a sync looks at: the paths given, or every source that the store knows.

    Raises:
        PathNotFoundError: a given path does not exist.
        MissingFolderError: a known folder is not there.
        InputError: there is neither a path nor a source.
    """
    known = [source for _, source in store.sources()] if store is not None else []
    for path in paths:
        if not path.exists():
            raise PathNotFoundError(f"{path} does not exist; name a folder of articles or an article")
    for source in known if not paths else []:
        if not Path(source.root).exists():
            raise MissingFolderError(
                f"{source.root} is in the index but is not there; nothing was removed. "
                f"Mount or restore it, or take it out of the index with: qa rm {source.root}"
            )
    if not paths and not known:
        raise InputError("no folder to index is known yet; name one: qa index FOLDER")
    given = [Source(root=_absolute(path), is_file=path.is_file()) for path in paths]
    return _outermost(given or known)


def survey(
    store: Store | None,
    sources: Sequence[Source],
    *,
    exclude: Sequence[str],
    named: Sequence[Path] = (),
    encoding: str | None = None,
) -> Survey:
    """Compare the sources with what the store remembers of them.

    Args:
        store: None compares with nothing.
        sources: From `targets`.
        exclude: Globs of what is not looked at.
        named: Paths that the person gave: a file among them is taken in although it was removed with `qa rm`.
        encoding: Forced on every file; None detects it.
    """
    known = {file.file: file for file in _known(store, sources)}
    unchanged, candidates, problems, seen = 0, list[Candidate](), list[FoundProblem](), set[str]()
    wanted = {_absolute(path) for path in named}
    for found in _found(sources, exclude):
        if isinstance(found, FoundProblem):
            problems.append(found)
            continue
        seen.add(found.file)
        before = known.get(found.file)
        if before and before.left_out:
            if found.file not in wanted:
                continue
            before = None  # as if it were new
        other = before is not None and encoding is not None and not _same_codec(before.encoding, encoding)
        if before and not before.problem and not other and _stamp(before) == _stamp(found):
            unchanged += 1
        else:
            candidates.append(replace(found, known=before, other_encoding=other))
    hidden = tuple(f"{problem.path.rstrip('/')}/" for problem in problems if problem.is_folder)
    files = {problem.path for problem in problems}
    gone = tuple(
        file for path, file in known.items() if path not in seen and path not in files and not path.startswith(hidden)
    )
    return Survey(unchanged=unchanged, candidates=tuple(candidates), gone=gone, problems=tuple(problems))


def _stamp(file: KnownFile | Candidate) -> tuple[int, int, int]:
    return file.mtime_ns, file.ctime_ns, file.size


def _same_codec(one: str | None, other: str) -> bool:
    try:
        return one is not None and codecs.lookup(one).name == codecs.lookup(other).name
    except (LookupError, ValueError):
        return False  # no such codec: reading the file says so


def _absolute(path: Path) -> str:
    return Path(os.path.abspath(path)).as_posix()  # noqa: PTH100  # resolve() would follow links


def _outermost(sources: Iterable[Source]) -> tuple[Source, ...]:
    chosen: list[Source] = []
    for source in sorted(set(sources), key=lambda s: s.root):
        if not any(covers(other.root, source.root) for other in chosen):
            chosen.append(source)
    return tuple(chosen)


def _known(store: Store | None, sources: Sequence[Source]) -> Iterator[KnownFile]:
    if store is None:
        return
    for file in store.files():
        if any(covers(source.root, file.file) for source in sources):
            yield file


def _found(sources: Sequence[Source], exclude: Sequence[str]) -> Iterator[Candidate | FoundProblem]:
    for source in sources:
        root = Path(source.root)
        if source.is_file:
            stat = root.stat()
            yield Candidate(
                file=source.root,
                mtime_ns=stat.st_mtime_ns,
                ctime_ns=stat.st_ctime_ns,
                size=stat.st_size,
                known=None,
            )
            continue
        for found in walk(root, exclude=exclude):
            path = f"{source.root.rstrip('/')}/{found.path}"
            if isinstance(found, FoundProblem):
                yield FoundProblem(path=os.path.normpath(path), reason=found.reason, is_folder=found.is_folder)
            else:
                yield Candidate(
                    file=path, mtime_ns=found.mtime_ns, ctime_ns=found.ctime_ns, size=found.size, known=None
                )
