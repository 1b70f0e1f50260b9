"""Articles made by chance, with copies that are known: what the links between copies are measured on.

Sentences follow the word pairs of the sample articles, so that articles which have nothing to do with each other share
phrases as real ones do. An event is told by several stories, which share quotations and background.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

SEEDS = Path(__file__).parents[1] / "seeds"
EDITED = 0.04
"""Share of the words that a light edit exchanges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A text, and the story it tells."""

    text: str
    story: int
    kind: str
    """"original", or what was done to it."""


class Chain:
    """Makes sentences; each word is one that follows the word before it somewhere in the sample articles."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        text = " ".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
        self.words = [word for word in re.findall(r"[\w'$-]+", text) if word != "date"]
        self.after: dict[str, list[str]] = {}
        for one, two in zip(self.words, self.words[1:], strict=False):
            self.after.setdefault(one.casefold(), []).append(two)

    def sentence(self) -> str:
        """8 to 32 words; one word in fifteen is a figure of its own."""
        word = self.rng.choice(self.words)
        found = []
        for _ in range(self.rng.randint(8, 32)):
            found.append(str(self.rng.randint(2, 99_999)) if self.rng.random() < 1 / 15 else word)
            word = self.rng.choice(self.after.get(word.casefold()) or self.words)
        return " ".join(found).capitalize() + "."


def generated(n: int, *, seed: int) -> list[Known]:
    """`n` articles, about half of them copies, in an order that says nothing."""
    found = list(islice(events(seed=seed), n))
    random.Random(seed).shuffle(found)
    return found


def events(*, seed: int) -> Iterator[Known]:
    """Articles without end, event by event, each original before its copies."""
    rng, numbers = random.Random(seed), count()
    chain = Chain(rng)
    while True:
        shared = [chain.sentence() for _ in range(rng.randint(2, 5))]
        for _ in range(rng.randint(1, 4)):
            story = next(numbers)
            own = [chain.sentence() for _ in range(rng.randint(9, 24))]
            for sentence in rng.sample(shared, rng.randint(1, len(shared))):
                own.insert(rng.randint(1, len(own)), sentence)
            yield Known(text=_laid_out(own, rng), story=story, kind="original")
            for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
                kind = rng.choice(list(CHANGES))
                yield Known(text=_laid_out(CHANGES[kind](own, chain), rng), story=story, kind=kind)


def _edited(sentences: list[str], chain: Chain) -> list[str]:
    def word(old: str) -> str:
        return chain.rng.choice(chain.words) if chain.rng.random() < EDITED and not old[0].isdigit() else old

    return [" ".join(map(word, sentence[:-1].split())) + "." for sentence in sentences]


def _cut(sentences: list[str], chain: Chain) -> list[str]:
    words = [len(sentence.split()) for sentence in sentences]
    return [s for position, s in enumerate(sentences) if sum(words[:position]) < 2 / 3 * sum(words)]


def _headed(sentences: list[str], chain: Chain) -> list[str]:
    names = " ".join(chain.rng.choices(chain.words, k=4)).title()
    return [f"{chain.sentence()[:-1]}\n\nBy {names}, Staff Writers", *sentences, f"Reporting by {names}."]


def _corrected(sentences: list[str], chain: Chain) -> list[str]:
    text = "\n".join(sentences)
    if figures := re.findall(r"\d+", text):
        text = text.replace(chain.rng.choice(figures), str(chain.rng.randint(2, 99_999)), 1)
    return ["Correction: an earlier version gave a wrong figure.", *text.split("\n")]


CHANGES: dict[str, Callable[[list[str], Chain], list[str]]] = {
    "edited": _edited,
    "cut to two thirds": _cut,
    "new headline": _headed,
    "corrected figure": _corrected,
    "edited and cut": lambda sentences, chain: _cut(_edited(sentences, chain), chain),
    "headline and cut": lambda sentences, chain: _headed(_cut(sentences, chain), chain),
}


def _laid_out(sentences: list[str], rng: random.Random) -> str:
    return "".join(sentence + rng.choice((" ", " ", "\n\n")) for sentence in sentences).strip()
