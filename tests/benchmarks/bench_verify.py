"""How long 10,000 quotations against 10,000 articles take, and how often `whence` finds the sentence; asserts nothing.

python tests/benchmarks/bench_verify.py [--quick] [--articles DIR | --contexts FILE…] [--real] [--seed N]

The articles are made of sentences of real ones, each put into one article only, and, where there are too few, of
sentences put together anew from two halves (with --real of real ones only); they are indexed without vectors. The
quotations are changed in the ways of tests/generated_drafts.py. Excerpts for `whence` are 8 to 20 words in a row, as
they are and with one word in eight changed.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from index.article_rows import NewArticle, insert_article
from index.entities import Article
from index.segment import passages, sentences
from index.store import Store
from index.writer import Writer
from qa.report.drafts import read_draft
from qa.report.verify import Verifier
from qa.report.verify_sources import Sources
from qa.report.whence import whence
from tests.generated_drafts import OTHER_WORDS, Source, generate, markdown

ROOT = Path(__file__).parents[2]
SENTENCES_PER_ARTICLE = 20
EXCERPTS = 2_000


def real_sentences(folder: Path, contexts: list[Path]) -> list[str]:
    """Sentences of 8 words or more, each once."""
    found: dict[str, None] = {}
    texts = (text for file in contexts for text in context_texts(file)) if contexts else folder_texts(folder)
    for text in texts:
        for sentence in sentences(text, body_start=0, article_id=""):
            words = " ".join(text[sentence.start : sentence.end].split())
            if len(words.split()) >= 8 and words[0].isupper() and words[-1] in ".?!":
                found[words] = None
    return list(found)


def folder_texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.txt")):
        yield re.sub(r"^ date \S+ ", "", path.read_text(encoding="utf-8"))


def context_texts(file: Path) -> Iterator[str]:
    """The paragraphs of a SQuAD file, or the `context` of each line of JSON."""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as stream:
        content = stream.read()
    if content.startswith('{"data"') or '"paragraphs"' in content[:2_000]:
        topics = json.loads(content)["data"]
        yield from (paragraph["context"] for topic in topics for paragraph in topic["paragraphs"])
    else:
        yield from (json.loads(line)["context"] for line in content.splitlines() if line.strip())


def made_sentences(real: list[str], n: int, rng: random.Random) -> list[str]:
    """`n` sentences: the real ones, then beginnings of some with the ends of others."""
    found = dict.fromkeys(real)
    while len(found) < n:
        head, tail = rng.choice(real).split(), rng.choice(real).split()
        found[" ".join([*head[: rng.randint(3, len(head) - 2)], *tail[rng.randint(2, len(tail) - 3) :]])] = None
    chosen = list(found)[:n]
    rng.shuffle(chosen)
    return chosen


def write_index(folder: Path, rows: list[str], n: int) -> None:
    """An index of `n` articles; one zero in place of each vector."""
    import numpy as np

    per_article = max(1, len(rows) // n)
    with Writer.open(folder) as writer, writer.transaction():
        for number in range(n):
            text = " ".join(rows[number * per_article : (number + 1) * per_article])
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            article = Article(
                id=sha256[:12], title=text[:60], title_given=True, text=text, date=f"2025-{number % 12 + 1:02}-01",
                author=None, outlet=None, url=None, language="en", sha256=sha256, text_sha256=sha256,
            )  # fmt: skip
            found = sentences(text, body_start=0, article_id=article.id)
            windows = passages(found, text, prefix_tokens=0, max_tokens=256, count_tokens=count_words)
            new = NewArticle(article=article, sentences=found, windows=windows)
            insert_article(writer, new, [np.zeros(1, np.float32)] * len(windows))


def count_words(texts: object) -> list[int]:
    return [len(text.split()) + 2 for text in texts]  # type: ignore[attr-defined]  # a sequence of strings


def articles_of(store: Store) -> list[Source]:
    found = []
    for (article_id,) in store.connection.execute("SELECT id FROM articles ORDER BY key").fetchall():
        article = store.article(article_id)
        assert article is not None
        rows = tuple(article.text[s.start : s.end] for s in store.sentences(article_id))
        if len(rows) > 3:
            found.append(
                Source(title=article.title, date=article.date, text_sha256=article.text_sha256, sentences=rows)
            )
    return found


def bench_verify(store: Store, n: int, rng: random.Random) -> None:
    known = generate(articles_of(store), n, rng)
    draft = read_draft("draft.md", markdown(known, rng).encode(), suffix=".md")
    start, cpu = time.perf_counter(), time.process_time()
    report = Verifier(Sources(store)).check(draft)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(f"verify: {len(report.checked):,} quotations in {seconds:.1f} s, {cpu:.1f} s of processor time", flush=True)
    outer = {item.quotation.block: item for item in reversed(report.checked)}  # sentences may quote themselves
    pairs = [(item, outer[block]) for block, item in enumerate(known) if block in outer]
    print(f"verify: {len(known) - len(pairs)} of {len(known):,} quotations not found in the draft")
    right = sum(k.label == c.label for k, c in pairs)
    print(f"verify: {right:,} of {len(pairs):,} labels right ({right / len(pairs):.2%}); wrong ones:")
    for (change, wanted, got), count in Counter(
        (k.change, k.label, c.label.value) for k, c in pairs if k.label != c.label
    ).most_common():
        print(f"    {change}: {wanted} called {got}: {count}")


def bench_whence(store: Store, n: int, rng: random.Random) -> None:
    """The right sentence is the first match, or one with the very same words in another place."""
    rows = [
        (article_id, number, start, end)
        for article_id, number, start, end in store.connection.execute(
            'SELECT a.id, s.number, s.start, s."end" FROM sentences s JOIN articles a ON a.key = s.article'
        )
    ]
    sources = Sources(store)
    print(f"whence: over {len(rows):,} sentences")
    for changed in (False, True):
        found = asked = 0
        times = []
        while asked < n:
            article_id, number, begin, end = rng.choice(rows)
            article = store.article(article_id)
            words = article.text[begin:end].split() if article else []
            if len(words) < 8:
                continue
            asked += 1
            at = rng.randint(0, len(words) - 8)
            excerpt = words[at : at + rng.randint(8, 20)]
            for position in rng.sample(range(len(excerpt)), len(excerpt) // 8) if changed else ():
                excerpt[position] = rng.choice(OTHER_WORDS)
            start = time.perf_counter()
            matches = whence(" ".join(excerpt), sources, k=10)
            times.append((time.perf_counter() - start) * 1000)
            best = [m for m in matches if m.origin == matches[0].origin and m.similarity == matches[0].similarity]
            found += any(
                m.place.source.article.id == article_id and m.place.sentences[0] <= number <= m.place.sentences[1]
                for m in best
            )
        times.sort()
        label = "one word in eight changed" if changed else "exact"
        print(f"whence, {label}: {found:,} of {asked:,} ({found / asked:.2%}); p50 {times[len(times) // 2]:.1f} ms, "
              f"p95 {times[int(len(times) * 0.95)]:.1f} ms")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1,000 articles, 1,000 quotations and 200 excerpts")
    parser.add_argument("--articles", type=Path, metavar="DIR", default=ROOT / "seeds", help="of .txt files [seeds/]")
    parser.add_argument(
        "--contexts", type=Path, metavar="FILE", nargs="+", default=[], help="SQuAD files, or JSON lines with `context`"
    )
    parser.add_argument("--real", action="store_true", help="only the real sentences, for whence")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    n, excerpts = (1_000, 200) if args.quick else (10_000, EXCERPTS)
    rng = random.Random(args.seed)
    real = real_sentences(args.articles, args.contexts)
    rows = real if args.real else made_sentences(real, n * SENTENCES_PER_ARTICLE, rng)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        write_index(Path(folder) / ".qa", rows, max(1, len(rows) // SENTENCES_PER_ARTICLE))
        store = Store.open(Path(folder) / ".qa")
        print(
            f"{store.count('articles'):,} articles of {store.count('sentences'):,} sentences, {len(real):,} real; "
            f"indexed in {time.perf_counter() - start:.1f} s",
            flush=True,
        )
        with store.snapshot():
            bench_verify(store, n, rng)
            bench_whence(store, excerpts, rng)
        store.close()


if __name__ == "__main__":
    main()
