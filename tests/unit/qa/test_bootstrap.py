"""Intervals: repeatable, of the right width, and agreeing with a resampling written out in full."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qa.eval import bootstrap
from qa.eval.bootstrap import Difference, mean_figure, named_rng, paired_difference, quantile_figure


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_interval_of_a_share_has_the_width_that_theory_gives() -> None:
    figure = mean_figure([1.0] * 600 + [0.0] * 400, rng(), resamples=4000)
    half_width = 1.96 * math.sqrt(0.6 * 0.4 / 1000)
    assert (figure.value, figure.n) == (0.6, 1000)
    assert figure.low == pytest.approx(0.6 - half_width, abs=0.004)
    assert figure.high == pytest.approx(0.6 + half_width, abs=0.004)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = rng(1).random(50).tolist()
    assert mean_figure(values, rng()) == mean_figure(values, rng())
    assert mean_figure(values, rng()) != mean_figure(values, rng(8))


def test_small_chunks_give_an_interval_as_good_as_large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    values = rng(1).random(40).tolist()
    whole = mean_figure(values, rng(), resamples=4000)
    monkeypatch.setattr(bootstrap, "_CHUNK_VALUES", 100)
    parts = mean_figure(values, rng(), resamples=4000)
    assert parts.value == whole.value
    assert (parts.low, parts.high) == pytest.approx((whole.low, whole.high), abs=0.01)


def test_values_that_are_all_tied_give_an_interval_without_width() -> None:
    figure = mean_figure([0.5] * 9, rng())
    assert (figure.low, figure.value, figure.high) == (0.5, 0.5, 0.5)


def test_95_of_100_intervals_hold_the_true_mean() -> None:
    draws = rng(3)
    holding = sum(
        figure.low <= 0.3 <= figure.high
        for figure in (mean_figure((draws.random(200) < 0.3).astype(float).tolist(), draws) for _ in range(200))
    )
    assert 180 <= holding <= 199


@pytest.mark.parametrize(("values", "message"), [
    ([], "at least one value"),
    ([1.0, math.nan], "value 1 is nan; expected a finite number"),
    ([math.inf], "value 0 is inf"),
])  # fmt: skip
def test_values_without_a_mean_are_refused(values: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mean_figure(values, rng())


def test_a_small_steady_gain_is_real_where_the_means_alone_could_not_tell() -> None:
    old = rng(1).random(300)
    new = old + rng(2).normal(0.01, 0.02, 300)
    change = paired_difference(new.tolist(), old.tolist(), rng())
    assert change.real
    assert change.low > 0.006
    single = mean_figure(new.tolist(), rng())
    assert single.low < float(old.mean()) < single.high


def test_a_gain_on_as_many_questions_as_a_loss_is_not_real() -> None:
    new, old = [1.0, 0.0] * 100, [0.0, 1.0] * 100
    change = paired_difference(new, old, rng())
    assert change.value == 0
    assert not change.real
    assert change.n == 200


def test_no_difference_at_all_is_not_real() -> None:
    values = rng(1).random(20).tolist()
    assert paired_difference(values, values, rng()) == Difference(value=0, low=0, high=0, n=20)


def test_a_loss_is_real_too_and_rounding_is_not() -> None:
    assert Difference(value=-0.2, low=-0.3, high=-0.1, n=5).real
    assert not Difference(value=0.2, low=1e-16, high=0.4, n=5).real
    assert not Difference(value=0.2, low=0.0, high=0.4, n=5).real  # an end at 0 does not exclude 0


def test_values_that_are_not_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="3 new and 2 old values; expected pairs"):
        paired_difference([1, 2, 3], [1, 2], rng())


@pytest.mark.parametrize(("q", "expected"), [(0.5, 30), (0.6, 30), (0.61, 40), (0.95, 50), (1.0, 50), (0.01, 10)])
def test_a_quantile_is_a_value_that_occurred(q: float, expected: float) -> None:
    assert quantile_figure([50, 20, 10, 40, 30], rng(), q=q).value == expected


def test_a_quantile_among_tied_values_is_that_value() -> None:
    figure = quantile_figure([1, 5, 5, 5, 5, 5, 5, 5, 5, 9], rng(), q=0.5)
    assert (figure.low, figure.value, figure.high, figure.n) == (5, 5, 5, 10)


@pytest.mark.parametrize("q", [0.5, 0.95])
def test_the_interval_of_a_quantile_equals_that_of_resampling_in_full(q: float) -> None:
    values = rng(1).gamma(2, 10, 101)
    drawn = np.sort(values[rng(2).integers(0, 101, size=(20000, 101))], axis=1)
    resampled = drawn[:, math.ceil(q * 101) - 1]
    figure = quantile_figure(values.tolist(), rng(3), q=q, resamples=20000)
    # Both are steps between neighbouring values: compare how much of the resampling lies below each end.
    assert np.mean(resampled < figure.low) <= 0.03 <= np.mean(resampled <= figure.low) + 0.01
    assert np.mean(resampled > figure.high) <= 0.03 <= np.mean(resampled >= figure.high) + 0.01


@pytest.mark.parametrize("q", [0.0, -0.1, 1.01])
def test_a_quantile_out_of_range_is_refused(q: float) -> None:
    with pytest.raises(ValueError, match=f"quantile {q}; expected a share"):
        quantile_figure([1.0], rng(), q=q)


def test_each_name_has_random_numbers_of_its_own() -> None:
    first, again, other, seeded = (
        named_rng(seed, name).random() for seed, name in ((1, "a"), (1, "a"), (1, "b"), (2, "a"))
    )
    assert first == again
    assert len({first, other, seeded}) == 3
