"""The articles that quotations are compared with: found, read and taken apart once for many quotations [I/O]."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.containing import ArticleFinder
from qa.report.quotations_tokens import Tokens, token_words, tokens

if TYPE_CHECKING:
    from index.entities import Article, Place, Sentence
    from index.store import Store

__all__ = ["ArticleText", "FileState", "Sources", "WordRow", "letters"]

_SYMBOL = re.compile(r"⟨U\+[0-9A-F]{4}⟩")
"""Stands for a character that acts on a terminal (`qa.visible`)."""
KEPT_ARTICLES = 5_000
"""Some 25 KB each, where they have 700 words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """The files of an article."""

    places: tuple[Place, ...]
    encodings: tuple[str | None, ...]
    """That each was read in."""
    untouched: bool
    """Whether one of them has the time and size that it was read with."""


class WordRow:
    """A text as tokens, so that words in a row are found with one search in a string."""

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self._text, self._range = text, (start, end)
        self.words = token_words(text, start, end)
        self._row = f" {' '.join(self.words)} "

    def occurrences(self, words: Sequence[str], *, after: int = 0) -> Iterator[int]:
        """The tokens, from `after` on, where `words` begin; the case of the first letter is free."""
        if after >= len(self.words):
            return
        rest = " ".join(["", *words[1:], ""])
        needles = [f" {first}{rest}" for first in dict.fromkeys((words[0], _other_case(words[0])))]
        begin = self._starts[after] - 1 if after else 0
        found = [self._find(needle, begin) for needle in needles]
        while any(found):
            position = min(place for place in found if place)
            yield self._row.count(" ", 0, position) - 1
            found = [
                self._find(needle, position) if place == position else place
                for needle, place in zip(needles, found, strict=True)
            ]

    @cached_property
    def tokens(self) -> Tokens:
        """The words with their offsets, which are wanted only where something was found."""
        return tokens(self._text, *self._range)

    @cached_property
    def _starts(self) -> array[int]:
        """Where each token stands in the row."""
        return array("i", _starts(self.words))

    def _find(self, needle: str, begin: int) -> int:
        """Where the first letter of the needle stands, 0 when nowhere: the row begins with a space."""
        return self._row.find(needle, begin) + 1


class ArticleText(WordRow):
    """An article from its first sentence on: a date or front matter before it is nothing to quote."""

    def __init__(self, article: Article, sentences: Sequence[Sentence]) -> None:
        begin, end = (sentences[0].start, sentences[-1].end) if sentences else (0, 0)
        super().__init__(article.text, begin, end)
        self.article = article
        self._sentence_starts = [sentence.start for sentence in sentences]

    @cached_property
    def folded(self) -> list[str]:
        """The tokens in lower case."""
        return [word.casefold() for word in self.words]

    def sentence(self, token: int) -> int:
        """Number of the sentence that a token stands in."""
        return max(1, bisect_right(self._sentence_starts, self.tokens.starts[token]))

    def tokens_of_sentence(self, number: int) -> tuple[int, int]:
        """The first token of a sentence and the one behind its last; equal where it has none."""
        first = bisect_left(self.tokens.starts, self._sentence_starts[number - 1])
        if number == len(self._sentence_starts):
            return first, len(self.words)
        return first, bisect_left(self.tokens.starts, self._sentence_starts[number])


class Sources:
    """The articles of one store, in one state."""

    def __init__(self, store: Store, former_titles: Iterable[str] = ()) -> None:
        """Nothing is read yet.

        Args:
            store: The articles.
            former_titles: Of articles that it may lack by now; notes name them.
        """
        self.store = store
        self.former_titles = frozenset(map(letters, former_titles))
        self.finder = ArticleFinder(store)
        self.files = lru_cache(maxsize=KEPT_ARTICLES)(self._read_state)
        """Id -> the files that the article lies in; one `stat` each, however many quotations ask."""
        self._read = lru_cache(maxsize=KEPT_ARTICLES)(self._read_text)

    def text(self, article_id: str) -> ArticleText | None:
        """An article, None when the store has none of that id."""
        return self._read(article_id)

    def texts(self, article_ids: Iterable[str]) -> list[ArticleText]:
        """The articles, each once, in order; those that the store lacks are left out."""
        return [found for article_id in dict.fromkeys(article_ids) if (found := self.text(article_id))]

    @cached_property
    def titles(self) -> frozenset[str]:
        """The letters and digits of all titles, as `letters` gives them."""
        return frozenset(letters(title) for (title,) in self.store.connection.execute("SELECT title FROM articles"))

    def by_hash(self, prefix: str) -> tuple[str, ...]:
        """Ids of the articles whose `text_sha256` begins with these hex digits, at most 20."""
        return self.store.article_ids(prefix[:12])

    def _read_state(self, article_id: str) -> FileState:
        places, encodings = self.store.places(article_id), self.store.encodings(article_id)
        return FileState(places=places, encodings=encodings, untouched=any(map(_is_untouched, places)))

    def _read_text(self, article_id: str) -> ArticleText | None:
        article = self.store.article(article_id)
        return ArticleText(article, self.store.sentences(article_id)) if article else None


def letters(text: str) -> str:
    """The letters and digits alone, in lower case: titles are set in capitals and punctuation of many styles."""
    return "".join(filter(str.isalnum, _SYMBOL.sub("", text).casefold()))


def _is_untouched(place: Place) -> bool:
    try:
        stat = Path(place.file).stat()
    except OSError:
        return False
    return (stat.st_mtime_ns, stat.st_size) == (place.mtime_ns, place.size)


def _starts(words: Sequence[str]) -> Iterator[int]:
    position = 1
    for word in words:
        yield position
        position += len(word) + 1


def _other_case(word: str) -> str:
    other = word[0].upper() if word[0].islower() else word[0].lower()
    return other + word[1:] if len(other) == 1 else word
