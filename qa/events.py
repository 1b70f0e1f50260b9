"""What is reported while an answer is being made; the last event carries the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from index.entities import Hit
from qa.entities import Answer, Span

__all__ = ["Answered", "Event", "Read", "Retrieved", "Searching"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """The search has begun."""

    standalone_question: str
    passages: int
    """How many are searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """The nearest passages are known."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The passages have been read."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer is complete."""

    answer: Answer


Event: TypeAlias = Searching | Retrieved | Read | Answered
