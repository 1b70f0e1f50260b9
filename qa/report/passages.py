"""Citations of answers, references and excerpts -> cited passages, with what their articles say today [I/O].

Whether a file still says what was quoted is found out by `qa.history.recheck`; this module looks where it says it now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from index.entities import Article, Freshness, Place, Sentence
from index.freshness import articles_at, freshness
from index.segment import sentences as segmented
from index.store import Store
from qa.entities import Citation, RelatedPassage
from qa.history.recheck import status_of
from qa.report.cited import CitedPassage, Day, Locator, Source
from qa.report.citekey import citekey
from qa.report.kept_passage import KeptPassage
from qa.report.names import parse_authors
from qa.report.reanchor import Found, difference, find_again
from qa.report.selectors import context, fragment_link

__all__ = ["cite_citation", "cite_sentences", "cite_sources", "cited_of"]

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?!\d)")
_PARAGRAPH = re.compile(r"(?:\r\n|\r|\n)(?:[ \t]*(?:\r\n|\r|\n))+")
"""One or more blank lines."""
_ABBREVIATION_AT_END = re.compile(r"(?:\b[^\W\d_]\.)+\Z|\.\.\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """An article as it is read now, with its sentences."""

    article: Article
    sentences: tuple[Sentence, ...]


def cite_sentences(store: Store, article_id: str, first: int, last: int, *, accessed: date) -> CitedPassage:
    """Sentences `first` to `last` of an article in the index, with the status of its file.

    Raises:
        KeyError: there is no such article.
        IndexError: it has fewer sentences.
    """
    article = store.article(article_id)
    if article is None:
        raise KeyError(article_id)
    text = _Text(article=article, sentences=store.sentences(article_id))
    cited = _cited(text, text.sentences[first - 1].start, text.sentences[last - 1].end, accessed)
    places = store.places(article_id)
    status = freshness(places, quote=cited.quote, start=cited.start, encodings=store.encodings(article_id))
    return _as_of_today(replace(cited, status=status, place=places[0]), places[0], store, accessed)


def cite_citation(citation: Citation, store: Store | None, *, accessed: date) -> CitedPassage:
    """A citation of a kept answer.

    Args:
        citation: With its status as of today (`qa.history.recheck`).
        store: Today's index, if there is one; what it no longer holds is cited from the citation alone.
        accessed: When the answer was given.
    """
    article = store.article(citation.article_id) if store is not None else None
    if article is not None and store is not None:
        text = _Text(article=article, sentences=store.sentences(article.id))
        cited = _cited(text, citation.start, citation.end, accessed)
    else:
        cited = _from_citation(citation, accessed)
    cited = replace(cited, status=citation.status, place=citation.place)
    return _as_of_today(cited, citation.place, store, accessed)


def cite_sources(
    sources: Sequence[Citation | RelatedPassage], store: Store | None, *, accessed: date
) -> tuple[CitedPassage, ...]:
    """Citations and related passages of an answer that was just given, with their status as of now.

    Args:
        sources: Related passages that the index lacks by now are left out.
        store: Today's index, if there is one.
        accessed: When the answer was given.
    """
    found = list[CitedPassage]()
    for source in sources:
        if isinstance(source, Citation):
            today = replace(source, status=status_of(source, store))
            found.append(cite_citation(today, store, accessed=accessed))
        elif store is not None and store.has(source.article_id):
            first, last = source.first_sentence, source.last_sentence
            found.append(cite_sentences(store, source.article_id, first, last, accessed=accessed))
    return tuple(found)


def cited_of(passage: KeptPassage) -> CitedPassage:
    """The passage as it was quoted, ready to be written in any style."""
    citation, before = passage.citation, len(passage.prefix)
    around = f"{passage.prefix}{citation.quote}{passage.suffix}"
    moment = passage.asked.asked_at if passage.asked is not None else passage.kept_at
    return CitedPassage(
        source=_source(citation, datetime.fromisoformat(moment).date()),
        first_sentence=citation.first_sentence,
        last_sentence=citation.last_sentence,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        locator=passage.locator,
        prefix=passage.prefix,
        suffix=passage.suffix,
        place=citation.place,
        link=fragment_link(citation.url, around, before, before + len(citation.quote)),
        status=citation.status,
    )


def _as_of_today(cited: CitedPassage, place: Place, store: Store | None, accessed: date) -> CitedPassage:
    """The passage with where its words stand now, unless they stand where they stood."""
    if cited.status not in {Freshness.MOVED, Freshness.CHANGED}:
        return cited
    texts = list(_texts_now(cited, place, store))
    found = [(now, find_again(cited.quote, cited.start, now.article.text, now.sentences)) for now in texts]
    for status in (Freshness.MOVED, Freshness.CHANGED):
        for now, again in found:
            if again is not None and again.status is status:
                return _standing_now(cited, now, again, accessed)
    return replace(cited, status=Freshness.GONE) if texts else cited


def _standing_now(cited: CitedPassage, now: _Text, found: Found, accessed: date) -> CitedPassage:
    if now.article.id == cited.source.article_id:
        return replace(cited, status=found.status)  # the same text in another place
    today = replace(_cited(now, found.start, found.end, accessed), status=found.status)
    changes = difference(cited.quote, today.quote) if found.status is Freshness.CHANGED else ()
    return replace(cited, status=found.status, today=today, difference=changes)


def _texts_now(cited: CitedPassage, place: Place, store: Store | None) -> Iterator[_Text]:
    """What may hold the words now: the file, otherwise what the index has for it; if they moved, their article too."""
    parsed = articles_at(place)
    for one in parsed:
        found = segmented(
            one.article.text,
            body_start=one.body_start,
            article_id=one.article.id,
            markdown=one.markdown,
            page_starts=one.page_starts,
        )
        yield _Text(article=one.article, sentences=found)
    if store is None:
        return
    successor = None if parsed else store.article_at(Path(place.file))
    for article_id in (successor, cited.source.article_id if cited.status is Freshness.MOVED else None):
        article = store.article(article_id) if article_id else None
        if article is not None:
            yield _Text(article=article, sentences=store.sentences(article.id))


def _cited(text: _Text, start: int, end: int, accessed: date) -> CitedPassage:
    article = text.article
    touched = [sentence for sentence in text.sentences if sentence.start < end and start < sentence.end]
    prefix, suffix = context(article.text, start, end)
    return CitedPassage(
        source=_source(article, accessed),
        first_sentence=touched[0].number,
        last_sentence=touched[-1].number,
        start=start,
        end=end,
        quote=article.text[start:end],
        locator=_locator(article.text, touched, text.sentences[0].start),
        prefix=prefix,
        suffix=suffix,
        link=fragment_link(article.url, article.text, start, end),
    )


def _from_citation(citation: Citation, accessed: date) -> CitedPassage:
    page = citation.page
    return CitedPassage(
        source=_source(citation, accessed),
        first_sentence=citation.first_sentence,
        last_sentence=citation.last_sentence,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        locator=None if page is None else Locator(label="page", first=page, last=page),
        link=fragment_link(citation.url, citation.quote, 0, len(citation.quote)),
    )


def _source(given: Article | Citation, accessed: date) -> Source:
    return Source(
        key=citekey(given.title, given.date, given.text_sha256),
        article_id=given.text_sha256[:12],
        text_sha256=given.text_sha256,
        title=_without_full_stop(given.title),
        authors=parse_authors(given.author),
        outlet=given.outlet,
        issued=_day(given.date),
        url=given.url,
        accessed=(accessed.year, accessed.month, accessed.day) if given.url else (),
        language=given.language,
    )


def _day(iso: str | None) -> Day:
    found = _DAY.match(iso) if iso else None
    return tuple(int(part) for part in found.groups() if part) if found else ()


def _without_full_stop(title: str) -> str:
    """The title without the full stop of the sentence that it was made of; that of `U.S.` stays."""
    line = " ".join(title.split())
    return line if _ABBREVIATION_AT_END.search(line) else line.removesuffix(".")


def _locator(text: str, touched: Sequence[Sentence], body_start: int) -> Locator:
    """Page where there are pages, otherwise paragraph: paragraphs of the article's own words, counted from 1."""
    pages = [sentence.page for sentence in touched if sentence.page is not None]
    if pages:
        return Locator(label="page", first=pages[0], last=pages[-1])
    first = 1 + len(_PARAGRAPH.findall(text, body_start, touched[0].start))
    last = first + len(_PARAGRAPH.findall(text, touched[0].start, touched[-1].start))
    return Locator(label="paragraph", first=first, last=last)
