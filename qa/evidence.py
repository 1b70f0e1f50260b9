"""From the spans of a reader to answers: mixed with the retrieval score, equal ones put together. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.entities import Span
from qa.numbers import with_numbers
from qa.reader.model import RetrievedPassage

__all__ = ["Candidate", "candidates", "normalised_answer"]

PASSAGE_WEIGHT = 7.0
"""Of a passage's fused score (0..1) beside a span's logit."""
SUPPORT = 0.5
"""Added per natural logarithm of the number of stories that say the same; copies of a story count once."""

_ARTICLES = re.compile(r"\b(?:a|an|the|about|around|approximately|some|nearly|almost|roughly|mostly)\b")
_NO_WORD = re.compile(r"[^\w\s%$€£.]|(?<!\d)\.|\.(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One answer with every span that gives it."""

    value: str
    """Normalised: equal for "54,000" and "fifty-four thousand"."""
    spans: tuple[Span, ...]
    """With mixed scores, best first."""
    score: float
    """Of the best span, and what the others add."""
    support: int
    """Stories that say so: an article and its copies are one."""


def candidates(passages: Sequence[RetrievedPassage], spans: Sequence[Span]) -> tuple[Candidate, ...]:
    """The answers that spans give, best first.

    Args:
        passages: What was read.
        spans: With the reader's scores.
    """
    article_of = {found.article.id: found.article for found in passages}
    story_of = {found.article.id: found.story or found.article.id for found in passages}
    fused = {found.hit.passage.id: found.hit.score for found in passages}
    mixed = sorted(
        ((span.score + PASSAGE_WEIGHT * fused.get(span.passage_id, 0.0), span) for span in spans),
        key=lambda pair: (-pair[0], pair[1].article_id, pair[1].start),
    )
    grouped: dict[str, list[tuple[float, Span]]] = {}
    for score, span in mixed:
        text = article_of[span.article_id].text[span.start : span.end]
        grouped.setdefault(normalised_answer(text) or text, []).append((score, span))
    found = []
    for value, group in grouped.items():
        support = len({story_of[span.article_id] for _, span in group})
        score = group[0][0] + SUPPORT * math.log(support)
        found.append(Candidate(value=value, spans=tuple(span for _, span in group), score=score, support=support))
    return tuple(sorted(found, key=lambda c: (-c.score, c.spans[0].article_id, c.spans[0].start)))


def normalised_answer(text: str) -> str:
    """Lower case, numbers in digits, without articles, qualifiers and punctuation."""
    plain = _NO_WORD.sub(" ", with_numbers(text.casefold()))
    return " ".join(_ARTICLES.sub(" ", plain).split())
