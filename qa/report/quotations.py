"""A block of a draft -> its quotations. Pure.

Which marks open and close, and what counts as a quotation, is written down in the README ("check a draft"); this
module does what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.report.quotations_marks import marked, opening
from qa.report.quotations_parts import parts
from qa.report.quotations_tokens import FILLER, without_filler

__all__ = ["MIN_WORDS", "Block", "Found", "Quotation", "find_quotations", "in_order_of_beginning"]

MIN_WORDS = 4
"""A quotation of fewer words is a name, a title or a turn of phrase, and is not checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, list item, table cell, block quote or note of a draft."""

    text: str
    """A slice of the draft's text in which `FILLER` stands for characters of its format."""
    start: int
    """Offset of the slice."""
    quoted: bool = False
    """Whether it is a block quote."""
    note: str | None = None
    """The label of the note that it is; None where it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words that a draft gives as somebody else's."""

    text: str
    """Without its marks."""
    start: int
    end: int
    """Where it stands in the draft's text, without its marks."""
    block: int
    """Which of the draft's blocks it stands in."""
    lone_mark: int | None = None
    """Offset of the mark at one of its ends that is alone if every mark pairs with the nearest; None of a usual one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a draft quotes."""

    quotations: tuple[Quotation, ...]
    """In the order of their beginnings."""
    readings: tuple[Quotation, ...]
    """What marks without a counterpart may open or close all the same; of each mark the longest first."""
    short: int
    """Quotations of fewer than `MIN_WORDS` words, which were left out."""
    unbalanced: tuple[int, ...]
    """Offsets of quotation marks without a counterpart."""


_ATTRIBUTION = re.compile(r"\n[^\S\n]*(?:[—–―]|--)[^\n]*\Z")
_REFERENCES = r"\[\^[^\]\s]+\]|\[-?@[^\]]*\]|\[\d{1,4}\]|\((?:[^()]|\([^()]*\))*\b[0-9a-f]{12}(?::\d+(?:-\d+)?)?\)"
_TAIL_CHARS = 2_000
"""Where a block quote's citation and attribution are looked for."""
_CITED_AT_END = re.compile(rf"(?:[\s{FILLER}]*(?:{_REFERENCES}))+[\s{FILLER}.]*\Z")


def find_quotations(blocks: Sequence[Block]) -> Found:
    """All quotations of a draft, each with its place."""
    quotations, readings, unbalanced, short = list[Quotation](), list[Quotation](), list[int](), 0
    for number, block in enumerate(blocks):
        marks = marked(block.text, goes_on=_opening(blocks, number + 1))
        unbalanced += [block.start + position for position in marks.alone]
        found = [(span.start, span.end) for span in marks.spans]
        if block.quoted:
            whole = _body(block.text)
            found = [whole, *(span for span in found if not _same_words(block.text, span, whole))]
        for start, end in found:
            if (quotation := _quotation(block, number, start, end)) is not None:
                quotations.append(quotation)
            else:
                short += bool(without_filler(block.text[start:end]).strip())
        others = [r for r in marks.readings if (r.span.start, r.span.end) not in found]
        read = [_quotation(block, number, r.span.start, r.span.end, mark=r.mark) for r in others]
        readings += [quotation for quotation in read if quotation is not None]
    quotations.sort(key=in_order_of_beginning)
    return Found(quotations=tuple(quotations), readings=tuple(readings), short=short, unbalanced=tuple(unbalanced))


def in_order_of_beginning(quotation: Quotation) -> tuple[int, int]:
    """To sort by: the quotation that begins first, of those that begin together the longest."""
    return quotation.start, -quotation.end


def _quotation(block: Block, number: int, start: int, end: int, *, mark: int | None = None) -> Quotation | None:
    """None where the words are too few."""
    text = without_filler(block.text[start:end])
    if sum(part.tokens.word_count for part in parts(text)) < MIN_WORDS:
        return None
    at = None if mark is None else block.start + mark
    return Quotation(text=text, start=block.start + start, end=block.start + end, block=number, lone_mark=at)


def _body(text: str) -> tuple[int, int]:
    """A block quote without the line that says whose it is, and without its citations."""
    end = len(text.rstrip())
    for pattern in (_CITED_AT_END, _ATTRIBUTION, _CITED_AT_END):
        match = pattern.search(text, max(0, end - _TAIL_CHARS), end)
        end = match.start() if match else end
    return len(text) - len(text.lstrip(f" \t\r\n{FILLER}")), max(end, 0)


def _same_words(text: str, span: tuple[int, int], whole: tuple[int, int]) -> bool:
    outside = text[whole[0] : span[0]] + text[span[1] : whole[1]]
    return not any(character.isalnum() for character in outside)


def _opening(blocks: Sequence[Block], number: int) -> str | None:
    """The double mark that a block begins with."""
    if number >= len(blocks) or blocks[number].quoted or blocks[number].note is not None:
        return None
    return opening(without_filler(blocks[number].text))
