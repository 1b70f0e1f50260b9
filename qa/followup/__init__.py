"""A conversation and a question -> the question on its own feet, and what to search for. No language model."""

from __future__ import annotations

from qa.followup.conversation import Understood, corpus_rarity, past_turns, search_all, understand
from qa.followup.entities import PastTurn, Query, Rarity, Rewrite
from qa.followup.rewriting import rewrite

__all__ = [
    "PastTurn",
    "Query",
    "Rarity",
    "Rewrite",
    "Understood",
    "corpus_rarity",
    "past_turns",
    "rewrite",
    "search_all",
    "understand",
]
