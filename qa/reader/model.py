"""What a reader is: a question and passages in, the words that answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.entities import Article, Hit, Sentence
from qa.entities import Span

__all__ = ["Reader", "RetrievedPassage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievedPassage:
    """A hit with what a reader may look at."""

    hit: Hit
    article: Article
    sentences: tuple[Sentence, ...]
    """Of the passage, in order."""
    story: str | None = None
    """Id of the earliest of the articles that tell its story; None for an article without copies."""


class Reader(Protocol):
    """Finds the words of the passages that answer a question."""

    @property
    def id(self) -> str:
        """Names the reader in answers."""
        ...

    def read(self, question: str, passages: Sequence[RetrievedPassage]) -> tuple[Span, ...]:
        """Spans of the passages, best first, ties by article id and offset; empty when there are no passages."""
        ...
