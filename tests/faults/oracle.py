"""What must hold of an index whatever happened to the process that wrote it; reads the files, not the product.

Works on a copy, because opening a SQLite file after a kill already repairs it.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from index.arrays import Embeddings
from index.segment import passage_prefix
from tests.faults.corpus import LAST, is_whole

Encode = Callable[[Sequence[str]], Embeddings]
Rows = list[tuple[Any, ...]]


@contextmanager
def opened_copy(folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a copy of the index as a dead process left it."""
    with tempfile.TemporaryDirectory() as scratch:
        for file in folder.glob("corpus.sqlite*"):
            shutil.copy(file, scratch)
        connection = sqlite3.connect(Path(scratch) / "corpus.sqlite", isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()


def consistency_problems(folder: Path, encode: Encode | None = None) -> list[str]:
    """Everything that is wrong with what was committed; `encode` recomputes the vectors."""
    if not (folder / "corpus.sqlite").exists():
        return []
    with opened_copy(folder) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return []
        problems = _structure(connection)
        for key, *fields in connection.execute("SELECT key, id, text, text_sha256 FROM articles").fetchall():
            article_id, content, sha256 = fields
            problems += [f"{article_id}: {p}" for p in _article(connection, key, article_id, content, sha256)]
        if encode is not None:
            problems += _vectors(connection, encode)
        return problems


def _structure(connection: sqlite3.Connection) -> list[str]:
    problems = []
    for pragma in ("integrity_check", "foreign_key_check"):
        rows = connection.execute(f"PRAGMA {pragma}").fetchall()
        if rows not in ([], [("ok",)]):
            problems.append(f"{pragma}: {rows[:3]}")
    try:
        connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        problems.append(f"full-text index: {error}")
    for what, sql in {
        "passages without a vector": "SELECT id FROM passages EXCEPT SELECT passage FROM vectors",
        "vectors without a passage": "SELECT passage FROM vectors EXCEPT SELECT id FROM passages",
        "passages without a full-text row": "SELECT id FROM passages EXCEPT SELECT id FROM passages_fts_docsize",
        "full-text rows without a passage": "SELECT id FROM passages_fts_docsize EXCEPT SELECT id FROM passages",
        "tombstones of passages that are there": "SELECT passage FROM tombstones INTERSECT SELECT id FROM passages",
        "articles that lie nowhere": "SELECT id FROM articles WHERE key NOT IN (SELECT article FROM places)",
        "articles that nothing is found by": "SELECT key FROM articles EXCEPT SELECT article FROM shingles",
        "hashes of articles that are gone": "SELECT article FROM shingles EXCEPT SELECT key FROM articles",
        "stories of one article": "SELECT earliest FROM stories GROUP BY earliest HAVING count(*) < 2",
        "stories without their earliest article": "SELECT earliest FROM stories EXCEPT "
        "SELECT article FROM stories WHERE article = earliest",
        "files that were read and hold nothing": "SELECT path FROM files WHERE mtime_ns >= 0 AND problem IS NULL "
        "AND left_out = 0 AND key NOT IN (SELECT file FROM places)",
    }.items():
        rows = connection.execute(sql).fetchall()
        if rows:
            problems.append(f"{what}: {rows[:3]}")
    return problems


def _article(connection: sqlite3.Connection, key: int, article_id: str, content: str, sha256: str) -> Iterator[str]:
    if not is_whole(content):
        yield "the text is not whole"
    digest = hashlib.sha256(content.encode()).hexdigest()
    if (digest, digest[:12]) != (sha256, article_id):
        yield "the text does not have its hash"
    sentences = connection.execute(
        'SELECT number, start, "end" FROM sentences WHERE article = ? ORDER BY number', (key,)
    ).fetchall()
    slices = [content[start:end] for _, start, end in sentences]
    if [number for number, _, _ in sentences] != list(range(1, len(sentences) + 1)):
        yield "sentence numbers have gaps"
    if any(part != part.strip() or not part.endswith(".") for part in slices):
        yield "a sentence is not a sentence"
    if "".join("".join(slices).split()) != "".join(content.split()):
        yield "the sentences are not the text"
    yield from _passages(connection, key, sentences, content)


def _passages(connection: sqlite3.Connection, key: int, sentences: Rows, content: str) -> Iterator[str]:
    passages = connection.execute(
        'SELECT id, first_sentence, last_sentence, start, "end" FROM passages WHERE article = ? ORDER BY id', (key,)
    ).fetchall()
    covered: set[int] = set()
    for _, first, last, start, end in passages:
        covered.update(range(first, last + 1))
        if (start, end) != (sentences[first - 1][1], sentences[last - 1][2]):
            yield "a passage is not its sentences"
    if covered != set(range(1, len(sentences) + 1)):
        yield "the passages do not cover the sentences"
    last_sentence = LAST.search(content)
    word = last_sentence[1] if last_sentence else "missing"
    found = connection.execute("SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? ORDER BY rowid", (word,))
    if found.fetchall() != [(row[0],) for row in passages]:
        yield f"searching {word} does not find the passages"


def _vectors(connection: sqlite3.Connection, encode: Encode) -> list[str]:
    rows = connection.execute(
        'SELECT a.title, a.outlet, a.date, a.text, p.start, p."end", p.id, v.vector FROM passages p '
        "JOIN articles a ON a.key = p.article JOIN vectors v ON v.passage = p.id"
    ).fetchall()
    if not rows:
        return []
    texts = [f"{passage_prefix(title, outlet, date)}\n{t[a:b]}" for title, outlet, date, t, a, b, _, _ in rows]
    stored = np.stack([np.frombuffer(row[7], "<f2") for row in rows])
    wrong = np.flatnonzero((stored != encode(texts).astype("<f2")).any(axis=1))
    return [f"passage {rows[i][6]} has the vector of another text" for i in wrong[:3]]


def logical_dump(folder: Path) -> tuple[dict[str, Rows], Embeddings]:
    """All that a person can tell of an index: its rows without times and row ids, and its vectors in their order."""
    queries = {
        "meta": "SELECT key, value FROM meta WHERE key IN "
        "('format_version', 'encoder_id', 'encoder_sha256', 'dimension') ORDER BY key",
        "sources": "SELECT path, is_file FROM sources ORDER BY path",
        "files": "SELECT s.path, f.path, f.size, f.sha256, f.encoding, f.format, f.problem, f.left_out FROM files f "
        "JOIN sources s ON s.key = f.source ORDER BY s.path, f.path",
        "articles": "SELECT id, title, title_given, text, date, author, outlet, url, language, text_sha256 "
        "FROM articles ORDER BY id",
        "places": "SELECT f.path, p.member, a.id FROM places p JOIN files f ON f.key = p.file "
        "JOIN articles a ON a.key = p.article ORDER BY f.path, p.member",
        "sentences": 'SELECT a.id, s.number, s.start, s."end", s.page FROM sentences s '
        "JOIN articles a ON a.key = s.article ORDER BY a.id, s.number",
        "passages": 'SELECT a.id, p.first_sentence, p.last_sentence, p.start, p."end" FROM passages p '
        "JOIN articles a ON a.key = p.article ORDER BY a.id, p.start",
        "shingles": "SELECT h.hash, a.id FROM shingles h JOIN articles a ON a.key = h.article ORDER BY h.hash, a.id",
        "stories": "SELECT a.id, e.id FROM stories s JOIN articles a ON a.key = s.article "
        "JOIN articles e ON e.key = s.earliest ORDER BY a.id",
    }
    with opened_copy(folder) as connection:
        dump = {name: connection.execute(sql).fetchall() for name, sql in queries.items()}
        rows = connection.execute(
            "SELECT v.vector FROM vectors v JOIN passages p ON p.id = v.passage JOIN articles a ON a.key = p.article "
            "ORDER BY a.id, p.start"
        ).fetchall()
    return dump, np.stack([np.frombuffer(row[0], "<f2") for row in rows]).astype(np.float32)


def least_cosine(one: Embeddings, other: Embeddings) -> float:
    """The smallest cosine of two (n, d) arrays, row by row."""
    products = (one * other).sum(axis=1)
    return float((products / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)).min())


def traces(folder: Path, words: set[str]) -> list[str]:
    """Words that some file below `folder` still holds."""
    held = set()
    for file in folder.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        held |= {word for word in words if word.encode() in data}
    return sorted(held)


def leftovers(folder: Path) -> list[str]:
    """What a finished sync should have cleared away."""
    generations = [entry.name for entry in (folder / "vectors").iterdir() if entry.is_dir()]
    found = [entry.name for entry in folder.rglob("*.new")]
    if (folder / "rebuild").exists():
        found.append("rebuild")
    return found if len(generations) <= 2 else [*found, *generations]
