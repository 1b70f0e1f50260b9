"""The table of conversations: when, how many questions, the title in what is left; and when, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from qa.tui.widgets.row_table import RowTable
from qa.visible import one_line

if TYPE_CHECKING:
    from qa.history.entities import ConversationSummary

__all__ = ["MOST_ROWS", "ConversationTable", "when_words"]

MOST_ROWS = 1_000
"""Shown at a time: filling them takes a tenth of a second."""
_WHEN, _QUESTIONS = 16, 9
"""Cells."""
_LEAST_TITLE = 18


class ConversationTable(RowTable):
    """Rows in the order given."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Resume", id="history.resume", tooltip="Go on with this conversation"),
        Binding("question_mark", "app.help", "Help", show=False, id="history.help", tooltip="Keys of this screen"),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._summaries: Sequence[ConversationSummary] = ()
        self._now = datetime.min

    @property
    def in_hand(self) -> ConversationSummary | None:
        """The one under the cursor."""
        return self._summaries[self.cursor_row] if 0 <= self.cursor_row < len(self._summaries) else None

    def show(self, summaries: Sequence[ConversationSummary], *, now: datetime) -> None:
        """Show the first `MOST_ROWS`; the row in hand stays in hand, or the one that takes its place."""
        in_hand, row = self.in_hand, self.cursor_row
        self._summaries, self._now = tuple(summaries[:MOST_ROWS]), now
        ids = [summary.id for summary in self._summaries]
        self.refill(row=ids.index(in_hand.id) if in_hand is not None and in_hand.id in ids else row)

    def fill(self) -> None:
        """Three columns."""
        padding = 3 * 2 * self.cell_padding
        self.add_column("When", width=_WHEN)
        self.add_column(Text("Questions", justify="right"), width=_QUESTIONS)
        self.add_column("Title", width=max(self.size.width - _WHEN - _QUESTIONS - padding, _LEAST_TITLE))
        for summary in self._summaries:
            self.add_row(
                Text(when_words(summary.updated_at, self._now), no_wrap=True),
                Text(f"{summary.questions:,}", justify="right"),
                Text(one_line(summary.title), no_wrap=True, overflow="ellipsis"),
                key=summary.id,
            )


def when_words(moment: str, now: datetime) -> str:
    """Such as "today 09:12", "yesterday 18:40" or "2025-05-30 08:00", in the time zone of `now`.

    Args:
        moment: ISO 8601 with offset.
        now: With its time zone.
    """
    at = datetime.fromisoformat(moment).astimezone(now.tzinfo)
    days = {now.date(): "today", now.date() - timedelta(days=1): "yesterday"}
    return f"{days.get(at.date(), at.date().isoformat())} {at:%H:%M}"
