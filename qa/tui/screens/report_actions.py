"""Actions of the chat on the way to a report: pin, look at the basket, export."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import ScreenResultType

from qa.tui.screens.exporting import Exporting
from qa.tui.screens.pinning import Pinning

if TYPE_CHECKING:
    from qa.tui.app import ChatApp

__all__ = ["ReportActions"]


class ReportActions(Pinning[ScreenResultType], Exporting[ScreenResultType]):
    """A screen with an answer and a quotation in hand."""

    def action_export_answer(self) -> None:
        """Write the answer in hand as a report."""
        answer = self.answer_in_hand
        if answer is None:
            self.notify("There is no answer to export.")
        else:
            self.export(answer, called="this answer", title=answer.question)

    def action_export_conversation(self) -> None:
        """Write the conversation as a report."""
        conversation = cast("ChatApp", self.app).conversation
        if not conversation.turns:
            self.notify("Nothing was asked yet that could be exported.")
        else:
            title = conversation.title or conversation.turns[0].question
            self.export(conversation, called="this conversation", title=title)
