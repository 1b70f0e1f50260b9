"""How long lexical search takes over many passages: prints p50 and p95; asserts nothing.

python tests/benchmarks/bench_lexical.py [--quick] [--articles DIR] [--seed N]

The passages are made by putting sentences of real articles together anew, 5 in each. A word is then as
frequent as in the articles, however few: harder than a real corpus of this size, where most words are rare.
The queries are six words in a row of a sentence; each is asked of all passages and of a tenth of them, three
times, and its fastest time is taken, so that other programs on the machine count less.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from index.lexical import FTS_SCHEMA, LexicalResult, fts_row, insert_row, search

SENTENCES_PER_PASSAGE = 5
QUERY_WORDS = 6
K = 100
ROUNDS = 3


def load_sentences(folder: Path) -> list[str]:
    """Sentences of the .txt and .md files below the folder, roughly cut; short ones are left out."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".txt", ".md"})
    text = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
    pieces = (" ".join(piece.split()) for piece in re.split(r"(?<=[.?!])\s+|\n\s*\n", text))
    return [piece for piece in pieces if len(piece.split()) >= QUERY_WORDS]


def write_passages(conn: sqlite3.Connection, sentences: list[str], n: int, rng: random.Random) -> None:
    """Fill the tables with `n` passages in one transaction."""
    conn.executescript(FTS_SCHEMA + "CREATE TABLE passages (id INTEGER PRIMARY KEY);")
    # Each sentence is normalised once: filling the table is not what is measured.
    canonical = [fts_row(sentence, None, None, sentence) for sentence in sentences]
    for passage_id in range(1, n + 1):
        chosen = rng.choices(canonical, k=SENTENCES_PER_PASSAGE)
        day = f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        date = fts_row("", None, day, "")[2]
        insert_row(conn, passage_id, (chosen[0][0], "", date, " ".join(row[3] for row in chosen)))
        conn.execute("INSERT INTO passages VALUES (?)", (passage_id,))
    conn.commit()


def make_queries(sentences: list[str], n: int, rng: random.Random) -> list[str]:
    """Six words in a row of a random sentence."""
    queries = []
    for _ in range(n):
        words = rng.choice(sentences).replace('"', "").split()
        start = rng.randint(0, max(0, len(words) - QUERY_WORDS))
        queries.append(" ".join(words[start : start + QUERY_WORDS]))
    return queries


def measure_ms(queries: list[str], ask: Callable[[str], LexicalResult]) -> list[float]:
    """Fastest milliseconds of each query, sorted."""
    fastest = [float("inf")] * len(queries)
    for _ in range(ROUNDS):
        for number, query in enumerate(queries):
            start = time.perf_counter()
            ask(query)
            fastest[number] = min(fastest[number], (time.perf_counter() - start) * 1000)
    return sorted(fastest)


def report(label: str, times: list[float]) -> None:
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"{label:<24} n={len(times)}  p50 {p50:6.2f} ms  p95 {p95:6.2f} ms  max {times[-1]:6.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10,000 passages and 100 queries")
    parser.add_argument("--articles", type=Path, default=Path(__file__).parents[2] / "seeds", metavar="DIR")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    n_passages, n_queries = (10_000, 100) if args.quick else (100_000, 400)
    sentences = load_sentences(args.articles)
    if not sentences:
        parser.error(f"{args.articles} holds no .txt or .md file with sentences; name another folder with --articles")
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        conn = sqlite3.connect(Path(folder) / "lexical.sqlite3")
        start = time.perf_counter()
        write_passages(conn, sentences, n_passages, rng)
        seconds = time.perf_counter() - start
        print(f"{n_passages:,} passages of {len(sentences):,} sentences, filled in {seconds:.1f} s")
        queries = make_queries(sentences, n_queries, rng)
        report("all", measure_ms(queries, lambda q: search(conn, q, k=K, n_passages=n_passages)))
        tenth = ("SELECT id FROM passages WHERE id <= ?", (n_passages // 10,))
        filtered = measure_ms(queries, lambda q: search(conn, q, k=K, n_passages=n_passages, allowed_sql=tenth))
        report("filtered to a tenth", filtered)
        conn.close()


if __name__ == "__main__":
    main()
