"""An assistant for tests of the screens: quick, deterministic, sure enough to answer. What it says is not tested."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.errors import ModelError
from index.search import Searcher
from qa.abstain import FEATURES, Calibration
from qa.assistant import Assistant
from qa.cli.chat_services import ChatServices
from qa.entities import Span
from qa.reader.model import RetrievedPassage
from tests.doubles import HashingEncoder
from tests.sentence_reader import SentenceReader
from tests.tui.hosts import PackagedDouble

_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
QUESTION = "How many US troops are in Japan?"
RELATED = "Which troops guard the carrier of the Seventh Fleet in winter?"
NOT_FOUND = "Who invented the zipper?"


class NarrowReader:
    """The nearest sentences; for "How many …", the first number of those with all longer words of the question."""

    id = "narrow"

    def __init__(self) -> None:
        self._sentences = SentenceReader(HashingEncoder)
        self.gate = threading.Event()
        """Reading waits for it."""
        self.gate.set()

    def read(self, question: str, passages: Sequence[RetrievedPassage]) -> tuple[Span, ...]:
        assert self.gate.wait(30), "nobody opened the gate"
        texts = {found.article.id: found.article.text for found in passages}
        spans = self._sentences.read(question, passages)
        if not question.startswith("How many"):
            return spans
        asked: list[str] = re.findall(r"\w{5,}", question.casefold())
        narrowed = []
        for span in spans:
            sentence = texts[span.article_id][span.start : span.end].casefold()
            if not all(word in sentence for word in asked):
                continue
            if number := _NUMBER.search(texts[span.article_id], span.start, span.end):
                narrowed.append(replace(span, start=number.start(), end=number.end()))
        return tuple(narrowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered(Calibration):
    """Sure of an answer as far as its surroundings hold the question's words."""

    def confidence(self, values: Mapping[str, float]) -> float:
        return 0.93 if values["covered_near"] > 0.7 else 0.2


def covered() -> Covered:
    nothing = dict.fromkeys(FEATURES, 0.0)
    return Covered(weights=nothing, bias=0.0, means=nothing, scales=nothing, answered=0.5, related=0.3, closed=0.0)


class AnsweringServices(ChatServices):
    """Real services; only the assistant is a quick one."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self.reader = NarrowReader()
        self.opening = threading.Event()
        """Loading the models waits for it."""
        self.opening.set()
        self.missing_model = False

    def open_assistant(self) -> Assistant:
        assert self.opening.wait(30), "nobody opened"
        if self.missing_model:
            raise ModelError("reader.onnx is missing")
        searcher = Searcher.open(self.paths.index, lambda: PackagedDouble(self.context.model))
        if searcher.store.count("articles") == 0:
            return super().open_assistant()
        return Assistant(searcher, self.reader, covered(), now=self.now)
