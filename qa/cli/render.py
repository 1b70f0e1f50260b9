"""Answers, hits and articles as text for a terminal and as JSON. Article text is made visible, never acted on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.entities import Article, Copy, Freshness, Neighbourhood, Place, Sentence
from qa.entities import Answer, Citation, RelatedPassage, Verdict
from qa.visible import name_in_line, one_line

if TYPE_CHECKING:
    from index.runs import Explained  # it loads numpy, which most commands do without

__all__ = ["FoundPassage", "answer_json", "answer_lines", "article_lines", "hit_json", "hit_lines", "to_json"]

SCHEMA_VERSION = 1
_COPIES = 4
"""Named below a source; --json has all."""

_VERDICTS = {
    Verdict.RELATED: "The articles speak of this, but hold no direct answer.",
    Verdict.NOT_FOUND: "The articles do not hold the answer.",
}
_STATUS = {
    Freshness.SAME: "",
    Freshness.MOVED: "moved: the same words stand elsewhere now",
    Freshness.CHANGED: "changed: the file no longer says this; run qa index",
    Freshness.GONE: "gone: no longer in the folder or not in the index; qa index brings the index up to date",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassage:
    """A search hit with everything that is shown of it."""

    explained: Explained
    article: Article
    places: tuple[Place, ...]
    around: Neighbourhood
    copies: tuple[Copy, ...]


def to_json(value: dict[str, Any], *, indent: int | None = 2) -> str:
    """A JSON object with the schema's version first. Bytes of odd file names are kept as escapes."""
    return json.dumps({"schema_version": SCHEMA_VERSION, **value}, ensure_ascii=_has_surrogates(value), indent=indent)


def answer_json(answer: Answer) -> dict[str, Any]:
    """The fields of `Answer`, with `text` as `answer`."""
    fields = asdict(answer)
    fields["answer"] = fields.pop("text")
    order = ["id", "asked_at", "question", "standalone_question", "verdict", "answer"]
    return {key: fields[key] for key in order} | fields


def answer_lines(answer: Answer) -> Iterator[str]:
    """What was searched for, if that is not what was asked; the answer; its numbered sources."""
    if answer.standalone_question != answer.question:
        yield click.style(f"searched for: {one_line(answer.standalone_question)}", dim=True)
        yield ""
    if answer.text is None:
        yield _VERDICTS[answer.verdict]
    else:
        yield f"{click.style(one_line(answer.text), bold=True)} [1]"
    if answer.citations:
        yield ""
        yield "Sources"
    for citation in answer.citations:
        yield from _citation_lines(citation)
    if not answer.citations and answer.related:
        yield ""
        yield "Related, not an answer"
        for passage in answer.related:
            yield from _related_lines(passage)


def hit_json(found: FoundPassage, *, explain: bool) -> dict[str, Any]:
    """One search hit."""
    article, hit = found.article, found.explained.hit
    fields: dict[str, Any] = {
        "rank": hit.rank,
        "score": hit.score,
        "ranker": hit.ranker,
        "article_id": article.id,
        "title": article.title,
        "date": article.date,
        "outlet": article.outlet,
        "url": article.url,
        "places": [asdict(place) for place in found.places],
        "passage_id": hit.passage.id,
        "first_sentence": hit.passage.first_sentence,
        "last_sentence": hit.passage.last_sentence,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": article.text[hit.passage.start : hit.passage.end],
        "before": [article.text[s.start : s.end] for s in found.around.before],
        "after": [article.text[s.start : s.end] for s in found.around.after],
        "other_passages": [[other.first_sentence, other.last_sentence] for other in found.around.others],
        "copies": [asdict(copy) for copy in found.copies],
    }
    if explain:
        fields["explain"] = {key: value for key, value in asdict(found.explained).items() if key != "hit"}
    return fields


def hit_lines(found: FoundPassage, *, explain: bool, copies: bool) -> Iterator[str]:
    """One search hit; with `copies`, the other articles of its story below it."""
    article, passage = found.article, found.explained.hit.passage
    where = _where(found.places[0], passage.first_sentence, passage.last_sentence)
    yield f"{found.explained.hit.rank:>2}. {_heading(article.date, article.outlet, article.title)}"
    for sentence in found.around.before:
        yield click.style(f"    {one_line(article.text[sentence.start : sentence.end])}", dim=True)
    yield f"    {one_line(article.text[passage.start : passage.end])}"
    for sentence in found.around.after:
        yield click.style(f"    {one_line(article.text[sentence.start : sentence.end])}", dim=True)
    yield click.style(
        f"    {where} · {_reference(article.id, passage.first_sentence, passage.last_sentence)}", dim=True
    )
    if copies:
        yield from _copy_lines(found.copies)
    if explain:
        yield from (f"      {line}" for line in _explain_lines(found.explained))


def article_lines(
    article: Article, sentences: Sequence[Sentence], places: Sequence[Place], copies: Sequence[Copy]
) -> Iterator[str]:
    """Sentences of an article, each with its number, a blank line where the text has one; then the article's copies."""
    yield click.style(_heading(article.date, article.outlet, article.title), bold=True)
    yield click.style(f"{article.id} · {' · '.join(shown_path(place) for place in places)}", dim=True)
    yield ""
    before = None
    for sentence in sentences:
        if before is not None and _blank_line(article.text[before : sentence.start]):
            yield ""
        yield f"{sentence.number:>4}  {one_line(article.text[sentence.start : sentence.end])}"
        before = sentence.end
    if copies:
        yield ""
        yield from _copy_lines(copies)


def shown_path(place: Place) -> str:
    """The file as a person would type it from here."""
    try:
        path = Path(place.file).relative_to(Path.cwd()).as_posix()
    except ValueError:
        path = place.file
    return name_in_line(path if place.member is None else f"{path}#{place.member}")


def _citation_lines(citation: Citation) -> Iterator[str]:
    yield f"[{citation.number}] {_heading(citation.date, citation.outlet, citation.title)}"
    yield f"    {one_line(citation.quote)}"
    where = _where(citation.place, citation.first_sentence, citation.last_sentence)
    reference = _reference(citation.article_id, citation.first_sentence, citation.last_sentence)
    yield click.style(f"    {where} · {reference}", dim=True)
    if _STATUS[citation.status]:
        yield f"    {_STATUS[citation.status]}"
    yield from _copy_lines(citation.copies)


def _copy_lines(copies: Sequence[Copy]) -> Iterator[str]:
    for copy in copies[:_COPIES]:
        words = "also in" if copy.verbatim else "another version:"
        heading = "  ".join([copy.date or "undated", *([one_line(copy.outlet)] if copy.outlet else [])])
        yield click.style(f"    {words} {heading}  {shown_path(copy.place)} · {copy.article_id}", dim=True)
    if len(copies) > _COPIES:
        yield click.style(f"    and {len(copies) - _COPIES} more copies; --json has all", dim=True)


def _related_lines(passage: RelatedPassage) -> Iterator[str]:
    where = _where(passage.place, passage.first_sentence, passage.last_sentence)
    yield f"  - {_heading(passage.date, None, passage.title)}"
    yield f"    {one_line(passage.quote)}"
    yield click.style(f"    {where}", dim=True)


def _explain_lines(explained: Explained) -> Iterator[str]:
    for name, rank, score in (
        ("lexical", explained.lexical_rank, explained.lexical_score),
        ("vector", explained.vector_rank, explained.vector_score),
    ):
        yield f"{name}: not found" if rank is None else f"{name}: rank {rank}, score {score:.3f}"
    yield f"score: {explained.hit.score:.3f}"
    yield f"matched: {', '.join(explained.matched_terms) or 'nothing'}"
    if explained.dropped_terms:
        yield f"dropped as too frequent: {', '.join(explained.dropped_terms)}"


def _heading(date: str | None, outlet: str | None, title: str) -> str:
    return "  ".join([date or "undated", *([one_line(outlet)] if outlet else []), one_line(title)])


def _where(place: Place, first: int, last: int) -> str:
    sentences = f"sentence {first}" if first == last else f"sentences {first}-{last}"
    return f"{shown_path(place)}, {sentences}"


def _reference(article_id: str, first: int, last: int) -> str:
    return f"{article_id}:{first}" if first == last else f"{article_id}:{first}-{last}"


def _blank_line(between: str) -> bool:
    return len(between.splitlines()) > 1


def _has_surrogates(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_surrogates, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_has_surrogates, value))
    return isinstance(value, str) and value.encode(errors="replace") != value.encode(errors="surrogatepass")
