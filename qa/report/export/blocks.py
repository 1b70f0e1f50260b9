"""A report -> its blocks in reading order, the same for every format that is text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qa.entities import Verdict
from qa.report.asked import Asked
from qa.report.export.entities import Export, Kind, Quoted, Section, Statement
from qa.visible import name_in_line

__all__ = ["Block", "BlockKind", "blocks", "provenance"]

_VERDICTS = {
    Verdict.ANSWERED: "answered",
    Verdict.RELATED: "related: the articles speak of it, but hold no direct answer",
    Verdict.NOT_FOUND: "not found: the articles do not hold the answer",
}
_OF = {Kind.ANSWER: "the answer", Kind.CONVERSATION: "the conversation", Kind.BASKET: "the basket"}


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    ABOUT = "about"
    """A line about the report, a question or a pin."""
    STATEMENT = "statement"
    QUOTATION = "quotation"
    NOTE = "note"
    """A paragraph that the person wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph."""

    kind: BlockKind
    text: str
    quoted: Quoted | None = None
    """The quotation, or the one that a statement is taken from."""


def blocks(export: Export) -> Iterator[Block]:
    """Everything between the title and the source notes."""
    yield Block(kind=BlockKind.ABOUT, text=_about(export))
    numbered = {quoted.number: quoted for quoted in export.quotations}
    for section in export.sections:
        if section.heading:
            yield Block(kind=BlockKind.HEADING, text=section.heading)
        if section.asked is not None:
            yield Block(kind=BlockKind.ABOUT, text=_asked(section.asked, again=section.heading))
        yield from (_statement(one, numbered) for one in section.statements if not _is_quoted(one, section))
        yield from _quotations(section)


def provenance(quoted: Quoted) -> str:
    """Where a quotation was read and how that can be checked, in a line."""
    citation = quoted.passage.citation
    place = citation.place
    file = name_in_line(place.path if place.member is None else f"{place.path}#{place.member}")
    return (
        f"{quoted.reference}, {file}, characters {citation.start} to {citation.end} "
        f"of the text with SHA-256 {citation.text_sha256}"
    )


def _about(export: Export) -> str:
    count, sources = len(export.quotations), len({quoted.citekey for quoted in export.quotations})
    counted = f"{count} quotation{'s' * (count != 1)} from {sources} article{'s' * (sources != 1)}"
    return f"Exported {_minute(export.made_at)} from {_OF[export.kind]} {export.name}: {counted}."


def _asked(asked: Asked, *, again: str) -> str:
    question = "" if again == asked.question else f": {asked.question}"
    return (
        f"Asked {_minute(asked.asked_at)}{question} · {_VERDICTS[asked.verdict]} · "
        f"index generation {asked.index_generation}"
    )


def _is_quoted(statement: Statement, section: Section) -> bool:
    """Whether a statement is a whole quotation, which follows anyway."""
    return statement.text in {quoted.passage.citation.quote for quoted in section.quotations}


def _statement(statement: Statement, numbered: dict[int, Quoted]) -> Block:
    date = f"{statement.date}: " if statement.date else ""
    return Block(kind=BlockKind.STATEMENT, text=f"{date}{statement.text}", quoted=numbered[statement.number])


def _quotations(section: Section) -> Iterator[Block]:
    for quoted in section.quotations:
        yield Block(kind=BlockKind.QUOTATION, text=" ".join(quoted.passage.citation.quote.split()), quoted=quoted)
        for paragraph in quoted.note.split("\n\n"):
            if paragraph.strip():
                yield Block(kind=BlockKind.NOTE, text=paragraph)
        if section.asked is None and quoted.passage.asked is not None:
            yield Block(kind=BlockKind.ABOUT, text=_asked(quoted.passage.asked, again=""))


def _minute(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M %z}".strip()
