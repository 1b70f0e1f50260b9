"""An excerpt -> the articles and sentences that it comes from: exact, altered, or else paraphrased [I/O]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qa.errors import QuestionError
from qa.report.quotations_parts import Gap, Part, parts
from qa.report.verify_changes import Segment, difference
from qa.report.verify_match import TELLING_WORDS, Near, Place, exact, nearest
from qa.report.verify_sources import ArticleText, Sources

if TYPE_CHECKING:
    from index.search import Searcher

__all__ = ["MAX_CHARS", "Match", "Origin", "exact_matches", "paraphrased", "whence"]

MAX_CHARS = 100_000
CANDIDATES = 50
"""Articles looked at: copies of one text hold the same words, so all of them are among the best."""
NEAR_SIMILARITY = 0.5
"""Altered: at least half of the words, in the same order."""
COPY_SIMILARITY = 0.7
"""Where the very words stand elsewhere, an altered copy has at least this share of them."""
NEAR_WORDS = 4
"""Fewer words are looked for only as they are."""
PARAPHRASE_COSINE = 0.6
"""Of a sentence with the excerpt. Of ten paraphrases of the sample articles, written by hand, nine reach it (0.52 to
0.87), of ten sentences on other subjects none (0.13 to 0.50)."""
PARAPHRASE_PASSAGES = 10


class Origin(StrEnum):
    """How an article has an excerpt."""

    EXACT = "exact"
    """Word for word, but for the kind of quotation marks, dashes and spaces, and the case of the first letter."""
    ALTERED = "altered"
    PARAPHRASED = "paraphrased"
    """A sentence that means much the same; a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One place that an excerpt may come from."""

    origin: Origin
    place: Place
    """The whole of it, from the first part of the excerpt to the last."""
    similarity: float
    """Exact: 1. Altered: words in the same order, as a share of the longer text. Paraphrased: cosine."""
    diff: tuple[Segment, ...] = ()
    """Of an altered one: `source` is the article's, `draft` the excerpt's."""


def whence(excerpt: str, sources: Sources, *, k: int) -> tuple[Match, ...]:
    """The places of an excerpt: exact ones first, by date, then altered ones, the most similar first.

    Args:
        excerpt: Some words in a row; an ellipsis or [words in brackets] may stand for others.
        sources: Where to look.
        k: How many places at most.

    Raises:
        QuestionError: there is no word in it, or it is far too long.
    """
    asked = _asked(excerpt)
    finder, limit = sources.finder, max(CANDIDATES, k)
    texts = sources.texts(
        (*finder.containing(asked.words, phrase=asked.phrase, k=limit), *finder.similar(asked.words, k=limit))
    )
    found = _exact_matches(texts, asked.parts)
    known = {match.place.source.article.id for match in found}
    near = _near_matches([text for text in texts if text.article.id not in known], excerpt, asked.parts)
    if not found and not any(match.similarity >= NEAR_SIMILARITY for match in near):
        near = _near_matches(sources.texts(finder.with_runs(asked.words, k=limit)), excerpt, asked.parts)
    least = COPY_SIMILARITY if found else NEAR_SIMILARITY
    return (*found, *(match for match in near if match.similarity >= least))[:k]


def exact_matches(excerpt: str, sources: Sources) -> tuple[Match, ...]:
    """The places of these very words alone, by date, the undated last.

    Raises:
        QuestionError: there is no word in it, or it is far too long.
    """
    asked = _asked(excerpt)
    texts = sources.texts(sources.finder.containing(asked.words, phrase=asked.phrase, k=CANDIDATES))
    return tuple(_exact_matches(texts, asked.parts))


def paraphrased(excerpt: str, searcher: Searcher, sources: Sources, *, k: int) -> tuple[Match, ...]:
    """The sentences nearest in meaning, if they are near enough; loads the encoder of questions."""
    import numpy as np  # only where nothing else was found

    hits = searcher.search(excerpt, PARAPHRASE_PASSAGES, plain=True)
    places = dict[tuple[str, int], Place]()
    for hit in hits:
        source = sources.text(hit.passage.article_id)
        for number in range(hit.passage.first_sentence, hit.passage.last_sentence + 1) if source else ():
            place = _sentence(source, number) if source else None
            if place is not None:
                places[hit.passage.article_id, number] = place
    if not places:
        return ()
    vectors = searcher.query_encoder.encode_queries([excerpt, *(place.text for place in places.values())])
    cosines = np.asarray(vectors[1:] @ vectors[0]).tolist()
    ranked = sorted(zip(cosines, places, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return tuple(
        Match(origin=Origin.PARAPHRASED, place=places[key], similarity=cosine)
        for cosine, key in ranked[:k]
        if cosine >= PARAPHRASE_COSINE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An excerpt as it is looked for."""

    parts: tuple[Part, ...]
    words: str
    """Of all parts."""
    phrase: str
    """The longest part."""


def _asked(excerpt: str) -> _Asked:
    # In a draft, brackets hold what an editor put in; an excerpt that has nothing else is meant itself.
    wanted = parts(excerpt) or parts(excerpt.translate({ord("["): " ", ord("]"): " "}))
    if not wanted:
        raise QuestionError('the excerpt holds no word; give some words in a row: qa whence "…"')
    if len(excerpt) > MAX_CHARS:
        raise QuestionError(f"the excerpt has {len(excerpt):,} characters, at most {MAX_CHARS:,} are taken")
    texts = [excerpt[part.tokens.starts[0] : part.tokens.ends[-1]] for part in wanted]
    longest = max(range(len(wanted)), key=lambda number: len(wanted[number].tokens))
    return _Asked(parts=wanted, words=" ".join(texts), phrase=texts[longest])


def _exact_matches(texts: Sequence[ArticleText], wanted: Sequence[Part]) -> list[Match]:
    """Every place in every article, those in one article without overlap; by date, the undated last."""
    found = list[Match]()
    for text in texts:
        after = 0
        while places := exact(text, wanted, after=after):
            whole = Place(source=text, first=places[0].first, last=places[-1].last)
            found.append(Match(origin=Origin.EXACT, place=whole, similarity=1.0))
            after = whole.last
    return sorted(found, key=lambda match: (match.place.source.article.date or "9999", match.place.source.article.id))


def _near_matches(texts: Sequence[ArticleText], excerpt: str, wanted: Sequence[Part]) -> list[Match]:
    if sum(part.tokens.word_count for part in wanted) < NEAR_WORDS:
        return []
    found = [match for text in texts if (match := _near_match(text, excerpt, wanted))]
    return sorted(found, key=lambda match: (-match.similarity, match.place.source.article.id))


def _near_match(text: ArticleText, excerpt: str, wanted: Sequence[Part]) -> Match | None:
    nears = [near for part in wanted if (near := nearest(text, part.tokens))]
    if len(nears) < len(wanted) or sum(near.telling for near in nears) < TELLING_WORDS:
        return None
    weights = [part.tokens.word_count for part in wanted]
    similarity = sum(near.similarity * weight for near, weight in zip(nears, weights, strict=True)) / sum(weights)
    diff = list[Segment]()
    for part, near in zip(wanted, nears, strict=True):
        diff += [Segment(text="…")] if part.gap is Gap.ELLIPSIS and diff else []
        diff += difference(excerpt, part.tokens, near.place)
    return Match(origin=Origin.ALTERED, place=_spanned(nears), similarity=similarity, diff=tuple(diff))


def _spanned(nears: Sequence[Near]) -> Place:
    """From the first to the last part; of parts that stand far out of order, the longest alone."""
    firsts, lasts = [near.place.first for near in nears], [near.place.last for near in nears]
    if firsts == sorted(firsts):
        return Place(source=nears[0].place.source, first=firsts[0], last=max(lasts))
    return max((near.place for near in nears), key=lambda place: place.last - place.first)


def _sentence(source: ArticleText, number: int) -> Place | None:
    first, last = source.tokens_of_sentence(number)
    return Place(source=source, first=first, last=last) if first < last else None
