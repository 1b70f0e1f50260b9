"""The arrays that travel between modules: dtype and shape in one place."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Embeddings: TypeAlias = npt.NDArray[np.float32]
"""(n, d) float32, rows of unit length, so an inner product is a cosine."""

Vector: TypeAlias = npt.NDArray[np.float32]
"""(d,) float32 of unit length."""

Scores: TypeAlias = npt.NDArray[np.float32]
"""(n,) float32, higher is better."""

RowIds: TypeAlias = npt.NDArray[np.int64]
"""(n,) int64 passage ids."""

Shingles: TypeAlias = npt.NDArray[np.uint64]
"""(n,) hashes of runs of words."""
