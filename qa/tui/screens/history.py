"""Earlier conversations: searched by what was asked, answered and cited; resumed, renamed, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import DataTable, Footer, Input, Static
from textual.worker import get_current_worker

from qa.tui.screens.closing import ClosesOnce
from qa.tui.screens.confirm import ConfirmScreen
from qa.tui.screens.history_rename import RenameScreen
from qa.tui.screens.history_table import MOST_ROWS, ConversationTable
from qa.tui.wording import origin, sources, statements, verdict_words
from qa.tui.workers import explain_failure
from qa.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from qa.entities import Answer, Conversation
    from qa.history.entities import ConversationSummary
    from qa.tui.app import ChatApp
    from qa.tui.services import ConversationStore, Services

__all__ = ["HistoryScreen"]

_EMPTY = "Nothing was asked yet. Every question you ask is kept here, with its answer and sources."
_NOT_KEPT = "Conversations are not kept in this run (--no-history)."


class HistoryScreen(ClosesOnce, Screen[None]):
    """Conversations, the latest first; on a wide screen, the one in hand stands beside them."""

    CSS_PATH = "history.tcss"
    AUTO_FOCUS = "ConversationTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash", "search", "Search", key_display="/", id="history.search", tooltip="Find words in all conversations"
        ),
        Binding("r", "rename", "Rename", id="history.rename", tooltip="Give the conversation another title"),
        Binding("delete", "delete", "Delete", id="history.delete", tooltip="Delete the conversation"),
        Binding("g", "top", "First", show=False, id="history.top", tooltip="Go to the latest conversation"),
        Binding("G", "bottom", "Last", show=False, id="history.bottom", tooltip="Go to the oldest conversation"),
        Binding("escape", "back", "Back", id="history.back", tooltip="End the search, or go back"),
    ]

    def __init__(self, services: Services) -> None:
        """Nothing is read yet.

        Args:
            services: Where conversations are kept.
        """
        super().__init__()
        self.services = services
        self._query = ""

    @property
    def table(self) -> ConversationTable:
        """The conversations."""
        return self.query_one(ConversationTable)

    def compose(self) -> ComposeResult:
        """Heading, search, conversations and the one in hand, keys."""
        yield Static(Content("History"), id="history-title")
        yield Input(placeholder="words in questions, answers and sources", id="history-search")
        with Horizontal(id="history-body"):
            yield ConversationTable(id="history-table")
            with VerticalScroll(id="history-preview", can_focus=False):
                yield Static(id="history-turns")
        yield Static(id="history-empty")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """List the conversations."""
        self.load()

    # --- what is listed ----------------------------------------------------------------------------------------

    def load(self) -> None:
        """List what the search finds, or everything."""
        if (history := self.services.history) is None:
            self._show((), _NOT_KEPT)
        else:
            self._load(history, self._query)

    @work(thread=True, exclusive=True, group="history-load")
    def _load(self, history: ConversationStore, query: str) -> None:
        worker = get_current_worker()
        found: tuple[ConversationSummary, ...] = ()
        try:
            found = _search(history, query) if query else history.list()
            empty = f"No conversation holds “{one_line(query)}”. Esc ends the search." if query else _EMPTY
        except Exception as error:  # the worker's outer edge: the screen says what is wrong
            empty = one_line(explain_failure(error))
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, found, empty)

    def _show(self, found: tuple[ConversationSummary, ...], empty: str) -> None:
        if not self.is_attached:
            return
        self.table.show(found, now=self.services.now())
        number = f"{len(found):,} conversation{'s' * (len(found) != 1)}"
        words = f"{number} with “{one_line(self._query)}”" if self._query else number
        cut = f" · the latest {MOST_ROWS:,} shown" if len(found) > MOST_ROWS else ""
        self.query_one("#history-title", Static).update(Content(f"History · {words}{cut}"))
        self.query_one("#history-empty", Static).update(Content(empty))
        self.set_class(not found, "-empty")
        if found and self.focused is None:
            self.call_after_refresh(self.table.focus)
        self.show_preview()

    @on(Input.Changed, "#history-search")
    def _search_typed(self, event: Input.Changed) -> None:
        self._query = event.value.strip()
        self.load()

    @on(Input.Submitted, "#history-search")
    def _search_entered(self) -> None:
        """Leave the line; what was found stays."""
        self.table.focus()
        if not self._query:
            self._end_search()

    # --- the one in hand ---------------------------------------------------------------------------------------

    @on(DataTable.RowHighlighted)
    def show_preview(self) -> None:
        """Read the conversation in hand."""
        summary, history = self.table.in_hand, self.services.history
        if summary is None or history is None:
            self.query_one("#history-turns", Static).update("")
        else:
            self._read(history, summary.id)

    @work(thread=True, exclusive=True, group="history-read")
    def _read(self, history: ConversationStore, conversation_id: str) -> None:
        try:
            conversation = history.read(conversation_id)
            turns = _turns(conversation) if conversation is not None else Content("It was deleted meanwhile.")
        except Exception as error:  # the worker's outer edge: the screen says what is wrong
            turns = Content(one_line(explain_failure(error)))
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._show_turns, conversation_id, turns)

    def _show_turns(self, conversation_id: str, turns: Content) -> None:
        if self.is_attached and self.table.in_hand is not None and self.table.in_hand.id == conversation_id:
            self.query_one("#history-turns", Static).update(turns)
            self.query_one("#history-preview").scroll_home(animate=False)

    @on(DataTable.RowSelected)
    def action_resume(self) -> None:
        """Go on with the conversation in hand."""
        if (summary := self.table.in_hand) is not None:
            cast("ChatApp", self.app).resume(summary.id)

    def action_rename(self) -> None:
        """Give the conversation in hand another title."""
        if (summary := self.table.in_hand) is None:
            return
        conversation_id = summary.id
        self.app.push_screen(
            RenameScreen(summary.title),
            lambda title: self._apply(lambda kept: kept.rename(conversation_id, title)) if title else None,
        )

    def action_delete(self) -> None:
        """Forget the conversation in hand, once that is confirmed."""
        if (summary := self.table.in_hand) is None:
            return
        conversation_id = summary.id
        many = summary.questions != 1
        number = f"{summary.questions:,} questions and answers are" if many else "question and its answer are"
        self.app.push_screen(
            ConfirmScreen(
                f"Delete “{one_line(summary.title)}”?",
                details=f"Its {number} gone for good; the articles stay.",
                yes="Delete",
                no="Keep",
            ),
            lambda yes: self._apply(lambda kept: kept.delete(conversation_id)) if yes else None,
        )

    def _apply(self, change: Callable[[ConversationStore], None]) -> None:
        if (history := self.services.history) is not None:
            self._change(lambda: change(history))

    @work(thread=True, group="history-change")
    def _change(self, change: Callable[[], None]) -> None:
        try:
            change()
        except Exception as error:  # the worker's outer edge: nothing is changed, and the person hears why
            words = one_line(explain_failure(error))
            self.app.call_from_thread(self.app.notify, words, severity="error", markup=False)
        self.app.call_from_thread(self.load)

    # --- moving ------------------------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Open the search line."""
        line = self.query_one("#history-search", Input)
        line.add_class("-shown")
        line.focus()

    def _end_search(self) -> None:
        line = self.query_one("#history-search", Input)
        line.value = ""
        line.remove_class("-shown")
        self.table.focus()

    def action_top(self) -> None:
        """Go to the latest."""
        self.table.move_cursor(row=0, animate=False)

    def action_bottom(self) -> None:
        """Go to the oldest."""
        self.table.move_cursor(row=self.table.row_count - 1, animate=False)

    def action_back(self) -> None:
        """End the search, otherwise leave."""
        if self._query or self.query_one("#history-search").has_class("-shown"):
            self._end_search()
        else:
            self.dismiss()


def _search(history: ConversationStore, query: str) -> tuple[ConversationSummary, ...]:
    """What the store finds, and the conversations whose own title holds all words; the latest first."""
    ids, words = {summary.id for summary in history.search(query)}, query.casefold().split()
    return tuple(
        summary
        for summary in history.list()
        if summary.id in ids or all(word in summary.title.casefold() for word in words)
    )


def _turns(conversation: Conversation) -> Content:
    """Questions and answers with their sources, for reading."""
    return Content("\n\n").join(_turn(turn.answer) for turn in conversation.turns)


def _turn(answer: Answer) -> Content:
    lines = [Content.styled(f"› {one_line(answer.question)}", "bold")]
    for one in statements(answer):
        numbers = "".join(f"[{number}]" for number in one.numbers)
        date = f"{one.date}: " if one.date else ""
        lines.append(Content(f"{date}{one.text} {numbers}"))
    lines.append(Content.styled(verdict_words(answer), "dim"))
    for place, source in enumerate(sources(answer), start=1):
        mark = f"[{place}]" if answer.citations else "·"
        lines.append(Content.styled(f"{mark} {origin(source)}", "dim"))
    return Content("\n").join(lines)
