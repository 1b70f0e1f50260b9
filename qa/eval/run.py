"""Asks the questions of a data set and measures what comes back: values per question, times per stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.entities import Copies, Hit, Ranker
from index.search import Searcher
from qa.assistant import Assistant
from qa.entities import Citation
from qa.eval.datasets import GoldQuestion
from qa.eval.metrics import (
    CitedSentence,
    Run,
    best_scores,
    citation_scores,
    evaluate,
    is_gold_sentence,
)

__all__ = ["Measured", "Tell", "is_gold", "measure_questions", "measure_retrieval"]

DEPTH = 100
RUNS = {"lexical": Ranker.LEXICAL, "vector": Ranker.VECTOR, "fused": Ranker.HYBRID}
Tell = Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class Measured:
    """What a measurement collects."""

    per_question: dict[str, dict[str, float]] = field(default_factory=dict)
    """Figure's name -> question id -> value."""
    latencies_ms: dict[str, list[float]] = field(default_factory=dict)
    """Stage -> a time per question."""
    runs: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    """Name of the run -> question id -> document id -> score."""
    reliability: list[tuple[float, float, int]] = field(default_factory=list)
    """Mean confidence, share of right answers and count of each bin."""

    def add(self, name: str, question_id: str, value: float) -> None:
        """Keep one value of one figure."""
        self.per_question.setdefault(name, {})[question_id] = value

    def timed(self, stage: str, started_s: float) -> None:
        """Keep the time since `started_s`."""
        self.timed_ms(stage, (time.perf_counter() - started_s) * 1000)

    def timed_ms(self, stage: str, time_ms: float) -> None:
        """Keep a time that was measured elsewhere."""
        self.latencies_ms.setdefault(stage, []).append(time_ms)


def measure_retrieval(
    searcher: Searcher,
    queries: Mapping[str, str],
    qrels: Mapping[str, Mapping[str, int]],
    documents: Mapping[str, Sequence[str]],
    *,
    measured: Measured,
    tell: Tell = lambda _done, _total: None,
) -> None:
    """Lexical, vector and fused runs side by side; a document is ranked by its best passage.

    Args:
        searcher: Over the collection; its encoder should know the queries already, so that times are of the search.
        queries: Id -> text.
        qrels: Query id -> document id -> grade.
        documents: Article id -> ids of the documents with its text.
        measured: Is filled.
        tell: Told how many of how many queries are done.
    """
    for done, (query_id, query) in enumerate(queries.items(), start=1):
        for name, mode in RUNS.items():
            started_s = time.perf_counter()
            hits = searcher.search(query, DEPTH, mode=mode, copies=Copies.ALL)
            measured.timed(f"search_{name}", started_s)
            measured.runs.setdefault(name, {})[query_id] = _by_document(hits, documents)
        tell(done, len(queries))
    for name, run in measured.runs.items():
        _evaluate(name, run, {query_id: qrels[query_id] for query_id in queries if query_id in qrels}, measured)


def measure_questions(
    assistant: Assistant,
    questions: Sequence[GoldQuestion],
    *,
    measured: Measured,
    tell: Tell = lambda _done, _total: None,
) -> None:
    """The same for a file of own questions against the current index; `answered` for those without an answer."""
    for done, question in enumerate(questions, start=1):
        started_s = time.perf_counter()
        answer = assistant.ask(question.question)
        measured.timed("ask", started_s)
        if question.answerable:
            right = [is_gold(citation, question) for citation in answer.citations]
            _add_citations("citation.questions", question.id, right, measured)
        else:
            measured.add("abstention.answered_unanswerable", question.id, float(answer.verdict == "answered"))
        tell(done, len(questions))


def _evaluate(name: str, run: Run, qrels: Mapping[str, Mapping[str, int]], measured: Measured) -> None:
    for measure, values in evaluate(run, qrels).items():
        measured.per_question[f"retrieval.{name}.{measure}"] = dict(values)


def _add_citations(name: str, question_id: str, right: Sequence[bool], measured: Measured) -> None:
    scores = citation_scores(right)
    measured.add(f"{name}.first", question_id, scores.first)
    measured.add(f"{name}.any", question_id, scores.any)


def _by_document(hits: Iterable[Hit], documents: Mapping[str, Sequence[str]]) -> dict[str, float]:
    return best_scores((document, hit.score) for hit in hits for document in documents.get(hit.passage.article_id, ()))


def is_gold(citation: Citation, question: GoldQuestion) -> bool:
    """Whether a citation quotes a sentence that answers the question.

    An article is named by its path, or by as much of its end as the questions file gives.
    """
    golds = [
        CitedSentence(place=citation.place.path, text=gold.sentence)
        for gold in question.sentences
        if f"/{citation.place.path}".endswith(f"/{gold.article}")
    ]
    return is_gold_sentence(CitedSentence(place=citation.place.path, text=citation.quote), golds)
