"""Whether a quotation is put together from pieces of articles that do not stand together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from qa.report.quotations_tokens import Tokens, count_words, is_word
from qa.report.verify_match import Place
from qa.report.verify_sources import ArticleText

__all__ = ["Cover", "cover"]

MAX_TOKENS = 2_000
"""Longer quotations are not taken to pieces: the time grows with the square of their length."""
PIECE_WORDS = 3
"""A piece of fewer words proves nothing."""
_CONNECTIVES = frozenset("and but while as that which because so although when where".split())
"""Words that a writer puts between pieces; two in a row at most."""
_CONNECTIVE_WORDS = 2
_SENTENCE_ENDS = frozenset(".?!")
_LEFT_OUT_WORDS = 4
"""Of a gap that crosses the end of a sentence; fewer are a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Pieces of articles that together have all words of a quotation, in its order."""

    pieces: tuple[Place, ...]
    stitched: bool
    """Whether two neighbours stand in different articles, in another order, or in different sentences."""
    in_order: bool
    """Whether all stand in one article, in the order of the quotation."""
    at_sentences: bool
    """Whether all stand in one article in order, with nothing or whole sentences left out between them."""


def cover(quoted: Tokens, sources: Sequence[ArticleText]) -> Cover | None:
    """The longest pieces from left to right; None where words are left that no piece has.

    Args:
        quoted: Words in a row.
        sources: The articles that pieces may come from; of equally long pieces, the earlier article's is taken.
    """
    words, at = quoted.words, 0
    if len(words) > MAX_TOKENS:
        return None
    pieces, spans = list[Place](), list[tuple[int, int]]()
    while at < len(words):
        piece = _longest(words, at, sources, pieces[-1] if pieces else None)
        if piece is None:
            at += 1
            continue
        pieces.append(piece)
        spans.append((at, at + piece.last - piece.first))
        at = spans[-1][1]
    if not pieces or not _fills(words, spans):
        return None
    joins = zip(pairwise(pieces), pairwise(spans), strict=True)
    stitched = any(_apart(words, *places, end, begin) for places, ((_, end), (begin, _)) in joins)
    in_order = all(a.source is b.source and a.last <= b.first for a, b in pairwise(pieces))
    at_sentences = all(_at_sentences(before, after) for before, after in pairwise(pieces))
    return Cover(pieces=tuple(pieces), stitched=stitched, in_order=in_order, at_sentences=at_sentences)


def _longest(words: Sequence[str], at: int, sources: Sequence[ArticleText], before: Place | None) -> Place | None:
    best: Place | None = None
    for source in sources:
        after = before.last if before is not None and source is before.source else 0
        length = best.last - best.first if best else 0
        found = _longest_in(words, at, source, after, length)
        if found is None and after:
            found = _longest_in(words, at, source, 0, length)
        best = found or best
    return best


def _longest_in(words: Sequence[str], at: int, source: ArticleText, after: int, longer_than: int) -> Place | None:
    """The longest run from `at` on that the article has, if it is longer than that and has enough words."""
    low = max(longer_than + 1, _tokens_of_piece(words, at))
    high = len(words) - at
    begin = next(source.occurrences(words[at : at + low], after=after), -1) if low <= high else -1
    if begin < 0:  # nearly always, and then the bisection is saved
        return None
    while low < high:  # a run that occurs has all its beginnings occur, so the length can be bisected
        middle = (low + high + 1) // 2
        found = next(source.occurrences(words[at : at + middle], after=after), None)
        if found is None:
            high = middle - 1
        else:
            low, begin = middle, found
    return Place(source=source, first=begin, last=begin + low)


def _tokens_of_piece(words: Sequence[str], at: int) -> int:
    """How many tokens from `at` on the shortest piece has; more than there are where the words are too few."""
    counted = accumulate(map(is_word, words[at:]))
    return 1 + next((number for number, count in enumerate(counted) if count == PIECE_WORDS), len(words) - at)


def _fills(words: Sequence[str], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether nothing is left between the pieces but marks and connectives, and nothing at the ends but marks."""
    gaps = [words[left[1] : right[0]] for left, right in pairwise(spans)]
    ends = [*words[: spans[0][0]], *words[spans[-1][1] :]]
    between = [[word.casefold() for word in gap if is_word(word)] for gap in gaps]
    return not any(map(is_word, ends)) and all(
        len(gap) <= _CONNECTIVE_WORDS and _CONNECTIVES.issuperset(gap) for gap in between
    )


def _apart(words: Sequence[str], before: Place, after: Place, end: int, begin: int) -> bool:
    """Whether two neighbours stand apart in a way that a reader of the quotation cannot see."""
    if before.source is not after.source or after.first < before.last - 1:
        return before.source is not after.source or _sentences_differ(before, after)
    if not _sentences_differ(before, after):
        return False
    left_out = count_words(before.source.words[before.last : after.first])
    shown_end = words[end - 1] in _SENTENCE_ENDS or any(word in _SENTENCE_ENDS for word in words[end:begin])
    sentence_left_out = after.sentences[0] - before.sentences[1] > 1
    return left_out >= _LEFT_OUT_WORDS or sentence_left_out or (not shown_end and left_out == 0)


def _at_sentences(before: Place, after: Place) -> bool:
    source = before.source
    if source is not after.source or after.first < before.last:
        return False
    end, begin = source.tokens_of_sentence(before.sentences[1])[1], source.tokens_of_sentence(after.sentences[0])[0]
    left_out = [*source.words[before.last : end], *source.words[begin : after.first]]
    return not count_words(source.words[before.last : after.first]) or not count_words(left_out)


def _sentences_differ(before: Place, after: Place) -> bool:
    return before.sentences[1] != after.sentences[0]
