"""Lines on pages -> one text: running heads left out, words and paragraphs put together again. Pure.

Lines carry where they stand. A paragraph ends where the space above the next line is wider than between the lines of
the page, where the size of the type changes, where a line is indented, or where a sentence ends early in its line. It
goes on across the end of a page or column in mid-sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from index.formats.blocks import Kind, mark_of, same_words, separator
from index.formats.pdf_lines import Line, without_running_heads

__all__ = ["PagedText", "title_of", "to_text"]

_HEADING_SIZE = 1.12
"""Height of a heading's type by that of the text."""
_HEADING_CHARS = 200
_GAP = 1.3
"""Distance of two lines that parts paragraphs, by the usual distance."""
_COLUMN_GAP_POINTS = 40.0
"""Between the left edges of two columns; less is an indent."""
_INDENT_POINTS = 7.0
_EARLY_END = 0.75
"""A line that ends a sentence before this share of its column ends a paragraph."""
_SENTENCE_END = re.compile(r"[.!?…:]['\"”’»)\]]*$")
_BULLET = re.compile(r"[•‣◦▪●■∙]\s*(?=\S)|[–-]\s+(?=\S)")
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s+\S")
_BROKEN = re.compile(r"(?P<word>[^\W\d_]+)(?P<mark>[-\u2010\u00ad])$")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_OWN_WORDS = frozenset({"self", "well", "half", "non", "ex", "quasi", "all", "cross", "long", "short", "high", "low"})
"""A hyphen behind these is hardly ever a break in the midst of a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagedText:
    """A text and the offset at which each page's part begins."""

    text: str
    page_starts: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class _Paragraph:
    kind: Kind
    height: float
    lines: list[tuple[str, int]] = field(default_factory=list)
    """(line, page)"""

    @property
    def ends(self) -> bool:
        """Whether its last line ends a sentence."""
        return _SENTENCE_END.search(self.lines[-1][0]) is not None


def title_of(lines: Sequence[Line]) -> str | None:
    """Return the largest lines of a first page, if they are larger than its text."""
    if not lines:
        return None
    largest = max(line.height for line in lines)
    chosen = [" ".join(line.text.split()) for line in lines if line.height >= 0.97 * largest]
    words = " ".join(chosen)
    is_title = largest >= _HEADING_SIZE * _body_height(lines) and len(chosen) <= 4 and 3 <= len(words) <= 300
    return words if is_title else None


def to_text(pages: Sequence[Sequence[Line]], *, title: str | None) -> PagedText:
    """Return the text of a document.

    Args:
        pages: The lines of each page in reading order.
        title: Left out where the text begins with it.
    """
    kept = without_running_heads(pages)
    words = Counter(word.lower() for lines in kept for line in lines for word in _WORD.findall(line.text))
    body = _body_height([line for lines in kept for line in lines])
    paragraphs: list[_Paragraph] = []
    for page, lines in enumerate(kept, start=1):
        for found in _paragraphs(lines, page, body):
            if paragraphs and _continues(paragraphs[-1], found):
                paragraphs[-1].lines += found.lines
            else:
                paragraphs.append(found)
    return _placed(paragraphs[_title_paragraphs(paragraphs, title) :], words, len(pages))


def _body_height(lines: Iterable[Line]) -> float:
    """Height of the type that most characters are set in."""
    heights: Counter[float] = Counter()
    for line in lines:
        heights[round(line.height, 1)] += len(line.text)
    return max(heights.most_common(1)[0][0], 0.1) if heights else 1.0


# --- paragraphs ----------------------------------------------------------------------------------------


def _paragraphs(lines: Sequence[Line], page: int, body: float) -> Iterator[_Paragraph]:
    columns = _Columns(lines)
    found: _Paragraph | None = None
    for before, line in pairwise((None, *lines)):
        assert line is not None  # only the first is
        if found is not None and before is not None and not _opens(before, line, found, columns):
            found.lines.append((line.text, page))
            continue
        if found is not None:
            yield _headed(found, body)
        bullet = _BULLET.match(line.text)
        text = line.text[bullet.end() :] if bullet else line.text
        found = _Paragraph(kind=Kind.ITEM if bullet else Kind.PARAGRAPH, height=line.height, lines=[(text, page)])
    if found is not None:
        yield _headed(found, body)


class _Columns:
    """The columns of a page, and how far apart its lines usually are."""

    def __init__(self, lines: Sequence[Line]) -> None:
        lefts = sorted({line.left for line in lines})
        self._starts = lefts[:1] + [b for a, b in pairwise(lefts) if b - a > _COLUMN_GAP_POINTS]
        self._right: dict[int, float] = {}
        for line in lines:
            number = self.number(line)
            self._right[number] = max(self._right.get(number, 0.0), line.right)
        pitches = [b.top - a.top for a, b in pairwise(lines) if 0.5 * a.height < b.top - a.top < 3 * a.height]
        self.pitch = median(pitches) if pitches else 0.0

    def number(self, line: Line) -> int:
        return bisect_right(self._starts, line.left + 0.01) - 1

    def left(self, line: Line) -> float:
        return self._starts[self.number(line)]

    def share(self, line: Line) -> float:
        """How much of its column a line fills."""
        left = self.left(line)
        return (line.right - left) / max(self._right[self.number(line)] - left, 1.0)


def _opens(before: Line, line: Line, paragraph: _Paragraph, columns: _Columns) -> bool:
    """Whether a paragraph begins with `line`."""
    if _BULLET.match(line.text) or _NUMBERED.match(line.text):
        return True
    if abs(line.height - before.height) > (_HEADING_SIZE - 1) * before.height:
        return True
    ended = _SENTENCE_END.search(before.text) is not None
    if columns.number(line) != columns.number(before) or line.top < before.top - before.height:
        return ended  # the next column
    if columns.pitch and line.top - before.top > _GAP * columns.pitch:
        return True
    if ended and columns.share(before) < _EARLY_END:
        return True
    indented = line.left - before.left > _INDENT_POINTS and line.left - columns.left(line) > _INDENT_POINTS
    return indented and paragraph.kind is not Kind.ITEM


def _headed(paragraph: _Paragraph, body: float) -> _Paragraph:
    length = sum(len(line) for line, _ in paragraph.lines)
    if paragraph.kind is Kind.PARAGRAPH and paragraph.height >= _HEADING_SIZE * body and length <= _HEADING_CHARS:
        paragraph.kind = Kind.HEADING
    return paragraph


def _continues(before: _Paragraph, found: _Paragraph) -> bool:
    """Whether a paragraph goes on at the top of the next page."""
    if before.lines[-1][1] == found.lines[0][1] or found.kind is not Kind.PARAGRAPH or before.kind is Kind.HEADING:
        return False
    same_type = abs(found.height - before.height) <= (_HEADING_SIZE - 1) * before.height
    return same_type and not before.ends and not _NUMBERED.match(found.lines[0][0])


def _title_paragraphs(paragraphs: Sequence[_Paragraph], title: str | None) -> int:
    """How many paragraphs at the beginning make up the title."""
    for count in (1, 2, 3):
        words = " ".join(line for paragraph in paragraphs[:count] for line, _ in paragraph.lines)
        if title and count < len(paragraphs) and same_words(words, title):
            return count
    return 0


# --- text ----------------------------------------------------------------------------------------------


def _placed(paragraphs: Sequence[_Paragraph], words: Counter[str], pages: int) -> PagedText:
    parts: list[str] = []
    length = 0
    starts: dict[int, int] = {}
    kind: Kind | None = None
    for paragraph in paragraphs:
        parts.append(separator(kind, paragraph.kind))
        length += len(parts[-1])
        kind = paragraph.kind
        mark = mark_of(kind, level=2 if kind is Kind.HEADING else 1)
        for text, page in _pieces(paragraph.lines, words):
            starts.setdefault(page, length)
            parts.append(mark + text)
            length += len(parts[-1])
            mark = ""
    following = length
    page_starts: list[int] = []
    for page in range(pages, 0, -1):
        following = starts.get(page, following)
        page_starts.append(following)
    return PagedText(text="".join(parts), page_starts=tuple(reversed(page_starts)))


def _pieces(lines: Sequence[tuple[str, int]], words: Counter[str]) -> Iterator[tuple[str, int]]:
    """Yield the lines of a paragraph as they are strung together: a word that was broken at a line's end is whole."""
    for (line, page), following in zip(lines, (*lines[1:], None), strict=True):
        text = " ".join(line.split())
        if following is None:
            yield text.replace("\u00ad", ""), page
            return
        after = following[0].lstrip()
        broken = _BROKEN.search(text)
        first = _FIRST_WORD.match(after)
        if broken is None or first is None:
            space = "" if broken or _is_cjk(text[-1:], after[:1]) else " "
            yield text.replace("\u00ad", "") + space, page
        elif _keeps_hyphen(broken["word"], first[0], words):
            yield f"{text[:-1]}-".replace("\u00ad", ""), page
        else:
            yield text[:-1].replace("\u00ad", ""), page


def _keeps_hyphen(word: str, after: str, words: Counter[str]) -> bool:
    """Whether the hyphen at a line's end belongs to the word, by how the rest of the document writes it."""
    with_it, without = words[f"{word}-{after}".lower()], words[f"{word}{after}".lower()]
    if with_it != without:
        return with_it > without
    return not after[0].islower() or word.lower() in _OWN_WORDS


def _is_cjk(one: str, other: str) -> bool:
    return one >= "\u2e80" and other >= "\u2e80"
