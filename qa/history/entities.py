"""What the history says of conversations: frozen values that load nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.entities import Answer

__all__ = ["ConversationSummary", "FoundTurn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSummary:
    """One conversation in a list."""

    id: str
    title: str
    started_at: str
    """ISO 8601 with offset."""
    updated_at: str
    """When its latest question was asked; ISO 8601 with offset."""
    questions: int
    index_folder: str | None = None
    """The `.qa` folder that was asked, absolute; None when nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTurn:
    """A question with its answer that a search found."""

    conversation: ConversationSummary
    number: int
    """Of the turn in its conversation, from 1."""
    answer: Answer
