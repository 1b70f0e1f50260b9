"""What a sync is told, what it tells while it runs, and what it says in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from index.formats import ReadOptions

if TYPE_CHECKING:
    from index.ingest import LoadedFile
    from index.store import Store
    from index.survey import Candidate, Survey

__all__ = ["Change", "FileChange", "FileNote", "Progress", "SyncOptions", "SyncReport", "Tally"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a sync is."""

    files: int
    files_total: int
    passages: int
    """Embedded so far."""
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """How folders are read, and who is asked and told."""

    exclude: tuple[str, ...] = ()
    """Globs on relative paths and names."""
    reading: ReadOptions = field(default_factory=ReadOptions)
    """How files are read, and what one of them may cost."""
    consent: Callable[[int, int], bool] = lambda _removed, _total: False
    """Asked when more than a tenth of the articles would be removed: (removed, total) -> go on."""
    stop: Callable[[], bool] = lambda: False
    """Asked between files; True commits what is in hand and returns."""
    progress: Callable[[Progress], None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNote:
    """Something to say of one file."""

    file: str
    """Absolute path."""
    text: str


class Change(StrEnum):
    """What happened to a file since the last sync."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file that is not as it was."""

    file: str
    """Absolute path, POSIX separators; of a moved file, where it is now."""
    change: Change


@dataclass(slots=True, kw_only=True)
class SyncReport:
    """What a sync did, or would do. All counts but the last two are files."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: int = 0
    removed: int = 0
    changes: list[FileChange] = field(default_factory=list)
    """The files that are new, changed, moved or removed, one by one."""
    skipped: list[FileNote] = field(default_factory=list)
    """Files that gave no article, and why."""
    notes: list[FileNote] = field(default_factory=list)
    """Files that were indexed, with what the person should know of them."""
    interrupted: bool = False
    removed_articles: int = 0
    kept_articles: int = 0
    """No longer there, but kept: they are more than a tenth, and nobody consented."""
    passages: int = 0
    """Embedded in this run."""

    @property
    def differs(self) -> bool:
        """Whether the folders and the store were out of step."""
        return bool(self.new or self.changed or self.moved or self.removed)


class Tally:
    """Says of each file whether it is new, changed, moved or skipped."""

    def __init__(self, store: Store | None, found: Survey) -> None:
        self._report = SyncReport(unchanged=found.unchanged)
        self._report.skipped += [FileNote(file=p.path, text=p.reason) for p in found.problems]
        self._store = store
        self._gone: dict[str, list[int]] = defaultdict(list)
        """Articles of files that are gone, with the keys of those files."""
        for known in found.gone:
            for _, article in store.articles_in(known.key) if store is not None else ():
                self._gone[article].append(known.key)
        self._removed = {key for keys in self._gone.values() for key in keys}
        self._gone_files = {known.key: known.file for known in found.gone}

    def count(self, candidate: Candidate, loaded: LoadedFile, *, fresh: Collection[str]) -> None:
        """Count one candidate; `fresh` are the ids of its articles that the store does not have."""
        report = self._report
        report.notes += [FileNote(file=candidate.file, text=note) for note in loaded.notes]
        if loaded.record.problem is not None:
            report.skipped.append(FileNote(file=candidate.file, text=loaded.record.problem))
        elif loaded.same_bytes or self._gives_the_same(candidate, loaded):
            report.unchanged += 1
        elif candidate.known is not None and candidate.known.sha256 is not None:
            report.changed += 1
            self._note(candidate.file, Change.CHANGED)
        elif not fresh and self._moved_from_gone(loaded):
            report.moved += 1
            self._note(candidate.file, Change.MOVED)
        else:
            report.new += 1
            self._note(candidate.file, Change.NEW)

    def finish(self, *, interrupted: bool) -> SyncReport:
        """The report; files that held an article, are gone and were not moved count as removed."""
        self._report.interrupted = interrupted
        removed = () if interrupted else self._removed
        self._report.removed = len(removed)
        for file in sorted(self._gone_files[key] for key in removed):
            self._note(file, Change.REMOVED)
        return self._report

    def _note(self, file: str, change: Change) -> None:
        self._report.changes.append(FileChange(file=file, change=change))

    def _moved_from_gone(self, loaded: LoadedFile) -> bool:
        ids = {item.article.id for item in loaded.articles}
        if not all(self._gone.get(i) for i in ids):
            return False
        self._removed -= {self._gone[i].pop(0) for i in ids}
        return True

    def _gives_the_same(self, candidate: Candidate, loaded: LoadedFile) -> bool:
        """Whether a file that had to be read again holds the bytes and the articles that it held."""
        known = candidate.known
        if self._store is None or known is None or known.sha256 != loaded.record.sha256:
            return False
        return {i for _, i in self._store.articles_in(known.key)} == {item.article.id for item in loaded.articles}
