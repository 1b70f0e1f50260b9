from __future__ import annotations

import pytest

from qa.eval.reading import Judged, abstention_values, one_to_one, reliability


def judged(confidence: float, *, right: bool, answerable: bool = True, name: str = "") -> Judged:
    return Judged(
        question_id=name or f"{confidence} {right} {answerable}",
        answerable=answerable,
        confidence=confidence,
        right=right,
        answered=confidence >= 0.5,
    )


def mean(values: dict[str, float]) -> float:
    return sum(values.values()) / len(values)


# Falling: right, right, right, wrong, right, foreign, right. Right of those given: 1, 1, 1, 3/4, 4/5, 4/6, 5/7.
SEVEN = [
    judged(0.95, right=True),
    judged(0.9, right=True),
    judged(0.85, right=True),
    judged(0.8, right=False),
    judged(0.75, right=True),
    judged(0.6, right=False, answerable=False),
    judged(0.5, right=True),
]


def test_right_at_80_counts_right_answers_down_to_the_last_point_where_four_of_five_are_right() -> None:
    values = abstention_values(SEVEN)
    assert mean(values["abstention.right_at_80"]) == pytest.approx(4 / 6)  # of the six that have an answer


def test_right_at_90_stops_before_the_first_wrong_one() -> None:
    assert mean(abstention_values(SEVEN)["abstention.right_at_90"]) == pytest.approx(3 / 6)


def test_answers_of_equal_confidence_are_taken_in_the_order_of_their_ids() -> None:
    twins = [judged(0.9, right=False, name="b"), judged(0.9, right=True, name="a")]
    assert abstention_values(twins)["abstention.right_at_90"] == {"a": 1.0, "b": 0.0}


def test_calibration_error_is_the_mean_distance_of_confidence_and_share_of_right_answers_in_each_bin() -> None:
    found = [judged(0.92, right=True), judged(0.98, right=False), judged(0.32, right=False)]
    # The bin from 0.9: mean 0.95, half right, two of three; the bin from 0.3: 0.32, none right, one of three.
    assert mean(abstention_values(found)["abstention.ece"]) == pytest.approx((2 * 0.45 + 0.32) / 3)
    assert reliability(found) == [(0.32, 0.0, 1), (pytest.approx(0.95), 0.5, 2)]


def test_a_confidence_of_one_falls_into_the_last_bin() -> None:
    assert reliability([judged(1.0, right=True)]) == [(1.0, 1.0, 1)]


def test_questions_are_mixed_one_to_one_whichever_kind_is_more() -> None:
    own = [judged(0.9, right=True, name=f"own {n}") for n in range(10)]
    others = [judged(0.1, right=False, answerable=False, name=f"other {n}") for n in range(3)]
    mixed = one_to_one([*own, *others])
    assert sum(one.answerable for one in mixed) == sum(not one.answerable for one in mixed) == 3
    assert one_to_one(own) == []
