"""Passages to pin, made by hand: no index is needed."""

from __future__ import annotations

from dataclasses import replace

from qa.entities import Verdict
from qa.report.asked import Asked
from qa.report.cited import Locator
from qa.report.kept_passage import KeptPassage
from tests.unit.qa.passages import citation

__all__ = ["TEXT", "passage"]

TEXT = "The port closed on Monday. Its cranes went to Osaka. About 300 people lost their work."
SENTENCES = ("The port closed", "Its cranes", "About 300 people")
ASKED = Asked(
    answer_id="0123456789ab",
    question="Who closed the port?",
    standalone_question="Who closed the port?",
    asked_at="2025-06-01T12:00:00+02:00",
    verdict=Verdict.ANSWERED,
    text="on Monday",
    index_generation=3,
)


def passage(sentence: int = 1, *, text: str = TEXT, words: str | None = None) -> KeptPassage:
    """A sentence of a text, pinned from an answer that cites it."""
    quoted = citation(1, text, words or SENTENCES[sentence - 1])
    return KeptPassage(
        citation=quoted,
        locator=Locator(label="paragraph", first=1, last=1),
        prefix=text[max(0, quoted.start - 32) : quoted.start],
        suffix=text[quoted.end : quoted.end + 32],
        kept_at="2025-06-02T09:30:00+00:00",
        asked=replace(ASKED, cited=(quoted.article_id,)),
    )
