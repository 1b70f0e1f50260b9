"""The library: all articles in a table, which of their files have changed, and the indexing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, DataTable, Footer, Input, ProgressBar, Sparkline, Static
from textual.worker import get_current_worker

from qa.tui.indexing import outcome_words, status_words
from qa.tui.messages import IndexDone, IndexFailed, IndexProgress
from qa.tui.screens.closing import ClosesOnce
from qa.tui.screens.library_actions import LibraryActions
from qa.tui.screens.library_rows import Column, filtered, join, months, shown_place, sort_words, sorted_rows
from qa.tui.screens.library_table import MOST_ROWS, ArticleTable
from qa.tui.workers import explain_failure
from qa.visible import one_line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Click

    from index.sync_report import SyncReport
    from qa.tui.screens.library_rows import Row
    from qa.tui.services import ArticleRow, Services

__all__ = ["LibraryScreen"]


class LibraryScreen(LibraryActions, ClosesOnce, Screen[None]):
    """Lists at once, then looks for changes; both in threads."""

    CSS_PATH = "library.tcss"
    AUTO_FOCUS = "ArticleTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "filter",
            "Filter",
            key_display="/",
            id="library.filter",
            tooltip="Show only articles with some words",
        ),
        Binding(
            "s",
            "sort",
            "Sort",
            show=False,
            id="library.sort",
            tooltip="Sort by the next column",
        ),
        Binding("S", "reverse", "Reverse", show=False, id="library.reverse", tooltip="Sort the other way round"),
        Binding("a", "add", "Add", id="library.add", tooltip="Add a folder of articles"),
        Binding(
            "r", "update", "Re-index", id="library.update", tooltip="See what has changed in the folders, then index it"
        ),
        Binding(
            "delete",
            "remove",
            "Remove",
            id="library.remove",
            tooltip="Remove the article from the index; its file stays",
        ),
        Binding("e", "report", "Report", show=False, id="library.report", tooltip="Show how the last indexing ended"),
        Binding(
            "ctrl+c",
            "stop",
            "Stop indexing",
            show=False,
            id="library.stop",
            tooltip="Stop the indexing after the article in hand",
        ),
        Binding("g", "top", "First", show=False, id="library.top", tooltip="Go to the first article"),
        Binding("G", "bottom", "Last", show=False, id="library.bottom", tooltip="Go to the last article"),
        Binding(
            "ctrl+b",
            "leave",
            "Chat",
            show=False,
            id="library.leave",
            tooltip="Go back to the chat; an indexing goes on",
        ),
        Binding("escape", "back", "Back", id="library.back", tooltip="End the filter, or go back"),
    ]

    def __init__(self, services: Services) -> None:
        """Nothing is read yet.

        Args:
            services: Where articles come from.
        """
        super().__init__()
        self.services = services
        self.articles: tuple[ArticleRow, ...] = ()
        self.preview: SyncReport | None = None
        """What an indexing would change; None while that is not known."""
        self._sorted: tuple[Column, bool] = (Column.DATE, False)
        self._typed = ""
        self._notice = ""
        """What the last line says while nothing is indexed; visible."""

    def compose(self) -> ComposeResult:
        """Heading, months, filter, table, the article in hand, the indexing, keys."""
        with Horizontal(id="library-heading"):
            yield Static(Content("Library"), id="library-title")
            yield Static(id="library-sort")
        with Horizontal(id="library-months"):
            yield Sparkline([], id="library-sparkline")
            yield Static(id="library-range")
        yield Input(placeholder="words in title, outlet, path, date or state", id="library-filter")
        yield ArticleTable(id="library-table")
        yield Static(id="library-empty")
        yield Static(id="library-detail")
        with Horizontal(id="library-job"):
            yield ProgressBar(show_eta=False, show_percentage=False, id="library-bar")
            yield Static(id="library-status")
            yield Button("Stop (ctrl+c)", id="library-stop", compact=True)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """List the articles."""
        self.load()

    # --- articles ----------------------------------------------------------------------------------------------

    def load(self) -> None:
        """List the articles anew, then look for changes in their files."""
        self._notice = "looking for changes in the files …"
        self.show_job()
        self._load()

    @work(thread=True, exclusive=True, group="library-load")
    def _load(self) -> None:
        worker = get_current_worker()
        articles: tuple[ArticleRow, ...] = ()
        preview, problem = None, ""
        try:
            if self.services.index_exists():
                articles = self.services.list_articles()
                self.app.call_from_thread(self._show, articles, None, self._notice)
                preview = self.services.preview(())
        except Exception as error:  # the worker's outer edge: the screen says what is wrong
            problem = one_line(explain_failure(error))
        if not worker.is_cancelled:
            words = problem or (_preview_words(preview) if preview is not None else "")
            self.app.call_from_thread(self._show, articles, preview, words)

    def _show(self, articles: tuple[ArticleRow, ...], preview: SyncReport | None, notice: str) -> None:
        if self.is_attached:
            self.articles, self.preview, self._notice = articles, preview, notice
            self.fill()
            self.show_job()

    def fill(self) -> None:
        """Show the rows that the filter leaves, sorted."""
        column, backwards = self._sorted
        every = join(self.articles, self.preview)
        rows = sorted_rows(filtered(every, self._typed), column, backwards=backwards)
        self.table.show(rows, column, backwards=backwards)
        self.query_one("#library-title", Static).update(Content(_title(rows, every)))
        words = f"{sort_words(column, backwards=backwards)} (s)" if rows else ""
        self.query_one("#library-sort", Static).update(Content(words))
        by_month = months(rows)
        sparkline = self.query_one(Sparkline)
        sparkline.data = [float(count) for count in by_month.counts]
        sparkline.display = len(by_month.counts) > 1
        self.query_one("#library-range", Static).update(Content(by_month.words))
        self._show_empty(bool(rows), bool(every))
        self.show_detail()

    def _show_empty(self, some: bool, some_at_all: bool) -> None:
        words = "There is no article here yet. Press a to add a folder of articles."
        if some_at_all:
            words = f"No article holds “{one_line(self._typed)}”. Esc ends the filter."
        self.query_one("#library-empty", Static).update(Content(words))
        self.set_class(not some, "-empty")
        if some and self.focused is None:
            self.call_after_refresh(self.table.focus)

    @on(DataTable.RowHighlighted)
    def show_detail(self) -> None:
        """Say all there is to say of the row in hand."""
        row = self.table.in_hand
        words = Content("") if row is None else Content("\n").join([Content(row.title), self._about(row)])
        self.query_one("#library-detail", Static).update(words)

    def _about(self, row: Row) -> Content:
        article = row.article
        file = shown_place(row, self.services.paths.index.parent)
        if article is None:
            return Content(f"{file} · not indexed yet: r indexes it")
        parts = [
            *([f"file {row.state} since it was indexed"] if row.state else []),
            *([row.outlet] if row.outlet else []),
            f"{article.sentences:,} sentence{'s' * (article.sentences != 1)}, about {article.words:,} words",
            *([f"{article.copies:,} copies"] if article.copies > 1 else []),
            file,
        ]
        return Content.styled(" · ".join(parts), "dim")

    # --- filter and order --------------------------------------------------------------------------------------

    @on(Input.Changed, "#library-filter")
    def _filter_typed(self, event: Input.Changed) -> None:
        self._typed = event.value.strip()
        self.fill()

    @on(Input.Submitted, "#library-filter")
    def _filter_entered(self) -> None:
        """Leave the line; the filter stays."""
        self.table.focus()
        if not self._typed:
            self.end_filter()

    @on(DataTable.HeaderSelected)
    def _heading_clicked(self, event: DataTable.HeaderSelected) -> None:
        column, backwards = self._sorted
        clicked = Column(event.column_key.value or Column.DATE)
        self.sort(clicked, backwards=not backwards if clicked is column else False)

    def on_click(self, event: Click) -> None:
        """A click on the order goes on to the next one, a click on the last line says how the last indexing ended."""
        if event.widget is self.query_one("#library-sort"):
            self.action_sort()
        elif event.widget is self.query_one("#library-status"):
            self.action_report()

    def sort(self, column: Column, *, backwards: bool) -> None:
        """Sort by a column."""
        self._sorted = (column, backwards)
        self.fill()

    @on(DataTable.RowSelected)
    def _row_chosen(self) -> None:
        self.action_read()

    # --- indexing ----------------------------------------------------------------------------------------------

    def show_job(self) -> None:
        """Say how far the indexing is, or how things stand."""
        state = self.job.state
        self.set_class(state.running, "-indexing")
        words = status_words(state) or (one_line(state.failure) if state.failure else self._notice)
        self.query_one("#library-status", Static).update(Content(words))
        bar, progress = self.query_one(ProgressBar), state.progress
        bar.update(total=progress.files_total if progress else 1, progress=progress.files if progress else 0)

    @on(Button.Pressed, "#library-stop")
    def _stop_clicked(self) -> None:
        self.job.stop()

    @on(IndexProgress)
    def _index_progressed(self) -> None:
        self.show_job()

    @on(IndexFailed)
    def _index_failed(self) -> None:
        self.load()

    @on(IndexDone)
    def _index_done(self, message: IndexDone) -> None:
        self.load()
        if not self.is_current:
            return  # what is to be asked is asked when the person comes back
        if message.report.skipped or message.report.notes:
            self.action_report()
        else:
            self.ask_kept()

    def on_screen_resume(self) -> None:
        """Ask what an indexing left to be asked."""
        self.ask_kept()


def _title(rows: list[Row], every: tuple[Row, ...]) -> str:
    found, total = (sum(row.article is not None for row in some) for some in (rows, every))
    words = f"{total:,} article{'s' * (total != 1)}" if found == total else f"{found:,} of {total:,} articles"
    cut = f" · the first {MOST_ROWS:,} shown" if len(rows) > MOST_ROWS else ""
    return f"Library · {words}{cut}"


def _preview_words(preview: SyncReport) -> str:
    if preview.differs:
        return f"r indexes: {outcome_words(preview)}"
    return "the index is up to date with its folders"
