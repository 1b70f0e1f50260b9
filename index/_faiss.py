"""Vectors on disk, searched by FAISS: the one module that imports it.

The file is written once and then only read: adding to or removing from a memory-mapped FAISS index aborts the
process instead of raising.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np

from index.arrays import Embeddings, RowIds, Scores

FACTORY = "IDMap2,SQfp16"
"""Exact inner product on half-precision codes: the recall of Flat, half its size, 2.4 times its speed."""


class FaissIndex:
    """An immutable vector file, opened for searching."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @staticmethod
    def write(path: Path, blocks: Iterable[tuple[RowIds, Embeddings]], dimension: int) -> int:
        """Write vectors and their ids to `path`; return how many.

        Args:
            path: File to make.
            blocks: Pairs of ids (n,) and unit vectors (n, dimension).
            dimension: Length of a vector.

        Raises:
            OSError: the disk is full or cannot be written to.
        """
        index = faiss.index_factory(dimension, FACTORY, faiss.METRIC_INNER_PRODUCT)
        for ids, vectors in blocks:
            index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)
        try:
            faiss.write_index(index, str(path))
        except RuntimeError as error:
            full = os.strerror(errno.ENOSPC) in str(error)
            raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error
        return int(index.ntotal)

    @classmethod
    def open(cls, path: Path) -> FaissIndex:
        """Map the file into memory.

        Raises:
            RuntimeError: FAISS cannot read it (it is cut short or not an index).
        """
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    @property
    def count(self) -> int:
        """Vectors in the file."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def ids(self) -> RowIds:
        """(n,) ids in file order."""
        id_map = self._index.id_map  # type: ignore[attr-defined]  # IndexIDMap2 has one
        return np.asarray(faiss.vector_to_array(id_map), dtype=np.int64)

    def vectors(self, ids: RowIds) -> Embeddings:
        """(n, d) vectors with these ids, which must be in the file."""
        return np.stack([self._index.reconstruct(int(i)) for i in ids]).astype(np.float32)

    def search(self, query: Embeddings, k: int, *, exclude: RowIds, allowed: RowIds | None) -> tuple[Scores, RowIds]:
        """The `k` nearest vectors.

        Args:
            query: (1, d) unit vector.
            k: How many to return at most.
            exclude: (m,) ids to pass over.
            allowed: (m,) ids to choose from; None for all.

        Returns:
            Inner products and ids, both (at most k,), best first.
        """
        selector: faiss.IDSelector | None = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.setdiff1d(allowed, exclude))
        elif exclude.size:
            selector = faiss.IDSelectorNot(faiss.IDSelectorBatch(exclude))
        # The stubs do not know the keyword; the Python wrapper keeps the selector alive only through it.
        parameters = faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
        scores, ids = self._index.search(query, min(k, self.count), params=parameters)
        found = ids[0] >= 0
        return scores[0][found], ids[0][found]
