"""A table of which whole rows are taken in hand; what fits is laid out anew when the width changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import DataTable

if TYPE_CHECKING:
    from textual.events import Click, Resize

__all__ = ["RowTable"]


class RowTable(DataTable[Text]):
    """A click takes a row in hand, a click on the row in hand chooses it, as Enter does."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id, cursor_type="row")
        self._width = 0

    def fill(self) -> None:
        """Lay out columns and rows for the width there is; the row in hand is kept by the table."""
        raise NotImplementedError

    def refill(self, *, row: int) -> None:
        """Fill, then take a row in hand."""
        self._width = self.size.width
        if self._width:
            with self.app.batch_update():
                self.clear(columns=True)
                self.fill()
                self.move_cursor(row=max(0, min(row, self.row_count - 1)), animate=False)

    def on_resize(self, event: Resize) -> None:
        """Other columns fit."""
        if event.size.width != self._width:
            self.refill(row=self.cursor_row)

    def on_click(self, event: Click) -> None:
        """Whichever column is clicked."""
        row = event.style.meta.get("row", -1)
        if row < 0:
            return  # the heading
        event.stop()
        event.prevent_default()
        if row == self.cursor_row:
            self.action_select_cursor()
        else:
            self.move_cursor(row=row, animate=False)
