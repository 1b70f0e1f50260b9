"""Query -> the passages that share its words, ranked by BM25 in SQLite's full-text index (FTS5).

The table holds one canonical form of each text (`lexicon`), so the words of a phrase are adjacent; other
spellings are added to the query. It is contentless: a row is removed by handing back the values that were
inserted, so `fts_row` is deterministic and the store keeps `lexicon.NORMALISER_VERSION`.

Ranking a row costs 1 to 2 µs, so frequent words decide the time: they are left out, or rank without finding.
Passages are counted by a bounded MATCH and not in an fts5vocab table, which reads the whole list of a word
(92,000 of 100,000 passages: 6.9 ms; up to the first 10,000: 1.0 ms), wants stems and knows no phrases.

Figures: SQuAD 1.1 dev half, 1,065 paragraphs with their titles, n = 5,665 questions (S: a sample of 2,000);
cranfield, 1,400 abstracts, n = 225 queries; med, 1,033 abstracts, n = 30.
    adopted                       hit@1 0.788, hit@5 0.942, hit@20 0.978; nDCG@10 cranfield 0.343, med 0.708
    title weight 0.5, 1, 4        hit@1 0.787, 0.788, 0.788; hit@5 0.939, 0.941, 0.942
    S: adopted                    hit@1 0.784
    S: raw text, not canonical    hit@1 0.779
    S: without stemming           hit@1 0.759
    S: with function words        hit@1 0.767
    S: neighbours as phrases too  hit@1 0.776
    S: one column, k1 0.9, b 0.4  hit@1 0.786; with the k1 1.2, b 0.75 that FTS5 fixes, 0.779
"""

from __future__ import annotations

import math
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
    "matched_in",
    "parse_query",
    "rarity",
    "required_sql",
    "search",
]

FTS_SCHEMA = """
CREATE VIRTUAL TABLE passages_fts USING fts5(
    title, outlet, date, text,
    content='', tokenize="porter unicode61 remove_diacritics 2 tokenchars '.'"
);
"""
"""The row id is the passage id. A dot is part of a token: `canonical` leaves those of "3.5" and "u.s."."""

TITLE_WEIGHT = 2.0
"""Hit@1 on SQuAD is the same within 0.002 from 0.7 to 6; 2 is best for hit@5."""
OUTLET_WEIGHT = 0.5
DATE_WEIGHT = 0.5
"""Outlet and date tell articles apart, not passages, so they count half; no data at hand can tune them."""
TEXT_WEIGHT = 1.0

FREQUENT_SHARE = 0.08
FREQUENT_PASSAGES = 2_000
"""A word in more than this share of the passages, and in more than this many, is left out of the query.

The count protects small corpora, where time is no matter and the share would cost quality: with the share
alone, nDCG@10 on cranfield is 0.252 for 5 %, 0.295 for 10 %, 0.329 for 20 % and 0.343 for 100 %."""

CANDIDATE_PASSAGES = 2_000
CANDIDATE_PASSAGES_FILTERED = 6_000
"""Words find passages, the rarest first, until they have found this many; the others only rank those.

Scaled down to 5 % of the passages of S, hit@1 stays at 0.781; if the others were left out, it would be 0.740.
Under a filter more are looked at, since most of them are thrown away before they cost their ranking."""

CANDIDATES_AT_LEAST = 200
"""While fewer passages are found, the next word is used too, however frequent it is."""

KEPT_OF_FREQUENT = 2
"""Words used when all are frequent: the rarest of them."""

MAX_TERMS = 64
"""Counting a word costs about 50 µs; of a pasted article the first words are used."""

_COUNT = "SELECT count(*) FROM (SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)"
_SEARCH = (
    f"SELECT rowid, -bm25(passages_fts, {TITLE_WEIGHT}, {OUTLET_WEIGHT}, {DATE_WEIGHT}, {TEXT_WEIGHT}) "
    "AS score FROM passages_fts WHERE passages_fts MATCH ? {allowed} ORDER BY score DESC, rowid LIMIT ?"
)
_NO_LIMIT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Which terms find passages and which only rank those."""

    finding: tuple[Term, ...]
    need_all: bool
    """Whether a passage needs all of the finding terms, or any."""
    ranking: tuple[Term, ...]
    dropped: tuple[Term, ...]
    absent: tuple[Term, ...]


def fts_row(
    title: str, outlet: str | None, date: str | None, text: str, *, stemmed: bool = True
) -> tuple[str, str, str, str]:
    """What the full-text table holds of a passage, for `insert_row` and, unchanged, for `delete_row`.

    Dates and outlets are the same in every language; the endings of words that are not English stay on (`stemmed`).
    """
    words = canonical(title, stemmed=stemmed), canonical(text, stemmed=stemmed)
    return words[0], canonical(outlet or ""), canonical_date(date or ""), words[1]


def insert_row(conn: sqlite3.Connection, passage_id: int, row: tuple[str, str, str, str]) -> None:
    """Write a row of `fts_row` in the caller's transaction."""
    conn.execute(
        "INSERT INTO passages_fts (rowid, title, outlet, date, text) VALUES (?, ?, ?, ?, ?)",
        (passage_id, *row),
    )


def delete_row(conn: sqlite3.Connection, passage_id: int, row: tuple[str, str, str, str]) -> None:
    """Remove a row in the caller's transaction. Other values than those inserted damage the index unseen."""
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
    plain: bool = False,
) -> LexicalResult:
    """The `k` best passages for a query, out of `n_passages` in the table.

    `allowed_sql` is a sub-select of the passage ids that may be returned, with its parameters. A query with
    nothing to search for, or with a phrase that occurs nowhere, has an empty result; no query is an error.
    """
    parsed = parse_query(query, plain=plain)
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
    return _Plan(finding=finding, need_all=need_all, ranking=ranking, dropped=dropped, absent=absent)


def _rarest(conn: sqlite3.Connection, terms: Sequence[Term]) -> dict[Term, int]:
    """What to search when all terms are frequent: a question such as "Who is it?" still finds something."""
    counts = {term: _count(conn, term.match, limit=_NO_LIMIT) for term in terms[:MAX_TERMS]}
    rarest = sorted((term for term in counts if counts[term]), key=counts.__getitem__)[:KEPT_OF_FREQUENT]
    return {term: counts[term] for term in rarest}


def _finding(conn: sqlite3.Connection, counts: dict[Term, int], *, filtered: bool) -> tuple[tuple[Term, ...], bool]:
    """The terms that find passages, and whether a passage needs all of them.

    Any of the rarest, as many as the budget allows; if one alone is beyond it, the two rarest together.
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


def rarity(conn: sqlite3.Connection, word: str, *, n_passages: int) -> float:
    """How rare a word is: 1 in one passage or none, 0 in all: 1 - log(df) / log(n), an inverse document frequency.

    Passages are counted up to `FREQUENT_PASSAGES`; what is more frequent is not told apart.
    """
    terms = parse_query(word, plain=True).terms
    if not terms or terms[0].is_function_word or n_passages < 2:
        return 0.0
    found = _count(conn, terms[0].match, limit=FREQUENT_PASSAGES)
    return 1.0 if found <= 1 else 1.0 - math.log(found) / math.log(max(n_passages, found))


def matched_in(conn: sqlite3.Connection, query: LexicalQuery, passage_id: int) -> tuple[str, ...]:
    """The words and phrases of a query that a passage holds."""
    sql = "SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? AND rowid = ?"
    terms = (*query.phrases, *query.terms)
    return _texts(term for term in terms if conn.execute(sql, (term.match, passage_id)).fetchone())


def required_sql(query: LexicalQuery) -> tuple[str, tuple[object, ...]] | None:
    """SQL for the ids of the passages that hold every phrase and nothing excluded; None when nothing is required."""
    parts, parameters = list[str](), list[object]()
    if query.phrases:
        parts.append("SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?")
        parameters.append(_joined(" AND ", query.phrases))
    if query.excluded:
        excluded = "SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?"
        parts.append(f"SELECT id FROM passages WHERE id NOT IN ({excluded})")
        parameters.append(_joined(" OR ", query.excluded))
    return (" INTERSECT ".join(parts), tuple(parameters)) if parts else None


def _match(plan: _Plan, excluded: Sequence[Term]) -> tuple[str, int]:
    """The FTS5 expression, and how many times it counts each term.

    FTS5 ranks by every term of the expression that the row has. To let a term rank without finding, what
    finds stands on both sides of an AND; the ranking terms then stand twice, so that all weigh the same.
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
