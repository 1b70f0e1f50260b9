"""Conversations, kept in one SQLite file of the person's own: `History` writes, reads, searches and deletes them.

An answer is kept whole, so that it can be shown after its index is gone; `qa.history.recheck` says whether its sources
still stand. Names load when they are used: the first paint of the chat needs `entities` only.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.history.conversations import History
    from qa.history.entities import ConversationSummary, FoundTurn

__all__ = ["ConversationSummary", "FoundTurn", "History"]

_MODULES = {
    "ConversationSummary": "qa.history.entities",
    "FoundTurn": "qa.history.entities",
    "History": "qa.history.conversations",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)
