"""A run -> the lines of a TREC run file, which trec_eval and ir-measures read [I/O].

trec_eval ignores the rank column, keeps scores as 32-bit floats and breaks ties by descending id. So that it
sees our order, a score that is not below the one before it by that precision is written as the next smaller
32-bit float.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.errors import InputError
from qa.eval.metrics.ranking import Run, rank

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["run_lines", "write_run"]


def run_lines(run: Run, *, tag: str) -> Iterator[str]:
    """`question-id Q0 document-id rank score tag`, ranks from 1, ordered by (-score, id).

    Raises InputError when an id holds white space, which separates the columns, and ValueError for a score
    that is not a number.
    """
    for question_id, scores in run.items():
        ranking = rank(scores)
        for name in (question_id, tag, *ranking):
            if name.split() != [name]:
                raise InputError(f'"{name}" cannot stand in a TREC run: it is empty or holds white space; rename it')
        falling = _falling(scores, ranking)
        for position, (document_id, score) in enumerate(zip(ranking, falling, strict=True), start=1):
            yield f"{question_id} Q0 {document_id} {position} {score:.9g} {tag}"


def write_run(path: Path, run: Run, *, tag: str) -> None:
    """Writes the lines of a run. Raises InputError for an id with white space, or a file it cannot write."""
    lines = [f"{line}\n" for line in run_lines(run, tag=tag)]
    try:
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(lines)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}); choose another file") from None


def _falling(scores: Mapping[str, float], ranking: tuple[str, ...]) -> list[float]:
    """Scores in the order of the ranking, each below the one before it as a 32-bit float."""
    falling: list[float] = []
    previous = np.float32(np.inf)
    for document_id in ranking:
        previous = min(np.float32(scores[document_id]), np.nextafter(previous, np.float32(-np.inf)))
        falling.append(float(previous))
    return falling
