"""How long a basket of 500 pins takes: pinning one more, reading, moving, its report. Printed, not asserted."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from qa.report.basket.kept import Baskets
from qa.report.export.assemble import of_basket
from qa.report.export.text import as_plain_text
from qa.report.export.web_page import as_web_page
from tests.pins import passage

REPEATS = 5


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pins", type=int, default=500)
    count = parser.parse_args().pins
    with tempfile.TemporaryDirectory() as folder:
        baskets = Baskets(Path(folder) / "history.sqlite")

        def pin(number: int) -> None:
            text = f"Sentence {number} stands here, in an article of its own. " + "It goes on for a while. " * 20
            baskets.pin("main", passage(1, text=text, words=f"Sentence {number} "), heading=f"Heading {number // 25}")

        for number in range(count):
            pin(number)
        basket = baskets.read("main")
        report = of_basket(basket, made_at=datetime(2025, 6, 2, tzinfo=UTC))
        numbers = iter(range(count, count + REPEATS))
        _timed("pin one more", lambda: pin(next(numbers)))
        _timed("read", lambda: baskets.read("main"))
        _timed("move the last to the front", lambda: baskets.move("main", baskets.read("main").pins[-1].id, 1))
        _timed("report from pins", lambda: of_basket(basket, made_at=datetime(2025, 6, 2, tzinfo=UTC)))
        _timed("preview as text", lambda: as_plain_text(report, record=False))
        _timed("HTML with its record", lambda: as_web_page(report))


def _timed(name: str, work: Callable[[], object]) -> None:
    took = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    print(f"{name:<28} {sorted(took)[REPEATS // 2] * 1000:8.1f} ms of processor time (median of {REPEATS})")


if __name__ == "__main__":
    main()
