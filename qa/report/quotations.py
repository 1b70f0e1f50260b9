"""A block of a draft -> its quotations. Pure.

Which marks open and close, and what counts as a quotation, is written down in the README ("check a draft"); this
module does what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.report.quotations_parts import parts
from qa.report.quotations_tokens import FILLER, without_filler

__all__ = ["MIN_WORDS", "Block", "Found", "Quotation", "find_quotations"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a draft quotes."""

    quotations: tuple[Quotation, ...]
    """In the order of their beginnings."""
    short: int
    """Quotations of fewer than `MIN_WORDS` words, which were left out."""
    unbalanced: tuple[int, ...]
    """Offsets of quotation marks without a counterpart."""


_CLOSERS = {
    '"': '"',
    "“": '”"',
    "„": "“”",
    "”": "”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "‘": "’",
    "‚": "‘’",
    "'": "'",
    "「": "」",
    "『": "』",
}
_SINGLE = frozenset("‘’‚'‹›")
_MARK = re.compile("[\"“”„«»‹›‘’‚'「」『』]")
_OPENS_BEHIND = re.compile(r"[\s(\[{<\-–—/“„«‹‘‚\"'「『:]")
_PLURAL = re.compile(r"\s+[a-z]")
_ATTRIBUTION = re.compile(r"\n[^\S\n]*(?:[—–―]|--)[^\n]*\Z")
_REFERENCES = r"\[\^[^\]\s]+\]|\[-?@[^\]]*\]|\[\d{1,4}\]|\((?:[^()]|\([^()]*\))*\b[0-9a-f]{12}(?::\d+(?:-\d+)?)?\)"
_TAIL_CHARS = 2_000
"""Where a block quote's citation and attribution are looked for."""
_MAX_DEPTH = 20
"""Quotations within quotations, and marks that may be apostrophes; deeper ones are not told apart."""
_CITED_AT_END = re.compile(rf"(?:[\s{FILLER}]*(?:{_REFERENCES}))+[\s{FILLER}.]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    start: int
    end: int


def find_quotations(blocks: Sequence[Block]) -> Found:
    """All quotations of a draft, each with its place."""
    quotations, unbalanced, short = list[Quotation](), list[int](), 0
    for number, block in enumerate(blocks):
        spans, alone = _marked(block.text, goes_on=_opening(blocks, number + 1))
        unbalanced += [block.start + position for position in alone]
        found = [(s.start, s.end) for s in spans]
        if block.quoted:
            whole = _body(block.text)
            found = [whole, *(span for span in found if not _same_words(block.text, span, whole))]
        for start, end in found:
            text = without_filler(block.text[start:end])
            if sum(part.tokens.word_count for part in parts(text)) < MIN_WORDS:
                short += bool(text.strip())
                continue
            quotations.append(Quotation(text=text, start=block.start + start, end=block.start + end, block=number))
    quotations.sort(key=lambda quotation: (quotation.start, -quotation.end))
    return Found(quotations=tuple(quotations), short=short, unbalanced=tuple(unbalanced))


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
    first = without_filler(blocks[number].text).lstrip()[:1]
    return first if first in _CLOSERS and first not in _SINGLE else None


def _marked(text: str, *, goes_on: str | None) -> tuple[list[_Span], list[int]]:
    """What stands in marks, and the double marks without a counterpart.

    Args:
        text: Of a block.
        goes_on: The mark that the next block begins with: a quotation of several paragraphs opens each of them.
    """
    opened, spans, alone = list[int](), list[_Span](), list[int]()
    for match in _MARK.finditer(text):
        at = match.start()
        closed = _closed_by(text, opened, at)
        if closed is not None:
            spans.append(_Span(start=opened[closed] + 1, end=at))
            alone += [p for p in opened[closed + 1 :] if text[p] not in _SINGLE]
            del opened[closed:]
        elif match.group() in _CLOSERS and len(opened) < _MAX_DEPTH and _can_open(text, at):
            opened.append(at)
        elif match.group() not in _SINGLE and not (match.group() == '"' and text[at - 1 : at].isdigit()):  # inches
            alone.append(at)
    left = [at for at in opened if text[at] not in _SINGLE]
    if left and text[left[0]] == goes_on:
        spans.append(_Span(start=left[0] + 1, end=len(text)))
        left = left[1:]
    return spans, sorted(alone + left)


def _closed_by(text: str, opened: Sequence[int], at: int) -> int | None:
    """Which of the open marks a mark closes, the innermost that it can; a single one closes no double one."""
    mark = text[at]
    before = _neighbour(text, at, -1)
    spaced = before is None or (before.isspace() and mark not in "»›")  # French sets a space inside
    if spaced or (mark in "’'" and not _single_closes(text, at)):
        return None
    for position in range(len(opened) - 1, -1, -1):
        opener = text[opened[position]]
        if mark in _CLOSERS[opener]:
            opens = mark in _CLOSERS and mark != opener and _OPENS_BEHIND.match(before or " ") and _can_open(text, at)
            return None if opens else position
        if opener not in _SINGLE:
            return None
    return None


def _single_closes(text: str, at: int) -> bool:
    """Whether ’ or ' is a closing mark and no apostrophe."""
    following = _neighbour(text, at, 1)
    if following is not None and following.isalnum():
        return False
    if text[at - 1 : at] != "s" or not _PLURAL.match(text, at + 1):
        return True
    # "the soldiers’ arms" is a plural if a mark further on closes before another opens.
    for match in _MARK.finditer(text, at + 1):
        if match.group() in "‘‚" or (match.group() == text[at] and _can_open(text, match.start())):
            return True
        behind = _neighbour(text, match.start(), 1)
        if match.group() == text[at] and (behind is None or not behind.isalnum()):
            return False
    return True


def _can_open(text: str, at: int) -> bool:
    before, following = _neighbour(text, at, -1), _neighbour(text, at, 1)
    if following is None or (following.isspace() and text[at] not in "«‹"):
        return False
    if text[at] in "„“«‘‚‹「『":
        return text[at] != "‘" or before is None or not before.isalnum()
    return before is None or _OPENS_BEHIND.match(before) is not None


def _neighbour(text: str, at: int, step: int) -> str | None:
    at += step
    while 0 <= at < len(text):
        if text[at] != FILLER:
            return text[at]
        at += step
    return None
