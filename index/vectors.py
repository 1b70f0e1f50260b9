"""Nearest passages by vector: an immutable file per generation, plus what changed since, exactly.

The file is a copy of SQLite's vectors up to a passage id. Passages that came later are read from SQLite and scored
exactly; passages that went are tombstones. A file that cannot be used is left aside: then all are read from SQLite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.schema import OWNER_FILE
from index.store import Store
from index.vector_files import FILE, FOLDER, file_problem, matching_manifest, read_manifest, vector_blocks

if TYPE_CHECKING:
    from index._faiss import FaissIndex
    from index.arrays import Embeddings, RowIds, Scores

__all__ = ["VectorIndex", "Vectors", "vectors_key"]


class VectorIndex(Protocol):
    """Anything that finds the nearest of a fixed set of vectors."""

    def search(self, query: Embeddings, k: int, *, exclude: RowIds, allowed: RowIds | None) -> tuple[Scores, RowIds]:
        """The `k` nearest to `query` (1, d): inner products and ids, best first."""
        ...


class Vectors:
    """The vectors of one generation of the store: file, delta and tombstones."""

    def __init__(
        self,
        base: VectorIndex | None,
        *,
        delta_ids: RowIds,
        delta: Embeddings,
        tombstones: RowIds,
        key: VectorsKey,
        problem: str | None = None,
    ) -> None:
        self.base = base
        self.delta_ids = delta_ids
        self.delta = delta
        self.tombstones = tombstones
        self.key = key
        self.problem = problem
        """Why the vector file is left aside; None when it is used, or there is nothing to keep in one."""

    @classmethod
    def open(cls, store: Store, before: Vectors | None = None) -> Vectors:
        """Open the vectors of the store's current snapshot; call it within `store.snapshot()`.

        A vector file that cannot be used is left aside: every vector is then read from SQLite, which is exact
        and slower to open.

        Args:
            store: The store.
            before: As opened for an earlier snapshot; its file is kept when it is still the one.
        """
        base, problem, key = None, None, vectors_key(store)
        if before is not None and before.base is not None and before.key[1] == key[1]:
            base = before.base
        elif store.has_vectors():
            base, problem = _open_file(store)
        after = int(store.meta("vectors_max_passage_id") or 0) if base is not None else 0
        ids, vectors = _read(store, after)
        tombstones = np.fromiter(
            (row[0] for row in store.connection.execute("SELECT passage FROM tombstones")), np.int64
        )
        return cls(base, delta_ids=ids, delta=vectors, tombstones=tombstones, key=key, problem=problem)

    def search(self, query: Embeddings, k: int, *, allowed: RowIds | None = None) -> tuple[Scores, RowIds]:
        """The `k` nearest passages, best first, ties by passage id.

        Args:
            query: (1, d) unit vector.
            k: How many to return at most.
            allowed: (m,) passage ids to choose from; None for all.
        """
        scores, ids = self._search_delta(query, allowed)
        if self.base is not None:
            found = self.base.search(query, k, exclude=self.tombstones, allowed=allowed)
            scores, ids = np.concatenate([found[0], scores]), np.concatenate([found[1], ids])
        order = np.lexsort((ids, -scores))[:k]
        return scores[order], ids[order]

    def _search_delta(self, query: Embeddings, allowed: RowIds | None) -> tuple[Scores, RowIds]:
        scores = (self.delta @ query[0]).astype(np.float32)
        if allowed is None:
            return scores, self.delta_ids
        keep = np.isin(self.delta_ids, allowed)
        return scores[keep], self.delta_ids[keep]


VectorsKey = tuple[int, str | int | None]


def vectors_key(store: Store) -> VectorsKey:
    """What has to be equal for opened vectors to belong to the store's snapshot."""
    return store.generation, store.meta("vectors_sha256")


def _open_file(store: Store) -> tuple[FaissIndex | None, str | None]:
    """The file that the store names, or None and why it cannot be used."""
    from index._faiss import FaissIndex

    manifest = matching_manifest(store)
    # A writer leaves the name of its process behind when it is killed: then the whole file is hashed.
    problem = file_problem(store, manifest or read_manifest(store.folder), full=(store.folder / OWNER_FILE).exists())
    if problem is not None or manifest is None:
        return None, problem
    try:
        index = FaissIndex.open(store.folder / FOLDER / manifest.file)
    except RuntimeError:
        return None, f"{FILE} is not a vector file"
    if (index.count, index.dimension) != (manifest.count, manifest.dimension):
        return None, f"{FILE} does not hold what its manifest states"
    return index, None


def _read(store: Store, after: int) -> tuple[RowIds, Embeddings]:
    parts = list(vector_blocks(store, after))
    if not parts:
        return np.empty(0, np.int64), np.empty((0, int(store.meta("dimension") or 0)), np.float32)
    return np.concatenate([ids for ids, _ in parts]), np.concatenate([vectors for _, vectors in parts])
