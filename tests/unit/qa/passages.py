"""Passages, spans and citations of short texts, for tests of what is made of them."""

from __future__ import annotations

import hashlib

from index.entities import Article, Freshness, Hit, Passage, Place, Ranker
from index.segment import sentences
from qa.entities import Citation, Span
from qa.reader.model import RetrievedPassage

__all__ = ["article_of", "citation", "retrieved", "span_of"]


def article_of(text: str, *, title: str = "Port", date: str | None = "2025-03-30") -> Article:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Article(
        id=sha256[:12],
        title=title,
        title_given=True,
        text=text,
        date=date,
        author=None,
        outlet=None,
        url=None,
        language="en",
        sha256=sha256,
        text_sha256=sha256,
    )


def retrieved(text: str, *, rank: int, title: str = "Port", date: str | None = "2025-03-30") -> RetrievedPassage:
    """The whole text as one passage, with the score 1 / rank."""
    article = article_of(text, title=title, date=date)
    found = sentences(text, body_start=0, article_id=article.id)
    passage = Passage(
        id=rank, article_id=article.id, first_sentence=1, last_sentence=len(found), start=0, end=found[-1].end
    )
    hit = Hit(passage=passage, score=1.0 / rank, rank=rank, ranker=Ranker.HYBRID)
    return RetrievedPassage(hit=hit, article=article, sentences=found)


def span_of(passage: RetrievedPassage, words: str, score: float) -> Span:
    """The first occurrence of some words."""
    start = passage.article.text.index(words)
    sentence = next(s for s in passage.sentences if s.start <= start < s.end)
    return Span(
        article_id=passage.article.id,
        passage_id=passage.hit.passage.id,
        start=start,
        end=start + len(words),
        first_sentence=sentence.number,
        last_sentence=sentence.number,
        score=score,
    )


def citation(number: int, text: str, words: str, *, date: str | None = "2025-03-30") -> Citation:
    """The sentence around some words."""
    passage = retrieved(text, rank=1, date=date)
    span = span_of(passage, words, 1.0)
    sentence = passage.sentences[span.first_sentence - 1]
    place = Place(
        article_id=passage.article.id,
        root="/articles",
        path=f"{number}.txt",
        member=None,
        mtime_ns=0,
        size=0,
        sha256="0" * 64,
    )
    return Citation(
        number=number,
        article_id=passage.article.id,
        title=passage.article.title,
        date=date,
        outlet=None,
        url=None,
        place=place,
        first_sentence=sentence.number,
        last_sentence=sentence.number,
        start=sentence.start,
        end=sentence.end,
        page=None,
        quote=text[sentence.start : sentence.end],
        text_sha256=passage.article.text_sha256,
        status=Freshness.SAME,
        answer_start=span.start,
        answer_end=span.end,
    )
