from __future__ import annotations

import numpy as np
import pytest

from index.fuse import min_max, mix, reciprocal_rank, weighted


def ids(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def scores(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def test_reciprocal_rank_sums_over_runs_and_breaks_ties_by_id() -> None:
    # 7: 1/61 + 1/62; 3 and 5 each 1/61 + 1/63 or the mirror of it; worked by hand.
    fused = reciprocal_rank([ids(7, 5, 3), ids(3, 7, 5)], k=10)
    # 3: 1/63 + 1/61 = 0.03227; 7: 1/61 + 1/62 = 0.03252; 5: 1/62 + 1/63 = 0.03200
    assert fused.tolist() == [7, 3, 5]
    assert reciprocal_rank([ids(9), ids(4)], k=10).tolist() == [4, 9]  # equal sums


def test_reciprocal_rank_of_nothing_is_empty() -> None:
    assert reciprocal_rank([ids(), ids()], k=5).tolist() == []


def test_min_max_moves_scores_to_0_to_1() -> None:
    assert min_max(scores(2, 4, 3)).tolist() == [0.0, 1.0, 0.5]
    assert min_max(scores(5, 5)).tolist() == [1.0, 1.0]
    assert min_max(scores()).tolist() == []


def test_mix_weighs_words_and_meaning() -> None:
    order, mixed = mix(ids(1, 2, 3), scores(10, 5, np.nan), scores(0.2, 0.8, 0.5), lexical_weight=0.5)
    # words 1.0, 0.5, 0; meaning 0, 1, 0.5 -> 0.5, 0.75, 0.25
    assert order.tolist() == [2, 1, 3]
    assert mixed.tolist() == pytest.approx([0.75, 0.5, 0.25])


def test_mix_breaks_ties_by_passage_id() -> None:
    order, _ = mix(ids(8, 2), scores(4, 4), scores(0.5, 0.5), lexical_weight=0.5)
    assert order.tolist() == [2, 8]


def test_mix_without_any_word_match_is_the_vector_order() -> None:
    order, mixed = mix(ids(1, 2), scores(np.nan, np.nan), scores(0.1, 0.9), lexical_weight=0.5)
    assert order.tolist() == [2, 1]
    assert mixed.tolist() == [0.5, 0.0]


def test_several_queries_are_one_ranking_by_weighted_mean_and_ties_break_by_id() -> None:
    # Each run is divided by its best score. 3: 3 x 1 / 4; 9: (1 x 1 + 3 x 0.5) / 4; 2 and 4: 1 x 0.5 / 4.
    first = ids(9, 4, 2), scores(8.0, 4.0, 4.0), 1.0
    second = ids(3, 9), scores(1.0, 0.5), 3.0
    found, values = weighted([first, second], k=10)
    assert found.tolist() == [3, 9, 2, 4]
    assert values.tolist() == pytest.approx([0.75, 0.625, 0.125, 0.125])


def test_queries_that_find_nothing_take_no_weight() -> None:
    found, values = weighted([(ids(), scores(), 5.0), (ids(1), scores(2.0), 1.0)], k=3)
    assert (found.tolist(), values.tolist()) == ([1], [1.0])
    assert weighted([], k=3)[0].tolist() == []
