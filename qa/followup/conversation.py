"""A conversation and a question -> what to search for, where, and the passages found."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np

from index.entities import Copies, Filter, Hit, Ranker
from index.fuse import weighted
from index.lexical import rarity
from index.search import Searcher
from index.store import Store
from qa.entities import Conversation
from qa.followup.entities import PastTurn, Query, Rewrite
from qa.followup.limits import limited
from qa.followup.rewriting import rewrite

__all__ = ["Understood", "corpus_rarity", "past_turns", "search_all", "understand"]

DEPTH = 100
"""Passages taken from each query before they are fused."""
CITED = 0.05
"""Added to the score (0..1) of passages of articles that were just cited, when the question needs the conversation."""
NAMED = 0.5
"""The same for the article of a source that the question names: "[2]"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a question means in its conversation."""

    rewrite: Rewrite
    where: Filter
    favoured: dict[str, float]
    """Article id -> what its passages' scores gain."""


def understand(
    question: str, conversation: Conversation | None, where: Filter | None, *, store: Store, today: date
) -> Understood:
    """What a question means.

    Args:
        question: As it was typed.
        conversation: What was asked before.
        where: Which articles to search; None: those of the last turn.
        store: Its words decide what is rare.
        today: What "since last month" counts from.
    """
    past = past_turns(conversation) if conversation else ()
    turns = conversation.turns if conversation else ()
    if where is None:
        where = turns[-1].answer.where if turns else Filter()
    limits = limited(question, where, today=today)
    if not limits.question and past:
        again = past[-1].question
        only = Rewrite(question=again, queries=(Query(text=again, weight=1.0),), follows=True)
        return Understood(rewrite=only, where=limits.where, favoured={})
    question, where = limits.question or question, limits.where
    understood = rewrite(question, past, corpus_rarity(store))
    return Understood(rewrite=understood, where=where, favoured=_favoured(understood, conversation))


def past_turns(conversation: Conversation) -> tuple[PastTurn, ...]:
    """What the turns of a conversation said."""
    return tuple(
        PastTurn(
            question=turn.answer.standalone_question,
            answer=turn.answer.text or "",
            quotes=tuple(citation.quote for citation in turn.answer.citations),
        )
        for turn in conversation.turns
    )


def corpus_rarity(store: Store) -> Callable[[str], float]:
    """How rare words are in an index; each word is counted once."""
    passages = store.count("passages")
    return cache(lambda word: rarity(store.connection, word, n_passages=passages))


def search_all(searcher: Searcher, understood: Understood, k: int, *, mode: Ranker = Ranker.HYBRID) -> tuple[Hit, ...]:
    """The `k` best passages for all queries of a rewritten question together."""
    runs = [
        (searcher.search(query.text, DEPTH, understood.where, mode=mode, copies=Copies.NEW, plain=True), query.weight)
        for query in understood.rewrite.queries
    ]
    found = {hit.passage.id: hit for hits, _ in runs for hit in hits}
    ids, scores = weighted(
        [
            (np.array([hit.passage.id for hit in hits], np.int64), np.array([hit.score for hit in hits], np.float32), w)
            for hits, w in runs
        ],
        k=len(found),
    )
    gained = [
        (min(1.0, score + understood.favoured.get(found[i].passage.article_id, 0.0)), i)
        for i, score in zip(ids.tolist(), scores.tolist(), strict=True)
    ]
    best = sorted(gained, key=lambda pair: (-pair[0], pair[1]))[:k]
    return tuple(replace(found[i], score=score, rank=rank) for rank, (score, i) in enumerate(best, start=1))


def _favoured(understood: Rewrite, conversation: Conversation | None) -> dict[str, float]:
    if not understood.follows or conversation is None or not conversation.turns:
        return {}
    citations = conversation.turns[-1].answer.citations
    gains = {citation.article_id: CITED for citation in citations}
    named: Collection[str] = {c.article_id for c in citations if c.number == understood.shown}
    return gains | dict.fromkeys(named, NAMED)
