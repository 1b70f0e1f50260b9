"""Conversations, answers and baskets -> a report. Pure but for the index that `from_answer` looks into [I/O]."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from qa.entities import Answer, Conversation
from qa.report.asked import asked_of
from qa.report.basket.entities import Basket
from qa.report.basket.pinning import from_answer
from qa.report.export.entities import Export, Kind, Quoted, Section, Statement
from qa.report.kept_passage import KeptPassage
from qa.report.passages import cited_of

if TYPE_CHECKING:
    from index.store import Store

__all__ = ["of_answer", "of_basket", "of_conversation"]


def of_answer(answer: Answer, store: Store | None, *, made_at: datetime, title: str = "") -> Export:
    """One answer as a report.

    Args:
        answer: With or without citations.
        store: Today's index, if there is one; it knows the paragraph of a quotation and what stands around it.
        made_at: Now, with its time zone.
        title: The question, when empty.
    """
    return _export(Kind.ANSWER, answer.id, title or answer.question, [answer], store, made_at)


def of_conversation(conversation: Conversation, store: Store | None, *, made_at: datetime, title: str = "") -> Export:
    """A conversation as a report, one section per question; see `of_answer`."""
    answers = [turn.answer for turn in conversation.turns]
    return _export(Kind.CONVERSATION, conversation.id, title or conversation.title, answers, store, made_at)


def of_basket(basket: Basket, *, made_at: datetime, title: str = "") -> Export:
    """A basket as a report, one section per heading. Pins whose words were purged are left out."""
    numbers = _Numbers()
    sections = [
        Section(
            heading=heading,
            quotations=tuple(
                replace(numbers.quoted(pin.passage), note=pin.note)
                for pin in basket.pins
                if pin.heading == heading and not pin.passage.is_purged
            ),
        )
        for heading in dict.fromkeys(pin.heading for pin in basket.pins)
    ]
    return Export(
        title=title or basket.name,
        kind=Kind.BASKET,
        name=basket.name,
        made_at=made_at.isoformat(timespec="seconds"),
        sections=tuple(section for section in sections if section.quotations),
    )


class _Numbers:
    """Gives the quotations of a report their numbers."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def quoted(self, passage: KeptPassage) -> Quoted:
        """The passage under its number."""
        cited = cited_of(passage)
        number = self._given.setdefault(cited.label, len(self._given) + 1)
        return Quoted(number=number, reference=cited.reference, citekey=cited.source.key, passage=passage)


def _export(
    kind: Kind, name: str, title: str, answers: Sequence[Answer], store: Store | None, made_at: datetime
) -> Export:
    numbers = _Numbers()
    return Export(
        title=title,
        kind=kind,
        name=name,
        made_at=made_at.isoformat(timespec="seconds"),
        sections=tuple(_section(answer, store, numbers, made_at) for answer in answers),
    )


def _section(answer: Answer, store: Store | None, numbers: _Numbers, made_at: datetime) -> Section:
    numbered = {
        citation.number: numbers.quoted(from_answer(citation, answer, store, kept_at=made_at))
        for citation in answer.citations
        if citation.quote  # otherwise purged
    }
    return Section(
        heading=answer.question,
        asked=asked_of(answer),
        statements=tuple(_statements(answer, {number: quoted.number for number, quoted in numbered.items()})),
        quotations=tuple(numbered.values()),
    )


def _statements(answer: Answer, numbers: dict[int, int]) -> Iterable[Statement]:
    """What the answer says; every value with its date where articles differ."""
    if answer.values:
        for value in answer.values:
            if value.citation in numbers:
                yield Statement(text=value.text, number=numbers[value.citation], date=value.date)
    elif answer.text and 1 in numbers:
        yield Statement(text=answer.text, number=numbers[1])
