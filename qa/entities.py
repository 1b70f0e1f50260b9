"""The values that flow out of `qa`: frozen and self-contained, so that an answer outlives its index.

Offsets are half-open and count Unicode code points of `Article.text`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from index.entities import Freshness, Place

__all__ = ["Answer", "Citation", "Conversation", "RelatedPassage", "Span", "Turn", "Verdict"]


class Verdict(StrEnum):
    """What the articles hold on a question."""

    ANSWERED = "answered"
    RELATED = "related"
    """The articles speak of it, without a direct answer."""
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of an article that a reader takes for an answer."""

    article_id: str
    passage_id: int
    start: int
    end: int
    """`article.text[start:end]` lies within sentences `first_sentence` to `last_sentence`."""
    first_sentence: int
    last_sentence: int
    """Inclusive."""
    score: float
    """Comparable across passages of one question; higher is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quotation and everything needed to show it, find it again and check it without the index."""

    number: int
    """From 1, in the order of the answer's evidence."""
    article_id: str
    title: str
    date: str | None
    """ISO 8601."""
    outlet: str | None
    url: str | None
    place: Place
    first_sentence: int
    last_sentence: int
    """Inclusive."""
    start: int
    end: int
    page: int | None
    quote: str
    """`text[start:end]`, always."""
    text_sha256: str
    """Of the article's text as UTF-8."""
    status: Freshness


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedPassage:
    """A passage near the question that is not offered as an answer."""

    article_id: str
    title: str
    date: str | None
    place: Place
    first_sentence: int
    last_sentence: int
    start: int
    end: int
    quote: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered to a question, when, by what, from where."""

    id: str
    asked_at: str
    """ISO 8601 with offset."""
    question: str
    standalone_question: str
    """What was searched for: the question with what a conversation leaves unsaid."""
    verdict: Verdict
    text: str | None
    """A slice of citation 1; None unless the verdict is `answered`."""
    confidence: float | None
    """Probability that citation 1 answers the question, 0..1; None while nothing is calibrated."""
    citations: tuple[Citation, ...]
    related: tuple[RelatedPassage, ...]
    """The nearest passages that are not cited, best first."""
    index_generation: int
    models: dict[str, str]
    """Role (`encoder`, `reader`) -> id."""
    timings_ms: dict[str, float]
    """Stage -> milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and its answer."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Turns in order; appending gives a new value."""

    id: str
    title: str
    turns: tuple[Turn, ...] = ()

    def append(self, answer: Answer) -> Conversation:
        """The conversation with one more turn."""
        return replace(self, turns=(*self.turns, Turn(question=answer.question, answer=answer)))
