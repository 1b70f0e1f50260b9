"""The evidence of one answer as a window, where the screen is too narrow for a pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Footer
from textual.worker import get_current_worker

from qa.tui import workers
from qa.tui.messages import Quotation, SourceChosen
from qa.tui.screens.closing import ClosesOnce
from qa.tui.screens.report_actions import ReportActions
from qa.tui.widgets.evidence import EvidenceList
from qa.tui.wording import sources

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from qa.entities import Answer, Citation, RelatedPassage
    from qa.tui.app import ChatApp
    from qa.tui.citing import Citing
    from qa.tui.services import Services

__all__ = ["EvidenceScreen"]


class EvidenceScreen(ClosesOnce, ReportActions[int], ModalScreen[int]):
    """Closes with the position of the source that was in hand."""

    CSS_PATH = "evidence.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+o", "close", "Back", id="evidence.close", tooltip="Back to the chat"),
    ]

    def __init__(self, services: Services, answer: Answer, position: int) -> None:
        """Show an answer's evidence.

        Args:
            services: Where the sentences around it come from.
            answer: Whose evidence.
            position: Of the source in hand, from 0.
        """
        super().__init__()
        self.services = services
        self.answer = answer
        self.position = position

    def compose(self) -> ComposeResult:
        """The list and its keys."""
        with Vertical(id="window"):
            yield EvidenceList()
            yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Fetch what stands around the quotations."""
        self.query_one(EvidenceList).focus()
        self._fetch()

    @work(thread=True, exclusive=True)
    def _fetch(self) -> None:
        found = workers.quotations(self.services, self.answer)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self.call_later, self._show, found)

    async def _show(self, found: tuple[Quotation, ...]) -> None:
        await self.query_one(EvidenceList).show(self.answer, found, position=self.position)

    @on(SourceChosen)
    def _chosen(self, message: SourceChosen) -> None:
        message.stop()
        self.position = message.position
        self.query_one(EvidenceList).choose(message.position)
        if message.follow:
            self.action_follow()

    def action_follow(self) -> None:
        """Open the article at the source in hand."""
        if sources(self.answer):
            cast("ChatApp", self.app).read(sources(self.answer), self.position, answer=self.answer)

    def action_copy_quote(self) -> None:
        """Copy the quotation in hand with its source."""
        if sources(self.answer):
            self._citing.copy_quotation(sources(self.answer)[self.position], self.answer)

    def action_copy_answer(self) -> None:
        """Copy the answer with its notes."""
        self._citing.copy_answer(self.answer)

    def action_copy_link(self) -> None:
        """Copy the address of the quoted words, or their file's."""
        if sources(self.answer):
            self._citing.copy_link(sources(self.answer)[self.position])

    def action_choose_style(self) -> None:
        """Choose how citations are copied."""
        self._citing.choose()

    @property
    def _citing(self) -> Citing:
        return cast("ChatApp", self.app).citing

    @property
    def answer_in_hand(self) -> Answer:
        """Whose evidence it is."""
        return self.answer

    @property
    def source_in_hand(self) -> Citation | RelatedPassage | None:
        """The one that is chosen."""
        found = sources(self.answer)
        return found[self.position] if found else None

    def action_close(self) -> None:
        """Back to the chat."""
        self.dismiss(self.position)
