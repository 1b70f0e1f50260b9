"""The question that a quotation answers, with what was answered: enough to ask it again and compare. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from qa.entities import Answer, Verdict

__all__ = ["Asked", "asked_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and its answer, without the evidence."""

    answer_id: str
    question: str
    """As it was typed."""
    standalone_question: str
    """What was searched for: the question with what its conversation left unsaid."""
    asked_at: str
    """ISO 8601 with offset."""
    verdict: Verdict
    text: str | None
    """What was answered; None unless the verdict is `answered`, empty when its words were purged."""
    index_generation: int
    """Of the index that was asked."""
    cited: tuple[str, ...] = ()
    """Ids of the articles whose words the text may hold."""


def asked_of(answer: Answer) -> Asked:
    """What is kept of an answer beside its quotations."""
    return Asked(
        answer_id=answer.id,
        question=answer.question,
        standalone_question=answer.standalone_question,
        asked_at=answer.asked_at,
        verdict=answer.verdict,
        text=answer.text,
        index_generation=answer.index_generation,
        cited=tuple(dict.fromkeys(citation.article_id for citation in answer.citations)),
    )
