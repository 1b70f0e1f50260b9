"""What keys, the palette and clicks do in the chat."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import work

from qa.tui import workers
from qa.tui.screens.report_actions import ReportActions
from qa.tui.widgets.evidence import EvidenceList
from qa.tui.widgets.prompt import Prompt
from qa.tui.widgets.status_bar import StatusBar
from qa.tui.widgets.transcript import Transcript
from qa.tui.wording import explanation, sources
from qa.visible import one_line

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.entities import Answer, Citation, RelatedPassage
    from qa.tui.app import ChatApp
    from qa.tui.external import CommandFor
    from qa.tui.services import Services
    from qa.tui.workers import Limits

__all__ = ["ChatActions"]


class ChatActions(ReportActions[None]):
    """Actions of the chat screen, which holds what they work on."""

    services: Services
    assistant: Assistant | None
    limits: Limits
    _articles: int

    @property
    def chat_app(self) -> ChatApp:
        """The app, with what the screens share."""
        return cast("ChatApp", self.app)

    @property
    def transcript(self) -> Transcript:
        """The answers."""
        return self.query_one(Transcript)

    @property
    def evidence(self) -> EvidenceList:
        """The pane beside them."""
        return self.query_one(EvidenceList)

    @property
    def prompt(self) -> Prompt:
        """Where questions are typed."""
        return self.query_one(Prompt)

    @property
    def status(self) -> StatusBar:
        """The line in words."""
        return self.query_one(StatusBar)

    @property
    def answer_in_hand(self) -> Answer | None:
        """Of the block in hand."""
        return self.transcript.current.answer if self.transcript.current else None

    @property
    def source_in_hand(self) -> Citation | RelatedPassage | None:
        """The citation or related passage that keys act on."""
        block = self.transcript.current
        if block is None or block.answer is None or not sources(block.answer):
            return None
        return sources(block.answer)[block.chosen]

    def cancel(self) -> bool:
        """Give up the running answer."""
        raise NotImplementedError

    async def begin(self) -> None:
        """Begin a new conversation."""
        raise NotImplementedError

    # --- saying ------------------------------------------------------------------------------------------------

    def say_ready(self) -> None:
        """What the status bar says when nothing goes on."""
        if self.assistant is not None:
            self.status.say(f"ready · {self._articles:,} article{'s' * (self._articles != 1)}")
        elif self.services.index_exists():
            self.status.say("not ready")
        else:
            self.status.say("no index yet · /index FOLDER makes one")

    def show_limits(self) -> None:
        """What limits the search, and what goes on besides, in the status bar."""
        from qa.tui.indexing import status_words

        title = f"only in: {one_line(self.limits.article_title)}" if self.limits.article else ""
        self.status.limit(status_words(self.chat_app.index_job.state), *self.limits.words(), title)

    # --- what keys and palette do ------------------------------------------------------------------------------

    def action_cancel(self) -> None:
        """Cancel the running answer; without one, go to the prompt."""
        if not self.cancel():
            self.prompt.focus()

    def action_prompt(self) -> None:
        """Go to the prompt."""
        self.prompt.focus()

    def action_since(self) -> None:
        """Begin a limit on the dates."""
        self.prompt.focus()
        self.prompt.write("/since ")

    async def action_new(self) -> None:
        """Begin a new conversation; the old one is kept."""
        await self.begin()

    def action_evidence(self) -> None:
        """Show or hide the evidence; on a narrow screen it comes as a window."""
        block = self.transcript.current
        if self.has_class("-wide"):
            self.toggle_class("-no-evidence")
        elif block is None or block.answer is None:
            self.notify("There is no answer yet whose evidence could be shown.")
        else:
            from qa.tui.screens.evidence import EvidenceScreen

            self.app.push_screen(EvidenceScreen(self.services, block.answer, block.chosen), self._chosen_elsewhere)

    def _chosen_elsewhere(self, position: int | None) -> None:
        if position is not None and self.transcript.current is not None:
            self.transcript.current.choose(position)

    def action_library(self) -> None:
        """The articles."""
        from qa.tui.screens.library import LibraryScreen

        self.app.push_screen(LibraryScreen(self.services))

    def action_history(self) -> None:
        """Earlier conversations."""
        if self.services.history is None:
            self.notify("Conversations are not kept in this run (--no-history, or the setting history).")
            return
        from qa.tui.screens.history import HistoryScreen

        self.app.push_screen(HistoryScreen(self.services))

    def action_follow(self) -> None:
        """Open the article at the source in hand."""
        block = self.transcript.current
        if block is None or block.answer is None or not sources(block.answer):
            self.notify("There is no citation to follow.")
        else:
            self.chat_app.read(sources(block.answer), block.chosen, answer=block.answer)

    def action_copy_quote(self) -> None:
        """Copy the quotation in hand with its source."""
        source = self.source_in_hand
        if source is None:
            self.notify("There is no quotation to copy.")
        else:
            self.chat_app.citing.copy_quotation(source, self.answer_in_hand)

    def action_copy_answer(self) -> None:
        """Copy the answer in hand with its notes."""
        answer = self.answer_in_hand
        if answer is None:
            self.notify("There is no answer to copy.")
        else:
            self.chat_app.citing.copy_answer(answer)

    def action_copy_link(self) -> None:
        """Copy the address of the quoted words, or their file's."""
        source = self.source_in_hand
        if source is None:
            self.notify("There is no citation whose link could be copied.")
        else:
            self.chat_app.citing.copy_link(source)

    def action_choose_style(self) -> None:
        """Choose how citations are copied."""
        self.chat_app.citing.choose()

    def action_verify(self, file: str = "") -> None:
        """Check the quotations of a draft."""
        from qa.tui.screens.verify import VerifyScreen

        self.app.push_screen(VerifyScreen(self.services, file))

    def action_whence(self, excerpt: str = "") -> None:
        """Find where an excerpt comes from."""
        from qa.tui.screens.whence import WhenceScreen

        self.app.push_screen(WhenceScreen(self.services, excerpt))

    def action_edit(self) -> None:
        """Put what was searched for into the prompt, to be changed and asked again."""
        block = self.transcript.current
        if block is None:
            self.notify("There is no question to edit.")
            return
        self.prompt.focus()
        self.prompt.write(block.answer.standalone_question if block.answer else block.question)

    async def action_explain(self) -> None:
        """Say how the answer in hand was made."""
        answer = self.answer_in_hand
        if answer is None:
            self.notify("There is no answer to explain.")
        else:
            await self.transcript.note(explanation(answer))

    def action_pager(self) -> None:
        """Open the cited file in $PAGER."""
        from qa.tui.external import UNSET_PAGER, pager_command

        self._open_file(pager_command, UNSET_PAGER)

    def action_editor(self) -> None:
        """Open the cited file in $EDITOR."""
        from qa.tui.external import UNSET_EDITOR, editor_command

        self._open_file(editor_command, UNSET_EDITOR)

    def _open_file(self, command_for: CommandFor, unset: str) -> None:
        source = self.source_in_hand
        if source is None:
            self.notify("There is no citation whose file could be opened.")
        else:
            self._open_at(source, command_for, unset)

    @work(thread=True, exclusive=True, group="file")
    def _open_at(self, source: Citation | RelatedPassage, command_for: CommandFor, unset: str) -> None:
        from qa.tui.external import open_file

        line = workers.line_of(self.services, source)
        show = partial(open_file, self.app, command_for, os.environ, file=source.place.file, unset=unset, line=line)
        self.app.call_from_thread(show)

    def action_plain(self) -> None:
        """Leave the screen; the conversation goes on line by line."""
        self.chat_app.leave_for_plain()
