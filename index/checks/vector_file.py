"""Does the vector file hold what SQLite holds, and does anything lie about that belongs to no index? [I/O]."""

from __future__ import annotations

from filelock import FileLock, Timeout

from index.checks.finding import REBUILD, Finding, Level, Repair, fault, ok, repairable, warning
from index.checks.store import evenly
from index.entities import IndexManifest
from index.schema import STORE_FILE
from index.store import Store
from index.vector_files import FOLDER, file_problem, read_manifest

__all__ = ["check_leftovers", "check_vector_file", "leftovers"]

_SAMPLE = 1_000
"""Vectors compared."""
_TOLERANCE = 1e-3
"""Both are copies of the same float16 numbers."""


def check_vector_file(store: Store) -> Finding:
    """The file has the size and the hash of its manifest, and agrees with SQLite."""
    if not store.has_vectors():
        return ok("there are no vectors yet")
    manifest = read_manifest(store.folder)
    problem = file_problem(store, manifest, full=True)
    if problem is None and manifest is not None:
        problem = _manifest_problem(store, manifest) or _content_problem(store, manifest)
    if problem is not None or manifest is None:
        if _is_being_written(store):  # it makes a new file current in two steps
            return warning(f"{problem}; another process is writing to the index", "look again when it has finished")
        return repairable(str(problem), Repair.VECTOR_FILE)
    if wrong := _differing(store, manifest):
        return fault(wrong, REBUILD)
    later = store.count("vectors") + store.count("tombstones") - manifest.count
    return ok(f"generation {manifest.vectors_generation}: {manifest.count} vectors, {later} more in SQLite")


def check_leftovers(store: Store) -> Finding:
    """Files of an interrupted run, or set aside by a rebuild; they may hold texts that were removed since."""
    names, aside = leftovers(store), sorted(store.folder.glob(f"{STORE_FILE}.old-*"))
    if not names and aside:
        return warning(
            f"{aside[0]} is an index that was replaced; it may hold texts that were removed since",
            f"rm {aside[0]}*, when you do not need it any more",
        )
    if not names:
        return ok("nothing was left by an interrupted run")
    if _is_being_written(store):
        return ok("another process is writing to the index")
    return repairable(f"an interrupted run left {', '.join(names)}", Repair.LEFTOVERS, Level.WARNING)


def leftovers(store: Store) -> list[str]:
    """What lies in the index folder and belongs to no index, as relative paths.

    The generation before the current one stays, because a reader may just be opening it.
    """
    home, manifest = store.folder / FOLDER, read_manifest(store.folder)
    names = ["rebuild"] if (store.folder / "rebuild").exists() else []
    if manifest is not None and home.is_dir():
        current = manifest.vectors_generation
        kept = {"manifest.json", f"{current:06d}", f"{current - 1:06d}"}
        names += sorted(f"{FOLDER}/{entry.name}" for entry in home.iterdir() if entry.name not in kept)
    return names


def _manifest_problem(store: Store, manifest: IndexManifest) -> str | None:
    last = store.meta("vectors_max_passage_id")
    if manifest.max_passage_id != last:
        return f"its manifest ends with passage {manifest.max_passage_id}, SQLite says {last}"
    for name, stated in (("encoder_sha256", manifest.encoder_sha256), ("dimension", manifest.dimension)):
        if stated != store.meta(name):
            return f"its manifest states the {name} {stated}, SQLite {store.meta(name)}"
    row = store.connection.execute("SELECT count(*) FROM vectors WHERE passage <= ?", (last,)).fetchone()
    expected = int(row[0]) + store.count("tombstones")
    if manifest.count != expected:
        return f"its manifest states {manifest.count} vectors, SQLite has {expected} for it"
    return None


def _content_problem(store: Store, manifest: IndexManifest) -> str | None:
    """Its hash is the one stated; it may still lack what SQLite has."""
    from index._faiss import FaissIndex

    try:
        index = FaissIndex.open(store.folder / FOLDER / manifest.file)
    except RuntimeError as error:
        return f"FAISS cannot open it ({error})"
    if (index.count, index.dimension) != (manifest.count, manifest.dimension):
        return f"it holds {index.count} vectors of {index.dimension} numbers, not {manifest.count}"
    rows = store.connection.execute("SELECT passage FROM vectors WHERE passage <= ?", (manifest.max_passage_id,))
    missing = len({row[0] for row in rows} - set(index.ids.tolist()))
    return f"{missing} passages are not in it" if missing else None


def _differing(store: Store, manifest: IndexManifest) -> str | None:
    """The file has the hash it was written with, so where the two differ, the row in SQLite was altered."""
    import numpy as np

    from index._faiss import FaissIndex

    rows = store.connection.execute(
        "SELECT passage FROM vectors WHERE passage <= ? AND length(vector) = ? ORDER BY passage",
        (manifest.max_passage_id, 2 * manifest.dimension),
    )
    sample = evenly([row[0] for row in rows], _SAMPLE)
    if not sample:
        return None
    index = FaissIndex.open(store.folder / FOLDER / manifest.file)
    differences = np.abs(index.vectors(np.array(sample, np.int64)) - store.vectors(sample)).max(axis=1)
    wrong = int((~(differences < _TOLERANCE)).sum())
    return f"{wrong} of {len(sample)} vectors compared were altered in SQLite" if wrong else None


def _is_being_written(store: Store) -> bool:
    lock = FileLock(store.folder / "lock")
    try:
        with lock.acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # read-only: nobody writes
        return False
