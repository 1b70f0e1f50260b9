"""Answers in words: what the transcript and the evidence say. Pure; every text is plain, never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from index.entities import Freshness
from qa.copied import sentence_words
from qa.entities import Verdict
from qa.visible import name_in_line, one_line, visible

if TYPE_CHECKING:
    from qa.entities import Answer, Citation, RelatedPassage

__all__ = [
    "Statement",
    "confidence_words",
    "copies_count",
    "copy_lines",
    "explanation",
    "link",
    "origin",
    "place_words",
    "quotation_parts",
    "sources",
    "statements",
    "status_words",
    "verdict_words",
]

PURGED = "(deleted with qa rm --purge)"
"""Stands for words that a kept answer no longer has."""
HIGH, MEDIUM = 0.8, 0.5
"""Probabilities from which on confidence is called high and medium."""

_BLANKS = re.compile(r"\s+")
_VERDICTS = {
    Verdict.ANSWERED: "answered",
    Verdict.RELATED: "related · the articles speak of this, without a direct answer",
    Verdict.NOT_FOUND: "not found · the articles do not hold the answer",
}
_STATUS = {
    Freshness.SAME: "verbatim",
    Freshness.MOVED: "moved: the same words stand elsewhere now",
    Freshness.CHANGED: "changed: the file no longer says this",
    Freshness.GONE: "gone: the file is no longer there",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something that is claimed, with the numbers of the citations behind it."""

    text: str
    numbers: tuple[int, ...]
    date: str | None = None
    """Given where several statements differ."""


def verdict_words(answer: Answer) -> str:
    """Verdict and confidence: "answered · confidence high (0.93)"."""
    words = _VERDICTS[answer.verdict]
    if len(answer.values) > 1:
        words += ", and the articles differ"
    if answer.verdict is Verdict.ANSWERED and answer.confidence is not None:
        return f"{words} · {confidence_words(answer.confidence)}"
    return words


def confidence_words(probability: float) -> str:
    """Such as "confidence high (0.93)"."""
    level = "high" if probability >= HIGH else "medium" if probability >= MEDIUM else "low"
    return f"confidence {level} ({probability:.2f})"


def statements(answer: Answer) -> tuple[Statement, ...]:
    """What is claimed: one statement, or one per value with its date, newest first, when articles differ."""
    if answer.text is None or not answer.citations:
        return ()
    if len(answer.values) > 1:
        return tuple(
            Statement(text=one_line(value.text), numbers=(value.citation,), date=value.date) for value in answer.values
        )
    return (Statement(text=one_line(answer.text) or PURGED, numbers=(1,)),)


def sources(answer: Answer) -> Sequence[Citation | RelatedPassage]:
    """What can be followed: the citations, or the related passages of an answer that has none."""
    return answer.citations or answer.related


def origin(source: Citation | RelatedPassage) -> str:
    """Date, title and outlet in one line."""
    outlet = getattr(source, "outlet", None)
    parts = [source.date or "undated", one_line(source.title), *([one_line(outlet)] if outlet else [])]
    return " · ".join(parts)


def quotation_parts(source: Citation | RelatedPassage) -> tuple[str, str, str]:
    """The quotation in one line: before the words that answer, those words, after them."""
    quote, begin = source.quote, source.start
    first, last = getattr(source, "answer_start", None), getattr(source, "answer_end", None)
    if first is None or last is None or (first, last) == (begin, begin + len(quote)):
        return one_line(quote) or PURGED, "", ""
    parts = quote[: first - begin], quote[first - begin : last - begin], quote[last - begin :]
    before, words, after = (visible(_BLANKS.sub(" ", part)) for part in parts)
    return before.lstrip(), words, after.rstrip()


def status_words(citation: Citation) -> str:
    """Whether the quotation still stands in its file."""
    return _STATUS[citation.status]


def place_words(source: Citation | RelatedPassage, files: int = 1) -> str:
    """File and sentence numbers, and how many files hold the same text."""
    words = f"{name_in_line(source.place.path)}, {sentence_words(source)}"
    return f"{words} · {files} files with the same text" if files > 1 else words


def copies_count(source: Citation | RelatedPassage) -> str:
    """Such as "3 copies"; empty when there are none."""
    number = len(getattr(source, "copies", ()))
    return f"{number:,} cop{'y' if number == 1 else 'ies'}" if number else ""


def copy_lines(source: Citation | RelatedPassage) -> list[tuple[str, str]]:
    """The other articles of the story: "copy" or "version", then date, outlet and file."""
    copies = getattr(source, "copies", ())
    return [
        (
            "copy" if copy.verbatim else "version",
            " · ".join(
                [
                    copy.date or "undated",
                    *([one_line(copy.outlet)] if copy.outlet else []),
                    name_in_line(copy.place.path),
                ]
            ),
        )
        for copy in copies
    ]


def link(source: Citation | RelatedPassage) -> str:
    """The article's address; without one, that of its file."""
    url = getattr(source, "url", None)
    return one_line(url) if url else PurePath(source.place.file).as_uri()


def explanation(answer: Answer) -> str:
    """How an answer was made, in lines."""
    times = " · ".join(f"{stage} {time_ms:.0f} ms" for stage, time_ms in answer.timings_ms.items())
    models = " · ".join(f"{role} {one_line(name)}" for role, name in answer.models.items())
    return (
        f"{times}\n{models} · index generation {answer.index_generation}\nasked {answer.asked_at}, answer {answer.id}"
    )
