"""A vector file that cannot be used is written again by whoever notices, if nobody else is writing [I/O]."""

from __future__ import annotations

from index.errors import CorpusError, IndexLockedError
from index.store import Store
from index.vector_files import write_generation
from index.writer import Writer

__all__ = ["write_vectors_again"]


def write_vectors_again(store: Store, problem: str) -> str | None:
    """Make the vector file again from SQLite without waiting and without embedding.

    Args:
        store: Whose file it is; it may be in a snapshot, which stays as it is.
        problem: What is wrong with the file.

    Returns:
        What was done, to be told to the person; None when there is nothing to tell.
    """
    try:
        with Writer.open(store.folder, wait_s=0) as writer:
            write_generation(writer)
    except IndexLockedError as error:
        if not store.meta("vectors_sha256"):
            return None  # no file yet: the first sync, or a rebuild, is about to write it
        return _left(problem, error)
    except CorpusError as error:
        return _left(problem, error)
    return f"the vector file could not be used ({problem}); it was made again from SQLite, nothing was embedded"


def _left(problem: str, error: CorpusError) -> str:
    return f"the vector file cannot be used ({problem}), so all vectors are read from SQLite: {error}"
