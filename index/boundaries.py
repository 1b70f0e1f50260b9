"""Where the sentences of one block begin. Pure; takes time linear in the block's length.

sentencex proposes the cuts, then those that news text shows to be wrong are refused: within a quotation or
brackets, in front of a lower-case letter, behind a title. Only positions are taken from sentencex, never text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sentencex import get_sentence_boundaries

__all__ = ["MAX_JOINED_CHARS", "sentence_starts"]

MAX_JOINED_CHARS = 600
"""A quotation is kept whole only while its sentence stays within this."""
_PROPOSAL_CHARS = 20_000
"""sentencex takes quadratic time on a block full of quotation marks; it is given this much at a time."""
_PROPOSAL_MARGIN = 500
"""What sentencex must see behind a cut for the cut to be trusted."""

Span = tuple[int, int]
"""Half-open."""

_OPENERS = frozenset("“„«‘([")
_CLOSERS = frozenset("”»’)")
_EITHER = frozenset("\"'`*_")
"""Straight quotation marks, and Markdown's emphasis."""
_NEVER_LAST = frozenset(
    {"Ms", "Mx", "Mmes", "Atty", "Ald", "Amb", "Dep", "Spc", "Ste", "Ft", "e.g", "E.g", "i.e", "I.e", "cf", "vs"}
)
"""Titles and the like that sentencex takes for the end of a sentence; it knows the others."""
_BEFORE_NUMBER = frozenset({"Vol", "Vols", "Ch", "Pt", "Fig", "Figs", "Nos", "Sec", "Art", "approx", "est", "ca"})
_MAYBE_STATE = frozenset({"Mass", "Wash", "Md"})
_STARTER = re.compile(
    r"(?:A|After|All|An|And|As|At|Before|But|By|For|From|He|Her|His|How|However|I|If|In|It|Its|Later|Many|Most|No|Now"
    r"|On|One|Or|Our|She|Since|So|Some|That|The|Their|Then|There|These|They|This|Those|We|What|When|Where|While|Who"
    r"|Why|With|Yet|You)\b"
)
_FRAGMENT_CHARS = 8
_CLOCK = frozenset({"a.m", "p.m", "A.M", "P.M", "am", "pm"})
_DAY_OR_ZONE = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Eastern|Central|Mountain|Pacific|[A-Z]{1,3}T|UTC)\b|[A-Z][a-z]+ \d"
)
_LAST_WORD = re.compile(r"([\w.’'-]+)\.$")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[A-Za-z])[.)]\s*$")
_WORD_CHARACTER = re.compile(r"[^\W_]")
_GLUED = re.compile(r"(?:\w[^\W\d_A-Z][.!?][\"'”’»)]*|[。！？]|\])$")
_FIRST_CJK = "\u2e80"
_CAMEL = re.compile(r"[a-z]{1,4}[A-Z]")


def sentence_starts(raw: str) -> list[int]:
    """Return where the sentences of `raw` start, the first one left out; `raw` has no blank line in it."""
    spans = _enclosed(raw)
    has_upper = raw != raw.lower()
    kept: list[int] = []
    start = number = 0
    whole = (-1, False)  # of the quotation last met: is it kept whole?
    for end, cut in _snapped(raw, _proposed(_plain(raw))):
        if cut <= start:
            continue
        while number < len(spans) and spans[number][1] <= cut:
            number += 1
        if number < len(spans) and spans[number][0] < cut:
            if whole[0] != number:
                whole = (number, spans[number][1] - start <= MAX_JOINED_CHARS)
            if whole[1]:
                continue
        lower = has_upper and _starts_lower(raw, cut) and cut - start <= MAX_JOINED_CHARS
        if lower or _is_fragment(raw, start, end) or _runs_on(raw, start, end, cut):
            continue
        kept.append(cut)
        start = cut
    words_end = len(raw)
    while words_end and not raw[words_end - 1].isalnum():
        words_end -= 1
    return [cut for cut in kept if cut < words_end]


def _plain(raw: str) -> str:
    """Return `raw`, in the same length, without the marks that mislead sentencex.

    It never cuts between two quotation marks, whichever way they face, nor from "(" to the next "]".
    """
    plain = _MAY.sub("Mai", _SPACE.sub(" ", raw).translate(_PLAINER))
    return _APOSTROPHE.sub("\u02bc", plain).replace("'", " ")


_SPACE = re.compile(r"\s")
_MAY = re.compile(r"\bMay(?=\. )")
"""Taken for an abbreviation, which other months may be."""
_PLAINER = str.maketrans({**dict.fromkeys('"“”„«»()`*_', " "), **dict.fromkeys("‘’", "'"), "…": "."})
_APOSTROPHE = re.compile(r"(?<=\w)'|(?<![.,!?;\s('])'|'(?=\d)")


def _proposed(plain: str) -> Iterator[int]:
    """Yield where sentencex would cut. Its indices count code points (bytes would differ after "é")."""
    base = 0
    while base < len(plain):
        window = plain[base : base + _PROPOSAL_CHARS]
        found = [boundary["start_index"] for boundary in get_sentence_boundaries("en", window)][1:]
        if base + len(window) == len(plain):
            yield from (base + cut for cut in found)
            return
        trusted = [cut for cut in found if cut <= _PROPOSAL_CHARS - _PROPOSAL_MARGIN]
        yield from (base + cut for cut in trusted)
        space = window.rfind(" ", 1, _PROPOSAL_CHARS - _PROPOSAL_MARGIN) + 1
        base += trusted[-1] if trusted else space or _PROPOSAL_CHARS - _PROPOSAL_MARGIN


def _snapped(raw: str, cuts: Iterable[int]) -> Iterator[Span]:
    """Yield (end of one sentence, start of the next), with each quotation mark on the side it belongs to."""
    for proposed in cuts:
        end = proposed
        while end and _is_gap(raw[end - 1]):
            end -= 1
        while end < proposed and not raw[end].isspace() and raw[end] not in _OPENERS:
            end += 1
        cut = end
        while cut < len(raw) and (raw[cut].isspace() or _closes(raw, cut)):
            cut += 1
            end = end if raw[cut - 1].isspace() else cut
        if 0 < end <= cut < len(raw):
            yield end, cut


def _is_gap(character: str) -> bool:
    return character.isspace() or character in _OPENERS or character in _CLOSERS or character in _EITHER


def _closes(raw: str, at: int) -> bool:
    """Whether a mark that stands behind a sentence's end, or behind white space, closes something."""
    if raw[at] in _EITHER:
        return raw[at : at + 5].lstrip("\"'`*_")[:1].isspace()
    return raw[at] in _CLOSERS


def _starts_lower(raw: str, cut: int) -> bool:
    while cut < len(raw) - 1 and (raw[cut] in _OPENERS or raw[cut] in _EITHER):
        cut += 1
    return raw[cut].islower() and _CAMEL.match(raw, cut) is None


def _is_fragment(raw: str, start: int, end: int) -> bool:
    """A piece without a word, or only "1." or "(a)", belongs to what follows."""
    if end - start >= _FRAGMENT_CHARS:
        return False
    piece = raw[start:end]
    return _WORD_CHARACTER.search(piece) is None or _ENUMERATOR.match(piece) is not None


def _runs_on(raw: str, start: int, end: int, cut: int) -> bool:
    """Whether the sentence rawly goes on behind an abbreviation, or the cut is in the middle of a word."""
    before = raw[max(start, end - 40) : end]
    if end == cut:
        opens = raw[cut].isupper() or raw[cut] in _OPENERS or raw[cut] in _EITHER or raw[cut] > _FIRST_CJK
        return not (opens and _GLUED.search(before))
    last = _LAST_WORD.search(before)
    if last is None:
        return False
    word = last[1]
    if word in _CLOCK:
        return _DAY_OR_ZONE.match(raw, cut) is not None
    if word in _MAYBE_STATE:
        return _STARTER.match(raw, cut) is None
    return word in _NEVER_LAST or (word in _BEFORE_NUMBER and raw[cut].isdigit())


# --- quotations and brackets ---------------------------------------------------------------------------

_MARK = re.compile(r"[\"“”„«»‘’'()]")
_CLOSED_BY = {'"': '"', "“": "”", "„": "“”", "«": "»", "(": ")"}


def _enclosed(raw: str) -> list[Span]:
    """Return what stands in quotation marks or brackets that close within `raw`: disjoint, in order."""
    found: list[Span] = []
    opened: dict[str, int] = {}  # by mark; a second opening one gives the first up as never closed
    for match in _MARK.finditer(raw):
        at, mark = match.start(), match.group()
        before = raw[at - 1] if at else " "
        after = raw[at + 1] if at + 1 < len(raw) else " "
        if mark in "'‘’":
            if mark != "’" and not before.isalnum() and after.isalnum():
                opened["'"] = at
            elif mark != "‘" and before in ".,!?;…" and not after.isalnum() and "'" in opened:
                found.append((opened.pop("'"), at + 1))
            continue
        opener = next((kind for kind in opened if mark in _CLOSED_BY.get(kind, "")), None)
        reopened = mark == '"' and (before.isspace() or before in "([—") and not after.isspace()
        if opener is not None and not reopened:
            found.append((opened.pop(opener), at + 1))
        elif mark in _CLOSED_BY and not after.isspace():
            opened[mark] = at
    return _merged(span for span in found if span[1] - span[0] <= MAX_JOINED_CHARS)


def _merged(spans: Iterable[Span]) -> list[Span]:
    disjoint: list[Span] = []
    for start, end in sorted(spans):
        if disjoint and start < disjoint[-1][1]:
            disjoint[-1] = (disjoint[-1][0], max(end, disjoint[-1][1]))
        else:
            disjoint.append((start, end))
    return disjoint
