"""Measures of one question: of its ranking (`ranking`), its answer and citations (`answers`), its `rewriting`.

Pure functions that give one number per question; `qa.eval.bootstrap` turns many of them into a figure.
"""

from __future__ import annotations

from qa.eval.metrics.answers import (
    CitationScores,
    CitedSentence,
    citation_scores,
    exact_match,
    holds_answer,
    is_gold_sentence,
    normalise_answer,
    sentence_is_right,
    token_f1,
)
from qa.eval.metrics.ranking import (
    RETRIEVAL_MEASURES,
    Qrels,
    Run,
    averages,
    best_scores,
    evaluate,
    hit_at,
    ndcg_at,
    rank,
    recall_at,
    reciprocal_rank_at,
)
from qa.eval.metrics.rewriting import RewriteScores, rewrite_scores, same_question

__all__ = [
    "RETRIEVAL_MEASURES",
    "CitationScores",
    "CitedSentence",
    "Qrels",
    "RewriteScores",
    "Run",
    "averages",
    "best_scores",
    "citation_scores",
    "evaluate",
    "exact_match",
    "hit_at",
    "holds_answer",
    "is_gold_sentence",
    "ndcg_at",
    "normalise_answer",
    "rank",
    "recall_at",
    "reciprocal_rank_at",
    "rewrite_scores",
    "same_question",
    "sentence_is_right",
    "token_f1",
]
