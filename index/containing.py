"""A quoted text -> the articles that may contain it, found by its rarest words in the full-text index [I/O].

Nothing is ranked by BM25, which costs 1 to 2 µs a row. An article with the very words holds all of them; one with
nearly the same words has the most votes, of which each word gives more the fewer articles hold it. Articles are looked
at, not passages, so that a text which runs over several passages is found as well.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from index.lexicon import Term, canonical, parse_query

if TYPE_CHECKING:
    from index.store import Store

__all__ = ["ArticleFinder"]

FREQUENT_ROWS = 1_000
"""A word in more passages than this tells little and does not vote."""
TELLING_WORDS = 12
"""The rarest words of a text that are used."""
VOTING_ROWS = 2_500
"""Articles that the voting words may have together; the two rarest vote in any case."""
LEAST_SHARE = 0.3
"""Articles with a smaller share of the best one's votes are not returned."""
MAX_TERMS = 200
"""Words of a text that are looked up; of a longer one those spread evenly over it."""
TERMS_AT_ONCE = 8
"""Words that a passage must hold all at once: the longest, which are rare without being counted."""
PHRASE_WORDS = 24
"""Words in a row that a phrase has at most."""
RUN_WORDS = 4
MAX_RUNS = 16
"""Runs of a text that `with_runs` asks for; those of a longer one are spread evenly over it."""
KEPT_ROWS = 3_000_000
"""Rows remembered between texts: some 150 MB at most."""

_ROWS = "SELECT article FROM passages WHERE id IN (SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)"
_IDS = "SELECT key, id FROM articles WHERE key IN ({})"
_FREQUENT: frozenset[int] = frozenset({-1})


class ArticleFinder:
    """Finds candidates in one state of a store. What it learns of a word serves every later text."""

    def __init__(self, store: Store) -> None:
        self._connection = store.connection
        self._holding: dict[str, frozenset[int]] = {}
        """FTS5 expression of a word -> keys of the articles that hold it, or `_FREQUENT`."""
        self._kept_rows = 0

    def containing(self, text: str, *, phrase: str, k: int) -> tuple[str, ...]:
        """Ids of at most `k` articles that may have these very words.

        Args:
            text: All that the article must hold.
            phrase: Words in a row of it; asked for where the words alone do not tell articles apart.
            k: How many articles at most.
        """
        in_passage = self._within_passage(text, k=k + 1)
        if 0 < len(in_passage) <= k:
            return self._ids(in_passage)
        holdings = self._telling(text)
        holding_all = holdings[0].intersection(*holdings[1:]) if holdings else frozenset[int]()
        if holdings and len(holding_all) <= k:
            return self._ids(sorted(holding_all))
        return self._ids(self._with_tokens(_tokens(phrase)[:PHRASE_WORDS], k=k))

    def similar(self, text: str, *, k: int) -> tuple[str, ...]:
        """Ids of at most `k` articles that hold many of the telling words of `text`, best first."""
        votes: dict[int, float] = defaultdict(float)
        rows = 0
        for position, holding in enumerate(self._telling(text)):
            rows += len(holding)
            if position > 1 and rows > VOTING_ROWS:
                break
            weight = 1.0 / math.log2(2 + len(holding))
            for article in holding:
                votes[article] += weight
        least = LEAST_SHARE * max(votes.values(), default=0.0)
        voted = [key for key, count in votes.items() if count >= least]
        return self._ids(sorted(voted, key=lambda key: (-votes[key], key))[:k])

    def with_runs(self, text: str, *, k: int) -> tuple[str, ...]:
        """Ids of at most `k` articles with some words of `text` in a row; those with most of such runs first.

        Finds what `similar` misses: a text of common words of which the rarest are not the article's.
        """
        tokens = _tokens(text)
        size = RUN_WORDS if len(tokens) > 2 * RUN_WORDS else RUN_WORDS - 1
        step = max(1, len(tokens) // MAX_RUNS)
        begins = range(0, max(1, len(tokens) - size + 1), step)
        counts = Counter(key for begin in begins for key in self._with_tokens(tokens[begin : begin + size], k=4 * k))
        return self._ids(sorted(counts, key=lambda key: (-counts[key], key))[:k])

    def _within_passage(self, text: str, *, k: int) -> list[int]:
        """Articles with a passage that holds the words: nearly always the place, and SQLite finds it without Python."""
        content = sorted(self._content(text), key=lambda term: -len(term.text))[:TERMS_AT_ONCE]
        if not content:
            return []
        expression = " AND ".join(f"({term.match})" for term in content)
        rows = self._connection.execute(_ROWS, (f"text : ({expression})", 4 * k))
        return sorted({row[0] for row in rows})[:k]

    def _content(self, text: str) -> list[Term]:
        return [term for term in parse_query(text, plain=True).terms if not term.is_function_word]

    def _telling(self, text: str) -> list[frozenset[int]]:
        """The articles of each of the rarest words that occur; the rarest word first."""
        content = self._content(text)
        step = max(1, -(-len(content) // MAX_TERMS))
        found = [holding for term in content[::step] if (holding := self._holding_term(term)) is not _FREQUENT]
        return sorted(filter(None, found), key=len)[:TELLING_WORDS]

    def _holding_term(self, term: Term) -> frozenset[int]:
        known = self._holding.get(term.match)
        if known is None:
            rows = self._connection.execute(_ROWS, (f"text : ({term.match})", FREQUENT_ROWS + 1)).fetchall()
            known = _FREQUENT if len(rows) > FREQUENT_ROWS else frozenset(row[0] for row in rows)
            if self._kept_rows > KEPT_ROWS:
                self._holding.clear()
                self._kept_rows = 0
            self._kept_rows += len(known)
            self._holding[term.match] = known
        return known

    def _with_tokens(self, tokens: Sequence[str], *, k: int) -> list[int]:
        if not tokens:
            return []
        rows = self._connection.execute(_ROWS, (f'text : "{" ".join(tokens)}"', 4 * k))
        return sorted({row[0] for row in rows})[:k]

    def _ids(self, keys: Iterable[int]) -> tuple[str, ...]:
        wanted = list(keys)
        rows = self._connection.execute(_IDS.format(",".join("?" * len(wanted))), wanted)
        id_of = dict(rows.fetchall())
        return tuple(id_of[key] for key in wanted)


def _tokens(text: str) -> list[str]:
    """The words as the full-text table has them in a row; the other spellings behind them are left out."""
    return [token for token in canonical(text).split(" . ")[0].split() if token != "."]
