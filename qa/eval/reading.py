"""How well passages are read, and whether the assistant knows when there is no answer."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.segment import passage_prefix, sentences
from qa.answer import cite, retrieved
from qa.assistant import Assistant, Evidence
from qa.entities import Citation, Verdict
from qa.eval.datasets import ForeignQuestion, SquadParagraph, SquadQuestion
from qa.eval.metrics import CitedSentence, citation_scores, exact_match, sentence_is_right, token_f1
from qa.eval.run import Measured, Tell
from qa.reader.extractive import ExtractiveReader

__all__ = [
    "ClosedAnswer",
    "Judged",
    "abstention_values",
    "closed_answers",
    "judge",
    "measure_closed",
    "measure_features",
    "measure_mixed",
    "one_to_one",
    "reliability",
]

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An answer as it would be given without a threshold, and whether it is right."""

    question_id: str
    answerable: bool
    confidence: float
    right: bool
    """The first citation holds the answer; never for a question that has none."""
    answered: bool
    """At the shipped threshold."""


def judge(
    assistant: Assistant, question: SquadQuestion, documents: Mapping[str, Sequence[str]], measured: Measured
) -> Judged:
    """Ask one question and measure what would be said."""
    started_s = time.perf_counter()
    evidence = _weighed(assistant, question.question, measured)
    citations = cite(assistant.searcher.store, evidence.spans, question.question)
    right = [_right(citation, question, documents) for citation in citations]
    measured.timed("ask", started_s)
    if question.answerable:
        scores = citation_scores(right)
        words = citations[0].answer if citations else ""
        measured.add("citation.open.first", question.id, scores.first)
        measured.add("citation.open.any", question.id, scores.any)
        measured.add("reading.open.em", question.id, exact_match(words, question.answers))
        measured.add("reading.open.f1", question.id, token_f1(words, question.answers))
    return Judged(
        question_id=question.id,
        answerable=question.answerable,
        confidence=evidence.confidence,
        right=bool(right) and right[0] and question.answerable,
        answered=evidence.verdict is Verdict.ANSWERED,
    )


def measure_features(
    assistant: Assistant, question: SquadQuestion, documents: Mapping[str, Sequence[str]]
) -> tuple[dict[str, float], bool]:
    """The features of the evidence for a question, and whether the first citation is right."""
    evidence = _weighed(assistant, question.question, Measured())
    citations = cite(assistant.searcher.store, evidence.spans[:1], question.question)
    return dict(evidence.features), any(_right(citation, question, documents) for citation in citations)


def measure_mixed(
    assistant: Assistant,
    questions: Sequence[SquadQuestion],
    foreign: Sequence[ForeignQuestion],
    documents: Mapping[str, Sequence[str]],
    *,
    measured: Measured,
    tell: Tell = lambda _done, _total: None,
) -> None:
    """Ask every question against the whole collection.

    Args:
        assistant: Over the collection.
        questions: Of the collection.
        foreign: Questions that it cannot answer.
        documents: Article id -> ids of the documents with its text.
        measured: Is filled with `reading.open.*`, `citation.open.*` and, if any question has no answer, `abstention.*`.
        tell: Told how many are done.
    """
    total, judged = len(questions) + len(foreign), []
    for question in questions:
        judged.append(judge(assistant, question, documents, measured))
        tell(len(judged), total)
    for other in foreign:
        judged.append(_judge_foreign(assistant, other, measured))
        tell(len(judged), total)
    if mixed := one_to_one(judged):
        measured.per_question.update(abstention_values(mixed))
        measured.reliability = reliability(mixed)


def _judge_foreign(assistant: Assistant, question: ForeignQuestion, measured: Measured) -> Judged:
    evidence = _weighed(assistant, question.question, measured)
    answered = evidence.verdict is Verdict.ANSWERED
    measured.add("abstention.false_on_foreign", question.id, float(answered))
    return Judged(
        question_id=question.id, answerable=False, confidence=evidence.confidence, right=False, answered=answered
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAnswer:
    """What the reader says with the paragraph given."""

    words: str
    score: float
    """Of the span, above that of no answer; -inf where there is no span."""


def closed_answers(
    reader: ExtractiveReader,
    paragraphs: Mapping[str, SquadParagraph],
    questions: Sequence[SquadQuestion],
    *,
    tell: Tell = lambda _done, _total: None,
) -> list[ClosedAnswer]:
    """Read the paragraph of each question, with its title in front; paragraphs by id."""
    bounds = {
        key: [(s.start, s.end) for s in sentences(paragraph.text, body_start=0, article_id="")]
        for key, paragraph in paragraphs.items()
    }
    found = []
    for done, question in enumerate(questions, start=1):
        paragraph = paragraphs[question.paragraph_id]
        text = (passage_prefix(paragraph.title, None, None), paragraph.text)
        best = reader.read_texts(question.question, [text], [bounds[question.paragraph_id]])[0]
        words = paragraph.text[best[0].start : best[0].end] if best else ""
        found.append(ClosedAnswer(words=words, score=best[0].score if best else -math.inf))
        tell(done, len(questions))
    return found


def measure_closed(
    answers: Sequence[ClosedAnswer], questions: Sequence[SquadQuestion], threshold: float, *, measured: Measured
) -> None:
    """Fill in `reading.closed.*`.

    Args:
        answers: Of the questions, in their order.
        questions: What was asked.
        threshold: Least score of an answer that is given; not applied where every question has one.
        measured: Is filled.
    """
    may_be_none = any(not question.answerable for question in questions)
    for answer, question in zip(answers, questions, strict=True):
        said = "" if may_be_none and answer.score < threshold else answer.words
        measured.add("reading.closed.em", question.id, exact_match(said, question.answers))
        measured.add("reading.closed.f1", question.id, token_f1(said, question.answers))
        if question.answerable:
            measured.add("reading.closed.answerable.f1", question.id, token_f1(answer.words, question.answers))


def one_to_one(judged: Sequence[Judged]) -> list[Judged]:
    """As many questions with an answer as without, the first of each by a hash of their ids; none if one kind lacks."""
    mixed: list[Judged] = []
    own = [one for one in judged if one.answerable]
    others = [one for one in judged if not one.answerable]
    for kind in (own, others):
        shuffled = sorted(kind, key=lambda one: hashlib.sha256(one.question_id.encode()).digest())
        mixed += shuffled[: min(len(own), len(others))]
    return mixed


def abstention_values(judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Values per question of `abstention.right_at_80`, `.right_at_90`, `.ece` and `.false_on_unanswerable`.

    `right_at_80`: 1 for an answerable question that gets a right first citation when answers are given down to the
    lowest confidence at which at least 80 % of all given answers are right (Kamath et al. 2020, section 2).
    `ece`: the distance between mean confidence and share of right answers of the question's bin, ten bins of equal
    width; the mean over all questions is the expected calibration error (Naeini et al. 2015).
    """
    values: dict[str, dict[str, float]] = {}
    for name, share in (("right_at_80", 0.8), ("right_at_90", 0.9)):
        given = _given_at(judged, share)
        values[f"abstention.{name}"] = {
            one.question_id: float(one.right and one.question_id in given) for one in judged if one.answerable
        }
    gap = {}
    for members in _bins(judged):
        mean = sum(one.confidence for one in members) / len(members)
        right = sum(one.right for one in members) / len(members)
        gap.update({one.question_id: abs(mean - right) for one in members})
    values["abstention.ece"] = gap
    values["abstention.answered"] = {one.question_id: float(one.answered) for one in judged if one.answerable}
    return values


def reliability(judged: Sequence[Judged]) -> list[tuple[float, float, int]]:
    """The reliability diagram: mean confidence, share of right answers, and how many, for each of ten bins in use."""
    return [
        (
            sum(one.confidence for one in members) / len(members),
            sum(one.right for one in members) / len(members),
            len(members),
        )
        for members in _bins(judged)
    ]


def _given_at(judged: Sequence[Judged], share: float) -> set[str]:
    falling = sorted(judged, key=lambda one: (-one.confidence, one.question_id))
    right = best = 0
    for count, one in enumerate(falling, start=1):
        right += one.right
        if right >= share * count:
            best = count
    return {one.question_id for one in falling[:best]}


def _bins(judged: Sequence[Judged]) -> list[list[Judged]]:
    bins: list[list[Judged]] = [[] for _ in range(BINS)]
    for one in judged:
        bins[min(BINS - 1, int(one.confidence * BINS))].append(one)
    return [members for members in bins if members]


def _weighed(assistant: Assistant, question: str, measured: Measured) -> Evidence:
    with assistant.searcher.store.snapshot():
        started_s = time.perf_counter()
        passages = retrieved(assistant.searcher.store, assistant.retrieve(question))
        measured.timed("ask_search", started_s)
        started_s = time.perf_counter()
        spans = assistant.reader.read(question, passages)
        measured.timed("ask_read", started_s)
        return assistant.weigh(question, passages, spans)


def _right(citation: Citation, question: SquadQuestion, documents: Mapping[str, Sequence[str]]) -> bool:
    return any(
        sentence_is_right(
            CitedSentence(place=place, text=citation.quote), golds=question.answers, places={question.paragraph_id}
        )
        for place in documents.get(citation.article_id, ())
    )
