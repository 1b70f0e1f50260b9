"""How long the shipped reader takes to load, and to read 12 passages of 180 tokens; asserts nothing.

python tests/benchmarks/bench_reader.py
"""

from __future__ import annotations

import statistics
import time

from qa.reader.shipped import load_reader

PASSAGES = 12
TOKENS = 180
RUNS = 30
WORDS = "The ministers agreed on Sunday that about 54,000 troops stay in Japan until the talks end next year . ".split()


def main() -> None:
    """Print medians."""
    started_s = time.perf_counter()
    reader = load_reader()
    assert reader.model
    print(f"load          {1000 * (time.perf_counter() - started_s):6.0f} ms")
    text = " ".join(WORDS * 20)
    bounds = [(0, len(text))]
    ids = reader.model.windows("How many troops stay?", [("", text)])[0][0].ids
    words = text.split()[: int(len(text.split()) * (TOKENS - 8) / (len(ids) - 8))]
    texts = [("Troops in Japan · 2025-03-30\n", " ".join(words[n:] + words[:n])) for n in range(PASSAGES)]
    bounds = [(0, len(body)) for _, body in texts]
    lengths = [len(own[0].ids) for own in reader.model.windows("How many troops stay?", texts)]
    times_ms = []
    for _ in range(RUNS):
        started_s = time.perf_counter()
        reader.read_texts("How many troops stay?", texts, [[bound] for bound in bounds])
        times_ms.append(1000 * (time.perf_counter() - started_s))
    middle_ms = statistics.median(times_ms)
    print(f"12 passages   {middle_ms:6.0f} ms   median of {RUNS}, {statistics.mean(lengths):.0f} tokens each")


if __name__ == "__main__":
    main()
