"""What the sources of a kept answer are worth today: same, moved, changed or gone [I/O]."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.entities import Freshness
from qa.entities import Answer, Citation

if TYPE_CHECKING:
    from index.store import Store

__all__ = ["recheck", "status_of"]


def recheck(answer: Answer, store: Store | None) -> Answer:
    """The answer with the status of every citation as of now.

    Args:
        answer: A kept one.
        store: The index that was asked, as it is today; without one the files alone are looked at.
    """
    with store.snapshot() if store else nullcontext():
        return replace(answer, citations=tuple(replace(c, status=status_of(c, store)) for c in answer.citations))


def status_of(citation: Citation, store: Store | None) -> Freshness:
    """What a quotation is worth today; `gone` when its words were purged."""
    if not citation.quote:  # purged
        return Freshness.GONE
    if store is None:
        from index.freshness import freshness  # it loads every format, which listing conversations does without

        return freshness((citation.place,), quote=citation.quote, start=citation.start)
    if store.has(citation.article_id):
        return _in_article(citation, store, citation.article_id, citation.start)
    # A new text in the same file is another article; the words may stand in it all the same.
    successor = None if citation.place.member else store.article_at(Path(citation.place.file))
    article = store.article(successor) if successor else None
    if article is None:
        return Freshness.GONE
    start = citation.start
    if not article.text.startswith(citation.quote, start):
        start = article.text.find(citation.quote)
    return Freshness.CHANGED if start < 0 else _in_article(citation, store, article.id, start)


def _in_article(citation: Citation, store: Store, article_id: str, start: int) -> Freshness:
    """The status of words that an indexed article holds from `start` on."""
    from index.freshness import freshness

    places = zip(store.places(article_id), store.encodings(article_id), strict=True)
    cited_first = sorted(places, key=lambda place: place[0].file != citation.place.file)
    found = freshness(
        [place for place, _ in cited_first],
        quote=citation.quote,
        start=start,
        encodings=[encoding for _, encoding in cited_first],
    )
    stays = start == citation.start and cited_first[0][0].file == citation.place.file
    return Freshness.MOVED if found is Freshness.SAME and not stays else found
