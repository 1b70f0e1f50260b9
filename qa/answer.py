"""From hits and spans to an answer: every quotation is a slice, every number is given out here. Pure but for `stat`."""

from __future__ import annotations

from collections.abc import Sequence

from index.entities import Article, Hit
from index.freshness import freshness
from index.store import Store
from qa.entities import Citation, RelatedPassage, Span
from qa.reader.model import RetrievedPassage

__all__ = ["choose", "cite", "relate", "retrieved"]

MAX_CITATIONS = 3
SUPPORT_LOGITS = 3.0
"""A further sentence is cited when its score is at most this far below the best one: odds of 1 to 20."""


def retrieved(store: Store, hits: Sequence[Hit]) -> tuple[RetrievedPassage, ...]:
    """The hits with their articles and sentences."""
    articles: dict[str, Article] = {}
    found = []
    for hit in hits:
        passage = hit.passage
        if passage.article_id not in articles:
            article = store.article(passage.article_id)
            if article is None:
                continue
            articles[passage.article_id] = article
        sentences = store.sentences(passage.article_id)[passage.first_sentence - 1 : passage.last_sentence]
        found.append(RetrievedPassage(hit=hit, article=articles[passage.article_id], sentences=sentences))
    return tuple(found)


def choose(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The span that answers, then those that support it, best first."""
    if not spans:
        return ()
    least = spans[0].score - SUPPORT_LOGITS
    return tuple(span for span in spans[:MAX_CITATIONS] if span.score >= least)


def cite(store: Store, spans: Sequence[Span]) -> tuple[Citation, ...]:
    """A citation of the whole sentences around each span, numbered in order.

    Raises:
        KeyError: a span lies in an article that is not in the store.
    """
    return tuple(_citation(store, span, number) for number, span in enumerate(spans, start=1))


def relate(
    store: Store, passages: Sequence[RetrievedPassage], *, cited: Sequence[Citation], k: int
) -> tuple[RelatedPassage, ...]:
    """The nearest passages that hold no cited sentence, at most `k`."""
    taken = [(c.article_id, c.start, c.end) for c in cited]
    related: list[RelatedPassage] = []
    for found in passages:
        passage = found.hit.passage
        if any(a == passage.article_id and s < passage.end and passage.start < e for a, s, e in taken):
            continue
        if len(related) == k:
            break
        related.append(
            RelatedPassage(
                article_id=found.article.id,
                title=found.article.title,
                date=found.article.date,
                place=store.places(found.article.id)[0],
                first_sentence=passage.first_sentence,
                last_sentence=passage.last_sentence,
                start=passage.start,
                end=passage.end,
                quote=found.article.text[passage.start : passage.end],
                score=found.hit.score,
            )
        )
    return tuple(related)


def _citation(store: Store, span: Span, number: int) -> Citation:
    article = store.article(span.article_id)
    if article is None:
        raise KeyError(span.article_id)
    sentences = store.sentences(span.article_id)[span.first_sentence - 1 : span.last_sentence]
    start, end = sentences[0].start, sentences[-1].end
    places = store.places(span.article_id)
    quote = article.text[start:end]
    return Citation(
        number=number,
        article_id=article.id,
        title=article.title,
        date=article.date,
        outlet=article.outlet,
        url=article.url,
        place=places[0],
        first_sentence=span.first_sentence,
        last_sentence=span.last_sentence,
        start=start,
        end=end,
        page=sentences[0].page,
        quote=quote,
        text_sha256=article.text_sha256,
        status=freshness(places, quote=quote, start=start, encodings=store.encodings(article.id)),
    )
