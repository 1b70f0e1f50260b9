"""From a question to a cited answer: `Assistant.ask(question)`, or `.stream(question)` to see it being made."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from index.entities import Filter, Hit
from index.search import Searcher
from qa.answer import choose, cite, relate, retrieved
from qa.entities import Answer, Conversation, Verdict
from qa.errors import QuestionError
from qa.events import Answered, Event, Read, Retrieved, Searching
from qa.reader.model import Reader

__all__ = ["Assistant", "checked_question"]

MAX_QUESTION_WORDS = 1_000
"""More than that is an article, not a question."""
RELATED = 5
"""Nearest passages listed with an answer."""


class Assistant:
    """Answers questions from one index. Takes ready parts; holds no state of its own between questions."""

    def __init__(
        self,
        searcher: Searcher,
        reader: Reader,
        *,
        passages: int = 10,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        """Put the parts together.

        Args:
            searcher: Finds passages.
            reader: Finds the words in them.
            passages: How many the reader reads.
            now: The clock, with its time zone.
        """
        self.searcher = searcher
        self.reader = reader
        self._passages = passages
        self._now = now

    def ask(self, question: str, conversation: Conversation | None = None, where: Filter | None = None) -> Answer:
        """The answer to a question.

        Raises:
            QuestionError: the question is empty or far too long.
        """
        *_, last = self.stream(question, conversation, where)
        assert isinstance(last, Answered)  # a stream ends with its answer
        return last.answer

    def _retrieve(self, question: str, where: Filter | None) -> tuple[Hit, ...]:
        """A phrase in quotation marks is required if it occurs at all; nothing else in a question is query syntax."""
        hits: tuple[Hit, ...] = ()
        if _QUOTED.search(question):
            hits = self.searcher.search(question, self._passages, where)
        return hits or self.searcher.search(question, self._passages, where, plain=True)

    def stream(
        self,
        question: str,
        conversation: Conversation | None = None,  # noqa: ARG002  # follow-ups are not resolved yet
        where: Filter | None = None,
    ) -> Iterator[Event]:
        """What happens while a question is answered; the last event is `Answered`.

        Raises:
            QuestionError: the question is empty or far too long.
        """
        question = checked_question(question)
        store, clock = self.searcher.store, _Stopwatch()
        asked_at = self._now().isoformat(timespec="seconds")
        with store.snapshot():
            yield Searching(standalone_question=question, passages=store.count("passages"))
            with clock.stage("search"):
                hits = self._retrieve(question, where)
            yield Retrieved(hits=hits)
            with clock.stage("read"):
                passages = retrieved(store, hits)
                spans = self.reader.read(question, passages)
            yield Read(spans=spans)
            with clock.stage("cite"):
                citations = cite(store, choose(spans))
                related = relate(store, passages, cited=citations, k=RELATED)
            answer = Answer(
                id=uuid.uuid4().hex[:12],
                asked_at=asked_at,
                question=question,
                standalone_question=question,
                verdict=Verdict.ANSWERED if citations else Verdict.NOT_FOUND,
                text=citations[0].quote if citations else None,
                confidence=None,
                citations=citations,
                related=related,
                index_generation=store.generation,
                models={"encoder": str(store.meta("encoder_id")), "reader": self.reader.id},
                timings_ms=clock.timings_ms,
            )
        yield Answered(answer=answer)


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
