"""Text -> sentences with offsets, sentences -> passage windows. Pure, and linear in the length of the text.

Blocks come first, as a blank line always ends a sentence; `index.boundaries` cuts each block. Every character
behind the header that is not white space lies in exactly one sentence, so a line of nothing but punctuation
("***") is a sentence too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from index.boundaries import sentence_starts
from index.entities import Sentence

__all__ = ["Window", "passage_prefix", "passages", "sentences"]

_UNWRAPPED_CHARS = 160
"""No hard-wrapped text has lines this long; where one stands, a line break ends a paragraph."""

Span = tuple[int, int]


def sentences(
    text: str, *, body_start: int, article_id: str, markdown: bool = False, page_starts: Sequence[int] = ()
) -> tuple[Sentence, ...]:
    """Cut `text` from `body_start` on into sentences: ordered, disjoint, without white space at their ends.

    Args:
        text: The whole article; offsets count its code points.
        body_start: Where its header ends.
        article_id: Written into every sentence.
        markdown: Headings, list items, table rows and block quotes stand on their own.
        page_starts: Offset at which each page begins; a sentence is on the page where it begins.
    """
    spans = (span for block in _blocks(text, body_start, markdown) for span in _cut(text, block))
    return tuple(
        Sentence(
            article_id=article_id, number=number, start=start, end=end, page=bisect_right(page_starts, start) or None
        )
        for number, (start, end) in enumerate(spans, start=1)
    )


# --- blocks --------------------------------------------------------------------------------------------

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|\Z)")
_SEPARATOR = re.compile(r"[*\-_=~#·•–—\s]{3,}$")
_OPENS_PARAGRAPH = re.compile(r"[^\w\s]*[^\W\d_a-z]")
_BULLET = re.compile(r"[•‣◦▪]\s")
_HEADING_OR_RULE = re.compile(r"#{1,6}(?:\s|$)|(?:[-*_]\s*){3,}$|=+$|-+$|`{3}|~{3}")
_ITEM = re.compile(r"[-*+]\s|(?P<number>\d{1,9})[.)]\s")
_BARE_QUOTE = re.compile(r"[>\s]+$")


def _blocks(text: str, body_start: int, markdown: bool) -> Iterator[Span]:  # private, passed on
    for paragraph in _paragraphs(text, body_start):
        lines = [text[start:end] for start, end in paragraph]
        unwrapped = max(map(len, lines)) > _UNWRAPPED_CHARS
        first = 0
        for number in range(1, len(lines)):
            previous, line = lines[number - 1], lines[number]
            if (
                (unwrapped and _OPENS_PARAGRAPH.match(line) and previous[-1] != ",")
                or _SEPARATOR.match(line)
                or _SEPARATOR.match(previous)
                or _BULLET.match(line)
                or (markdown and _opens_block(line, previous, lines[first]))
            ):
                yield paragraph[first][0], paragraph[number - 1][1]
                first = number
        yield paragraph[first][0], paragraph[-1][1]


def _paragraphs(text: str, body_start: int) -> Iterator[list[Span]]:
    """Yield the lines, stripped, between one blank line and the next; U+2029 ends a paragraph by itself."""
    lines: list[Span] = []
    for found in _LINE.finditer(text, body_start):
        line = found.group()
        bare = line.strip()
        if bare:
            start = found.start() + len(line) - len(line.lstrip())
            lines.append((start, start + len(bare)))
        if lines and (not bare or line.endswith("\u2029")):
            yield lines
            lines = []
    if lines:
        yield lines


def _opens_block(line: str, previous: str, first: str) -> bool:
    if line.startswith(">"):
        return not previous.startswith(">") or (
            _BARE_QUOTE.match(line) is not None and _BARE_QUOTE.match(previous) is None
        )
    item = _ITEM.match(line)
    if item is not None and item["number"] not in (None, "1"):
        # "30. Then" may be prose that was wrapped after "March".
        return _ITEM.match(first) is not None
    return (
        item is not None
        or line.startswith("|")
        or _HEADING_OR_RULE.match(line) is not None
        or _HEADING_OR_RULE.match(previous) is not None
    )


def _cut(text: str, block: Span) -> Iterator[Span]:
    """Yield the sentences of one block, which has no white space at its ends."""
    base, end = block
    raw = text[base:end]
    start = 0
    for cut in (*sentence_starts(raw), len(raw)):
        last = cut
        while raw[last - 1].isspace():
            last -= 1
        yield base + start, base + last
        start = cut


# --- passages ------------------------------------------------------------------------------------------

_SHORT_WORDS = 25
"""Two sentences with fewer words together are both repeated in the next passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Whole sentences of one article: a passage before it is stored."""

    first_sentence: int
    last_sentence: int
    """Inclusive."""
    start: int
    end: int


def passages(
    sentences: Sequence[Sentence],
    text: str,
    *,
    prefix_tokens: int,
    max_tokens: int,
    count_tokens: Callable[[Sequence[str]], list[int]],
    target_words: int = 100,
) -> tuple[Window, ...]:
    """Group sentences into windows of about `target_words`; none is inside another, no sentence is left out.

    Args:
        sentences: Of one article, in order.
        text: That article's text.
        prefix_tokens: What is embedded in front of each window.
        max_tokens: Of prefix and window together. A sentence that is longer alone has a window to itself.
        count_tokens: Called once, with all sentences; their sum bounds the window's own count from above.
        target_words: Words are runs between white space.
    """
    quotes = [text[sentence.start : sentence.end] for sentence in sentences]
    plan = _Plan(
        words=(0, *accumulate(len(quote.split()) for quote in quotes)),
        tokens=(0, *accumulate(count_tokens(quotes) if quotes else ())),
        budget=max(1, max_tokens - prefix_tokens),
        target=target_words,
    )
    return tuple(
        Window(
            first_sentence=sentences[first].number,
            last_sentence=sentences[stop - 1].number,
            start=sentences[first].start,
            end=sentences[stop - 1].end,
        )
        for first, stop in plan.windows()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    words: tuple[int, ...]
    """Running totals: sentences[i:j] have words[j] - words[i] words."""
    tokens: tuple[int, ...]
    budget: int
    target: int

    def windows(self) -> Iterator[Span]:
        """Yield half-open ranges of sentence indices."""
        count = len(self.words) - 1
        first = fresh = 0  # `fresh` is the first sentence that no window holds yet
        while fresh < count:
            stop = fresh + 1
            while stop < count and self._takes(first, stop, count):
                stop += 1
            yield first, stop
            first, fresh = self._next_first(first, stop), stop

    def _takes(self, first: int, stop: int, count: int) -> bool:
        """Whether sentence `stop` joins: it fits and brings the window nearer to the target, or is the short rest."""
        if not self._fits(first, stop + 1):
            return False
        without, with_it = self._words(first, stop), self._words(first, stop + 1)
        if abs(with_it - self.target) <= abs(self.target - without):
            return True
        return self._words(stop, count) <= self.target // 4 and self._fits(first, count)

    def _next_first(self, first: int, stop: int) -> int:
        """Return where the next window begins: one sentence back, two short ones, or none when too long."""
        if stop == len(self.words) - 1:
            return stop
        for back in (2, 1) if self._words(max(first, stop - 2), stop) < _SHORT_WORDS else (1,):
            start = stop - back
            fits = self._fits(start, stop + 1) and self._words(start, stop + 1) <= self.target * 3 // 2
            if start > first and fits:
                return start
        return stop

    def _words(self, first: int, stop: int) -> int:
        return self.words[stop] - self.words[first]

    def _fits(self, first: int, stop: int) -> bool:
        return self.tokens[stop] - self.tokens[first] <= self.budget


def passage_prefix(title: str, outlet: str | None, date: str | None) -> str:
    """Return "title | outlet | date" of what is there: the first line of what is embedded and searched.

    The title gives at most 24 words or 200 characters, the outlet 60 characters; the encoder takes 256 tokens.
    """
    short_title = " ".join(title.split()[:24])[:200].strip()
    short_outlet = " ".join((outlet or "").split())[:60].strip()
    return " | ".join(part for part in (short_title, short_outlet, date) if part)
