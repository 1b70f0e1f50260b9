"""The indexing behind the screens: one at a time, in a thread of the app's, so that it outlives every screen.

Each screen on the stack gets `IndexProgress` while it runs, and one `IndexDone` or `IndexFailed` when it has ended; a
screen that comes later reads `IndexJob.state`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from textual.worker import get_current_worker

from qa.tui.messages import IndexDone, IndexFailed, IndexProgress
from qa.tui.workers import explain_failure
from qa.visible import one_line

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

    from index.sync_report import Progress, SyncReport
    from qa.tui.services import Services

__all__ = ["IndexJob", "IndexState", "outcome_words", "status_words", "time_left_words"]

TELL_EVERY_S = 0.1
"""Unchanged files go by in thousands a second; screens hear of it ten times."""
_KINDS = ("new", "changed", "moved", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """Where the indexing is, and how the last one ended."""

    running: bool = False
    stopping: bool = False
    """The person asked to stop; what is in hand is being finished."""
    waiting: str = ""
    """What there is to wait for, in words; raw."""
    progress: Progress | None = None
    """None until the folders have been looked through."""
    report: SyncReport | None = None
    """Of the last one that came to an end; None while one runs."""
    failure: str = ""
    """Why the last one could not be done; raw."""


class _Sync(Protocol):
    """`Services.sync` or `Services.index_samples`, with the folders filled in."""

    def __call__(
        self,
        *,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        on_report: Callable[[str], None],
    ) -> SyncReport: ...


class IndexJob:
    """What an app has one of. Its methods are called from the app's thread."""

    def __init__(self, app: App[Any], services: Services) -> None:
        """Nothing is started.

        Args:
            app: Its worker it becomes; it ends with the app, after the article in hand.
            services: What it indexes with.
        """
        self._app = app
        self._services = services
        self._state = IndexState()
        self._stop = threading.Event()
        self._asked = False
        """Whether somebody took the articles of `report` that were kept."""
        self._told_s = 0.0

    @property
    def state(self) -> IndexState:
        """Where it is now."""
        return replace(self._state, stopping=self._state.running and self._stop.is_set())

    def start(self, folders: Sequence[Path] = (), *, allow_removal: bool = False) -> bool:
        """Bring the index to the state of its folders; False when an indexing is running already.

        Args:
            folders: To add first; empty for those that the index knows.
            allow_removal: More than a tenth of the articles may be removed.
        """
        return self._start(partial(self._services.sync, tuple(folders), allow_removal=allow_removal))

    def start_samples(self) -> bool:
        """Add the sample articles; False when an indexing is running already."""
        return self._start(self._services.index_samples)

    def stop(self) -> bool:
        """Ask it to stop after the articles in hand, which are kept; False when none is running."""
        if not self._state.running:
            return False
        self._stop.set()
        self._tell(lambda: IndexProgress(status_words(self.state)))
        return True

    def take_kept(self) -> int:
        """How many articles are no longer there but were kept, being more than a tenth; 0 once that was asked."""
        report = self._state.report
        if report is None or self._asked:
            return 0
        self._asked = True
        return report.kept_articles

    def tell_removed(self) -> None:
        """Tell the screens that one article was taken out of the index, as after an indexing; from any thread."""
        from index.sync_report import SyncReport

        self._tell(lambda: IndexDone(SyncReport(removed=1, removed_articles=1)))

    def _start(self, sync: _Sync) -> bool:
        if self._state.running:
            return False
        self._stop.clear()
        self._asked = False
        self._state = IndexState(running=True)
        self._app.run_worker(partial(self._run, sync), name="index", group="index", thread=True)
        self._tell(lambda: IndexProgress(status_words(self.state)))
        return True

    def _run(self, sync: _Sync) -> None:
        worker = get_current_worker()
        try:
            report = sync(
                on_progress=self._progressed,
                cancelled=lambda: self._stop.is_set() or worker.is_cancelled,
                on_report=self._reported,
            )
        except Exception as error:  # the worker's outer edge: the chat goes on and says what is wrong
            reason = explain_failure(error)
            self._state = IndexState(failure=reason)
            self._tell(lambda: IndexFailed(reason))
        else:
            self._state = IndexState(report=report)
            self._tell(lambda: IndexDone(report))

    def _progressed(self, progress: Progress) -> None:
        self._state = replace(self._state, progress=progress, waiting="")
        last = progress.files == progress.files_total
        if last or time.monotonic() - self._told_s >= TELL_EVERY_S:
            self._told_s = time.monotonic()
            self._tell(lambda: IndexProgress(status_words(self.state)))

    def _reported(self, words: str) -> None:
        self._state = replace(self._state, waiting=words)
        self._tell(lambda: IndexProgress(status_words(self.state)))

    def _tell(self, make: Callable[[], Message]) -> None:
        for screen in self._app.screen_stack if self._app.is_running else ():
            screen.post_message(make())


def status_words(state: IndexState) -> str:
    """For a status bar, such as "indexing 12/340, 3 min left"; empty when nothing goes on."""
    if not state.running:
        return ""
    if state.stopping:
        return "indexing: finishing the article in hand"
    if state.waiting:
        return f"indexing: {one_line(state.waiting)}"
    if state.progress is None:
        return "indexing: looking through the folders"
    left = time_left_words(state.progress)
    return f"indexing {state.progress.files:,}/{state.progress.files_total:,}{f', {left}' if left else ''}"


def time_left_words(progress: Progress) -> str:
    """Such as "3 min left", by the files that are done; empty while nothing is embedded yet."""
    if not progress.passages or not 0 < progress.files < progress.files_total:
        return ""
    left_s = progress.elapsed_s * (progress.files_total - progress.files) / progress.files
    if left_s < 60:
        return "under 1 min left"
    return f"{left_s / 60:.0f} min left" if left_s < 3600 else f"{left_s / 3600:.1f} h left"


def outcome_words(report: SyncReport) -> str:
    """What an indexing did, such as "2 new, 1 removed"; counts of files."""
    counts = [f"{count:,} {kind}" for kind in _KINDS if (count := getattr(report, kind))]
    words = ", ".join(counts) or "nothing has changed"
    if report.interrupted:
        words = f"stopped; what was done is kept: {words}"
    if report.kept_articles:
        words += f"; {report.kept_articles:,} no longer there, kept"
    if report.skipped:
        words += f"; {len(report.skipped):,} without an article"
    return words
