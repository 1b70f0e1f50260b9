"""From a query to passages: `Searcher.open(folder).search(query, k=10)`.

Each search sees one committed state of the store. An index that another process changes meanwhile is picked up
with the next search.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index import fuse, lexical
from index.copies import fold, has_stories
from index.entities import Copies, Filter, Hit, Ranker
from index.errors import EncoderMismatchError
from index.filtering import allowed_passages
from index.runs import Explained, Runs, aligned, explain
from index.store import Store
from index.vectors import Vectors, vectors_key

if TYPE_CHECKING:
    from index.arrays import Embeddings, RowIds, Scores
    from index.encode import QueryEncoder

__all__ = ["Searcher", "check_encoder"]

DEPTH = 100
"""Candidates taken from each search before they are fused."""
LEXICAL_WEIGHT = 0.4
"""Share of BM25 in the fused score, tuned on dev: SQuAD 1.1 dev half (a sample of 1,500 questions, 1,065 paragraphs),
cranfield (225 queries) and med (30).
    weight               0.3    0.4    0.5    0.6    0.7    words alone   vectors alone
    SQuAD hit@1          0.805  0.816  0.818  0.813  0.809  0.785         0.635
    SQuAD hit@5          0.965  0.970  0.970  0.967  0.963  0.943         0.877
    cranfield nDCG@10    0.388  0.392  0.391  0.386  0.372  0.339         0.365
    med nDCG@10          0.803  0.804  0.796  0.785  0.767  0.691         0.801
Dividing the cosines by the best one in place of min-max, or taking 200 candidates, changes none by more than 0.004."""
DEEPER = 4
"""Times as many candidates are taken when too few are left without copies."""
EXACT_SHARE = 0.01
"""Filters that leave less than this share of the passages are scored one by one."""


class Searcher:
    """Searches one index. The encoder is loaded with the first search that needs it."""

    def __init__(
        self,
        store: Store,
        load_query_encoder: Callable[[], QueryEncoder],
        *,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.store = store
        self._report = report
        self._reported: str | None = None
        self._load_query_encoder = load_query_encoder
        self._query_encoder: QueryEncoder | None = None
        self._vectors: Vectors | None = None
        self._embedded: tuple[str, Embeddings] | None = None
        """The last query and its vector: ranking needs it again."""

    @classmethod
    def open(
        cls,
        folder: Path,
        load_query_encoder: Callable[[], QueryEncoder],
        *,
        report: Callable[[str], None] = lambda _: None,
    ) -> Searcher:
        """Open the index in `folder` (the `.qa` folder itself).

        Args:
            folder: Where the index is.
            load_query_encoder: Called with the first search that needs it.
            report: Is told when the vector file cannot be used, and what was done about it.

        Raises:
            NoIndexError: there is no usable index.
        """
        return cls(Store.open(folder), load_query_encoder, report=report)

    def close(self) -> None:
        """Release the index."""
        self.store.close()

    @property
    def query_encoder(self) -> QueryEncoder:
        """The encoder of questions, loaded when it is first asked for.

        Raises:
            EncoderMismatchError: it is not the one that the index was embedded with.
        """
        if self._query_encoder is None:
            self._query_encoder = self._load_query_encoder()
        # Each time: another process may have embedded the index again with another one.
        check_encoder(self.store, self._query_encoder.id, self._query_encoder.sha256)
        return self._query_encoder

    def search(
        self,
        query: str,
        k: int = 10,
        where: Filter | None = None,
        *,
        mode: Ranker = Ranker.HYBRID,
        plain: bool = False,
        copies: Copies = Copies.FOLDED,
    ) -> tuple[Hit, ...]:
        """The `k` best passages, sorted by (-score, passage id).

        Args:
            query: What to look for. Phrases in quotation marks must occur, `-word` must not.
            k: How many to return at most.
            where: Which articles may be returned; a filter that matches none gives no hits.
            mode: Which search ranks; lexical search loads no model.
            plain: Quotation marks and hyphens require and exclude nothing, as in a question.
            copies: What is done with articles that tell the same story.
        """
        with self.store.snapshot():
            _, hits = self._find(query, k, where, mode, plain=plain, copies=copies)
            return hits

    def cosines(self, query: str, passages: Sequence[int]) -> dict[int, float]:
        """The cosine of a query with each of some passages, by id; those that are gone are left out."""
        with self.store.snapshot():
            known = [passage.id for passage in self.store.passages(passages)]
            scores = self._cosines(self._embed(query), np.asarray(known, np.int64))
        return dict(zip(known, scores.tolist(), strict=True))

    def explain(
        self,
        query: str,
        k: int = 10,
        where: Filter | None = None,
        *,
        mode: Ranker = Ranker.HYBRID,
        copies: Copies = Copies.FOLDED,
    ) -> tuple[Explained, ...]:
        """Like `search`, with what each ranking says of each hit."""
        with self.store.snapshot():
            runs, hits = self._find(query, k, where, mode, copies=copies)
            parsed = lexical.parse_query(query)
            return tuple(
                explain(hit, runs, lexical.matched_in(self.store.connection, parsed, hit.passage.id)) for hit in hits
            )

    def _find(
        self, query: str, k: int, where: Filter | None, mode: Ranker, *, copies: Copies, plain: bool = False
    ) -> tuple[Runs, tuple[Hit, ...]]:
        """What each search found, and the best `k` passages once copies are left out."""
        depth = max(DEPTH, k)
        while True:
            runs = self._runs(query, depth, where or Filter(), mode, plain=plain)
            ids, scores = self._rank(runs, query, mode)
            hits = self._hits(ids, scores, k, mode, copies)
            exhausted = max(runs.lexical_ids.size, runs.vector_ids.size) < depth
            if len(hits) == k or len(hits) == ids.size or exhausted:
                return runs, hits
            depth *= DEEPER  # most of what was found are copies

    def _runs(self, query: str, depth: int, where: Filter, mode: Ranker, *, plain: bool) -> Runs:
        allowed_sql = allowed_passages(where)
        none = np.empty(0, np.int64), np.empty(0, np.float32)
        words = lexical.LexicalResult()
        if mode is not Ranker.VECTOR:
            words = lexical.search(
                self.store.connection,
                query,
                k=depth,
                allowed_sql=allowed_sql,
                n_passages=self.store.count("passages"),
                plain=plain,
            )
        vector_ids, vector_scores = none
        if mode is not Ranker.LEXICAL:
            required = lexical.required_sql(lexical.parse_query(query, plain=plain))
            vector_ids, vector_scores = self._search_vectors(self._embed(query), depth, _both(allowed_sql, required))
        return Runs(
            lexical_ids=np.asarray(words.ids, np.int64),
            lexical_scores=np.asarray(words.scores, np.float32),
            vector_ids=vector_ids,
            vector_scores=vector_scores,
            dropped_terms=words.dropped_terms,
        )

    def _rank(self, runs: Runs, query: str, mode: Ranker) -> tuple[RowIds, Scores]:
        if mode is Ranker.LEXICAL:
            return runs.lexical_ids, runs.lexical_scores
        if mode is Ranker.VECTOR:
            return runs.vector_ids, runs.vector_scores
        depth = max(DEPTH, runs.lexical_ids.size, runs.vector_ids.size)
        candidates = fuse.reciprocal_rank([runs.lexical_ids, runs.vector_ids], k=depth)
        words = aligned(candidates, runs.lexical_ids, runs.lexical_scores)
        cosines = aligned(candidates, runs.vector_ids, runs.vector_scores)
        missing = np.isnan(cosines)
        if missing.any():
            cosines[missing] = self._cosines(self._embed(query), candidates[missing])
        return fuse.mix(candidates, words, cosines, lexical_weight=LEXICAL_WEIGHT)

    def _embed(self, query: str) -> Embeddings:
        encoder = self.query_encoder
        if self._embedded is None or self._embedded[0] != query:
            self._embedded = query, encoder.encode_queries([query])
        return self._embedded[1]

    def _search_vectors(
        self, query: Embeddings, k: int, allowed_sql: tuple[str, tuple[object, ...]] | None
    ) -> tuple[RowIds, Scores]:
        if allowed_sql is None:
            scores, ids = self._current_vectors().search(query, k)
            return ids, scores
        allowed = np.fromiter((row[0] for row in self.store.connection.execute(*allowed_sql)), np.int64)
        if allowed.size <= max(k, EXACT_SHARE * self.store.count("passages")):
            cosines = self._cosines(query, allowed)
            order = np.lexsort((allowed, -cosines))[:k]
            return allowed[order], cosines[order]
        scores, ids = self._current_vectors().search(query, k, allowed=allowed)
        return ids, scores

    def _cosines(self, query: Embeddings, ids: RowIds) -> Scores:
        if ids.size == 0:
            return np.empty(0, np.float32)
        return np.asarray(self.store.vectors(ids.tolist()) @ query[0], dtype=np.float32)

    def _current_vectors(self) -> Vectors:
        if self._vectors is None or self._vectors.key != vectors_key(self.store):
            self._vectors = Vectors.open(self.store, self._vectors)
            if self._vectors.problem is not None:
                self._repair(self._vectors.problem)
        return self._vectors

    def _repair(self, problem: str) -> None:
        # This search goes on with what was read from SQLite, the next one opens the new file.
        from index.repair import write_vectors_again  # rarely needed, and it brings the writer along

        said = write_vectors_again(self.store, problem)
        if said is not None and said != self._reported:
            self._report(said)
        self._reported = said

    def _hits(self, ids: RowIds, scores: Scores, k: int, mode: Ranker, copies: Copies) -> tuple[Hit, ...]:
        score_of = dict(zip(ids.tolist(), scores.tolist(), strict=True))
        folding = copies is not Copies.ALL and has_stories(self.store)
        passages = self.store.passages(ids.tolist() if folding else ids[:k].tolist())
        if folding:
            passages = fold(self.store, passages, copies, most=k)
        return tuple(
            Hit(passage=passage, score=score_of[passage.id], rank=rank, ranker=mode)
            for rank, passage in enumerate(passages, start=1)
        )


def check_encoder(store: Store, encoder_id: str, encoder_sha256: str) -> None:
    """Make sure that an encoder is the one the index was embedded with.

    Raises:
        EncoderMismatchError: it is another one.
    """
    known = store.meta("encoder_sha256")
    if known is not None and known != encoder_sha256:
        raise EncoderMismatchError(
            f"the index was embedded with {store.meta('encoder_id')} ({str(known)[:12]}), not with "
            f"{encoder_id} ({encoder_sha256[:12]}); embed it again with: qa index --rebuild --model {encoder_id}"
        )


def _both(*allowed: tuple[str, tuple[object, ...]] | None) -> tuple[str, tuple[object, ...]] | None:
    """The intersection of two selections of passage ids; None is all of them."""
    given = [selection for selection in allowed if selection is not None]
    if not given:
        return None
    sql = " INTERSECT ".join(f"SELECT * FROM ({part})" for part, _ in given)
    return sql, tuple(parameter for _, parameters in given for parameter in parameters)
