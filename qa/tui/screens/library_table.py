"""The table of the library: as many columns as fit, the title in what is left; long cells end in an ellipsis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from qa.tui.screens.library_rows import Column, Row, greatest_first
from qa.tui.widgets.row_table import RowTable

__all__ = ["MOST_ROWS", "ArticleTable"]

MOST_ROWS = 1_000
"""Shown at a time: filling them takes a tenth of a second."""
_WIDTHS = {
    Column.DATE: 10,
    Column.OUTLET: 14,
    Column.FILE: 22,
    Column.WORDS: 7,
    Column.SENTENCES: 11,
    Column.COPIES: 8,
    Column.STATE: 7,
}
"""Cells, without the padding; the title takes what is left."""
_FROM_WIDTH = {Column.WORDS: 70, Column.SENTENCES: 100, Column.FILE: 100, Column.OUTLET: 100, Column.COPIES: 100}
"""Cells that the table must have before a column is shown."""
_LEAST_TITLE = 18
_NUMBERS = frozenset({Column.WORDS, Column.SENTENCES, Column.COPIES})
_STATE_COLOURS = {"new": "text-success", "changed": "text-warning", "missing": "text-error"}
"""Variables of the theme."""


class ArticleTable(RowTable):
    """Rows in the order given."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Read", id="library.read", tooltip="Open the article"),
        Binding("question_mark", "app.help", "Help", show=False, id="library.help", tooltip="Keys of this screen"),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._sorted = (Column.DATE, False)

    @property
    def in_hand(self) -> Row | None:
        """The one under the cursor."""
        return self._rows[self.cursor_row] if 0 <= self.cursor_row < len(self._rows) else None

    def show(self, rows: Sequence[Row], column: Column, *, backwards: bool) -> None:
        """Show the first `MOST_ROWS` rows; the row in hand stays in hand, or the one that takes its place."""
        in_hand, row = self.in_hand, self.cursor_row
        self._rows, self._sorted = tuple(rows[:MOST_ROWS]), (column, backwards)
        keys = [one.key for one in self._rows]
        self.refill(row=keys.index(in_hand.key) if in_hand is not None and in_hand.key in keys else row)

    def fill(self) -> None:
        """As many columns as fit."""
        columns = self._columns()
        for column, width in columns:
            self.add_column(self._label(column), width=width, key=column.value)
        for row in self._rows:
            self.add_row(*(self._cell(row, column) for column, _ in columns), key=row.key)

    def _columns(self) -> list[tuple[Column, int]]:
        """The columns that fit and have something to say, with their widths."""
        silent = {
            *([] if any(row.outlet for row in self._rows) else [Column.OUTLET]),
            *([] if any(row.article is not None and row.article.copies > 1 for row in self._rows) else [Column.COPIES]),
        }
        width = self.size.width
        shown = [column for column in Column if column not in silent and _FROM_WIDTH.get(column, 0) <= width]
        left = width - self.styles.scrollbar_size_vertical
        for dropped in (None, Column.COPIES, Column.SENTENCES, Column.FILE, Column.OUTLET):
            shown = [column for column in shown if column is not dropped]
            padding = 2 * self.cell_padding * len(shown)
            title = left - padding - sum(_WIDTHS.get(column, 0) for column in shown)
            if title >= _LEAST_TITLE:
                break
        return [(column, _WIDTHS.get(column, max(title, _LEAST_TITLE))) for column in shown]

    def _label(self, column: Column) -> Text:
        sorted_by, backwards = self._sorted
        mark = (" ↓" if greatest_first(column, backwards=backwards) else " ↑") if column is sorted_by else ""
        return Text(f"{column.value.capitalize()}{mark}", justify="right" if column in _NUMBERS else "left")

    def _cell(self, row: Row, column: Column) -> Text:
        colour = self.app.theme_variables.get(_STATE_COLOURS.get(row.state, ""), "")
        return Text(
            _words(row, column),
            style=colour if column is Column.STATE else "",
            justify="right" if column in _NUMBERS else "left",
            no_wrap=True,
            overflow="ellipsis",
        )


def _words(row: Row, column: Column) -> str:
    article = row.article
    if column is Column.DATE:
        return row.date or ("undated" if article is not None else "")
    if column in _NUMBERS:
        return f"{getattr(article, column.value):,}" if article is not None else ""
    return {Column.TITLE: row.title, Column.OUTLET: row.outlet, Column.FILE: row.name, Column.STATE: row.state}[column]
