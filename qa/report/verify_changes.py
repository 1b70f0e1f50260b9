"""A quotation beside the words of an article -> the difference, word by word, each change named. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from qa.numbers import numbers_in
from qa.report.quotations_tokens import Tokens, is_word, without_filler
from qa.report.verify_match import Place

__all__ = ["Change", "Kind", "Segment", "changes_in", "difference"]


class Kind(StrEnum):
    """What a change touches; the first that fits."""

    NUMBER = "number"
    NEGATION = "negation"
    NAME = "name"
    WORD = "word"
    ORDER = "order"
    """The same words in another order."""
    CASE = "case"
    PUNCTUATION = "punctuation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Words that the article and the draft do not share."""

    kind: Kind
    source: str
    """As the article has it; empty where the draft adds something."""
    draft: str
    """As the draft has it; empty where it leaves something out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a difference: shared words, or a change."""

    text: str
    """The draft's words that both have; empty for a change."""
    change: Change | None = None


_NEGATIONS = frozenset(
    """not no never none nobody nothing nowhere neither nor without cannot cant wont dont hardly scarcely barely un non
    """.split()
)
_DIGIT = re.compile(r"\d")
_NUMBER_WORDS = frozenset(
    """one half hundred hundreds thousand thousands million millions billion billions trillion trillions dozen dozens
    """.split()
)
"""Words that are numbers only beside others: of "75 million", a change may touch the second word alone."""


def difference(text: str, quoted: Tokens, place: Place) -> tuple[Segment, ...]:
    """What the draft changed, in order.

    Args:
        text: The quotation that the offsets of `quoted` count in.
        quoted: Its tokens.
        place: What they are compared with.
    """
    source = place.source.tokens.part(place.first, place.last)
    segments = [
        _segment(tag, text, quoted.part(*ours), place.source.article.text, source.part(*theirs), sentence_begins)
        for tag, ours, theirs in _operations(quoted, source)
        for sentence_begins in [_begins_sentence(place, theirs[0])]
    ]
    return _with_order(tuple(segment for segment in segments if segment is not None))


def changes_in(segments: Sequence[Segment]) -> tuple[Change, ...]:
    """The changes alone."""
    return tuple(segment.change for segment in segments if segment.change)


def _operations(quoted: Tokens, source: Tokens) -> Iterator[tuple[str, tuple[int, int], tuple[int, int]]]:
    """(equal or other, range in `quoted`, range in `source`); tokens next to each other that differ are one."""
    ours, theirs = quoted.words, source.words
    folded = [word.casefold() for word in ours], [word.casefold() for word in theirs]
    for op in Levenshtein.opcodes(*folded):
        if op.tag != "equal":
            yield "other", (op.src_start, op.src_end), (op.dest_start, op.dest_end)
            continue
        # Same letters: cut where upper and lower case differ, but for the first letter of all.
        same = [
            a == b or (op.src_start + at == 0 and a[1:] == b[1:])
            for at, (a, b) in enumerate(
                zip(ours[op.src_start : op.src_end], theirs[op.dest_start : op.dest_end], strict=True)
            )
        ]
        cuts = [0, *(at for at, (a, b) in enumerate(pairwise(same), start=1) if a != b), len(same)]
        for begin, end in pairwise(cuts):
            tag = "equal" if same[begin] else "other"
            yield tag, (op.src_start + begin, op.src_start + end), (op.dest_start + begin, op.dest_start + end)


def _segment(tag: str, text: str, ours: Tokens, article: str, theirs: Tokens, sentence_begins: bool) -> Segment | None:
    draft = without_filler(text[ours.starts[0] : ours.ends[-1]]) if len(ours) else ""
    if tag == "equal":
        return Segment(text=draft)
    source = article[theirs.starts[0] : theirs.ends[-1]] if len(theirs) else ""
    kind = _kind(ours.words, theirs.words, draft, source, sentence_begins)
    return Segment(text="", change=Change(kind=kind, source=" ".join(source.split()), draft=" ".join(draft.split())))


def _kind(ours: Sequence[str], theirs: Sequence[str], draft: str, source: str, sentence_begins: bool) -> Kind:
    words, source_words = [w for w in ours if is_word(w)], [w for w in theirs if is_word(w)]
    if _numeric(words, draft) != _numeric(source_words, source):
        return Kind.NUMBER
    if _negations(words) != _negations(source_words):
        return Kind.NEGATION
    if not words and not source_words:
        return Kind.PUNCTUATION
    if [w.casefold() for w in words] == [w.casefold() for w in source_words]:
        return Kind.CASE if words != source_words else Kind.PUNCTUATION
    named = source_words[sentence_begins:]
    return Kind.NAME if any(w[0].isupper() for w in named) or _names_added(words, source_words) else Kind.WORD


def _names_added(words: Sequence[str], source_words: Sequence[str]) -> bool:
    return any(w[0].isupper() for w in words[1:] or (words if source_words else [])) or (
        len(words) == 1 and not source_words and words[0][0].isupper()
    )


def _numeric(words: Sequence[str], text: str) -> tuple[object, ...]:
    """The numbers of some words by value; digits that make no number by their letters."""
    values = numbers_in(text)
    return tuple(values) if values else tuple(w for w in words if _DIGIT.search(w) or w.casefold() in _NUMBER_WORDS)


def _negations(words: Sequence[str]) -> Counter[str]:
    folded = [word.casefold() for word in words]
    return Counter("not" for word in folded if word in _NEGATIONS or word.endswith("n't"))


def _begins_sentence(place: Place, at: int) -> bool:
    token = place.first + at
    if token >= len(place.source.words):
        return False
    return token == 0 or place.source.sentence(token) != place.source.sentence(token - 1)


def _with_order(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Call changes that only move words what they are."""
    changes = changes_in(segments)
    moved = len(changes) > 1 and _bag(c.source for c in changes) == _bag(c.draft for c in changes)
    if not moved and not (len(changes) == 1 and _bag([changes[0].source]) == _bag([changes[0].draft])):
        return segments
    return tuple(
        Segment(text=s.text, change=Change(kind=Kind.ORDER, source=s.change.source, draft=s.change.draft))
        if s.change and s.change.kind in {Kind.WORD, Kind.NAME, Kind.NUMBER, Kind.NEGATION}
        else s
        for s in segments
    )


def _bag(texts: Sequence[str] | Iterator[str]) -> Counter[str]:
    return Counter(word for text in texts for word in re.findall(r"\w+", text.casefold()))
