"""Is the SQLite file sound, and does it hold of each article everything it should? [I/O].

SQLite keeps no checksums: an altered byte within a text is a valid row. Texts are therefore hashed, offsets
compared with the text they point into, and vectors measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.checks.finding import REBUILD, Finding, Repair, fault, ok, repairable
from index.store import Store

__all__ = ["check_articles", "check_slices", "check_sqlite", "check_tombstones", "check_vectors", "evenly", "named"]

_NAMED = 3
"""Problems named in a finding; the others are counted."""
_SAMPLE = 2_000
"""Vectors measured."""
_LENGTH_TOLERANCE = 5e-3
"""Of a unit vector kept as float16."""


def check_sqlite(store: Store) -> Finding:
    """SQLite's own checks: pages, indexes, and references from one table to another."""
    messages = [str(row[0]) for row in store.connection.execute("PRAGMA integrity_check(20)")]
    # From 3.44 on it looks into full-text tables too; those have a check and a remedy of their own.
    problems = [message for message in messages if message != "ok" and "FTS5" not in message]
    problems += [
        f"a row of {table} refers to a missing row of {parent}"
        for table, _, parent, _ in store.connection.execute("PRAGMA foreign_key_check")
    ]
    return fault(named(problems), REBUILD) if problems else ok("SQLite finds no error in its file")


def check_articles(store: Store) -> Finding:
    """Each text has the SHA-256 it was stored with, and the id made from it."""
    count, altered = 0, []
    for article_id, text, sha256 in store.connection.execute("SELECT id, text, text_sha256 FROM articles"):
        count += 1
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            altered.append(f"the text of {article_id} is not the one that was indexed")
        elif article_id != sha256[:12]:
            altered.append(f"{article_id} is not the id of its text, which is {sha256[:12]}")
    return fault(named(altered), REBUILD) if altered else ok(f"the texts of {count} articles have their hashes")


def check_slices(store: Store) -> Finding:
    """Each article lies somewhere, and its sentences and passages are slices of its text, in order."""
    problems = list(_slice_problems(store))
    if problems:
        return fault(named(problems), REBUILD)
    return ok(f"{store.count('sentences')} sentences and {store.count('passages')} passages are slices of their texts")


def check_vectors(store: Store) -> Finding:
    """Each passage has one vector of the right size, finite and (sampled) of unit length."""
    connection = store.connection
    dimension = int(store.meta("dimension") or 0)
    counts = {
        "passages have no vector": "SELECT count(*) FROM passages WHERE id NOT IN (SELECT passage FROM vectors)",
        "vectors belong to no passage": "SELECT count(*) FROM vectors WHERE passage NOT IN (SELECT id FROM passages)",
        f"vectors do not have {dimension} numbers": "SELECT count(*) FROM vectors "
        f"WHERE length(vector) != {2 * dimension}",
    }
    found = {what: int(connection.execute(sql).fetchone()[0]) for what, sql in counts.items()}
    if any(found.values()):
        return fault(", ".join(f"{count} {what}" for what, count in found.items() if count), REBUILD)
    ids = evenly([row[0] for row in connection.execute("SELECT passage FROM vectors ORDER BY passage")], _SAMPLE)
    if bad := _not_unit(store, ids):
        return fault(f"the vectors of {bad} of {len(ids)} passages looked at are not of unit length", REBUILD)
    return ok(f"{store.count('vectors')} vectors of {dimension} numbers, one per passage")


def check_tombstones(store: Store) -> Finding:
    """Tombstones stand for removed passages of the vector file only; any other would hide a living passage."""
    last = int(store.meta("vectors_max_passage_id") or 0)
    row = store.connection.execute(
        "SELECT count(*) FROM tombstones WHERE passage > ? OR passage IN (SELECT id FROM passages)", (last,)
    ).fetchone()
    if row[0]:
        return repairable(f"{row[0]} tombstones stand for passages that were not removed", Repair.VECTOR_FILE)
    return ok(f"{store.count('tombstones')} removed passages are still in the vector file, and passed over")


def evenly(ids: Sequence[int], most: int) -> list[int]:
    """At most `most` of the ids, evenly spread over all of them."""
    return [ids[position * len(ids) // most] for position in range(most)] if len(ids) > most else list(ids)


def _slice_problems(store: Store) -> Iterator[str]:
    connection = store.connection
    for key, article_id, text in connection.execute("SELECT key, id, text FROM articles"):
        sentences = connection.execute(
            'SELECT number, start, "end" FROM sentences WHERE article = ? ORDER BY number', (key,)
        ).fetchall()
        passages = connection.execute(
            'SELECT first_sentence, last_sentence, start, "end" FROM passages WHERE article = ?', (key,)
        ).fetchall()
        problem = _sentence_problem(sentences, len(text)) or _passage_problem(sentences, passages)
        if problem is None and not connection.execute("SELECT 1 FROM places WHERE article = ?", (key,)).fetchone():
            problem = "lies in no file"
        if problem is not None:
            yield f"{article_id} {problem}"


def _sentence_problem(sentences: list[tuple[int, int, int]], length: int) -> str | None:
    if not sentences:
        return "has no sentences"
    if [number for number, _, _ in sentences] != list(range(1, len(sentences) + 1)):
        return "lacks some of its sentences"
    inside = all(0 <= start < end <= length for _, start, end in sentences)
    if not inside or any(left[2] > right[1] for left, right in pairwise(sentences)):
        return "has sentences that overlap or lie outside its text"
    return None


def _passage_problem(sentences: list[tuple[int, int, int]], passages: list[tuple[int, int, int, int]]) -> str | None:
    covered = set[int]()
    for first, last, start, end in passages:
        if not 1 <= first <= last <= len(sentences):
            return "has a passage of sentences that are not there"
        if (start, end) != (sentences[first - 1][1], sentences[last - 1][2]):
            return "has a passage that does not begin and end with its sentences"
        covered.update(range(first, last + 1))
    return None if len(covered) == len(sentences) else "has sentences that are in no passage"


def _not_unit(store: Store, ids: Sequence[int]) -> int:
    import numpy as np

    lengths = np.linalg.norm(store.vectors(ids), axis=1) if ids else np.empty(0)
    return int((~(np.abs(lengths - 1) < _LENGTH_TOLERANCE)).sum())  # written so that NaN counts as wrong


def named(problems: Sequence[str]) -> str:
    """The first of some problems, and how many more there are."""
    more = f", and {len(problems) - _NAMED} more" if len(problems) > _NAMED else ""
    return "; ".join(problems[:_NAMED]) + more
