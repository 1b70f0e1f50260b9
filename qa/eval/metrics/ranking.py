"""A ranking and what is relevant -> hit@k, MRR@k, nDCG@k, recall@k of one question. Pure.

Rankings are ordered by (-score, id): equal scores stand in ascending order of the id, compared as a string by
code point ("p10" before "p9"). trec_eval breaks ties the other way round; `qa.eval.trec` writes runs it
cannot reorder.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

__all__ = [
    "RETRIEVAL_MEASURES",
    "Qrels",
    "Run",
    "averages",
    "best_scores",
    "evaluate",
    "hit_at",
    "ndcg_at",
    "rank",
    "recall_at",
    "reciprocal_rank_at",
]

Run: TypeAlias = Mapping[str, Mapping[str, float]]
"""Question id -> document id -> score, higher is better; order in the mapping means nothing."""

Qrels: TypeAlias = Mapping[str, Mapping[str, int]]
"""Question id -> document id -> grade. Above 0 is relevant; a document without a grade is not."""

Measure: TypeAlias = Callable[[Sequence[str], Mapping[str, int], int], float]

RETRIEVAL_MEASURES = ("hit@1", "hit@5", "hit@20", "MRR@10", "nDCG@10", "recall@100")


def best_scores(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Each document's best score, where a document may occur once for each of its passages."""
    best: dict[str, float] = {}
    for document_id, score in pairs:
        if score > best.get(document_id, -math.inf) or document_id not in best:
            best[document_id] = score
    return best


def rank(scores: Mapping[str, float]) -> tuple[str, ...]:
    """Document ids ordered by (-score, id).

    Raises ValueError for a score that is not a number: it would make the order arbitrary.
    """
    for document_id, score in scores.items():
        if math.isnan(score):
            raise ValueError(f"document {document_id!r} has the score NaN; expected a number")
    return tuple(sorted(scores, key=lambda document_id: (-scores[document_id], document_id)))


def hit_at(ranking: Sequence[str], gains: Mapping[str, int], k: int) -> float:
    """1 when a relevant document is among the first k, otherwise 0.

    Top-k accuracy in Karpukhin et al. (2020), "Dense Passage Retrieval", section 5; success@k in trec_eval.
    """
    return float(any(gains.get(document_id, 0) > 0 for document_id in ranking[:k]))


def reciprocal_rank_at(ranking: Sequence[str], gains: Mapping[str, int], k: int) -> float:
    """1 / rank of the first relevant document among the first k, otherwise 0.

    The mean over questions is MRR@k: Voorhees (1999), "The TREC-8 Question Answering Track Report".
    """
    for position, document_id in enumerate(ranking[:k], start=1):
        if gains.get(document_id, 0) > 0:
            return 1.0 / position
    return 0.0


def recall_at(ranking: Sequence[str], gains: Mapping[str, int], k: int) -> float:
    """Share of the relevant documents that are among the first k; 0 when none is relevant (as trec_eval)."""
    relevant = {document_id for document_id, gain in gains.items() if gain > 0}
    return len(relevant.intersection(ranking[:k])) / len(relevant) if relevant else 0.0


def ndcg_at(ranking: Sequence[str], gains: Mapping[str, int], k: int) -> float:
    """DCG of the first k over the DCG of the best possible first k; 0 when none is relevant (as trec_eval).

    DCG = sum over ranks i of gain_i / log2(i + 1), with the grade itself as gain, not 2^grade - 1.
    Järvelin and Kekäläinen (2002), "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4),
    section 2; the discount log2(i + 1) is that of trec_eval's m_ndcg_cut.c, which BEIR's figures use.
    """
    ideal = _dcg(sorted((gain for gain in gains.values() if gain > 0), reverse=True)[:k])
    return _dcg([gains.get(document_id, 0) for document_id in ranking[:k]]) / ideal if ideal else 0.0


def evaluate(run: Run, qrels: Qrels, measures: Sequence[str] = RETRIEVAL_MEASURES) -> dict[str, dict[str, float]]:
    """Each measure of each judged question: measure name -> question id -> value.

    Every question of `qrels` counts: one that the run lacks, or that has nothing relevant, gets 0.
    Questions of the run without judgements are left out.

    Raises ValueError for a measure that is not `hit@k`, `MRR@k`, `nDCG@k` or `recall@k`.
    """
    parsed = {name: _parse_measure(name) for name in measures}
    values: dict[str, dict[str, float]] = {name: {} for name in parsed}
    for question_id, gains in qrels.items():
        ranking = rank(run.get(question_id, {}))
        for name, (measure, k) in parsed.items():
            values[name][question_id] = measure(ranking, gains, k)
    return values


def averages(per_question: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The mean of each measure over its questions. Measures without a question are left out."""
    return {name: math.fsum(values.values()) / len(values) for name, values in per_question.items() if values}


_MEASURES: Mapping[str, Measure] = {
    "hit": hit_at,
    "MRR": reciprocal_rank_at,
    "nDCG": ndcg_at,
    "recall": recall_at,
}


def _parse_measure(name: str) -> tuple[Measure, int]:
    """The function and the cut-off of a name such as "nDCG@10"."""
    family, _, cutoff = name.partition("@")
    if family not in _MEASURES or not cutoff.isdecimal() or int(cutoff) < 1:
        known = ", ".join(f"{family}@k" for family in _MEASURES)
        raise ValueError(f"unknown measure {name!r}; expected one of {known} with k at least 1")
    return _MEASURES[family], int(cutoff)


def _dcg(gains: Sequence[int]) -> float:
    """Discounted cumulated gain; grades below 0 count as 0."""
    return math.fsum(gain / math.log2(position + 1) for position, gain in enumerate(gains, start=1) if gain > 0)
