"""How well and how fast copies are linked: prints precision, recall, times and sizes; asserts nothing.

python tests/benchmarks/bench_stories.py [--articles N] [--seed N] [--encoder CACHE]

First three times 2,000 generated articles whose stories are known, then N of them in one index: milliseconds of
processor time to link an article when it comes and to unlink it when it goes, bytes of the two tables, most memory of
the process. With --encoder, which share of indexing 200 of them with the packaged model is linking.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock

from index import article_rows
from index.encode import load_encoder
from index.model_files import resolve_model
from index.schema import create
from index.store import Store
from index.story_rows import join_story, leave_story, regroup
from index.sync import SyncOptions, sync
from index.writer import Writer
from tests.stories_generated import Known, events, generated

MEASURED = 2_000
PART = 10_000
"""Articles per transaction and per line printed."""
REMOVED = 500
ENCODED = 200


def put(store: Store, article: int, known: Known) -> None:
    """Store what `join_story` reads of an article."""
    store.connection.execute(
        "INSERT INTO articles (key, id, title, title_given, language, sha256, text_sha256, text) "
        "VALUES (?, ?, '', 0, 'en', '', '', ?)",
        (article, f"{article:012x}", known.text),
    )
    store.connection.execute("INSERT INTO sentences VALUES (?, 1, 0, ?, NULL)", (article, len(known.text)))


def add(store: Store, first: int, articles: list[Known]) -> float:
    """Add articles in one transaction; return the processor seconds that linking took."""
    seconds = 0.0
    store.connection.execute("BEGIN IMMEDIATE")
    for article, known in enumerate(articles, start=first):
        put(store, article, known)
        started = time.process_time()
        join_story(store, article)
        seconds += time.process_time() - started
    store.connection.execute("COMMIT")
    return seconds


def pairs(groups: Counter[object]) -> int:
    """Pairs within the groups."""
    return sum(n * (n - 1) // 2 for n in groups.values())


def quality(store: Store, stories: list[int]) -> str:
    """Precision and recall of the linked pairs; article n tells the n-th of the stories."""
    found = dict(store.connection.execute("SELECT article, earliest FROM stories"))
    right = pairs(Counter[object]((found[n], story) for n, story in enumerate(stories, start=1) if n in found))
    said, there = pairs(Counter[object](found.values())), pairs(Counter[object](stories))
    return f"precision {right / said:.4f} (of {said} linked pairs)  recall {right / there:.4f} (of {there})"


def remove(store: Store, articles: list[int]) -> float:
    """Unlink articles one by one; return the processor seconds that took."""
    started = time.process_time()
    store.connection.execute("BEGIN IMMEDIATE")
    for article in articles:
        left = leave_story(store, article)
        store.connection.execute("DELETE FROM sentences WHERE article = ?", (article,))
        store.connection.execute("DELETE FROM articles WHERE key = ?", (article,))
        regroup(store, [left])
    store.connection.execute("COMMIT")
    return time.process_time() - started


def table_bytes(store: Store) -> int:
    """Bytes of the tables of stories: pages that are used in a copy without the others."""
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = store.connection.execute("PRAGMA page_count").fetchone()[0]
    free = store.connection.execute("PRAGMA freelist_count").fetchone()[0]
    store.connection.execute("DROP TABLE shingles")
    store.connection.execute("DROP TABLE stories")
    after = store.connection.execute("PRAGMA freelist_count").fetchone()[0]
    size = store.connection.execute("PRAGMA page_size").fetchone()[0]
    assert before >= after
    return int((after - free) * size)


def measure_quality(seed: int) -> None:
    """Link 2,000 articles and print how well that went."""
    articles = generated(MEASURED, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(create(Path(folder) / "corpus.sqlite"), Path(folder))
        seconds = add(store, 1, articles)
        found = quality(store, [known.story for known in articles])
        print(f"n={MEASURED} seed={seed}  {found}  {1000 * seconds / MEASURED:.2f} ms per article")
        store.close()


def measure_size(n: int, seed: int) -> None:
    """Link `n` articles, unlink some, and print times and sizes."""
    made, stories = islice(events(seed=seed), n), list[int]()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(create(Path(folder) / "corpus.sqlite"), Path(folder))
        while part := list(islice(made, PART)):
            seconds = add(store, len(stories) + 1, part)
            stories += [known.story for known in part]
            print(f"{len(stories):>7} articles: {1000 * seconds / len(part):.2f} ms per article to link", flush=True)
        print(quality(store, stories))
        gone = random.Random(seed).sample(range(1, n + 1), min(REMOVED, n // 2))
        print(f"{1000 * remove(store, gone) / len(gone):.2f} ms per article to unlink")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(f"{table_bytes(store) / n:.0f} bytes per article; at most {memory:.0f} MB of memory")
        store.close()


def measure_share(seed: int, cache: Path) -> None:
    """Index 200 articles with the packaged model and print which share of the processor time linking took."""
    seconds = 0.0

    def timed(*arguments: Any) -> None:
        nonlocal seconds
        started = time.process_time()
        join_story(*arguments)
        seconds += time.process_time() - started

    model = resolve_model(None, cache_dir=cache)
    encoder = load_encoder(model)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "articles"
        folder.mkdir()
        for n, known in enumerate(generated(ENCODED, seed=seed)):
            (folder / f"{n}.txt").write_text(known.text, encoding="utf-8")
        with Writer.open(Path(home) / ".qa") as writer, mock.patch.object(article_rows, "join_story", timed):
            started = time.process_time()
            sync(writer, [folder], SyncOptions(), model=model, load=lambda: encoder)
            whole = time.process_time() - started
    print(f"{ENCODED} articles indexed in {whole:.1f} s of processor time, {seconds / whole:.1%} of it to link")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--encoder", type=Path, metavar="CACHE", help="also index with the model; where exports lie")
    args = parser.parse_args()
    for seed in (args.seed, args.seed + 1, args.seed + 2):
        measure_quality(seed)
    if args.encoder:
        measure_share(args.seed, args.encoder)
    measure_size(args.articles, args.seed)


if __name__ == "__main__":
    main()
