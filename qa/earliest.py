"""A quotation -> the earliest copy of its article that says it word for word: who said it first is who is cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.copies import told_by
from index.entities import Article, Filter, Sentence
from index.store import Store
from index.stories import squeezed
from qa.entities import Span

__all__ = ["earliest"]


def earliest(store: Store, span: Span, where: Filter | None = None) -> Span:
    """The same words in the earliest article of the story whose sentences are the same, but for white space and quotes.

    Args:
        store: The index.
        span: Lies in an article of the store.
        where: Articles that may be cited.

    Raises:
        KeyError: the span's article is not in the store.
    """
    article = store.article(span.article_id)
    if article is None:
        raise KeyError(span.article_id)
    own = store.sentences(span.article_id)[span.first_sentence - 1 : span.last_sentence]
    wanted = [squeezed(article.text[s.start : s.end]) for s in own]
    for other in told_by(store, span.article_id, where):
        if other == span.article_id:
            return span
        copy = store.article(other)
        assert copy is not None  # one snapshot
        found = _run(copy, store.sentences(other), wanted)
        if found:
            return _moved(store, span, (article, own), (copy, found))
    return span


def _run(article: Article, sentences: Sequence[Sentence], wanted: Sequence[str]) -> Sequence[Sentence]:
    """The first sentences in a row that say what is wanted; empty when there are none."""
    said = [squeezed(article.text[s.start : s.end]) for s in sentences]
    for first in range(len(said) - len(wanted) + 1):
        if said[first : first + len(wanted)] == list(wanted):
            return sentences[first : first + len(wanted)]
    return ()


def _moved(
    store: Store,
    span: Span,
    source: tuple[Article, Sequence[Sentence]],
    target: tuple[Article, Sequence[Sentence]],
) -> Span:
    (article, own), (copy, found) = source, target
    before = len(squeezed(article.text[own[0].start : span.start]))
    inside = len(squeezed(article.text[span.start : span.end]))
    places = [at for at in range(found[0].start, found[-1].end) if squeezed(copy.text[at])]
    first, last = found[0].number, found[-1].number
    passages = store.passages_of(copy.id)
    return replace(
        span,
        article_id=copy.id,
        passage_id=next((p.id for p in passages if p.first_sentence <= first <= p.last_sentence), span.passage_id),
        start=places[before],
        end=places[before + inside - 1] + 1,
        first_sentence=first,
        last_sentence=last,
    )
