"""Answers as the history keeps them, made by hand."""

from __future__ import annotations

import hashlib

from index.entities import Freshness, Place
from qa.entities import Answer, Citation, Verdict

QUOTE = "The island has hosted US bases since 1945."


def kept_answer(question: str, text: str | None, *, asked_at: str) -> Answer:
    """An answer with one citation, or `not found` without a text."""
    quote = f"{text}. {QUOTE}"
    place = Place(
        article_id="a" * 12,
        root="/articles",
        path="okinawa.txt",
        member=None,
        mtime_ns=0,
        size=100,
        sha256="b" * 64,
    )
    citation = Citation(
        number=1,
        article_id="a" * 12,
        title="US bases in Okinawa",
        date="2025-03-30",
        outlet="Reuters",
        url=None,
        place=place,
        first_sentence=1,
        last_sentence=2,
        start=0,
        end=len(quote),
        page=None,
        quote=quote,
        text_sha256="a" * 64,
        status=Freshness.SAME,
        answer_start=0,
        answer_end=len(text or ""),
    )
    return Answer(
        id=hashlib.sha256(question.encode()).hexdigest()[:12],
        asked_at=asked_at,
        question=question,
        standalone_question=question,
        verdict=Verdict.NOT_FOUND if text is None else Verdict.ANSWERED,
        text=text,
        confidence=0.93 if text is not None else 0.1,
        citations=() if text is None else (citation,),
        related=(),
        index_generation=1,
        models={"encoder": "e", "reader": "r"},
        timings_ms={"search": 1.0},
    )
