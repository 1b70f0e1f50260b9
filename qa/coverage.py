"""How much of what a question is about a text holds. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

__all__ = ["QuestionWords"]

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_STOP = frozenset(
    "a an the is are was were be been being do does did has have had what which who whom whose when where why how of "
    "in on at to for by from with that this these those it its his her their there and or as than then many much long "
    "not about into would could can will may some any all more most other also if so s t".split()
)
_NAMES = re.compile(r"[A-Z]\w*(?:[ -][A-Z]\w*)*")
"""Capitalised words next to each other."""
_MOST_LETTERS = 5
_SHORT = 3
"""Letters of words such as "US" and "was", whose last one is no ending."""


class QuestionWords:
    """The words that a question is about, each with its weight."""

    def __init__(self, question: str, everything: Sequence[str]) -> None:
        """The weights.

        Args:
            question: As it was searched for.
            everything: What was read; a word that is rare in it weighs more.
        """
        self.words = frozenset(_content(question))
        self._names = tuple(_names(question))
        self._numbers = frozenset(_stem(word) for word in _WORD.findall(question) if word[0].isdigit())
        frequency = Counter(stem for text in everything for stem in _stems(text) & self.words)
        self._weights = {word: math.log(1 + len(everything) / (0.5 + frequency[word])) for word in sorted(self.words)}

    def coverage(self, text: str) -> float:
        """Share of the weight of all words that the text holds, 0 to 1; 0 without words."""
        if not self.words:
            return 0.0
        held = _stems(text)
        return sum(weight for word, weight in self._weights.items() if word in held) / sum(self._weights.values())

    def lacks_name(self, text: str) -> bool:
        """Whether a word of one of the question's names is missing; "US" and "United States" are one name."""
        held = _stems(text) | _initials(text)
        capitals = set(_WORD.findall(text))
        return any(not name <= held and (len(name) < 2 or initials not in capitals) for name, initials in self._names)

    def lacks_number(self, text: str) -> bool:
        """Whether one of the question's numbers is missing."""
        return not self._numbers <= _stems(text)


def _content(question: str) -> set[str]:
    """Stems of the words that say what a question is about."""
    return {_stem(word) for word in _WORD.findall(question) if word.casefold() not in _STOP}


def _stems(text: str) -> set[str]:
    """Stems of all words of a text."""
    return {_stem(word) for word in _WORD.findall(text)}


def _names(question: str) -> Iterator[tuple[frozenset[str], str]]:
    """The stems of each name, and its initials; the first word of a question is a name only before another one."""
    for match in _NAMES.finditer(question):
        words = [word for word in _WORD.findall(match[0]) if word.casefold() not in _STOP]
        if words and (match.start() > 0 or len(words) > 1):
            yield frozenset(map(_stem, words)), "".join(word[0] for word in words)


def _initials(text: str) -> set[str]:
    """Of every two to five capitalised words next to each other, in the form of a stem."""
    found = set()
    for match in _NAMES.finditer(text):
        letters = "".join(word[0] for word in _WORD.findall(match[0])).casefold()
        found |= {
            letters[first : first + count]
            for count in range(2, _MOST_LETTERS + 1)
            for first in range(len(letters) - count + 1)
        }
    return found


def _stem(word: str) -> str:
    # Five letters are stem enough for news English: deploy/deployed, station/stationed; host/hosts.
    folded = word.casefold()
    if not folded.isalpha():
        return folded
    return folded.removesuffix("s")[:5] if len(folded) > _SHORT else folded
