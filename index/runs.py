"""What each ranking says of the passages it found: aligned for fusing, and explained hit by hit. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.entities import Hit

if TYPE_CHECKING:
    from index.arrays import RowIds, Scores

__all__ = ["Explained", "Runs", "aligned", "explain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why a hit stands where it does."""

    hit: Hit
    lexical_rank: int | None
    """From 1; None when the lexical search did not find it."""
    lexical_score: float | None
    """BM25, higher is better."""
    vector_rank: int | None
    vector_score: float | None
    """Cosine."""
    matched_terms: tuple[str, ...]
    """Words and phrases of the query that the passage holds."""
    dropped_terms: tuple[str, ...]
    """Of the query: too frequent in this corpus to tell passages apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The passages that each search found, best first, with their scores."""

    lexical_ids: RowIds
    lexical_scores: Scores
    vector_ids: RowIds
    vector_scores: Scores
    dropped_terms: tuple[str, ...]


def aligned(candidates: RowIds, ids: RowIds, scores: Scores) -> Scores:
    """(n,) the score of each candidate in a run; NaN where the run lacks it."""
    score_of = dict(zip(ids.tolist(), scores.tolist(), strict=True))
    return np.array([score_of.get(i, np.nan) for i in candidates.tolist()], dtype=np.float32)


def explain(hit: Hit, runs: Runs, matched_terms: tuple[str, ...]) -> Explained:
    """Why a hit stands where it does."""
    lexical_rank, lexical_score = _find(hit.passage.id, runs.lexical_ids, runs.lexical_scores)
    vector_rank, vector_score = _find(hit.passage.id, runs.vector_ids, runs.vector_scores)
    return Explained(
        hit=hit,
        lexical_rank=lexical_rank,
        lexical_score=lexical_score,
        vector_rank=vector_rank,
        vector_score=vector_score,
        matched_terms=matched_terms,
        dropped_terms=runs.dropped_terms,
    )


def _find(passage_id: int, ids: RowIds, scores: Scores) -> tuple[int | None, float | None]:
    where = np.flatnonzero(ids == passage_id)
    return (None, None) if where.size == 0 else (int(where[0]) + 1, float(scores[where[0]]))
