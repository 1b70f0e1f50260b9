"""Before and after an indexing: what would change, and which files gave no article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from qa.tui.indexing import outcome_words
from qa.tui.screens.closing import ClosesOnce
from qa.tui.screens.library_rows import shown_file
from qa.tui.workers import explain_failure
from qa.visible import one_line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from index.sync_report import SyncReport
    from qa.tui.services import Services

__all__ = ["PreviewScreen", "ReportScreen"]

MOST_FILES = 200
"""Named in a list; the others are counted."""
REMOVAL_SHARE = 0.1
"""As `index.sync` has it: removing more asks."""
_ORDER = ("removed", "changed", "new", "moved")
"""What may be lost stands first."""


class PreviewScreen(ClosesOnce, ModalScreen[bool]):
    """Says what an indexing would change; gives whether it shall be done."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "go", "Index", id="preview.go", tooltip="Do it, in the background"),
        Binding("n,escape", "back", "Cancel", key_display="esc", id="preview.back", tooltip="Change nothing"),
    ]

    def __init__(self, services: Services, folders: Sequence[Path] = (), *, articles: int = 0) -> None:
        """Nothing is looked at yet.

        Args:
            services: What looks.
            folders: To add; empty for those that the index knows.
            articles: How many the index has.
        """
        super().__init__()
        self.services = services
        self.folders = tuple(folders)
        self._articles = articles
        self._may_go = False

    def compose(self) -> ComposeResult:
        """Counts, files, buttons."""
        with Vertical(classes="dialog"):
            yield Static(Content("Looking through the folders …"), id="preview-counts", classes="dialog-title")
            yield Static(id="preview-text", classes="dialog-text")
            with VerticalScroll(classes="dialog-list", can_focus=True):
                yield Static(id="preview-files")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Index (enter)", id="preview-go", variant="primary", compact=True)
                yield Button("Cancel (esc)", id="preview-cancel", compact=True)

    def on_mount(self) -> None:
        """Look."""
        self.query_one(".dialog-list").display = False
        self.query_one("#preview-go").display = False
        self._look()

    @work(thread=True, exclusive=True, group="preview")
    def _look(self) -> None:
        try:
            report = self.services.preview(self.folders)
        except Exception as error:  # the worker's outer edge: nothing is indexed, and the window says why
            self.app.call_from_thread(self._fail, explain_failure(error))
        else:
            self.app.call_from_thread(self._show, report)

    def _fail(self, reason: str) -> None:
        if self.is_attached:
            self.query_one("#preview-counts", Static).update(Content("This cannot be indexed"))
            self.query_one("#preview-text", Static).update(Content(one_line(reason)))

    def _show(self, report: SyncReport) -> None:
        if not self.is_attached:
            return
        self._may_go = report.differs
        words = outcome_words(report).capitalize()
        self.query_one("#preview-counts", Static).update(Content(words if report.differs else "Nothing would change"))
        text = self.query_one("#preview-text", Static)
        text.update(Content(self._text(report)))
        text.display = bool(self._text(report))
        lines = _change_lines(report, self.services.paths.index.parent)
        self.query_one("#preview-files", Static).update(_listing(lines))
        self.query_one(".dialog-list").display = bool(report.changes or report.skipped)
        go = self.query_one("#preview-go", Button)
        go.display = report.differs
        (go if report.differs else self.query_one("#preview-cancel")).focus()

    def _text(self, report: SyncReport) -> str:
        words = f"{report.unchanged:,} unchanged." if report.unchanged else ""
        if report.removed > REMOVAL_SHARE * self._articles:
            words += (
                f" {report.removed:,} of {self._articles:,} are no longer there, more than a tenth: "
                "they are kept until you say that they may go."
            )
        return words.strip()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click, or Enter on a button."""
        self.dismiss(event.button.id == "preview-go")

    def action_go(self) -> None:
        """Index, once it is known what that would do."""
        if self._may_go:
            self.dismiss(True)

    def action_back(self) -> None:
        """Change nothing."""
        self.dismiss(False)


class ReportScreen(ClosesOnce, ModalScreen[None]):
    """What the last indexing did, and what there is to say of single files."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "back", "Close", key_display="esc", id="report.back", tooltip="Close"),
    ]

    def __init__(self, report: SyncReport, *, home: Path) -> None:
        """Show a report.

        Args:
            report: Of an indexing that has ended.
            home: Files below it are named from there.
        """
        super().__init__()
        self._report = report
        self._home = home

    def compose(self) -> ComposeResult:
        """Counts, files, a button."""
        report = self._report
        lines = [*_note_lines(report, self._home)]
        with Vertical(classes="dialog"):
            yield Static(Content(outcome_words(report).capitalize()), classes="dialog-title")
            text = "These files need a look:" if lines else "Every file gave its article."
            yield Static(Content(text), classes="dialog-text")
            with VerticalScroll(classes="dialog-list", can_focus=True):
                yield Static(_listing(lines))
            with Horizontal(classes="dialog-buttons"):
                yield Button("Close (esc)", compact=True)

    def on_button_pressed(self) -> None:
        """Close."""
        self.dismiss()

    def action_back(self) -> None:
        """Close."""
        self.dismiss()


def _change_lines(report: SyncReport, home: Path) -> list[tuple[str, str, str]]:
    ordered = sorted(report.changes, key=lambda one: _ORDER.index(one.change.value))
    lines = [(one.change.value, shown_file(one.file, home), "") for one in ordered]
    return [*lines, *_note_lines(report, home)]


def _note_lines(report: SyncReport, home: Path) -> Iterable[tuple[str, str, str]]:
    for note in report.skipped:
        yield "no article", shown_file(note.file, home), one_line(note.text)
    for note in report.notes:
        yield "note", shown_file(note.file, home), one_line(note.text)


def _listing(lines: Sequence[tuple[str, str, str]]) -> Content:
    """One line per file: what about it, which, why."""
    rows = (
        Content.assemble((f"{kind:<11}", "dim"), file, (f"  {why}" if why else "", "$text-warning"))
        for kind, file, why in islice(lines, MOST_FILES)
    )
    more = len(lines) - MOST_FILES
    rest = (Content.styled(f"… and {more:,} more", "dim"),) if more > 0 else ()
    return Content("\n").join(chain(rows, rest))
