"""What the rewriting of follow-up questions takes and gives: frozen values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["PastTurn", "Query", "Rarity", "Rewrite"]

Rarity: TypeAlias = Callable[[str], float]
"""Word in lower case -> its inverse document frequency, 0 for a word in every passage and 1 for one in a single one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTurn:
    """What a turn said, reduced to what a later question may refer to."""

    question: str
    """As it was searched for: on its own feet."""
    answer: str = ""
    """The words that were shown as answer; empty when there was none."""
    quotes: tuple[str, ...] = ()
    """The sentences shown, [1] first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Something to search for, and how much its ranking counts."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A question on its own feet."""

    question: str
    """Shown, searched and read; the person's own words when they stand alone."""
    queries: tuple[Query, ...]
    """To be searched and fused; the question as it was typed first."""
    follows: bool
    """Whether it needs the conversation."""
    shown: int | None = None
    """Number of the citation of the last answer that the question names: "[2]"."""
