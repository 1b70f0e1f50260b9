"""Values of many questions -> a figure with its 95 % bootstrap interval. Pure; randomness is handed in.

Percentile intervals: Efron and Tibshirani (1993), "An Introduction to the Bootstrap", section 13.3. Where
every value is the same the interval has no width: it tells how much the questions differ, not how few they
are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "LEVEL",
    "RESAMPLES",
    "Difference",
    "Figure",
    "mean_figure",
    "named_rng",
    "paired_difference",
    "quantile_figure",
]

Values: TypeAlias = npt.NDArray[np.float64]
"""(n,) float64, one value a question."""

RESAMPLES = 1000
LEVEL = 0.95
_CHUNK_VALUES = 1_000_000  # values drawn at a time: 12 MB of indices and values, whatever n is
_ROUNDING = 1e-9  # sums of floats that should cancel leave up to about 1e-15


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured value and how far it may be off by the choice of questions."""

    value: float
    low: float
    """Lower end of the 95 % interval."""
    high: float
    n: int
    """Values it was computed from, at least 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Mean of new minus old over the same questions."""

    value: float
    low: float
    """Lower end of the 95 % interval."""
    high: float
    n: int
    """Pairs, at least 1."""

    @property
    def real(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > _ROUNDING or self.high < -_ROUNDING


def named_rng(seed: int, name: str) -> np.random.Generator:
    """A generator for one figure, so that adding a figure changes no other figure's interval.

    `seed` is 0 or greater.
    """
    return np.random.default_rng([seed, *name.encode()])


def mean_figure(values: Sequence[float], rng: np.random.Generator, *, resamples: int = RESAMPLES) -> Figure:
    """The mean of `values` (n,) with its percentile interval.

    Raises ValueError when there are no values, or one is not finite.
    """
    array = _checked(values)
    low, high = _interval(_resampled_means(array, rng, resamples))
    return Figure(value=float(array.mean()), low=low, high=high, n=len(array))


def paired_difference(
    new: Sequence[float], old: Sequence[float], rng: np.random.Generator, *, resamples: int = RESAMPLES
) -> Difference:
    """The mean of `new - old`, both (n,) and in the same order of questions, with its percentile interval.

    The questions are drawn again, each with both its values: the paired bootstrap of Sakai (2006),
    "Evaluating evaluation metrics based on the bootstrap", with an interval in place of the test.

    Raises ValueError when the lengths differ, there are no values, or one is not finite.
    """
    if len(new) != len(old):
        raise ValueError(f"{len(new)} new and {len(old)} old values; expected pairs")
    array = _checked(new) - _checked(old)
    low, high = _interval(_resampled_means(array, rng, resamples))
    return Difference(value=float(array.mean()), low=low, high=high, n=len(array))


def quantile_figure(
    values: Sequence[float], rng: np.random.Generator, *, q: float, resamples: int = RESAMPLES
) -> Figure:
    """The smallest of `values` (n,) that a share `q` of them, or more, does not exceed; 0 < q <= 1.

    That value is the k-th smallest, k = ceil(q n). Of n draws from {0, ..., n-1} the k-th smallest is
    floor(n U), where U, the k-th smallest of n uniform numbers, follows Beta(k, n - k + 1) (David and
    Nagaraja, 2003, "Order Statistics", section 2.1): so one Beta draw stands for a whole resample, exactly.

    Raises ValueError when there are no values, one is not finite, or q is out of range.
    """
    if not 0 < q <= 1:
        raise ValueError(f"quantile {q}; expected a share above 0, at most 1")
    array = np.sort(_checked(values))
    n = len(array)
    k = max(1, math.ceil(q * n - _ROUNDING))
    positions = np.minimum((rng.beta(k, n - k + 1, size=resamples) * n).astype(np.int64), n - 1)
    low, high = _interval(array[positions])
    return Figure(value=float(array[k - 1]), low=low, high=high, n=n)


def _checked(values: Sequence[float]) -> Values:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not len(array):
        raise ValueError(f"values of shape {array.shape}; expected at least one value a question in one row")
    if not np.isfinite(array).all():
        position = int(np.flatnonzero(~np.isfinite(array))[0])
        raise ValueError(f"value {position} is {array[position]}; expected a finite number")
    return array


def _resampled_means(values: Values, rng: np.random.Generator, resamples: int) -> Values:
    """(resamples,) means of n values drawn with replacement from `values` (n,)."""
    n = len(values)
    rows = max(1, _CHUNK_VALUES // n)
    means = np.empty(resamples)
    for start in range(0, resamples, rows):
        stop = min(start + rows, resamples)
        drawn = rng.integers(0, n, size=(stop - start, n), dtype=np.int32)
        means[start:stop] = values[drawn].mean(axis=1)
    return means


def _interval(resampled: Values) -> tuple[float, float]:
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return float(low), float(high)
