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
QUESTION, HEADER = "How many troops stay?", "Troops in Japan · 2025-03-30\n"
WORDS = "The ministers agreed on Sunday that about 54,000 troops stay in Japan until the talks end next year . ".split()


def main() -> None:
    """Print medians."""
    started_s = time.perf_counter()
    reader = load_reader()
    assert reader.model
    print(f"load          {1000 * (time.perf_counter() - started_s):6.0f} ms")
    sample = WORDS * 5  # short enough for one window
    front, whole = (len(reader.model.windows(QUESTION, [(HEADER, " ".join(w))])[0][0].ids) for w in ([], sample))
    words = (WORDS * 20)[: round(len(sample) * (TOKENS - front) / (whole - front))]
    texts = [(HEADER, " ".join(words[n:] + words[:n])) for n in range(PASSAGES)]
    bounds = [(0, len(body)) for _, body in texts]
    lengths = [len(own[0].ids) for own in reader.model.windows(QUESTION, texts)]
    times_ms = []
    for _ in range(RUNS):
        started_s = time.perf_counter()
        reader.read_texts(QUESTION, texts, [[bound] for bound in bounds])
        times_ms.append(1000 * (time.perf_counter() - started_s))
    middle_ms = statistics.median(times_ms)
    print(f"12 passages   {middle_ms:6.0f} ms   median of {RUNS}, {statistics.mean(lengths):.0f} tokens each")


if __name__ == "__main__":
    main()
