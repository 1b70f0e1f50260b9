"""A report against today's corpus: what has become of its quotations, and what its questions give now [I/O]."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from index.entities import Place
from qa.entities import Answer, Citation
from qa.evidence import normalised_answer
from qa.history.recheck import status_of
from qa.report.asked import Asked
from qa.report.cited import CitedPassage
from qa.report.export.entities import Export, Quoted
from qa.report.passages import cite_citation

if TYPE_CHECKING:
    from index.store import Store

__all__ = ["AskedAgain", "Difference", "Refreshed", "asked_again", "refreshed"]


class Difference(StrEnum):
    """What a question gives now, beside what it gave."""

    NONE = "none"
    SOURCES = "sources"
    """The same answer, from other articles."""
    ANSWER = "answer"
    """Another answer, or another verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """A quotation of a report as of today."""

    quoted: Quoted
    passage: CitedPassage
    """With its status; where its words stand now, or what is said in their place, if they moved or changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain:
    """A question of a report with what it gave and what it gives."""

    asked: Asked
    now: Answer
    difference: Difference


def refreshed(export: Export, store: Store | None) -> tuple[Refreshed, ...]:
    """Every quotation of a report, in order, each once.

    Args:
        export: From a file or a basket.
        store: Today's index; without one the files alone are looked at, if the report knows where they lay.
    """
    with store.snapshot() if store is not None else nullcontext():
        return tuple(Refreshed(quoted=quoted, passage=_today(quoted, store)) for quoted in export.sources)


def asked_again(questions: Sequence[Asked], ask: Callable[[str], Answer]) -> Iterator[AskedAgain]:
    """The questions with their answers of today, one after the other."""
    for asked in questions:
        now = ask(asked.standalone_question)
        yield AskedAgain(asked=asked, now=now, difference=_difference(asked, now))


def _today(quoted: Quoted, store: Store | None) -> CitedPassage:
    passage = quoted.passage
    citation = passage.citation
    if not citation.place.root and store is not None:
        citation = replace(citation, place=_place_here(citation, store))
    moment = passage.asked.asked_at if passage.asked is not None else passage.kept_at
    citation = replace(citation, status=status_of(citation, store))
    return cite_citation(citation, store, accessed=datetime.fromisoformat(moment).date())


def _place_here(citation: Citation, store: Store) -> Place:
    """The place of a quotation whose folder a report does not tell: the same path below a folder that is indexed."""
    path, member = citation.place.path, citation.place.member
    for place in store.places(citation.article_id):
        if (place.path, place.member) == (path, member):
            return place
    roots = [Path(source.root).parent if source.is_file else Path(source.root) for _, source in store.sources()]
    there = next((root for root in roots if store.article_at(root / path)), None)
    if there is None:
        there = next((root for root in roots if (root / path).exists()), roots[0] if roots else store.home)
    return replace(citation.place, root=there.as_posix())


def _difference(asked: Asked, now: Answer) -> Difference:
    if asked.verdict is not now.verdict:
        return Difference.ANSWER
    if asked.text and now.text and normalised_answer(asked.text) != normalised_answer(now.text):
        return Difference.ANSWER
    cited = {citation.article_id for citation in now.citations}
    return Difference.NONE if cited == set(asked.cited) else Difference.SOURCES
