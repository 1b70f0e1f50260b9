"""A quotation -> its verbatim parts: what stands between editors' ellipses and [insertions]. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from qa.report.quotations_tokens import Tokens, is_word, tokens

__all__ = ["Gap", "Part", "parts"]


class Gap(StrEnum):
    """What stands in front of a part."""

    NONE = "none"
    """The quotation begins with it, or a changed first letter in brackets stands there: nothing is left out."""
    ELLIPSIS = "ellipsis"
    """Anything may be left out."""
    INSERTION = "insertion"
    """A few words of the same sentence may be replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Words that must stand in the article as they are."""

    tokens: Tokens
    """Without the marks at its ends; offsets count in the quotation."""
    gap: Gap
    inserted: tuple[str, ...] = ()
    """The words of the insertions in front of it, with those that a bracket is joined to."""


_BREAK = re.compile(
    r"""
    (?P<ellipsis>\[\s*(?:…|\.{3,}|\.(?:\s\.){2,3})\s*\]|\(\s*(?:…|\.{3,})\s*\)|…|\.{3,}|\.(?:[ \u00a0]\.){2,3})
    | (?<!\w)\[(?P<letter>[^\W\d_])\](?=\w)
    | [\w'’]{0,40}\[[^\[\]]{0,300}\](?!\([^()\s]*\))[\w'’]{0,40}  # with an address behind it, it is a link
    """,
    re.VERBOSE,
)


def parts(quotation: str) -> tuple[Part, ...]:
    """The parts in order; none of them is without a word. A bracket within a word stands for the whole word."""
    found = list[Part]()
    gap, begin, inserted = Gap.NONE, 0, tuple[str, ...]()
    for match in _BREAK.finditer(quotation):
        known = len(found)
        _add(found, quotation, begin, match.start(), gap, inserted)
        inserted = inserted if len(found) == known else ()
        if match["letter"]:
            gap, begin = (gap if match.start() == begin else Gap.NONE), match.start("letter")
            quotation = f"{quotation[: match.end() - 1]}\0{quotation[match.end() :]}"
            continue
        wider = match["ellipsis"] or (gap is Gap.ELLIPSIS and not quotation[begin : match.start()].strip())
        gap, begin = (Gap.ELLIPSIS if wider else Gap.INSERTION), match.end()
        inserted += tuple(filter(is_word, tokens(match.group()).words))
    _add(found, quotation, begin, len(quotation), gap, inserted)
    return tuple(found)


def _add(found: list[Part], quotation: str, begin: int, end: int, gap: Gap, inserted: tuple[str, ...]) -> None:
    part = tokens(quotation, begin, end).trimmed()
    if part.word_count:
        found.append(Part(tokens=part, gap=gap, inserted=inserted))
