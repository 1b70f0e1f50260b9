"""An article as lines of a given width, wrapped block by block when they are looked at. Pure.

A block is a run of sentences on one line of the source, at most some thousand characters. The height of a block is
guessed until somebody looks, so a million words cost as much as the screenful that is shown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from rich.cells import get_character_cell_size

from index.entities import Sentence
from qa.visible import visible

__all__ = ["ArticleLayout", "Block", "Lines", "Range", "position", "shown_ranges", "wrap"]

Range = tuple[int, int]

BLOCK_CHARS = 4_000
"""A block is not longer, even where the text has no line break and no sentence ends."""
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the article that begins on a line of its own."""

    start: int
    end: int
    """`text[start:end]`, without white space at its ends."""
    gap: int
    """Blank lines in front of it, 0 or 1."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A wrapped block."""

    shown: str
    """Its text as it is shown: white space collapsed, control characters visible."""
    spans: tuple[tuple[int, int], ...]
    """Of each line, in `shown`."""
    positions: tuple[int, ...] | None
    """Position in `shown` of each source character and of the end; None where they are the same."""

    def to_shown(self, offset: int) -> int:
        """Position in `shown` of an offset within the block."""
        if self.positions is None:
            return min(max(offset, 0), len(self.shown))
        return self.positions[min(max(offset, 0), len(self.positions) - 1)]

    def line_of(self, offset: int) -> int:
        """The line that holds an offset within the block."""
        position = self.to_shown(offset)
        return max(0, bisect_right(self.spans, (position, len(self.shown) + 1)) - 1)


class ArticleLayout:
    """Blocks, their heights and, of those that were looked at, their lines."""

    def __init__(self, text: str, sentences: Sequence[Sentence]) -> None:
        self.text = text
        self.sentences = sentences
        self.blocks = _blocks(text, sentences)
        self.width = 0
        self._starts = [block.start for block in self.blocks]
        self._sentence_starts = [sentence.start for sentence in sentences]
        self._heights: list[int] = []
        self._tops: list[int] | None = None
        self._lines: dict[int, Lines] = {}

    @property
    def wrapped_lines(self) -> int:
        """Lines wrapped so far at this width: what the looking has cost."""
        return sum(len(lines.spans) for lines in self._lines.values())

    @property
    def height(self) -> int:
        """All lines, guessed where nobody has looked."""
        return self._all_tops()[-1]

    def set_width(self, width: int) -> None:
        """Forget all lines and guess again."""
        self.width = max(width, 1)
        self._lines.clear()
        self._heights = [block.gap + 1 + (block.end - block.start) // self.width for block in self.blocks]
        self._tops = None

    def lines(self, block: int) -> Lines:
        """The lines of a block; from here on its height is known."""
        if block not in self._lines:
            lines = self._lines[block] = self._wrapped(self.blocks[block])
            height = self.blocks[block].gap + len(lines.spans)
            if height != self._heights[block]:
                self._heights[block] = height
                self._tops = None
        return self._lines[block]

    def top(self, block: int) -> int:
        """The first line of a block, its gap included."""
        return self._all_tops()[block]

    def block_at(self, y: int) -> int:
        """The block that a line belongs to."""
        return min(max(bisect_right(self._all_tops(), y) - 1, 0), len(self.blocks) - 1)

    def block_of(self, offset: int) -> int:
        """The block that holds an offset of the article's text, or the one before it."""
        return max(bisect_right(self._starts, offset) - 1, 0)

    def y_of(self, offset: int) -> int:
        """The line that shows an offset of the article's text."""
        block = self.block_of(offset)
        line = self.lines(block).line_of(offset - self.blocks[block].start)
        return self.top(block) + self.blocks[block].gap + line

    def settle(self, y: int, rows: int) -> int:
        """Wrap what a window of `rows` lines at `y` shows, and one window around it.

        Returns:
            The line that `y` has become, as heights above it were guessed wrong.
        """
        if not self.blocks:
            return 0
        block = self.block_at(y)
        within = y - self.top(block)
        self.lines(block)
        within = min(within, self._heights[block] - 1)
        self._wrap_from(block, 2 * rows, step=1)
        self._wrap_from(block - 1, rows, step=-1)
        return self.top(block) + within

    def settle_end(self, rows: int) -> None:
        """Wrap what a window at the very end shows."""
        self._wrap_from(len(self.blocks) - 1, rows, step=-1)

    def sentences_in(self, start: int, end: int) -> Sequence[Sentence]:
        """The sentences that begin in a range of the article's text."""
        first, last = (bisect_right(self._sentence_starts, offset - 1) for offset in (start, end))
        return self.sentences[first:last]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence at an offset, or the one before it."""
        position = bisect_right(self._sentence_starts, offset) - 1
        return self.sentences[max(position, 0)] if self.sentences else None

    def _wrap_from(self, block: int, rows: int, *, step: int) -> None:
        while rows > 0 and 0 <= block < len(self.blocks):
            self.lines(block)
            rows -= self._heights[block]
            block += step

    def _wrapped(self, block: Block) -> Lines:
        source = self.text[block.start : block.end]
        shown = visible(_BLANKS.sub(" ", source))
        positions = None if shown == source else _positions(source)
        return Lines(shown, wrap(shown, self.width), positions)

    def _all_tops(self) -> list[int]:
        if self._tops is None:
            self._tops = list(accumulate(self._heights, initial=0))
        return self._tops


def wrap(text: str, width: int) -> tuple[tuple[int, int], ...]:
    """The lines of a text without line breaks, none wider than `width` cells unless one character is.

    Lines end at spaces where there are any; the space at a break is in neither line.
    """
    cells = None if text.isascii() else list(accumulate(map(get_character_cell_size, text), initial=0))
    lines = []
    begin, end = 0, len(text)
    while (fits := _fits(begin, width, end, cells)) < end:
        cut = text.rfind(" ", begin + 1, fits + 1)
        if cut < 0:
            lines.append((begin, fits))
            begin = fits
        else:
            lines.append((begin, cut))
            begin = cut + 1
    return (*lines, (begin, end))


def _fits(begin: int, width: int, end: int, cells: list[int] | None) -> int:
    """The end of the longest piece from `begin` on that is not wider than `width`; at least one character."""
    if cells is None:
        return min(begin + width, end)
    return min(max(bisect_right(cells, cells[begin] + width) - 1, begin + 1), end)


def position(lines: Lines, line: int, column: int) -> int:
    """Of a column of a line, in `shown`; the end where the line is not there."""
    if line >= len(lines.spans):
        return len(lines.shown)
    first, last = lines.spans[line]
    return min(first + column, last)


def shown_ranges(block: Block, lines: Lines, ranges: Sequence[Range]) -> list[Range]:
    """The parts of ranges of the article that lie in a block, in the block's shown text."""
    return [
        (lines.to_shown(max(start, block.start) - block.start), lines.to_shown(min(end, block.end) - block.start))
        for start, end in ranges
        if start < block.end and block.start < end
    ]


def _blocks(text: str, sentences: Sequence[Sentence]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    start = end = gap = 0
    for sentence in sentences:
        if end:
            between = text[end : sentence.start]
            breaks = len(_BREAK.findall(between)) if between != " " else 0
            if breaks or not between.isspace() or sentence.end - start > BLOCK_CHARS:
                blocks += _cut(text, start, end, gap)
                start, gap = sentence.start, int(breaks > 1)
        else:
            start = sentence.start
        end = sentence.end
    blocks += _cut(text, start, end or len(text), gap)
    return tuple(blocks)


def _cut(text: str, start: int, end: int, gap: int) -> list[Block]:
    """One block, or several where it is too long."""
    blocks = []
    while end - start > BLOCK_CHARS:
        cut = text.rfind(" ", start + 1, start + BLOCK_CHARS)
        cut = cut if cut > 0 else start + BLOCK_CHARS
        blocks.append(Block(start, cut, gap))
        start, gap = cut + (text[cut] == " "), 0
    return [*blocks, Block(start, end, gap)]


def _positions(source: str) -> tuple[int, ...]:
    """Where each character of a block is shown. Characters of a run of white space share one position."""
    positions = []
    position = 0
    for index, character in enumerate(source):
        blank = character.isspace()
        if blank and index and source[index - 1].isspace():
            positions.append(position - 1)
            continue
        positions.append(position)
        position += 1 if blank else len(visible(character))
    return (*positions, position)
