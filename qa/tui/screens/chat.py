"""The chat: questions below, answers above, evidence beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer
from textual.worker import get_current_worker

from qa.tui import workers
from qa.tui.messages import ArticleFound, ArticlesListed, BlockChosen, CommandGiven, Quotation, SourceChosen
from qa.tui.screens.asking import Asking
from qa.tui.widgets.evidence import EvidenceList
from qa.tui.widgets.prompt import Prompt, Suggestions
from qa.tui.widgets.status_bar import StatusBar
from qa.tui.widgets.transcript import Transcript

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Key

    from qa.entities import Answer

__all__ = ["ChatScreen"]


class ChatScreen(Asking):
    """What is seen, and what is in hand."""

    AUTO_FOCUS = "Prompt"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "new", "New", show=False, id="chat.new", tooltip="Begin a new conversation"),
        Binding("ctrl+r", "history", "History", show=False, id="chat.history", tooltip="Earlier conversations"),
        Binding("ctrl+o", "evidence", "Evidence", show=False, id="chat.evidence", tooltip="Show or hide the evidence"),
        Binding("ctrl+b", "library", "Library", show=False, id="chat.library", tooltip="The articles"),
        Binding(
            "ctrl+s",
            "export_conversation",
            "Export",
            show=False,
            id="chat.export",
            tooltip="Write the conversation as a report",
        ),
        Binding("ctrl+l", "prompt", "Prompt", show=False, id="chat.prompt", tooltip="Go to the prompt"),
        Binding("ctrl+d", "since", "Dates", show=False, id="chat.since", tooltip="Ask only articles from a date on"),
        Binding("f6", "verify", "Verify", show=False, id="chat.verify", tooltip="Check the quotations of a draft"),
        Binding("f7", "whence", "Whence", show=False, id="chat.whence", tooltip="Find where an excerpt comes from"),
        Binding("f3", "pager", "Pager", show=False, id="chat.pager", tooltip="Open the cited file in $PAGER"),
        Binding("f4", "editor", "Editor", show=False, id="chat.editor", tooltip="Open the cited file in $EDITOR"),
    ]

    def compose(self) -> ComposeResult:
        """Transcript and evidence, the prompt with its suggestions, the status bar, the keys."""
        with Horizontal(id="body"):
            yield Transcript()
            yield EvidenceList()
        with Vertical(id="composer"):
            yield Suggestions()
            yield Prompt()
        yield StatusBar()
        yield Footer(compact=True)

    # --- what is in hand ---------------------------------------------------------------------------------------

    @on(Transcript.Moved)
    def _moved(self, message: Transcript.Moved) -> None:
        answer = message.block.answer if message.block else None
        if answer is None:
            self.call_later(self.evidence.show, None, ())
        elif self.evidence.answer is answer and message.block is not None:
            self.evidence.choose(message.block.chosen)
        else:
            self._fetch_evidence(answer)

    @on(BlockChosen)
    def _block_chosen(self, message: BlockChosen) -> None:
        self.transcript.take(next(b for b in self.transcript.blocks if b.number == message.number))

    @on(SourceChosen)
    def source_chosen(self, message: SourceChosen) -> None:
        """Take a source in hand; open it when it is to be followed."""
        block = next((b for b in self.transcript.blocks if b.answer is message.answer), None)
        if block is not None:
            block.choose(message.position)
            self.transcript.take(block)
        if message.follow:
            self.action_follow()

    @work(thread=True, exclusive=True, group="evidence")
    def _fetch_evidence(self, answer: Answer) -> None:
        found = workers.quotations(self.services, answer)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self.call_later, self.show_evidence, answer, found)

    async def show_evidence(self, answer: Answer, found: tuple[Quotation, ...]) -> None:
        """Show what was fetched, if that answer is still in hand."""
        block = self.transcript.current
        if block is not None and block.answer is answer:
            await self.evidence.show(answer, found, position=block.chosen)

    # --- the prompt --------------------------------------------------------------------------------------------

    def on_key(self, event: Key) -> None:
        """What was typed before the prompt had the focus, as in the first moments, belongs into it all the same."""
        early = self.focused is None or event.time < self.prompt.focused_since_s
        if early and (event.is_printable or event.key in {"enter", "ctrl+j"}):
            event.stop()
            self.prompt.take_early(event)

    @on(Prompt.Left)
    def _left_prompt(self) -> None:
        if not self.cancel():
            self.transcript.focus()

    @on(Transcript.Typed)
    def _typed(self, message: Transcript.Typed) -> None:
        self.prompt.focus()
        self.prompt.insert(message.character)

    @on(CommandGiven)
    async def _command(self, message: CommandGiven) -> None:
        await self.run_command(message.name, message.argument)

    @on(Prompt.ArticlesWanted)
    @work(thread=True, exclusive=True, group="titles")
    def _list_articles(self) -> None:
        if self.services.index_exists():
            self.post_message(ArticlesListed(self.services.list_articles()))

    @on(ArticlesListed)
    def _articles_listed(self, message: ArticlesListed) -> None:
        self.prompt.articles = message.articles
        self.prompt.on_text_area_changed()

    @on(ArticleFound)
    def _article_found(self, message: ArticleFound) -> None:
        self.limits = replace(self.limits, article=message.article.id, article_title=message.article.title)
        self.show_limits()
