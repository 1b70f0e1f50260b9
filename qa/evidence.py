"""From the spans of a reader to answers: mixed with the retrieval score, equal ones put together. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.coverage import QuestionWords
from qa.entities import Span
from qa.measures import clashes
from qa.numbers import with_numbers
from qa.reader.model import RetrievedPassage

__all__ = ["AGREES_WITHIN", "Candidate", "beside", "candidates", "normalised_answer", "text_of"]

PASSAGE_WEIGHT = 9.0
"""Of a passage's fused score (0..1) beside a span's logit."""
COVERAGE_WEIGHT = 8.0
"""Of the share (0..1) of the question's words that stand beside the answer, in its sentence or title."""
CLASH = 6.0
"""Taken off a number of another measure than the one asked for."""
AGREES_WITHIN = 6.5
"""Equal words elsewhere are about the same thing only if their score is at most this far below: much happens on a
Tuesday. Over the sample questions, what is further below speaks of something else."""
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


def candidates(question: str, passages: Sequence[RetrievedPassage], spans: Sequence[Span]) -> tuple[Candidate, ...]:
    """The answers that spans give, best first.

    Args:
        question: As it was searched for.
        passages: What was read.
        spans: With the reader's scores.
    """
    article_of = {found.article.id: found.article for found in passages}
    story_of = {found.article.id: found.story or found.article.id for found in passages}
    source = {found.hit.passage.id: found for found in passages}
    asked = QuestionWords(question, [text_of(found) for found in passages])
    mixed = sorted(
        ((_mixed(question, asked, source[span.passage_id], span), span) for span in spans),
        key=lambda pair: (-pair[0], pair[1].article_id, pair[1].start),
    )
    grouped: dict[str, list[tuple[float, Span]]] = {}
    for score, span in mixed:
        text = article_of[span.article_id].text[span.start : span.end]
        grouped.setdefault(normalised_answer(text) or text, []).append((score, span))
    found = []
    for value, group in grouped.items():
        spans = tuple(span for score, span in group if score >= group[0][0] - AGREES_WITHIN)
        support = len({story_of[span.article_id] for span in spans})
        score = group[0][0] + SUPPORT * math.log(support)
        found.append(Candidate(value=value, spans=spans, score=score, support=support))
    return tuple(sorted(found, key=lambda c: (-c.score, c.spans[0].article_id, c.spans[0].start)))


def _mixed(question: str, asked: QuestionWords, found: RetrievedPassage, span: Span) -> float:
    score = span.score + PASSAGE_WEIGHT * found.hit.score + COVERAGE_WEIGHT * asked.coverage(beside(found, span))
    return score - CLASH * clashes(question, found.article.text[span.start : span.end])


def beside(found: RetrievedPassage, span: Span) -> str:
    """The title, and the sentence of a span without the words of the span."""
    sentence = next(s for s in found.sentences if s.number == span.first_sentence)
    text = found.article.text
    return f"{found.article.title} {text[sentence.start : span.start]} {text[span.end : sentence.end]}"


def text_of(found: RetrievedPassage) -> str:
    """A passage with its title."""
    passage = found.hit.passage
    return f"{found.article.title} {found.article.text[passage.start : passage.end]}"


def normalised_answer(text: str) -> str:
    """Lower case, numbers in digits, without articles, qualifiers and punctuation."""
    plain = _NO_WORD.sub(" ", with_numbers(text.casefold()))
    return " ".join(_ARTICLES.sub(" ", plain).split())
