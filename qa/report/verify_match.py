"""Where an article has the words of a quotation: as they are, or nearly. Pure.

The nearest place is the window of the article's tokens with the fewest insertions, deletions and replacements
(Levenshtein 1966, over tokens in lower case), as rapidfuzz computes them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from qa.report.quotations_parts import Gap, Part
from qa.report.quotations_tokens import Tokens, count_words, is_word
from qa.report.verify_sources import ArticleText, WordRow

__all__ = ["INSERTION_WORDS", "TELLING_WORDS", "Near", "Place", "exact", "in_order", "nearest"]

INSERTION_WORDS = 8
"""An editor's insertion stands for at most this many words of the article."""
TELLING_WORDS = 2
"""Two texts that share fewer words of more than three letters, or numbers, share nothing that tells."""
_EDGE = 12
"""Tokens by which either end of a window is moved at most to fit better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A run of an article's tokens."""

    source: ArticleText
    first: int
    last: int
    """Exclusive."""

    @property
    def start(self) -> int:
        """Offset in the article's text."""
        return self.source.tokens.starts[self.first]

    @property
    def end(self) -> int:
        """Offset in the article's text, exclusive."""
        return self.source.tokens.ends[self.last - 1]

    @property
    def sentences(self) -> tuple[int, int]:
        """Numbers of the first and the last sentence."""
        return self.source.sentence(self.first), self.source.sentence(self.last - 1)

    @property
    def text(self) -> str:
        """The words as the article has them."""
        return self.source.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The place of an article that is most like some words."""

    place: Place
    similarity: float
    """Words that both have in the same order, as a share of the longer of the two; 0..1."""
    shared: float
    """Words that both have in any order, as a share of the longer of the two; 0..1."""
    telling: int
    """Of the shared words, how many have more than three letters or are numbers."""


def exact(source: ArticleText, parts: Sequence[Part], *, after: int = 0) -> tuple[Place, ...] | None:
    """The first place in an article where all parts stand in order, one place for each; None where they do not."""
    first = parts[0].tokens.words
    for begin in source.occurrences(first, after=after):
        found = [Place(source=source, first=begin, last=begin + len(first))]
        for part in parts[1:]:
            place = _next(source, part, found[-1].last)
            if place is None:
                break
            found.append(place)
        else:
            return tuple(found)
    return None


def in_order(row: WordRow, parts: Sequence[Part]) -> bool:
    """Whether a text has all parts in order, however far apart."""
    after = 0
    for part in parts:
        begin = next(row.occurrences(part.tokens.words, after=after), None)
        if begin is None:
            return False
        after = begin + len(part.tokens)
    return True


def nearest(source: ArticleText, quoted: Tokens) -> Near | None:
    """The place most like `quoted`; None when no word is the same."""
    wanted = [word.casefold() for word in quoted.words]
    if not wanted or not source.folded:
        return None
    first, last = 0, len(source.folded)
    if len(wanted) < last:
        window = partial_ratio_alignment(wanted, source.folded)
        if window is None or window.dest_end <= window.dest_start:
            return None
        first, last = _fitted(wanted, source.folded, window.dest_start, window.dest_end)
    found = source.folded[first:last]
    kept = sum(
        count_words(wanted[op.src_start : op.src_end]) for op in Levenshtein.opcodes(wanted, found) if op.tag == "equal"
    )
    if not kept:
        return None
    longer = max(quoted.word_count, count_words(found))
    shared = Counter(filter(is_word, wanted)) & Counter(filter(is_word, found))
    return Near(
        place=Place(source=source, first=first, last=last),
        similarity=kept / longer,
        shared=shared.total() / longer,
        telling=sum(len(word) > 3 or word.isnumeric() for word in shared.elements()),
    )


def _next(source: ArticleText, part: Part, after: int) -> Place | None:
    words = part.tokens.words
    for begin in source.occurrences(words, after=after):
        skipped = source.words[after:begin]
        if part.gap is not Gap.ELLIPSIS:
            between = source.article.text[source.tokens.ends[after - 1] : source.tokens.starts[begin]]
            if "[" in between and tuple(filter(is_word, skipped)) != part.inserted:  # the article's own brackets
                return None
            same_sentence = source.sentence(after - 1) == source.sentence(begin)
            allowed = INSERTION_WORDS if part.gap is Gap.INSERTION and same_sentence else 0
            if count_words(skipped) > allowed:
                return None
        return Place(source=source, first=begin, last=begin + len(words))
    return None


def _fitted(wanted: list[str], words: list[str], first: int, last: int) -> tuple[int, int]:
    """Move both ends to where the fewest edits are left; of equal windows to the one with most of the words."""
    firsts = range(max(0, first - _EDGE), min(last, first + _EDGE + 1))
    first, _ = _best(wanted, words, [(begin, last) for begin in firsts])
    lasts = range(max(first + 1, last - _EDGE), min(len(words), last + _EDGE) + 1)
    return _best(wanted, words, [(first, end) for end in lasts])


def _best(wanted: list[str], words: list[str], windows: Sequence[tuple[int, int]]) -> tuple[int, int]:
    edits = [Levenshtein.distance(wanted, words[begin:end]) for begin, end in windows]
    fewest = min(edits)
    equal = [window for window, count in zip(windows, edits, strict=True) if count == fewest]
    if len(equal) == 1:
        return equal[0]
    bag = Counter(wanted)
    return max(equal, key=lambda w: ((bag & Counter(words[w[0] : w[1]])).total(), w[0] - w[1]))
