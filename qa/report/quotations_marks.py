"""The text of a block -> what stands between its quotation marks, and the marks that pair with none. Pure.

A mark without a counterpart, as in a sentence that is cut out of a longer quotation, may be the real mark and its
neighbour the stray one. So each of them has other readings, which the articles decide between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.report.quotations_tokens import FILLER

__all__ = ["Marked", "Reading", "Span", "marked", "opening"]

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
_BRACKETS = frozenset("([{<")
_MAX_DEPTH = 20
"""Quotations within quotations, and marks that may be apostrophes; deeper ones are not told apart."""
_MARKS_READ = 20
"""Marks without a counterpart, of one block, that are read in other ways."""
_READINGS = 4
"""Of one mark in each direction."""
_READ_CHARS = 3_000
"""Of another reading at most."""
_MARK = re.compile("[\"“”„«»‹›‘’‚'「」『』]")
_OPENS_BEHIND = re.compile(r"[\s(\[{<\-–—/“„«‹‘‚\"'「『:]")
_PLURAL = re.compile(r"\s+[a-z\d]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What stands between two marks."""

    start: int
    end: int
    """Half-open, without the marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What would stand in marks if a mark that is alone were a real one."""

    span: Span
    mark: int
    """Offset of that mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The quotation marks of a block."""

    spans: tuple[Span, ...]
    alone: tuple[int, ...]
    """Offsets of double marks without a counterpart, in order."""
    readings: tuple[Reading, ...]
    """Of marks without a counterpart, single ones too; of each mark the longest first."""


def marked(text: str, *, goes_on: str | None) -> Marked:
    """What stands in marks.

    Args:
        text: Of a block.
        goes_on: The mark that the next block begins with: a quotation of several paragraphs opens each of them.
    """
    opened, spans, alone = list[int](), list[Span](), list[int]()
    for match in _MARK.finditer(text):
        at = match.start()
        closed = _closed_by(text, opened, at)
        if closed is not None:
            spans.append(Span(start=opened[closed] + 1, end=at))
            alone += opened[closed + 1 :]
            del opened[closed:]
        elif match.group() in _CLOSERS and len(opened) < _MAX_DEPTH and _can_open(text, at):
            opened.append(at)
        elif not (match.group() == '"' and text[at - 1 : at].isdigit()):  # inches
            alone.append(at)
    first = next((at for at in opened if text[at] not in _SINGLE), None)
    if first is not None and text[first] == goes_on:
        spans.append(Span(start=first + 1, end=len(text)))
        opened.remove(first)
    alone = sorted(alone + opened)
    doubles = tuple(at for at in alone if text[at] not in _SINGLE)
    return Marked(spans=tuple(spans), alone=doubles, readings=tuple(_readings(text, alone)))


def opening(text: str) -> str | None:
    """The double mark that a text begins with, if it is one that opens."""
    first = text.lstrip()[:1]
    return first if first in _CLOSERS and first not in _SINGLE else None


def _readings(text: str, alone: Sequence[int]) -> Iterator[Reading]:
    """What each lone mark may open or close, though another mark is nearer."""
    marks = [match.start() for match in _MARK.finditer(text)] if alone else []
    singles = (at for at in alone if text[at] in _SINGLE)  # most of them are apostrophes
    for at in [*(at for at in alone if text[at] not in _SINGLE), *singles][:_MARKS_READ]:
        if text[at] in _CLOSERS and _can_open(text, at):
            ends = [p for p in marks if at < p <= at + _READ_CHARS and text[p] in _CLOSERS[text[at]]]
            closing = [end for end in ends if _can_close(text, end)]
            yield from (Reading(span=Span(start=at + 1, end=end), mark=at) for end in closing[: -_READINGS - 1 : -1])
        if _can_close(text, at):
            begins = [p for p in marks if at - _READ_CHARS <= p < at and text[at] in _CLOSERS.get(text[p], "")]
            opened = [begin for begin in begins if _can_open(text, begin)]
            yield from (Reading(span=Span(start=begin + 1, end=at), mark=at) for begin in opened[-_READINGS:])


def _can_close(text: str, at: int) -> bool:
    before, following = _neighbour(text, at, -1), _neighbour(text, at, 1)
    if before is None or (before.isspace() and text[at] not in "»›"):  # French sets a space inside
        return False
    return text[at] not in "’'" or following is None or not following.isalnum()


def _closed_by(text: str, opened: Sequence[int], at: int) -> int | None:
    """Which of the open marks a mark closes, the innermost that it can; a single one closes no double one."""
    mark = text[at]
    if not _can_close(text, at) or (mark in "’'" and not _single_closes(text, at)):
        return None
    for position in range(len(opened) - 1, -1, -1):
        opener = text[opened[position]]
        if mark in _CLOSERS[opener]:
            return None if _opens_another(text, at, opener) else position
        if opener not in _SINGLE:
            return None
    return None


def _opens_another(text: str, at: int, opener: str) -> bool:
    """Whether a mark that could close opens a quotation in the open one, by what stands on both sides of it."""
    if text[at] not in _CLOSERS or not _can_open(text, at):
        return False
    before, following = _neighbour(text, at, -1) or " ", _neighbour(text, at, 1) or " "
    if text[at] == opener:
        return before in _BRACKETS and following.isalnum()
    return _OPENS_BEHIND.match(before) is not None


def _single_closes(text: str, at: int) -> bool:
    """Whether a ’ or ' that stands at the end of a word is a closing mark and no apostrophe."""
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
