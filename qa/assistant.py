"""From a question to a cited answer: `Assistant.ask(question)`, or `.stream(question)` to see it being made."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from index.entities import Copies, Filter, Hit
from index.search import Searcher
from qa.abstain import Calibration, features
from qa.answer import answer_text, choose, cite, differing, relate, retrieved
from qa.entities import Answer, Conversation, Span, Verdict
from qa.errors import QuestionError
from qa.events import Answered, Event, Read, Retrieved, Searching
from qa.evidence import Candidate, candidates
from qa.followup import Understood, search_all, understand
from qa.reader.model import Reader, RetrievedPassage

__all__ = ["Assistant", "Evidence", "checked_question"]

MAX_QUESTION_WORDS = 1_000
"""More than that is an article, not a question."""
RELATED = 5
"""Nearest passages listed with an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found for a question, before it is decided whether that is an answer."""

    passages: tuple[RetrievedPassage, ...]
    candidates: tuple[Candidate, ...]
    """Best first."""
    features: Mapping[str, float]
    """Of the best candidate, see `qa.abstain`."""
    spans: tuple[Span, ...]
    """To be cited, should it be an answer."""
    confidence: float
    verdict: Verdict


class Assistant:
    """Answers questions from one index. Takes ready parts; holds no state of its own between questions."""

    def __init__(
        self,
        searcher: Searcher,
        reader: Reader,
        calibration: Calibration,
        *,
        passages: int = 12,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        """Put the parts together.

        Args:
            searcher: Finds passages.
            reader: Finds the words in them.
            calibration: Says how sure that is.
            passages: How many the reader reads.
            now: The clock, with its time zone.
        """
        self.searcher = searcher
        self.reader = reader
        self.calibration = calibration
        self._passages = passages
        self._now = now

    def ask(self, question: str, conversation: Conversation | None = None, where: Filter | None = None) -> Answer:
        """The answer to a question; see `stream`.

        Raises:
            QuestionError: the question is empty or far too long.
        """
        *_, last = self.stream(question, conversation, where)
        assert isinstance(last, Answered)  # a stream ends with its answer
        return last.answer

    def weigh(self, question: str, passages: tuple[RetrievedPassage, ...], spans: Sequence[Span]) -> Evidence:
        """What spans amount to.

        Args:
            question: As it was searched for.
            passages: What was read.
            spans: What the reader found in them.
        """
        found = candidates(question, passages, spans)
        cosines = self.searcher.cosines(question, [p.hit.passage.id for p in passages])
        values = features(question, passages, cosines, found)
        confidence = self.calibration.confidence(values) if found else 0.0
        return Evidence(
            passages=passages,
            candidates=found,
            features=values,
            spans=choose(question, passages, found),
            confidence=confidence,
            verdict=self.calibration.verdict(confidence, values),
        )

    def retrieve(self, question: str, where: Filter | None = None) -> tuple[Hit, ...]:
        """What the reader is to read.

        A phrase in quotation marks is required if it occurs at all; nothing else in a question is query syntax.
        """
        hits: tuple[Hit, ...] = ()
        if _QUOTED.search(question):
            hits = self.searcher.search(question, self._passages, where, copies=Copies.NEW)
        return hits or self.searcher.search(question, self._passages, where, plain=True, copies=Copies.NEW)

    def stream(
        self, question: str, conversation: Conversation | None = None, where: Filter | None = None
    ) -> Iterator[Event]:
        """What happens while a question is answered; the last event is `Answered`.

        Args:
            question: As it was typed; one that leans on the conversation is rewritten first.
            conversation: What was asked before; None: the question is taken as it is.
            where: Which articles to search; None: those that the conversation searched last. An empty filter: all.

        Raises:
            QuestionError: the question is empty or far too long.
        """
        question = checked_question(question)
        store, clock = self.searcher.store, _Stopwatch()
        now = self._now()
        with store.snapshot():
            with clock.stage("rewrite"):
                understood = understand(question, conversation, where, store=store, today=now.date())
            standalone = understood.rewrite.question
            yield Searching(standalone_question=standalone, passages=store.count("passages"))
            with clock.stage("search"):
                hits = self._retrieve(understood)
            yield Retrieved(hits=hits)
            with clock.stage("read"):
                passages = retrieved(store, hits)
                spans = self.reader.read(standalone, passages)
            yield Read(spans=spans)
            with clock.stage("cite"):
                evidence = self.weigh(standalone, passages, spans)
                answered = evidence.verdict is Verdict.ANSWERED
                citations = cite(store, evidence.spans if answered else (), standalone, understood.where)
                related = relate(store, passages, cited=citations, k=RELATED)
            answer = Answer(
                id=uuid.uuid4().hex[:12],
                asked_at=now.isoformat(timespec="seconds"),
                question=question,
                standalone_question=standalone,
                verdict=evidence.verdict,
                text=answer_text(standalone, citations),
                confidence=round(evidence.confidence, 4),
                citations=citations,
                related=related,
                index_generation=store.generation,
                models={"encoder": str(store.meta("encoder_id")), "reader": self.reader.id},
                timings_ms=clock.timings_ms,
                values=differing(standalone, citations),
                where=understood.where,
            )
        yield Answered(answer=answer)

    def _retrieve(self, understood: Understood) -> tuple[Hit, ...]:
        if len(understood.rewrite.queries) == 1 or _QUOTED.search(understood.rewrite.question):
            return self.retrieve(understood.rewrite.question, understood.where)
        return search_all(self.searcher, understood, self._passages)


_QUOTED = re.compile(r'["“”„«»]')


def checked_question(question: str) -> str:
    """The question without white space around it.

    Raises:
        QuestionError: it is empty or far too long.
    """
    question = question.encode("utf-8", "replace").decode("utf-8").strip()  # bytes that are no UTF-8 become "?"
    if not any(character.isalnum() for character in question):
        raise QuestionError('the question is empty; ask one: qa ask "How many US troops are in Japan?"')
    words = len(question.split())
    if words > MAX_QUESTION_WORDS:
        raise QuestionError(f"the question has {words:,} words, at most {MAX_QUESTION_WORDS:,} are taken; shorten it")
    return question


class _Stopwatch:
    """Milliseconds per stage."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        started_s = time.perf_counter()
        yield
        self.timings_ms[name] = round((time.perf_counter() - started_s) * 1000, 1)
