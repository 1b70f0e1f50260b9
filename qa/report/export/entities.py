"""A report before it has a format. Frozen; its JSON is what every format carries with it for later checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.report.asked import Asked
from qa.report.kept_passage import KeptPassage

__all__ = ["Export", "Kind", "Quoted", "Section", "Statement"]


class Kind(StrEnum):
    """What was exported."""

    ANSWER = "answer"
    CONVERSATION = "conversation"
    BASKET = "basket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something that an answer says."""

    text: str
    number: int
    """Of the quotation that it is taken from."""
    date: str | None = None
    """Of its article, where articles differ; ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A quotation of the report."""

    number: int
    """Of its source note, from 1: the same words of the same text have one note, however often they are quoted."""
    reference: str
    """`ID:7` or `ID:7-9`."""
    citekey: str
    passage: KeptPassage
    note: str = ""
    """What the person wrote about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A question with its answer, or the pins of one heading."""

    heading: str
    """Empty where there is none."""
    asked: Asked | None = None
    """Of an answer; a pin has its question with it."""
    statements: tuple[Statement, ...] = ()
    quotations: tuple[Quoted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A whole report."""

    title: str
    kind: Kind
    name: str
    """Id of the answer or conversation, name of the basket."""
    made_at: str
    """ISO 8601 with offset."""
    sections: tuple[Section, ...]

    @property
    def quotations(self) -> tuple[Quoted, ...]:
        """Of all sections, in order."""
        return tuple(quoted for section in self.sections for quoted in section.quotations)

    @property
    def sources(self) -> tuple[Quoted, ...]:
        """One quotation per source note, in the order of their numbers."""
        return tuple({quoted.number: quoted for quoted in self.quotations}.values())

    @property
    def questions(self) -> tuple[Asked, ...]:
        """Every question with its answer, each answer once."""
        of_sections = [section.asked for section in self.sections]
        of_pins = [quoted.passage.asked for quoted in self.quotations]
        return tuple({asked.answer_id: asked for asked in (*of_sections, *of_pins) if asked is not None}.values())
