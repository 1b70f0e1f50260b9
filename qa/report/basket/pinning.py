"""Citations of answers, related passages and sentences of articles -> passages to be pinned [I/O]."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from index.entities import Freshness
from qa.entities import Answer, Citation, RelatedPassage
from qa.report.asked import asked_of
from qa.report.cited import CitedPassage
from qa.report.kept_passage import KeptPassage
from qa.report.passages import cite_citation, cite_sentences

if TYPE_CHECKING:
    from index.store import Store

__all__ = ["from_answer", "from_sentences"]


def from_answer(
    source: Citation | RelatedPassage, answer: Answer, store: Store | None, *, kept_at: datetime
) -> KeptPassage:
    """A citation or a related passage of an answer.

    Args:
        source: Which of them.
        answer: Whose.
        store: Today's index, if there is one; it knows what stands around the quotation.
        kept_at: Now, with its time zone.
    """
    citation = source if isinstance(source, Citation) else _as_citation(source, store)
    accessed = datetime.fromisoformat(answer.asked_at).date()
    cited = cite_citation(replace(citation, status=Freshness.SAME), store, accessed=accessed)
    return replace(_pinned(citation, cited, kept_at), asked=asked_of(answer))


def from_sentences(store: Store, article_id: str, first: int, last: int, *, kept_at: datetime) -> KeptPassage:
    """Sentences `first` to `last` of an article in the index.

    Raises:
        KeyError: there is no such article.
        IndexError: it has fewer sentences.
    """
    cited = cite_sentences(store, article_id, first, last, accessed=kept_at.date())
    article = store.article(article_id)
    assert article is not None  # it was cited
    page = cited.locator.first if cited.locator is not None and cited.locator.label == "page" else None
    citation = Citation(
        number=1,
        article_id=article.id,
        title=article.title,
        date=article.date,
        outlet=article.outlet,
        url=article.url,
        place=store.places(article_id)[0],
        first_sentence=first,
        last_sentence=last,
        start=cited.start,
        end=cited.end,
        page=page,
        quote=cited.quote,
        text_sha256=article.text_sha256,
        status=cited.status,
        author=article.author,
        language=article.language,
    )
    return _pinned(citation, cited, kept_at)


def _pinned(citation: Citation, cited: CitedPassage, kept_at: datetime) -> KeptPassage:
    return KeptPassage(
        citation=replace(citation, copies=()),
        locator=cited.locator,
        prefix=cited.prefix,
        suffix=cited.suffix,
        kept_at=kept_at.isoformat(timespec="seconds"),
    )


def _as_citation(passage: RelatedPassage, store: Store | None) -> Citation:
    """A related passage with what the index knows of its article; of one that is gone, its id begins the hash."""
    article = store.article(passage.article_id) if store is not None else None
    return Citation(
        number=1,
        article_id=passage.article_id,
        title=passage.title,
        date=passage.date,
        outlet=article.outlet if article else None,
        url=article.url if article else None,
        place=passage.place,
        first_sentence=passage.first_sentence,
        last_sentence=passage.last_sentence,
        start=passage.start,
        end=passage.end,
        page=None,
        quote=passage.quote,
        text_sha256=article.text_sha256 if article else passage.article_id,
        status=Freshness.SAME,
        author=article.author if article else None,
        language=article.language if article else "en",
    )
