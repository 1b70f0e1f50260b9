"""Two rankings into one: candidates by reciprocal rank, final order by a normalised mix. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.arrays import RowIds, Scores

__all__ = ["min_max", "mix", "reciprocal_rank", "weighted"]

RRF_K = 60
"""The constant of Cormack, Clarke and Büttcher (SIGIR 2009), section 2."""


def reciprocal_rank(runs: Sequence[RowIds], *, k: int) -> RowIds:
    """The `k` best ids by the sum of 1 / (60 + rank) over the runs; ties by id.

    Args:
        runs: Each (n,) ids, best first.
        k: How many to return at most.

    Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet", SIGIR 2009.
    """
    if not any(len(run) for run in runs):
        return np.empty(0, np.int64)
    every = np.concatenate(runs)
    ranks = np.concatenate([np.arange(1, len(run) + 1) for run in runs])
    ids, where = np.unique(every, return_inverse=True)
    sums = np.bincount(where, weights=1.0 / (RRF_K + ranks))
    return ids[np.lexsort((ids, -sums))][:k].astype(np.int64)


def min_max(scores: Scores) -> Scores:
    """Scores moved to 0..1 by the least and the greatest; all 1 where they are equal."""
    if scores.size == 0:
        return scores
    low, high = scores.min(), scores.max()
    if high <= low:
        return np.ones_like(scores)
    return np.asarray((scores - low) / (high - low), dtype=np.float32)


def mix(candidates: RowIds, lexical: Scores, vector: Scores, *, lexical_weight: float) -> tuple[RowIds, Scores]:
    """Candidates by the convex combination of both normalised scores, best first, ties by id.

    Args:
        candidates: (n,) passage ids.
        lexical: (n,) BM25 scores; NaN where the lexical search did not find the candidate, which counts as 0.
        vector: (n,) cosines.
        lexical_weight: Share of the lexical score, 0..1.

    Source: Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023, equation 3.
    """
    found = ~np.isnan(lexical)
    words = np.zeros_like(vector)
    # BM25 is 0 for a passage without any of the words, so 0 is the true lower end.
    if found.any() and lexical[found].max() > 0:
        words[found] = lexical[found] / lexical[found].max()
    scores = (lexical_weight * words + (1 - lexical_weight) * min_max(vector)).astype(np.float32)
    order = np.lexsort((candidates, -scores))
    return candidates[order], scores[order]


def weighted(runs: Sequence[tuple[RowIds, Scores, float]], *, k: int) -> tuple[RowIds, Scores]:
    """The `k` best ids of several queries by the weighted mean of their scores; ties by id. A missing id scores 0.

    Args:
        runs: Ids (n,), scores (n,) of 0 and above, and the weight of each query. A run's best score counts as 1.
        k: How many to return at most.
    """
    runs = [(ids, scores / scores.max(), weight) for ids, scores, weight in runs if ids.size and scores.max() > 0]
    if not runs:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    total = sum(weight for _, _, weight in runs)
    ids, where = np.unique(np.concatenate([run[0] for run in runs]), return_inverse=True)
    sums = np.bincount(where, weights=np.concatenate([scores * weight / total for _, scores, weight in runs]))
    order = np.lexsort((ids, -sums))[:k]
    return ids[order].astype(np.int64), sums[order].astype(np.float32)
