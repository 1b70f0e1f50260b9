"""Paragraphs, headings and list items, taken out of a document -> one text in which they can still be told apart. Pure.

Blocks are parted by a blank line. Headings begin with `#` and items with `-`, as in Markdown, so the reading view and
the cutting into sentences treat them as those of a Markdown article.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

__all__ = ["Block", "Kind", "join_blocks", "mark_of", "same_words", "separator", "without_title"]


class Kind(Enum):
    """What a block is."""

    PARAGRAPH = ""
    HEADING = "#"
    ITEM = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, heading or list item."""

    text: str
    kind: Kind = Kind.PARAGRAPH
    level: int = 1
    """Of a heading, from 1; of a list item, how deep it is nested, from 1."""


def join_blocks(blocks: Iterable[Block]) -> str:
    """Return the text of the blocks; white space within one is a single space, items of a list are adjacent lines."""
    parts: list[str] = []
    before: Kind | None = None
    for block in blocks:
        words = " ".join(block.text.split())
        if words:
            parts += [separator(before, block.kind), mark_of(block.kind, level=block.level), words]
            before = block.kind
    return "".join(parts)


def separator(before: Kind | None, kind: Kind) -> str:
    """What stands between a block and the one before it; None before the first."""
    if before is None:
        return ""
    return "\n" if before is kind is Kind.ITEM else "\n\n"


def mark_of(kind: Kind, *, level: int) -> str:
    """What a block begins with."""
    if kind is Kind.HEADING:
        return "#" * min(max(level, 1), 6) + " "
    return "  " * (min(level, 6) - 1) + "- " if kind is Kind.ITEM else ""


def without_title(blocks: Sequence[Block], title: str | None) -> Sequence[Block]:
    """Leave out a first block that repeats the title, which is shown above the article anyway."""
    if title and blocks and same_words(blocks[0].text, title):
        return blocks[1:]
    return blocks


def same_words(one: str, other: str) -> bool:
    """Whether two lines differ in nothing but case, white space and punctuation."""
    return _letters(one) == _letters(other) != ""


def _letters(line: str) -> str:
    return "".join(character for character in line.casefold() if character.isalnum())
