"""Nearest passages by vector: an immutable file per generation, plus what changed since, exactly [I/O].

The file is a copy of SQLite's vectors up to `max_passage_id`. Passages that came later are read from SQLite and
scored exactly; passages that went are tombstones. SQLite names the file it belongs to by SHA-256, so a file that
is missing, cut short or of another generation is noticed when it is opened, and made again without embedding.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.entities import IndexManifest
from index.store import Store
from index.writer import Writer

if TYPE_CHECKING:
    from index.arrays import Embeddings, RowIds, Scores

__all__ = [
    "VectorIndex",
    "Vectors",
    "file_problem",
    "merge_due",
    "read_manifest",
    "write_generation",
]

FOLDER = "vectors"
FILE = "base.faiss"
_BLOCK = 16_384
"""Vectors read from SQLite at a time: 12 MiB as float16 with 384 dimensions."""
MERGE_SHARE = 0.1
"""A new file is due when more than this share of its vectors came or went since it was written."""


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
    ) -> None:
        self.base = base
        self.delta_ids = delta_ids
        self.delta = delta
        self.tombstones = tombstones
        self.key = key

    @classmethod
    def open(cls, store: Store) -> Vectors:
        """Open the vectors of the store's current snapshot; call it within `store.snapshot()`.

        A vector file that cannot be used is left aside: every vector is then read from SQLite, which is exact
        and slower to open.
        """
        manifest = read_manifest(store.folder)
        base = None
        if manifest is not None and file_problem(store, manifest) is None:
            from index._faiss import FaissIndex

            try:
                base = FaissIndex.open(store.folder / FOLDER / manifest.file)
            except RuntimeError:
                base = None
        after = manifest.max_passage_id if base is not None and manifest is not None else 0
        ids, vectors = _read(store, after)
        tombstones = np.fromiter(
            (row[0] for row in store.connection.execute("SELECT passage FROM tombstones")), np.int64
        )
        return cls(base, delta_ids=ids, delta=vectors, tombstones=tombstones, key=vectors_key(store))

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


def read_manifest(folder: Path) -> IndexManifest | None:
    """The manifest of the vector file of an index folder; None when there is none that can be read."""
    try:
        fields = json.loads((folder / FOLDER / "manifest.json").read_text(encoding="utf-8"))
        return IndexManifest(**fields)
    except (OSError, ValueError, TypeError):
        return None


def file_problem(store: Store, manifest: IndexManifest | None, *, full: bool = False) -> str | None:
    """Why the vector file cannot be used with this store; None when it can.

    Args:
        store: The store it must belong to.
        manifest: As read from disk.
        full: Hash the file too, not only its size.
    """
    if manifest is None:
        return "its manifest is missing or cannot be read"
    if store.meta("vectors_sha256") != manifest.sha256:
        return "it belongs to another generation of the index"
    path = store.folder / FOLDER / manifest.file
    try:
        size = path.stat().st_size
    except OSError:
        return f"{path.name} is missing"
    if size != manifest.size_bytes:
        return f"{path.name} has {size} bytes instead of {manifest.size_bytes}"
    if full and _sha256(path) != manifest.sha256:
        return f"{path.name} does not have the hash that its manifest states"
    return None


def merge_due(store: Store, manifest: IndexManifest | None) -> bool:
    """Whether a new vector file should be written."""
    if manifest is None or file_problem(store, manifest) is not None:
        return True
    row = store.connection.execute(
        "SELECT count(*) FROM vectors WHERE passage > ?", (manifest.max_passage_id,)
    ).fetchone()
    return int(row[0]) + store.count("tombstones") > MERGE_SHARE * manifest.count


def write_generation(writer: Writer) -> IndexManifest:
    """Write all vectors of the store to a new generation folder and make it the current one.

    The folder is synced to disk before the manifest is replaced, and SQLite names the new file last; killed in
    between, the next opening sees files that do not match and makes them again.
    """
    from index._faiss import FACTORY, FaissIndex

    before = read_manifest(writer.folder)
    number = max([before.vectors_generation if before else 0, *_generations(writer.folder)]) + 1
    home = writer.folder / FOLDER
    folder = home / f"{number:06d}"
    folder.mkdir(parents=True)
    path = folder / FILE
    with writer.snapshot():
        dimension = int(writer.meta("dimension") or 0)
        row = writer.connection.execute("SELECT coalesce(max(passage), 0) FROM vectors").fetchone()
        count = FaissIndex.write(path, _blocks(writer), dimension)
    manifest = IndexManifest(
        format_version=1,
        vectors_generation=number,
        store_generation=writer.generation,
        count=count,
        dimension=dimension,
        max_passage_id=int(row[0]),
        encoder_id=str(writer.meta("encoder_id")),
        encoder_sha256=str(writer.meta("encoder_sha256")),
        factory=FACTORY,
        file=f"{folder.name}/{FILE}",
        size_bytes=path.stat().st_size,
        sha256=_sha256(path),
    )
    _sync(path)
    _sync(folder)
    temporary = home / "manifest.json.new"
    temporary.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    _sync(temporary)
    temporary.replace(home / "manifest.json")
    _sync(home)
    with writer.transaction():
        writer.set_meta("vectors_sha256", manifest.sha256)
        writer.set_meta("vectors_max_passage_id", manifest.max_passage_id)
        writer.connection.execute("DELETE FROM tombstones")
    for old in _generations(writer.folder):
        if old < number - 1:  # a reader may just be opening the one before
            shutil.rmtree(home / f"{old:06d}", ignore_errors=True)
    return manifest


def _read(store: Store, after: int) -> tuple[RowIds, Embeddings]:
    parts = list(_blocks(store, after))
    if not parts:
        return np.empty(0, np.int64), np.empty((0, int(store.meta("dimension") or 0)), np.float32)
    return np.concatenate([ids for ids, _ in parts]), np.concatenate([vectors for _, vectors in parts])


def _blocks(store: Store, after: int = 0) -> Iterator[tuple[RowIds, Embeddings]]:
    cursor = store.connection.execute(
        "SELECT passage, vector FROM vectors WHERE passage > ? ORDER BY passage", (after,)
    )
    while rows := cursor.fetchmany(_BLOCK):
        vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f2").reshape(len(rows), -1)
        yield np.array([row[0] for row in rows], dtype=np.int64), vectors.astype(np.float32)


def _generations(folder: Path) -> list[int]:
    home = folder / FOLDER
    return [int(entry.name) for entry in home.iterdir() if entry.name.isdecimal()] if home.is_dir() else []


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows cannot sync a folder
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
