"""A quoted text -> the articles that may contain it, found by its rarest words in the full-text index [I/O].

Nothing is ranked by BM25, which costs 1 to 2 µs a row: an article gets one vote for each word it holds, weighted by
how few articles hold that word, so a text that runs over several passages is found as well as one within a passage.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.lexicon import Term, canonical, parse_query

if TYPE_CHECKING:
    from index.store import Store

__all__ = ["ArticleFinder", "Candidate"]

FREQUENT_ROWS = 3_000
"""A word in this many passages tells little and is left out while there are rarer ones."""
VOTING_WORDS = 12
"""The rarest words that vote."""
VOTING_ROWS = 6_000
"""Rows that the voting words may have together; the first two vote in any case."""
MAX_TERMS = 200
"""Words of a text that are looked up; of a longer one those spread evenly over it."""
PHRASE_WORDS = 24
"""Words in a row that `with_phrase` asks for."""
KEPT_ROWS = 2_000_000
"""Rows remembered between texts: some 100 MB at most."""

_ROWS = (
    "SELECT DISTINCT article FROM passages WHERE id IN "
    "(SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)"
)
_IDS = "SELECT key, id FROM articles WHERE key IN ({})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that may contain a text."""

    article_id: str
    share: float
    """Its votes as a share of the best candidate's, 0..1."""


class ArticleFinder:
    """Finds candidates in one state of a store. What it learns of a word serves every later text."""

    def __init__(self, store: Store) -> None:
        self._connection = store.connection
        self._holding: dict[str, Collection[int]] = {}
        self._kept_rows = 0

    def articles(self, text: str, *, k: int) -> tuple[Candidate, ...]:
        """At most `k` articles that hold telling words of `text`, best first; ties in the order of the store.

        Args:
            text: Words in a row; some of them may be others than the article's.
            k: How many articles at most.
        """
        votes: dict[int, float] = defaultdict(float)
        for holding in self._voters(text):
            for article in holding:
                votes[article] += 1.0 / math.log2(1 + len(holding) + 1)
        best = sorted(votes, key=lambda key: (-votes[key], key))[:k]
        return tuple(
            Candidate(article_id=article_id, share=votes[key] / votes[best[0]])
            for key, article_id in zip(best, self._ids(best), strict=True)
        )

    def with_phrase(self, text: str, *, k: int) -> tuple[str, ...]:
        """Ids of at most `k` articles with the first words of `text` in a row, in any spelling of lexical search."""
        tokens = [token for token in canonical(text).split(" . ")[0].split() if token != "."][:PHRASE_WORDS]
        if not tokens:
            return ()
        rows = self._connection.execute(_ROWS, (f'text : "{" ".join(tokens)}"', 4 * k))
        return self._ids(sorted(row[0] for row in rows)[:k])

    def _voters(self, text: str) -> list[Collection[int]]:
        """The articles of each word that votes; the rarest word first."""
        terms = parse_query(text, plain=True).terms
        content = [term for term in terms if not term.is_function_word] or list(terms)
        step = max(1, -(-len(content) // MAX_TERMS))
        found = [holding for term in content[::step] if (holding := self._holding_term(term))]
        found.sort(key=len)
        telling = [holding for holding in found if len(holding) < FREQUENT_ROWS] or found[:2]
        chosen, rows = list[Collection[int]](), 0
        for holding in telling[:VOTING_WORDS]:
            rows += len(holding)
            if len(chosen) > 1 and rows > VOTING_ROWS:
                break
            chosen.append(holding)
        return chosen

    def _holding_term(self, term: Term) -> Collection[int]:
        known = self._holding.get(term.match)
        if known is None:
            rows = self._connection.execute(_ROWS, (f"text : ({term.match})", FREQUENT_ROWS)).fetchall()
            known = [row[0] for row in rows]
            if self._kept_rows > KEPT_ROWS:
                self._holding.clear()
                self._kept_rows = 0
            self._kept_rows += len(known)
            self._holding[term.match] = known
        return known

    def _ids(self, keys: list[int]) -> tuple[str, ...]:
        rows = self._connection.execute(_IDS.format(",".join("?" * len(keys))), keys)
        id_of = dict(rows.fetchall())
        return tuple(id_of[key] for key in keys)
