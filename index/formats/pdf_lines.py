"""Lines of pages with their places, and which of them are running heads or page numbers. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

__all__ = ["Line", "without_running_heads"]

_EDGE_LINES = 3
"""At the top and at the bottom of a page: where running heads and page numbers stand."""
_REPEATED_SHARE = 0.3
"""Of the pages on which a running head stands: heads of left and right pages may differ."""
_SET_APART = 0.6
"""Space between a running head and the text, by the height of the type; lines of a text leave 0.1 to 0.5."""
_OTHER_SIZE = 0.12
"""Difference of type, by its height, that sets two lines apart."""
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–—|•]?\s*(?:\d{1,4}|[ivx]{1,5})\s*(?:(?:of|/)\s*\d{1,4})?\s*[-–—|•]?", re.IGNORECASE
)
_PRINTED = re.compile(
    r"(?:https?://\S+|file:///\S+)\s+\d+\s*/\s*\d+|\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? +\d{1,2}:\d{2}\b.*"
)
"""What a browser prints above and below a page."""
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page; positions in points from the page's left and top."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Of its type, points."""
        return self.bottom - self.top


def without_running_heads(pages: Sequence[Sequence[Line]]) -> Sequence[Sequence[Line]]:
    """Leave out what stands at the edge of several pages; what then is outermost only if it is alike to the digit."""
    for pattern in (_without_digits, _letters_and_digits):
        found = _heads(pages, pattern)
        pages = [
            [line for index, line in enumerate(lines) if index not in heads]
            for lines, heads in zip(pages, found, strict=True)
        ]
    return pages


def _heads(pages: Sequence[Sequence[Line]], pattern: Callable[[str], str]) -> list[set[int]]:
    """The running heads and page numbers of each page, by their index."""
    edges = [_edges(lines, pattern) for lines in pages]
    times = Counter(words for found in edges for words in {words for edge in found for _, words in edge})
    least = max(2, _REPEATED_SHARE * len(pages))
    heads = [
        {index for edge in found for index in _running(lines, edge, times, least)}
        for lines, found in zip(pages, edges, strict=True)
    ]
    places = {_place(lines[index]) for lines, some in zip(pages, heads, strict=True) for index in some}
    for lines, found, some in zip(pages, edges, heads, strict=True):
        for edge in found:
            if some.isdisjoint(index for index, _ in edge[:1]):
                some.update(_in_place(lines, edge, places))
    return heads


def _letters_and_digits(text: str) -> str:
    return "".join(text.casefold().split())


def _without_digits(text: str) -> str:
    return _DIGITS.sub("#", _letters_and_digits(text))


_Edge = list[tuple[int, tuple[str, str]]]
"""Index of a line and what is compared of it, the outermost line first."""


def _edges(lines: Sequence[Line], pattern: Callable[[str], str]) -> tuple[_Edge, _Edge]:
    """The lines at the top and at the bottom of a page, each as its edge and what is compared of its words."""
    order = sorted(range(len(lines)), key=lambda index: lines[index].top)

    def edge(name: str, indices: Sequence[int]) -> _Edge:
        return [(index, (name, pattern(lines[index].text))) for index in indices]

    return edge("top", order[: _EDGE_LINES + 1]), edge("bottom", order[: -_EDGE_LINES - 2 : -1])


def _running(lines: Sequence[Line], edge: _Edge, times: Counter[tuple[str, str]], least: float) -> list[int]:
    """The lines of an edge that are no text: alike on several pages, and set apart from what follows."""
    alike = 0
    for index, pattern in edge[:_EDGE_LINES]:
        words = " ".join(lines[index].text.split())
        if times[pattern] < least and not _PAGE_NUMBER.fullmatch(words) and not _PRINTED.fullmatch(words):
            break
        alike += 1
    if alike == len(edge) == 1:
        return [edge[0][0]]
    for number in range(min(alike, len(edge) - 1)):
        if _gap(lines[edge[number][0]], lines[edge[number + 1][0]]) >= _SET_APART:
            return [index for index, _ in edge[: number + 1]]
    return []


def _place(line: Line) -> tuple[int, int]:
    """Where on its page a line stands, and the height of its type; points, and tenths of a point."""
    return round(line.top), round(10 * line.height)


def _in_place(lines: Sequence[Line], edge: _Edge, places: Set[tuple[int, int]]) -> list[int]:
    """The outermost line, where it stands as running heads of other pages do though its words are its page's own."""
    if len(edge) < 2:
        return []
    (outermost, _), (following, _) = edge[:2]
    line = lines[outermost]
    is_head = _place(line) in places and not line.text.rstrip().endswith((".", "!", "?"))
    return [outermost] if is_head and _gap(line, lines[following]) >= _SET_APART else []


def _gap(one: Line, other: Line) -> float:
    """Space between two lines by the height of their type; wide where the size of the type changes."""
    above, below = sorted((one, other), key=lambda line: line.top)
    height = min(one.height, other.height)
    changes = abs(one.height - other.height) > (_OTHER_SIZE) * height
    return max(below.top - above.bottom, _SET_APART * height if changes else 0.0) / max(height, 0.1)
