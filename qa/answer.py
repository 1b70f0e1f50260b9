"""From evidence to an answer: every quotation is a slice, every number is given out here. Pure but for `stat`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.copies import copies_of, story_of
from index.entities import Article, Filter, Hit
from index.freshness import freshness
from index.store import Store
from index.stories import squeezed
from qa.earliest import earliest
from qa.entities import Citation, RelatedPassage, Span, Value
from qa.evidence import AGREES_WITHIN, Candidate, normalised_answer
from qa.numbers import numbers_in
from qa.question import Asked, asked_for, fits
from qa.reader.model import RetrievedPassage

__all__ = ["answer_text", "choose", "cite", "differing", "relate", "retrieved"]

MAX_CITATIONS = 5
DISAGREES_WITHIN = 4.0
"""Another number or date is listed beside the answer when its score is at most this far below."""
_WHOLE_SENTENCE = frozenset({Asked.STATEMENT, Asked.REASON, Asked.MANNER, Asked.YES_NO})
"""Kinds of questions that a few words do not answer."""
_QUALIFIER = re.compile(
    r"\b(?:about|around|approximately|some|nearly|almost|roughly|more than|less than|fewer than|over|under|at least|"
    r"at most|up to|as many as|as much as|mostly|only|just over|just under|well over|close to)\s+(?:[$€£]\s?)?$",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"^(?:\s?%|[ \u00a0-](?:per ?cent|percent|hundred|thousand|million|billion|trillion)\b)", re.IGNORECASE
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY_BEFORE = re.compile(
    rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b{_MONTH}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?$"
)


def retrieved(store: Store, hits: Sequence[Hit]) -> tuple[RetrievedPassage, ...]:
    """The hits with their articles and sentences."""
    articles: dict[str, Article] = {}
    stories: dict[str, str | None] = {}
    found = []
    for hit in hits:
        passage = hit.passage
        if passage.article_id not in articles:
            article = store.article(passage.article_id)
            if article is None:
                continue
            articles[passage.article_id] = article
            stories[passage.article_id] = story_of(store, passage.article_id)
        sentences = store.sentences(passage.article_id)[passage.first_sentence - 1 : passage.last_sentence]
        article, story = articles[passage.article_id], stories[passage.article_id]
        found.append(RetrievedPassage(hit=hit, article=article, sentences=sentences, story=story))
    return tuple(found)


def choose(question: str, passages: Sequence[RetrievedPassage], found: Sequence[Candidate]) -> tuple[Span, ...]:
    """The span that answers; then those of other sentences that say the same, and other numbers or dates of the kind.

    Args:
        question: As it was searched for.
        passages: What was read.
        found: The answers, best first.
    """
    if not found:
        return ()
    best, kind = found[0], asked_for(question)
    text_of = {p.article.id: p.article.text for p in passages}
    spans = list(best.spans)
    for other in found[1:]:
        below = best.score - other.score
        same = below <= AGREES_WITHIN and _says_the_same(best.value, other.value)
        if same or (below <= DISAGREES_WITHIN and _differs(kind, best, other, text_of)):
            spans.append(other.spans[0])
    return tuple(_without_copies(spans, passages)[:MAX_CITATIONS])


def cite(store: Store, spans: Sequence[Span], question: str, where: Filter | None = None) -> tuple[Citation, ...]:
    """A citation of the whole sentences around each span, numbered in order.

    Args:
        store: The index.
        spans: Of articles in it.
        question: As it was searched for.
        where: Articles that may be cited; the earliest of them that says the same word for word is.

    Raises:
        KeyError: a span lies in an article that is not in the store.
    """
    kind = asked_for(question)
    return tuple(
        _citation(store, span, number, kind)
        for number, span in enumerate(_each_once(earliest(store, span, where) for span in spans), start=1)
    )


def answer_text(question: str, citations: Sequence[Citation]) -> str | None:
    """The words that answer, or the whole sentence where words would not do."""
    if not citations:
        return None
    return citations[0].quote if asked_for(question) in _WHOLE_SENTENCE else citations[0].answer


def differing(question: str, citations: Sequence[Citation]) -> tuple[Value, ...]:
    """The numbers or dates that the citations give, newest first; none where all agree."""
    if asked_for(question) not in {Asked.NUMBER, Asked.DATE, Asked.DURATION}:
        return ()
    first: dict[str, Citation] = {}
    for citation in citations:
        value = normalised_answer(citation.answer)
        if not any(_says_the_same(value, known) for known in first):
            first[value] = citation
    if len(first) < 2:
        return ()
    newest = sorted(first.values(), key=lambda c: (c.date or "", -c.number), reverse=True)
    return tuple(Value(text=c.answer, date=c.date, citation=c.number) for c in newest)


def relate(
    store: Store, passages: Sequence[RetrievedPassage], *, cited: Sequence[Citation], k: int
) -> tuple[RelatedPassage, ...]:
    """The nearest passages that hold no cited sentence, at most `k`."""
    related: list[RelatedPassage] = []
    for found in passages:
        passage = found.hit.passage
        if any(_holds(found, citation) for citation in cited):
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


def _holds(found: RetrievedPassage, citation: Citation) -> bool:
    """Whether a passage holds a cited sentence, or some of it, in the article cited or in a copy."""
    passage = found.hit.passage
    if passage.article_id == citation.article_id:
        return citation.start < passage.end and passage.start < citation.end
    if passage.article_id not in {copy.article_id for copy in citation.copies}:
        return False
    return squeezed(citation.quote) in squeezed(found.article.text[passage.start : passage.end])


def _without_copies(spans: Sequence[Span], passages: Sequence[RetrievedPassage]) -> list[Span]:
    """The spans without those of copies that give the same words, each sentence once."""
    found = {p.article.id: p for p in passages}
    first: dict[tuple[str, str], str] = {}
    kept = []
    for span in spans:
        source = found[span.article_id]
        value = normalised_answer(source.article.text[span.start : span.end])
        if first.setdefault((source.story or span.article_id, value), span.article_id) == span.article_id:
            kept.append(span)
    return _each_once(kept)


def _each_once(spans: Iterable[Span]) -> list[Span]:
    """The first span of each sentence."""
    first: dict[tuple[str, int], Span] = {}
    for span in spans:
        first.setdefault((span.article_id, span.first_sentence), span)
    return list(first.values())


def _says_the_same(one: str, other: str) -> bool:
    """Equal, or one is part of the other with the same numbers: "54000" and "54000 troops"."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and f" {shorter} " in f" {longer} " and numbers_in(one) == numbers_in(other)


def _differs(kind: Asked, best: Candidate, other: Candidate, text_of: dict[str, str]) -> bool:
    """Whether another article gives another number or date for the same thing."""
    span = other.spans[0]
    if kind not in {Asked.NUMBER, Asked.DATE} or span.article_id == best.spans[0].article_id:
        return False
    words = text_of[span.article_id][span.start : span.end]
    return fits(kind, words) and numbers_in(best.value) != numbers_in(other.value)


def _citation(store: Store, span: Span, number: int, kind: Asked) -> Citation:
    article = store.article(span.article_id)
    if article is None:
        raise KeyError(span.article_id)
    sentences = store.sentences(span.article_id)[span.first_sentence - 1 : span.last_sentence]
    start, end = sentences[0].start, sentences[-1].end
    places = store.places(span.article_id)
    quote = article.text[start:end]
    answer_start, answer_end = widened(quote, span.start - start, span.end - start, kind)
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
        answer_start=start + answer_start,
        answer_end=start + answer_end,
        author=article.author,
        language=article.language,
        copies=copies_of(store, article.id, quote),
    )


def widened(quote: str, start: int, end: int, kind: Asked) -> tuple[int, int]:
    """The words with what they must not be read without: "about", "million", the day of a date.

    Args:
        quote: The sentence.
        start: Of the words, in characters of the quote.
        end: Half-open.
        kind: Of the question.
    """
    if kind is Asked.NUMBER:
        if scale := _SCALE.match(quote[end:]):
            end += scale.end()
        if qualifier := _QUALIFIER.search(quote[:start]):
            start = qualifier.start()
    elif kind is Asked.DATE and (day := _DAY_BEFORE.search(quote[:start])):
        start = day.start()
    return start, end
