"""Query -> the passages that share its words, ranked by BM25 in SQLite's full-text index (FTS5).

The table holds one canonical form of each text (`lexicon`), so phrases are adjacent tokens; what a query word may also
be spelt like is added on the query's side. The table is contentless: a row is removed by handing back the very values
that were inserted, which is why `fts_row` is deterministic and `lexicon.NORMALISER_VERSION` belongs in the store.

Ranking one row costs 1 to 2 µs, so frequent words decide the time: they are left out, or they rank without finding
(see `_plan`). Passages are counted by a bounded MATCH rather than in an fts5vocab table, which reads the whole list of
a word (a word in 92,000 of 100,000 passages: 6.9 ms; the first 10,000: 1.0 ms), knows only stems, and no phrases.

Figures, each with n: SQuAD 1.1 dev half, 1,065 paragraphs, n = 5,665 questions; cranfield 1,398 abstracts, n = 225;
med 1,033 abstracts, n = 30. "s" is a sample of 2,000 of the questions.
    adopted                          hit@1 0.788, hit@5 0.943, hit@20 0.979   nDCG@10 cranfield 0.338, med 0.707
    title weight 0.5 / 1 / 2 / 4     hit@1 0.787 / 0.788 / 0.788 / 0.788, hit@5 0.939 / 0.940 / 0.943 / 0.942
    s: adopted, hit@1                0.783
    s: text as it is, not canonical  0.770
    s: no stemming                   0.760
    s: function words kept           0.767
    s: phrases of neighbours added   0.777
    s: BM25 of k1 0.9, b 0.4         0.786 (FTS5 fixes k1 = 1.2, b = 0.75)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.lexicon import LexicalQuery, Term, canonical, canonical_date, parse_query

__all__ = [
    "FTS_SCHEMA",
    "LexicalQuery",
    "LexicalResult",
    "Term",
    "delete_row",
    "fts_row",
    "insert_row",
    "parse_query",
    "search",
]

FTS_SCHEMA = """
CREATE VIRTUAL TABLE passages_fts USING fts5(
    title, outlet, date, text,
    content='', tokenize="porter unicode61 remove_diacritics 2 tokenchars '.'"
);
"""
"""The row id is the passage id. The dot belongs to tokens because `canonical` leaves it only in "3.5" and "u.s."."""

TITLE_WEIGHT = 2.0
"""Any weight from 0.7 to 6 gives the same hit@1 within 0.002 on SQuAD; 2 is best for hit@5."""
OUTLET_WEIGHT = 0.5
DATE_WEIGHT = 0.5
"""Outlet and date tell articles apart, not passages, so they count half; no collection at hand can tune them."""
TEXT_WEIGHT = 1.0

FREQUENT_SHARE = 0.10
FREQUENT_PASSAGES = 2_000
"""A word in more than this share of the passages, and in more than this many, is left out of the query.

The count protects small corpora, where the time is no matter and the share would cost quality: on cranfield,
without the count, 10 % gives nDCG@10 0.283, 20 % 0.315 and 100 % 0.334."""

CANDIDATE_PASSAGES = 2_500
CANDIDATE_PASSAGES_FILTERED = 10_000
"""Words find passages, the rarest first, until they have found this many; the other words only rank those.

On the SQuAD sample, with words of more than 5 % of the passages ranking only, hit@1 is 0.781; without them, 0.740.
Under a filter more are looked at, since most of them are thrown away before they cost their ranking."""

CANDIDATES_AT_LEAST = 200
"""While fewer passages are found, the next word is used too, however frequent it is."""

KEPT_OF_FREQUENT = 2
"""Words used when all are frequent: the rarest of them."""

MAX_TERMS = 64
"""Counting a word costs about 50 µs; of a pasted article the first words are used."""

_COUNT = "SELECT count(*) FROM (SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)"
_SEARCH = (
    f"SELECT rowid, -bm25(passages_fts, {TITLE_WEIGHT}, {OUTLET_WEIGHT}, {DATE_WEIGHT}, {TEXT_WEIGHT}) AS score "
    "FROM passages_fts WHERE passages_fts MATCH ? {allowed} ORDER BY score DESC, rowid LIMIT ?"
)
_NO_LIMIT = -1


@dataclass(frozen=True, slots=True)
class LexicalResult:
    """The passages found, best first; equal scores by passage id."""

    ids: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()
    """BM25 with the sign turned, higher is better; comparable within one result only."""
    matched_terms: tuple[str, ...] = ()
    """Words and phrases that were searched and occur in the corpus."""
    dropped_terms: tuple[str, ...] = ()
    """Words left out because they say nothing or occur too often."""
    absent_terms: tuple[str, ...] = ()
    """Words and phrases that occur in no passage."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which terms find passages and which only rank those."""

    finding: tuple[Term, ...] = ()
    need_all: bool = False
    """Whether a passage needs all of the finding terms, or any."""
    ranking: tuple[Term, ...] = ()
    dropped: tuple[Term, ...] = ()
    absent: tuple[Term, ...] = ()


def fts_row(title: str, outlet: str | None, date: str | None, text: str) -> tuple[str, str, str, str]:
    """What the full-text table holds of a passage, for `insert_row` and, unchanged, for `delete_row`."""
    return canonical(title), canonical(outlet or ""), canonical_date(date or ""), canonical(text)


def insert_row(conn: sqlite3.Connection, passage_id: int, row: tuple[str, str, str, str]) -> None:
    """Write a row of `fts_row` in the caller's transaction."""
    conn.execute(
        "INSERT INTO passages_fts (rowid, title, outlet, date, text) VALUES (?, ?, ?, ?, ?)",
        (passage_id, *row),
    )


def delete_row(conn: sqlite3.Connection, passage_id: int, row: tuple[str, str, str, str]) -> None:
    """Remove a row in the caller's transaction. Values other than those inserted damage the index silently."""
    conn.execute(
        "INSERT INTO passages_fts (passages_fts, rowid, title, outlet, date, text) VALUES ('delete', ?, ?, ?, ?, ?)",
        (passage_id, *row),
    )


def search(
    conn: sqlite3.Connection,
    query: str,
    *,
    k: int,
    allowed_sql: tuple[str, Sequence[object]] | None = None,
    n_passages: int,
) -> LexicalResult:
    """The `k` best passages for a query, out of `n_passages` in the table.

    `allowed_sql` is a sub-select of the passage ids that may be returned, with its parameters. A query that holds
    nothing to search for, or a phrase that occurs nowhere, gives an empty result. No query raises an error.
    """
    parsed = parse_query(query)
    absent_phrases = tuple(phrase for phrase in parsed.phrases if not _count(conn, phrase.match, limit=1))
    plan = _plan(conn, parsed, n_passages, filtered=allowed_sql is not None)
    absent = _texts((*absent_phrases, *plan.absent))
    if absent_phrases or not plan.finding:
        return LexicalResult(dropped_terms=_texts(plan.dropped), absent_terms=absent)
    match, times = _match(plan, parsed.excluded)
    allowed, parameters = allowed_sql or ("", ())
    # The plus keeps SQLite from asking the full-text table once for every allowed id.
    sql = _SEARCH.format(allowed=f"AND +rowid IN ({allowed})" if allowed_sql else "")
    found = conn.execute(sql, (match, *parameters, max(k, 0))).fetchall()
    return LexicalResult(
        ids=tuple(passage_id for passage_id, _ in found),
        scores=tuple(score / times for _, score in found),
        matched_terms=_texts((*plan.finding, *plan.ranking)),
        dropped_terms=_texts(plan.dropped),
        absent_terms=absent,
    )


def _plan(conn: sqlite3.Connection, query: LexicalQuery, n_passages: int, *, filtered: bool) -> _Plan:
    """Decide what each term of the query is used for, by the passages that have it."""
    frequent_from = max(FREQUENT_PASSAGES, int(FREQUENT_SHARE * n_passages)) + 1
    content = [term for term in query.terms if not term.is_function_word][:MAX_TERMS]
    counts = {term: _count(conn, term.match, limit=frequent_from) for term in content}
    absent = tuple(term for term, count in counts.items() if not count)
    used = {term: count for term, count in counts.items() if 0 < count < frequent_from}
    if not (used or query.phrases):
        used = _rarest(conn, [term for term in content if counts[term]] or ([] if content else query.terms))
    if query.phrases:
        finding, need_all = query.phrases, True
    else:
        finding, need_all = _finding(conn, used, filtered=filtered)
    ranking = tuple(term for term in used if term not in finding)
    dropped = tuple(term for term in query.terms if term not in used and term not in absent)
    return _Plan(finding, need_all, ranking, dropped, absent)


def _rarest(conn: sqlite3.Connection, terms: Sequence[Term]) -> dict[Term, int]:
    """What to search when all terms are frequent: a question such as "Who is it?" still finds something."""
    counts = {term: _count(conn, term.match, limit=_NO_LIMIT) for term in terms[:MAX_TERMS]}
    rarest = sorted((term for term in counts if counts[term]), key=counts.__getitem__)[:KEPT_OF_FREQUENT]
    return {term: counts[term] for term in rarest}


def _finding(
    conn: sqlite3.Connection, counts: dict[Term, int], *, filtered: bool
) -> tuple[tuple[Term, ...], bool]:
    """The terms that find passages, and whether a passage needs all of them.

    Any of the rarest, as many as the budget allows; where the rarest alone is beyond it, the two rarest together.
    """
    budget = CANDIDATE_PASSAGES_FILTERED if filtered else CANDIDATE_PASSAGES
    rarest = sorted(counts, key=counts.__getitem__)
    if not filtered and len(rarest) > 1 and counts[rarest[0]] > budget:
        both = _joined(" AND ", rarest[:2])
        if _count(conn, both, limit=CANDIDATES_AT_LEAST) == CANDIDATES_AT_LEAST:
            return tuple(rarest[:2]), True
    found = 0
    for position, term in enumerate(rarest):
        if found >= CANDIDATES_AT_LEAST and found + counts[term] > budget:
            return tuple(rarest[:position]), False
        found += counts[term]
    return tuple(rarest), False


def _count(conn: sqlite3.Connection, match: str, *, limit: int) -> int:
    """Passages that match an FTS5 expression, counted up to `limit`."""
    return int(conn.execute(_COUNT, (match, limit)).fetchone()[0])


def _match(plan: _Plan, excluded: Sequence[Term]) -> tuple[str, int]:
    """The FTS5 expression, and how many times it counts each term.

    FTS5 ranks by every term of the expression that the row has. To let a term rank without finding, what finds
    stands on both sides of an AND; the ranking terms then stand twice, so that all have the same weight.
    """
    expression = _joined(" AND " if plan.need_all else " OR ", plan.finding)
    if plan.ranking:
        expression = f"({expression}) AND ({_joined(' OR ', (*plan.finding, *plan.ranking, *plan.ranking))})"
    if excluded:
        expression = f"({expression}) NOT ({_joined(' OR ', excluded)})"
    return expression, 2 if plan.ranking else 1


def _joined(operator: str, terms: Iterable[Term]) -> str:
    return operator.join(f"({term.match})" for term in terms)


def _texts(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term.text for term in terms))
