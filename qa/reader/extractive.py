"""The reader that ships: a small transformer that points at the words that answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from index.segment import passage_prefix
from qa.entities import Span
from qa.reader.model import RetrievedPassage
from qa.reader.windows import ScoredSpan, best_spans

if TYPE_CHECKING:
    from qa.reader._onnx import OnnxSpanModel

__all__ = ["ExtractiveReader"]

SPANS = 3
"""Taken from each passage."""


class ExtractiveReader:
    """Spans of the passages, scored by a model that is loaded with the first question."""

    def __init__(self, reader_id: str, load: Callable[[], OnnxSpanModel]) -> None:
        self.id = reader_id
        self._load = load
        self._model: OnnxSpanModel | None = None

    @property
    def model(self) -> OnnxSpanModel:
        """The model, loaded when it is first asked for."""
        if self._model is None:
            self._model = self._load()
        return self._model

    def read(self, question: str, passages: Sequence[RetrievedPassage]) -> tuple[Span, ...]:
        """See `Reader.read`; a score is the span's logit less that of no answer."""
        texts = [
            (
                passage_prefix(found.article.title, None, found.article.date),
                found.article.text[found.hit.passage.start : found.hit.passage.end],
            )
            for found in passages
        ]
        bounds = [
            [(s.start - found.hit.passage.start, s.end - found.hit.passage.start) for s in found.sentences]
            for found in passages
        ]
        best: dict[tuple[str, int, int], Span] = {}
        for found, spans in zip(passages, self.read_texts(question, texts, bounds), strict=True):
            for span in spans:
                placed = _placed(found, span)
                key = placed.article_id, placed.start, placed.end
                if key not in best or best[key].score < placed.score:  # passages overlap
                    best[key] = placed
        return tuple(sorted(best.values(), key=lambda span: (-span.score, span.article_id, span.start)))

    def read_texts(
        self,
        question: str,
        texts: Sequence[tuple[str, str]],
        sentences: Sequence[Sequence[tuple[int, int]]],
    ) -> list[list[ScoredSpan]]:
        """The best spans of each text, best first.

        Args:
            question: What is asked.
            texts: Pairs of header and text.
            sentences: Of each text, start and end in characters.
        """
        if not texts:
            return []
        windows = self.model.windows(question, texts)
        logits = iter(self.model.logits([window for own in windows for window in own]))
        found = []
        for own, bounds in zip(windows, sentences, strict=True):
            spans = [s for window in own for s in best_spans(next(logits), window, bounds, count=SPANS)]
            found.append(sorted(spans, key=lambda s: (-s.score, s.start))[:SPANS])
        return found


def _placed(found: RetrievedPassage, span: ScoredSpan) -> Span:
    start = found.hit.passage.start + span.start
    end = found.hit.passage.start + span.end
    sentence = next(s for s in found.sentences if s.start <= start and end <= s.end)
    return Span(
        article_id=found.article.id,
        passage_id=found.hit.passage.id,
        start=start,
        end=end,
        first_sentence=sentence.number,
        last_sentence=sentence.number,
        score=span.score,
    )
