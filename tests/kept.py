"""Answers to be kept: made by hand from a real index, so that no test depends on how well the reader reads."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from index.encode import ModelFiles
from index.entities import Hit, Ranker
from index.store import Store
from index.sync import SyncOptions, sync
from index.writer import Writer
from qa.answer import cite, relate, retrieved
from qa.entities import Answer, Span, Verdict
from tests.doubles import HashingEncoder

__all__ = ["answer_from", "sync_quickly"]

ASKED_AT = "2025-06-01T12:00:00+02:00"


def sync_quickly(index: Path, *folders: Path) -> None:
    """Bring an index to the state of its folders, with an encoder that needs no model."""
    encoder = HashingEncoder()
    model = ModelFiles(id=encoder.id, folder=index, sha256=encoder.sha256)
    with Writer.open(index) as writer:
        sync(writer, folders, SyncOptions(consent=lambda *_: True), model=model, load=lambda: encoder)


def answer_from(
    index: Path,
    question: str,
    *cited: tuple[Path, int],
    related: Sequence[Path] = (),
    asked_at: str = ASKED_AT,
    standalone: str | None = None,
) -> Answer:
    """An answer that cites sentences, given as file and number, and lists the first passages of files as related."""
    store = Store.open(index)
    spans = []
    for file, number in cited:
        article_id = store.article_at(file)
        assert article_id is not None
        sentence = store.sentences(article_id)[number - 1]
        spans.append(
            Span(
                article_id=article_id,
                passage_id=store.passages_of(article_id)[0].id,
                start=sentence.start,
                end=sentence.end,
                first_sentence=number,
                last_sentence=number,
                score=1.0,
            )
        )
    citations = cite(store, spans, question)
    near = [store.passages_of(str(store.article_at(file)))[0] for file in related]
    hits = [Hit(passage=p, score=1.0, rank=rank, ranker=Ranker.HYBRID) for rank, p in enumerate(near, start=1)]
    answer = Answer(
        id=hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        asked_at=asked_at,
        question=question,
        standalone_question=standalone or question,
        verdict=Verdict.ANSWERED if citations else Verdict.NOT_FOUND,
        text=citations[0].answer if citations else None,
        confidence=0.9 if citations else 0.1,
        citations=citations,
        related=relate(store, retrieved(store, hits), cited=citations, k=5),
        index_generation=store.generation,
        models={"encoder": "hashing", "reader": "by hand"},
        timings_ms={"search": 1.5},
    )
    store.close()
    return answer
