"""The vector file of each generation: written, checked and made current [I/O].

SQLite names the file it belongs to by SHA-256, so a file that is missing, cut short or of another generation is
noticed when it is opened, and made again without embedding.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.disk import disk_errors
from index.entities import IndexManifest
from index.store import Store
from index.writer import Writer

if TYPE_CHECKING:
    from index.arrays import Embeddings, RowIds

__all__ = [
    "FILE",
    "FOLDER",
    "file_problem",
    "matching_manifest",
    "merge_due",
    "read_manifest",
    "refresh",
    "vector_blocks",
    "write_generation",
]

FOLDER = "vectors"
FILE = "base.faiss"
MANIFEST = "manifest.json"
"""Lies in `FOLDER` for the current generation, and in each generation's own folder."""
_BLOCK = 16_384
"""Vectors read from SQLite at a time: 12 MiB as float16 with 384 dimensions."""
MERGE_SHARE = 0.1
"""A new file is due when more than this share of its vectors came or went since it was written."""


def read_manifest(folder: Path) -> IndexManifest | None:
    """The manifest of the vector file of an index folder; None when there is none that can be read."""
    return _load_manifest(folder / FOLDER / MANIFEST)


def matching_manifest(store: Store) -> IndexManifest | None:
    """The manifest of the vector file that the store's snapshot names; None when there is none.

    While a writer makes a new file current, or after it was killed there, it is the one before.
    """
    home = store.folder / FOLDER
    names = [MANIFEST, *(f"{number:06d}/{MANIFEST}" for number in sorted(_generations(store.folder), reverse=True))]
    for name in names:
        manifest = _load_manifest(home / name)
        if manifest is not None and manifest.sha256 == store.meta("vectors_sha256"):
            return manifest
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


def refresh(writer: Writer) -> None:
    """Write a new vector file when one is due; clear away what killed runs left.

    Raises:
        CorpusError: the disk is full, or cannot be written to.
    """
    manifest = read_manifest(writer.folder)
    if writer.has_vectors() and merge_due(writer, manifest):
        write_generation(writer)
    elif manifest is not None:
        _remove_generations(writer.folder, keep={manifest.vectors_generation, manifest.vectors_generation - 1})


def merge_due(store: Store, manifest: IndexManifest | None) -> bool:
    """Whether a new vector file should be written; the present one is read and hashed for that."""
    if manifest is None or file_problem(store, manifest, full=True) is not None:
        return True
    row = store.connection.execute(
        "SELECT count(*) FROM vectors WHERE passage > ?", (manifest.max_passage_id,)
    ).fetchone()
    return int(row[0]) + store.count("tombstones") > MERGE_SHARE * manifest.count


def write_generation(writer: Writer) -> IndexManifest:
    """Write all vectors of the store to a new generation folder and make it the current one.

    The folder is synced to disk before the manifest is replaced, and SQLite names the new file last; killed in
    between, readers go on with the file before, and the next sync makes a new one.

    Raises:
        CorpusError: the disk is full, or cannot be written to.
    """
    before = matching_manifest(writer)
    kept = {before.vectors_generation} if before else set[int]()
    _remove_generations(writer.folder, keep=kept)  # left by killed runs: on a full disk, room for this one
    number = max(kept | {0, *_generations(writer.folder)}) + 1
    folder = writer.folder / FOLDER / f"{number:06d}"
    with disk_errors(writer.folder):
        try:
            manifest = _write_folder(writer, folder, number)
            _write_manifest(folder.parent / MANIFEST, manifest)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    with writer.transaction():
        writer.set_meta("vectors_sha256", manifest.sha256)
        writer.set_meta("vectors_max_passage_id", manifest.max_passage_id)
        writer.connection.execute("DELETE FROM tombstones")
    _remove_generations(writer.folder, keep=kept | {number})  # a reader may just be opening the one before
    return manifest


def _write_folder(writer: Writer, folder: Path, number: int) -> IndexManifest:
    from index._faiss import FACTORY, FaissIndex

    folder.mkdir(parents=True)
    path = folder / FILE
    with writer.snapshot():
        dimension = int(writer.meta("dimension") or 0)
        row = writer.connection.execute("SELECT coalesce(max(passage), 0) FROM vectors").fetchone()
        count = FaissIndex.write(path, vector_blocks(writer), dimension)
    _sync(path)
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
    _write_manifest(folder / MANIFEST, manifest)
    return manifest


def _write_manifest(path: Path, manifest: IndexManifest) -> None:
    temporary = path.with_name(f"{path.name}.new")
    temporary.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    _sync(temporary)
    temporary.replace(path)
    _sync(path.parent)


def _load_manifest(path: Path) -> IndexManifest | None:
    try:
        return IndexManifest(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def vector_blocks(store: Store, after: int = 0) -> Iterator[tuple[RowIds, Embeddings]]:
    """Ids (n,) and vectors (n, d) of passages with an id greater than `after`, in order."""
    cursor = store.connection.execute(
        "SELECT passage, vector FROM vectors WHERE passage > ? ORDER BY passage", (after,)
    )
    while rows := cursor.fetchmany(_BLOCK):
        vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f2").reshape(len(rows), -1)
        yield np.array([row[0] for row in rows], dtype=np.int64), vectors.astype(np.float32)


def _generations(folder: Path) -> list[int]:
    home = folder / FOLDER
    return [int(entry.name) for entry in home.iterdir() if entry.name.isdecimal()] if home.is_dir() else []


def _remove_generations(folder: Path, *, keep: set[int]) -> None:
    for number in set(_generations(folder)) - keep:
        shutil.rmtree(folder / FOLDER / f"{number:06d}", ignore_errors=True)


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
