"""The text of one article, however long: sentence numbers in the margin, cited sentences and search hits marked.

Only the lines on the screen and a screenful around them exist. Nothing in the text is ever taken for markup.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from qa.tui.widgets.article_layout import ArticleLayout, Block, Lines, Range, position, shown_ranges

__all__ = ["ArticleText"]

MEASURE = 92
"""Cells; longer lines are hard to follow back to the next one."""
_BLOCK_ROWS = 1_000_000
"""More than a block has lines: a selected line is remembered as block times this, plus the line within the block."""


class ArticleText(ScrollView, can_focus=True):
    """Shows an `ArticleLayout`; offsets are those of the article's text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "article-text--number",
        "article-text--mark",
        "article-text--cited",
        "article-text--other",
        "article-text--hit",
        "article-text--hit-current",
    }
    DEFAULT_CSS = """
    ArticleText {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        background: $background;
        & > .article-text--number { color: $text-muted; text-style: dim; }
        & > .article-text--mark { color: $accent; }
        & > .article-text--cited { color: $text; background: $accent 25%; text-style: bold; }
        & > .article-text--other { color: $text; background: $accent 10%; }
        & > .article-text--hit { background: $warning 30%; text-style: underline; }
        & > .article-text--hit-current { color: $background; background: $warning; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Up", show=False, id="reader.up", tooltip="One line up"),
        Binding("down,j", "scroll_down", "Down", show=False, id="reader.down", tooltip="One line down"),
        Binding("pageup", "page_up", "Page up", show=False, id="reader.page_up", tooltip="One page up"),
        Binding("pagedown", "page_down", "Page down", show=False, id="reader.page_down", tooltip="One page down"),
        Binding("home,g", "scroll_home", "Beginning", show=False, id="reader.home", tooltip="To the beginning"),
        Binding("end,G", "scroll_end", "End", show=False, id="reader.end", tooltip="To the end"),
    ]

    class Scrolled(Message):
        """Another part of the article is shown."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # textual's own name
        super().__init__(id=id)
        self.layout_of: ArticleLayout | None = None
        self._cited: Range | None = None
        self._others: Sequence[Range] = ()
        self._hits: Sequence[Range] = ()
        self._hit: int | None = None
        self._wanted: int | None = None
        """Where to go as soon as the size is known."""

    @property
    def first_offset(self) -> int:
        """Where the first line that is shown begins in the article's text."""
        layout = self.layout_of
        if layout is None or not layout.width:
            return 0
        return layout.blocks[layout.block_at(round(self.scroll_y))].start

    def show_article(self, layout: ArticleLayout) -> None:
        """Show an article from its beginning."""
        self.layout_of = layout
        self._cited, self._others, self._hits, self._hit = None, (), (), None
        self._wanted = 0
        self.call_after_refresh(self._fit)

    def mark(self, cited: Range | None, others: Sequence[Range] = ()) -> None:
        """Mark the sentence in hand, and the others that are cited."""
        self._cited, self._others = cited, others
        self.refresh()

    def mark_hits(self, hits: Sequence[Range], current: int | None) -> None:
        """Mark what a search found; `hits` are in order."""
        self._hits, self._hit = hits, current
        self.refresh()

    def go_to(self, offset: int) -> None:
        """Bring an offset of the text to the upper third of the window, unless it is shown already."""
        self._wanted = offset
        self._go()

    def on_resize(self) -> None:
        """Wrap again, and stay where the reader was."""
        self._fit()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Wrap what comes into view."""
        super().watch_scroll_y(old_value, new_value)
        self._settle()
        if round(old_value) != round(new_value):
            self.post_message(self.Scrolled())

    def action_scroll_end(self) -> None:
        """To the end, which is wrapped first, as its height was only guessed."""
        if self.layout_of is not None and self.layout_of.width:
            self.layout_of.settle_end(self.size.height)
            self._resize_virtually(self.layout_of)
            self.scroll_to(y=self.max_scroll_y, animate=False)

    def action_scroll_up(self) -> None:
        """One line, at once: heights that are only guessed do not go with an animation."""
        self.scroll_up(animate=False)

    def action_scroll_down(self) -> None:
        """One line."""
        self.scroll_down(animate=False)

    def action_page_up(self) -> None:
        """A page but one line, so that the eye finds its place."""
        self.scroll_relative(y=1 - self.size.height, animate=False)

    def action_page_down(self) -> None:
        """A page but one line."""
        self.scroll_relative(y=self.size.height - 1, animate=False)

    def action_scroll_home(self) -> None:
        """To the beginning."""
        self.scroll_to(y=0, animate=False)

    def _fit(self) -> None:
        layout, size = self.layout_of, self.size
        if layout is None or not size.width:
            return
        width = self._text_width(layout)
        if layout.width != width:
            if self._wanted is None:
                self._wanted = self.first_offset
            self.screen.clear_selection()
            layout.set_width(width)
        self._resize_virtually(layout)
        self._go()

    def _go(self) -> None:
        layout = self.layout_of
        if layout is None or not layout.width or self._wanted is None:
            return
        offset, self._wanted = self._wanted, None
        rows = self.size.height
        layout.y_of(offset)
        layout.settle(max(layout.y_of(offset) - rows // 3, 0), rows)
        y = layout.y_of(offset)
        self._resize_virtually(layout)
        if not self.scroll_y <= y < self.scroll_y + rows - 2 or y >= self.max_scroll_y + rows:
            self.scroll_to(y=max(y - rows // 3, 0), animate=False)
        self._settle()
        self.refresh()

    def _settle(self) -> None:
        layout = self.layout_of
        if layout is None or not layout.width or not self.size.height:
            return
        y = round(self.scroll_y)
        now = layout.settle(y, self.size.height)
        self._resize_virtually(layout)
        if now != y:
            self.scroll_to(y=now, animate=False)

    def _resize_virtually(self, layout: ArticleLayout) -> None:
        size = Size(self.size.width, layout.height)
        if size != self.virtual_size:
            self.virtual_size = size

    def _margin(self, layout: ArticleLayout) -> int:
        """Cells in front of the text: number, mark and a space."""
        return len(str(len(layout.sentences))) + 4

    def _text_width(self, layout: ArticleLayout) -> int:
        return max(1, min(MEASURE, self.size.width - self._margin(layout) - 2))

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        layout, width, style = self.layout_of, self.size.width, self.rich_style
        if layout is None or not layout.width or (row := y + self.scroll_offset.y) >= layout.height:
            return Strip.blank(width, style)
        number = layout.block_at(row)
        block, lines = layout.blocks[number], layout.lines(number)
        line = row - layout.top(number) - block.gap
        if not 0 <= line < len(lines.spans):
            return Strip.blank(width, style)
        key = number * _BLOCK_ROWS + line
        text = Strip(self._segments(block, lines, line, key)).apply_offsets(0, key)
        indent = Strip([Segment(" " * max(0, (width - layout.width - self._margin(layout) - 2) // 2), style)])
        return Strip.join([indent, self._margin_strip(layout, block, lines, line), text]).adjust_cell_length(
            width, style
        )

    def _margin_strip(self, layout: ArticleLayout, block: Block, lines: Lines, line: int) -> Strip:
        """The number of the first sentence that begins on a line, and a bar beside the one that is cited."""
        base = self.rich_style
        first, last = lines.spans[line]
        numbered = [
            sentence.number
            for sentence in layout.sentences_in(block.start, block.end)
            if first <= lines.to_shown(sentence.start - block.start) < max(last, first + 1)
        ]
        digits = self._margin(layout) - 4
        number = str(numbered[0]) if numbered else ""
        cited = self._cited is not None and any(
            begin < last and first < end for begin, end in shown_ranges(block, lines, [self._cited])
        )
        return Strip(
            [
                Segment(f" {number:>{digits}} ", base + self._style("number")),
                Segment("▌" if cited else " ", base + self._style("mark")),
                Segment(" ", base),
            ]
        )

    def _segments(self, block: Block, lines: Lines, line: int, key: int) -> list[Segment]:
        first, last = lines.spans[line]
        marked: list[tuple[int, int, Style]] = []
        others = [other for other in self._others if other != self._cited]
        for name, ranges in (("other", others), ("cited", [self._cited] if self._cited else [])):
            marked += [(*span, self._style(name)) for span in shown_ranges(block, lines, ranges)]
        marked += self._marked_hits(block, lines)
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(key)) is not None:
            begin, end = first + span[0], last if span[1] == -1 else first + span[1]
            marked.append((begin, end, self.screen.get_component_rich_style("screen--selection")))
        return _cut_up(lines.shown, first, last, self.rich_style, marked)

    def _marked_hits(self, block: Block, lines: Lines) -> list[tuple[int, int, Style]]:
        begin = bisect_left(self._hits, (block.start, 0))
        begin -= begin > 0  # a hit may begin in the block before
        end = bisect_left(self._hits, (block.end, 0))
        marked = []
        for index in range(begin, end):
            style = self._style("hit-current" if index == self._hit else "hit")
            marked += [(*span, style) for span in shown_ranges(block, lines, [self._hits[index]])]
        return marked

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"article-text--{name}")

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The lines selected with the mouse; a break in the article is a break, one made by wrapping a space."""
        layout = self.layout_of
        if layout is None or not layout.width or not layout.blocks:
            return None
        start = selection.start or (0, 0)
        end = selection.end or (0, len(layout.blocks) * _BLOCK_ROWS - 1)
        first, last = start[1] // _BLOCK_ROWS, min(end[1] // _BLOCK_ROWS, len(layout.blocks) - 1)
        parts: list[str] = []
        for number in range(first, last + 1):
            lines = layout.lines(number)
            begin = position(lines, start[1] % _BLOCK_ROWS, start[0]) if number == first else 0
            stop = position(lines, end[1] % _BLOCK_ROWS, end[0]) if number == last else len(lines.shown)
            parts.append(("\n" * (1 + layout.blocks[number].gap) if parts else "") + lines.shown[begin:stop])
        return "".join(parts), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002  # asked for by textual
        """Show what is selected."""
        self.refresh()


def _cut_up(shown: str, first: int, last: int, base: Style, marked: Sequence[tuple[int, int, Style]]) -> list[Segment]:
    """`shown[first:last]` in segments; where marks overlap, the later one wins."""
    cuts = {first, last}
    for start, end, _ in marked:
        cuts |= {min(max(start, first), last), min(max(end, first), last)}
    edges = sorted(cuts)
    segments = []
    for begin, stop in pairwise(edges):
        style = base
        for start, end, mark in marked:
            if start <= begin and stop <= end:
                style += mark
        segments.append(Segment(shown[begin:stop], style))
    return segments
