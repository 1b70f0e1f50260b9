"""How long rewriting a follow-up question takes in a large corpus: prints p50 and p95; asserts nothing.

python -m tests.benchmarks.bench_followup [--passages N] [--seed N]

The passages are made as in bench_lexical; the conversations are those of tests/data, their turns answered with the gold
sentence. Each last question is rewritten three times and its fastest time is taken. Nothing is kept between questions.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from functools import cache, partial
from pathlib import Path

from index.lexical import rarity
from qa.eval.datasets import GoldConversation, read_conversations
from qa.followup import PastTurn, rewrite
from qa.followup.phrases import phrases
from tests.benchmarks.bench_lexical import load_sentences, write_passages

ROOT = Path(__file__).parents[2]
ROUNDS = 3


def conversations() -> list[GoldConversation]:
    found = []
    for name in ("conversations-dev.jsonl", "conversations-held-out.jsonl"):
        read = read_conversations(ROOT / "tests/data" / name)
        found += [one for one in read if isinstance(one, GoldConversation)] if isinstance(read, tuple) else []
    return found


def fastest_ms(one: GoldConversation, conn: sqlite3.Connection, n: int) -> float:
    past = []
    for turn in one.turns[:-1]:
        said = turn.sentences[0].sentence if turn.sentences else ""
        past.append(PastTurn(question=turn.standalone, answer=said, quotes=(said,)))
    times = []
    for _ in range(ROUNDS):
        phrases.cache_clear()
        rare = cache(partial(rarity, conn, n_passages=n))
        started = time.perf_counter()
        rewrite(one.turns[-1].question, past, rare)
        times.append((time.perf_counter() - started) * 1000)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        conn = sqlite3.connect(Path(folder) / "bench.sqlite")
        write_passages(conn, load_sentences(ROOT / "seeds"), arguments.passages, random.Random(arguments.seed))
        times = sorted(fastest_ms(one, conn, arguments.passages) for one in conversations())
        conn.close()
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"{arguments.passages:,} passages, n = {len(times)}")
    print(f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, most {times[-1]:.1f} ms")


if __name__ == "__main__":
    main()
