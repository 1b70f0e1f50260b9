"""The table of a basket: headings, and below each its pins with number, date, words and note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from qa.tui.widgets.row_table import RowTable
from qa.visible import one_line

if TYPE_CHECKING:
    from qa.report.basket.entities import Basket, Pin

__all__ = ["PURGED", "BasketTable"]

PURGED = "(deleted with qa rm --purge)"
_NUMBER, _DATE = 3, 10
"""Cells."""
_LEAST_WORDS = 20


class BasketTable(RowTable):
    """One row per heading and per pin; the row in hand stays with its pin."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Read", id="basket.read", tooltip="Open the article at this quotation"),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._rows: tuple[tuple[int, Pin] | str, ...] = ()

    @property
    def in_hand(self) -> Pin | None:
        """The pin under the cursor; of a heading, the first below it."""
        for row in self._rows[max(0, self.cursor_row) :]:
            if not isinstance(row, str):
                return row[1]
        return None

    @property
    def number_in_hand(self) -> int:
        """Of the pin in hand, from 1; 0 when there is none."""
        pin = self.in_hand
        return next((row[0] for row in self._rows if not isinstance(row, str) and row[1] is pin), 0)

    def show(self, basket: Basket, *, in_hand: str | None = None) -> None:
        """Show a basket.

        Args:
            basket: Its pins, in order.
            in_hand: Id of the pin to take in hand; the row in hand otherwise.
        """
        row = self.cursor_row
        self._rows = tuple(_rows(basket))
        at = [number for number, one in enumerate(self._rows) if not isinstance(one, str) and one[1].id == in_hand]
        if not at and self._rows and isinstance(self._rows[min(max(row, 0), len(self._rows) - 1)], str):
            row += 1
        self.refill(row=at[0] if at else row)

    def fill(self) -> None:
        """Three columns: number, date, words with the note behind them."""
        padding = 3 * 2 * self.cell_padding
        self.add_column(Text("#", justify="right"), width=_NUMBER)
        self.add_column("Date", width=_DATE)
        self.add_column("Quotation", width=max(self.size.width - _NUMBER - _DATE - padding, _LEAST_WORDS))
        for row in self._rows:
            if isinstance(row, str):
                self.add_row(Text(""), Text(""), Text(one_line(row), style="bold", no_wrap=True, overflow="ellipsis"))
            else:
                self.add_row(*_cells(*row), key=row[1].id)


def _rows(basket: Basket) -> Sequence[tuple[int, Pin] | str]:
    rows: list[tuple[int, Pin] | str] = []
    before = ""
    for number, pin in enumerate(basket.pins, start=1):
        if pin.heading != before:
            rows.append(pin.heading)
        before = pin.heading
        rows.append((number, pin))
    return rows


def _cells(number: int, pin: Pin) -> tuple[Text, Text, Text]:
    citation = pin.passage.citation
    words = Text(PURGED if pin.passage.is_purged else one_line(citation.quote), no_wrap=True, overflow="ellipsis")
    if pin.note:
        words = Text.assemble(("✎ ", "bold"), words, no_wrap=True, overflow="ellipsis")
    return Text(f"{number}", justify="right"), Text(citation.date or "undated", style="dim"), words
