"""Many questions -> the few that `--limit` and `--seed` ask for. Pure; randomness is handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from index.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

__all__ = ["sample"]

T = TypeVar("T")


def sample(items: Sequence[T], limit: int | None, rng: np.random.Generator) -> tuple[T, ...]:
    """`limit` items drawn without replacement, in their own order; all when `limit` is None or larger.

    With the same seed a smaller sample is part of a larger one. Raises InputError when `limit` is below 1.
    """
    if limit is not None and limit < 1:
        raise InputError(f"--limit {limit}: expected at least 1; leave it out to take all")
    if limit is None or limit >= len(items):
        return tuple(items)
    return tuple(items[position] for position in sorted(rng.permutation(len(items))[:limit].tolist()))
