"""The values that flow out of `qa`: frozen and self-contained, so that an answer outlives its index.

Offsets are half-open and count Unicode code points of `Article.text`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from index.entities import Copy, Filter, Freshness, Place

__all__ = ["Answer", "Citation", "Conversation", "RelatedPassage", "Span", "Turn", "Value", "Verdict"]


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
    answer_start: int | None = None
    answer_end: int | None = None
    """The words of the quotation that answer: `text[answer_start:answer_end]`; None where the whole of it does."""
    author: str | None = None
    """Several are joined by a comma."""
    language: str = "en"
    """Of the article, a BCP 47 tag."""
    copies: tuple[Copy, ...] = ()
    """The other articles that tell the story, the earliest first; of those that say this word for word, the earliest
    is the one cited."""

    @property
    def answer(self) -> str:
        """The words that answer."""
        if self.answer_start is None or self.answer_end is None:
            return self.quote
        return self.quote[self.answer_start - self.start : self.answer_end - self.start]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What one article gives for an answer that articles disagree on."""

    text: str
    """A slice of the citation's quotation."""
    date: str | None
    """Of the article, ISO 8601."""
    citation: int
    """Its number."""


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
    values: tuple[Value, ...] = ()
    """The numbers or dates that articles disagree on, newest first; empty where they agree."""
    where: Filter = field(default_factory=Filter)
    """Which articles were searched; later questions of the conversation search the same until they say otherwise."""


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
