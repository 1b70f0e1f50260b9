"""The first start: there is no index yet, and one key or click makes it."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Footer, Input, ProgressBar, Static

from qa.tui.indexing import outcome_words
from qa.tui.messages import IndexDone, IndexFailed, IndexProgress
from qa.tui.screens.closing import ClosesOnce
from qa.visible import name_in_line, one_line, visible

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from index.sync_report import SyncReport
    from qa.tui.indexing import IndexJob

__all__ = ["FirstRunScreen"]


class FirstRunScreen(ClosesOnce, Screen[None]):
    """Goes away when there is an index, or when the person does not want one yet."""

    CSS_PATH = "first_run.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "samples", "Sample articles", id="first.samples", tooltip="Index the sample articles"),
        Binding("escape", "chat", "To the chat", id="first.chat", tooltip="Go to the chat; an indexing goes on"),
    ]

    def compose(self) -> ComposeResult:
        """What there is to choose from, and how far it is."""
        with Vertical(id="offer"):
            yield Static(Content("There is no index yet"), id="first-title")
            yield Static(
                Content(
                    "qa answers from your articles and shows the sentence behind every answer. "
                    "Nothing leaves this computer, and your files are only read."
                ),
                classes="about",
            )
            yield Static(
                Content("A folder of articles: text, web pages, PDF, Word, mail, tables. Enter indexes it."),
                classes="label",
            )
            yield Input(placeholder="~/articles", id="folder")
            with Horizontal(id="choices"):
                yield Button("Index this folder", id="index", variant="primary", compact=True)
                yield Button("Index the sample articles", id="samples", compact=True)
                yield Button("To the chat", id="chat", compact=True)
            yield Static(id="first-words")
            yield ProgressBar(id="first-progress", show_eta=False)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """An indexing may be going on already."""
        self._show()

    @property
    def job(self) -> IndexJob:
        """The indexing behind the screens."""
        from qa.tui.app import ChatApp

        return cast("ChatApp", self.app).index_job

    @on(Input.Submitted, "#folder")
    @on(Button.Pressed, "#index")
    def _folder_given(self) -> None:
        folder = self.query_one("#folder", Input).value.strip()
        if not folder:
            self._say("Type the path of a folder, or take the sample articles.", error=True)
            self.query_one("#folder").focus()
        elif not self.job.start([Path(folder).expanduser()]):
            self._say("An indexing is running already.", error=True)

    @on(Button.Pressed, "#samples")
    def action_samples(self) -> None:
        """Index the sample articles."""
        if not self.job.start_samples():
            self._say("An indexing is running already.", error=True)

    @on(Button.Pressed, "#chat")
    def action_chat(self) -> None:
        """Go to the chat; questions asked there wait for the index."""
        self.dismiss()

    @on(IndexProgress)
    def _progressed(self, message: IndexProgress) -> None:
        self._say(message.words)
        self._show()

    @on(IndexDone)
    def _done(self, message: IndexDone) -> None:
        self._show()
        if message.report.new or message.report.unchanged:
            self.app.notify(f"Indexed: {outcome_words(message.report)}", markup=False)
            self.dismiss()
        else:
            self._say(_nothing_found(message.report), error=True)

    @on(IndexFailed)
    def _failed(self, message: IndexFailed) -> None:
        self._show()
        self._say(message.reason, error=True)

    def _say(self, words: str, *, error: bool = False) -> None:
        line = self.query_one("#first-words", Static)
        line.update(Content(visible(words)))
        line.set_class(error, "-error")

    def _show(self) -> None:
        state = self.job.state
        bar = self.query_one("#first-progress", ProgressBar)
        bar.display = state.running and state.progress is not None
        if state.progress is not None:
            bar.update(total=state.progress.files_total, progress=state.progress.files)


def _nothing_found(report: SyncReport) -> str:
    """Why a folder gave no article: the first file that is none, or what would be one."""
    if not report.skipped:
        return "No articles were found there. qa reads text, Markdown, web pages, PDF, Word, mail and tables."
    first, more = report.skipped[0], len(report.skipped) - 1
    rest = f" ({more:,} more without an article)" if more else ""
    return f"No articles were found there: {name_in_line(PurePath(first.file).name)}: {one_line(first.text)}{rest}"
