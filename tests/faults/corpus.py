"""Folders of generated articles in two states, and an index of them that is brought up to date.

Every sentence of an article holds its `mark`, a word that no other text has, and the last one says how many there are:
a half article, a stale one and a removed one can each be told by looking at the text.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from index.encode import Encoder, ModelFiles
from index.rebuild import rebuild
from index.sync import SyncOptions, SyncReport, sync
from index.writer import Writer
from tests.doubles import HashingEncoder

WORDS = (
    "harbour minister ferry budget storm council bridge election company river museum doctor border valley price train "
    "market island strike tunnel farmer judge winter engine painter summit"
).split()
COPIED = (3, 10, 16)
"""Of twenty articles, the numbers of those that tell one story."""
LAST = re.compile(r"The (uq\w+) report ends after (\d+) sentences\.\s*\Z")


def mark(n: int, version: int = 0) -> str:
    """The word that only this text has; letters alone, and no ending that a stemmer would cut."""
    digits = f"{n:04d}{version}"
    return "uq" + "".join("bcdfghjkmp"[int(digit)] for digit in digits) + "x"


def text(n: int, version: int = 0) -> str:
    """An article of 3 to 60 sentences, one to three in a paragraph.

    One in twenty is a copy of two others: the same words around other marks. An update removes one of the three and
    changes another.
    """
    copied = n % 20 in COPIED
    rng = random.Random(f"copied {n // 20}" if copied else f"{n}/{version}")
    word = mark(n, version)
    sentences = []
    for _ in range(6 if copied else rng.choice((2, 3, 5, 8, 13, 25, 59))):
        middle = " ".join(rng.choices(WORDS, k=40 if copied else rng.randint(3, 14)))
        sentences.append(f"The {middle} of {word} was seen on Monday.")
    sentences.append(f"The {word} report ends after {len(sentences) + 1} sentences.")
    out = sentences[0]
    for sentence in sentences[1:]:
        out += rng.choice((" ", " ", "\n\n")) + sentence
    return out


def is_whole(article_text: str) -> bool:
    """Whether an article has all of its sentences."""
    last = LAST.search(article_text)
    return last is not None and article_text.count(last[1]) == int(last[2]) == article_text.count(".")


class Lab:
    """A folder of articles with its index in `home`."""

    def __init__(self, home: Path, articles: int) -> None:
        self.articles = articles
        self.folder = home / "articles"
        self.index = home / ".qa"
        self.folder.mkdir(parents=True)
        self.encoder: Encoder = HashingEncoder()
        self.swapped: set[str] = set()
        """Marks of the texts that changed places."""
        self.model = ModelFiles(id=HashingEncoder.id, folder=home, sha256=HashingEncoder.sha256)
        self.load: Callable[[], Encoder] = lambda: self.encoder

    def path(self, n: int) -> Path:
        """Where article `n` lies at first."""
        return self.folder / f"{n % 7}" / f"{n:04d}.txt"

    def write(self, path: Path, content: str) -> None:
        """Write an article."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def fill(self) -> None:
        """The first state: one in twenty articles lies in two places."""
        for n in range(self.articles):
            self.write(self.path(n), text(n))
            if n % 20 == 7:
                self.write(self.folder / "copies" / f"{n:04d}.txt", text(n))

    def update(self) -> set[str]:
        """The second state: changed, removed, moved, swapped, copied, touched and new; return the marks that went."""
        gone = set()
        for n in range(0, self.articles, 10):
            self.write(self.path(n), text(n, 1))
            gone.add(mark(n))
        for n in range(3, self.articles, 20):
            self.path(n).unlink()
            gone.add(mark(n))
        for n in range(5, self.articles, 20):
            self.path(n).rename(self.folder / f"moved-{n}.txt")
        for n in range(8, self.articles - 1, 40):  # swapped: both texts stay, each at the other's place
            self.write(self.path(n), text(n + 1))
            self.write(self.path(n + 1), text(n))
            self.swapped |= {mark(n), mark(n + 1)}
        for n in range(7, self.articles, 40):
            self.path(n).unlink()  # its copy stays
        for n in range(12, self.articles, 40):
            self.write(self.folder / "copies" / f"{n}.txt", text(n))
        for n in range(14, self.articles, 40):
            os.utime(self.path(n), (1, 1))
        for n in range(self.articles, self.articles + self.articles // 20):
            self.write(self.folder / "new" / f"{n}.txt", text(n))
        (self.folder / "1").rename(self.folder / "renamed")
        return gone

    def options(self) -> SyncOptions:
        """Consents to every removal."""
        return SyncOptions(consent=lambda _removed, _total: True)

    def sync(self, paths: Sequence[Path] | None = None) -> SyncReport:
        """`qa index`."""
        with Writer.open(self.index) as writer:
            return sync(writer, paths or [self.folder], self.options(), model=self.model, load=self.load)

    def rebuild(self) -> SyncReport:
        """`qa index --rebuild`."""
        with Writer.open(self.index) as writer:
            return rebuild(writer, [], self.options(), model=self.model, load=self.load)

    def restore(self, copy: Path | None) -> None:
        """Put back an index that was copied away; None for no index."""
        shutil.rmtree(self.index, ignore_errors=True)
        if copy is not None:
            shutil.copytree(copy, self.index)

    def save(self, copy: Path) -> Path:
        """Copy the index away."""
        return Path(shutil.copytree(self.index, copy))
