"""The source that a draft names for a quotation, in the forms in which `qa cite` writes it. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from qa.report.citekey import CITEKEY, REFERENCE
from qa.report.quotations import Block, Quotation

__all__ = ["CitedSource", "cited_sources"]

_MARK = re.compile(
    rf"\[\^(?P<label>[^\]\s]+)\]|\[(?P<number>\d{{1,4}})\]"
    rf"|(?P<citekey>{CITEKEY.pattern.replace('?P<', '?P<k_')})"
    rf"|(?P<reference>{REFERENCE.pattern.replace('?P<', '?P<r_')})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSource:
    """An article as a draft names it."""

    written: str
    """Citekey or reference."""
    prefix: str
    """The hex digits that the article's `text_sha256` begins with: 6 of a citekey, 12 of a reference."""
    slug: str | None
    """Title and date of a citekey, without the digits: another version of the article has the same."""
    start: int
    """Offset of the mark in the draft's text."""
    end: int


def cited_sources(blocks: Sequence[Block], quotations: Sequence[Quotation]) -> list[CitedSource | None]:
    """The source of each quotation: the first that is named behind it in its paragraph.

    Behind a block quote, the paragraphs up to the next that is none are looked at: the other blocks of the quote whole,
    the one below it at its beginning. Within a note, it is the note's own source.
    """
    notes = {block.note: block for block in blocks if block.note is not None}
    named = {label: source for label, block in notes.items() if (source := _last(block))}
    marks = [_marks(block, named) for block in blocks]
    return [_source(quotation, blocks, marks, named) for quotation in quotations]


def _source(
    quotation: Quotation,
    blocks: Sequence[Block],
    marks: Sequence[Sequence[CitedSource]],
    named: dict[str, CitedSource],
) -> CitedSource | None:
    block = blocks[quotation.block]
    if block.note is not None:
        return named.get(block.note)
    here = marks[quotation.block]
    behind = bisect_left(here, quotation.end, key=lambda mark: mark.start)
    if behind < len(here) or not block.quoted:
        return here[behind] if behind < len(here) else None
    for number in range(quotation.block + 1, len(blocks)):
        if blocks[number].quoted:
            if marks[number]:
                return marks[number][0]
            continue
        first = marks[number][0] if marks[number] else None
        begins = first and not any(c.isalnum() for c in blocks[number].text[: first.start - blocks[number].start])
        return first if begins else None
    return None


def _marks(block: Block, named: dict[str, CitedSource]) -> list[CitedSource]:
    """Everything in a block that names a source, in order."""
    found = list[CitedSource]()
    for match in _MARK.finditer(block.text):
        label = match["label"] or match["number"]
        source = named.get(label) if label else _written(match, block)
        if source is None and match["label"]:
            inner = CITEKEY.search(match["label"])
            source = _from_citekey(inner) if inner else None
        if source is not None:
            begin, end = block.start + match.start(), block.start + match.end()
            found.append(
                CitedSource(written=source.written, prefix=source.prefix, slug=source.slug, start=begin, end=end)
            )
    return found


def _last(block: Block) -> CitedSource | None:
    """The source that a note names: its last reference, otherwise a citekey in it or in its label."""
    references = list(REFERENCE.finditer(block.text))
    if references:
        return _from_reference(references[-1])
    match = CITEKEY.search(block.text) or CITEKEY.search(block.note or "")
    return _from_citekey(match) if match else None


def _written(match: re.Match[str], block: Block) -> CitedSource | None:
    if match["citekey"]:
        inner = CITEKEY.match(block.text, match.start())
        return _from_citekey(inner) if inner else None
    if match["reference"]:
        inner = REFERENCE.match(block.text, match.start())
        return _from_reference(inner) if inner else None
    return None


def _from_citekey(match: re.Match[str]) -> CitedSource:
    key = match["key"]
    return CitedSource(written=key, prefix=match["digits"], slug=key[:-7], start=match.start(), end=match.end())


def _from_reference(match: re.Match[str]) -> CitedSource:
    return CitedSource(written=match.group(), prefix=match["id"], slug=None, start=match.start(), end=match.end())
