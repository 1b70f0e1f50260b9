"""What was found out about quotations, as text for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from qa.report.verify_changes import Segment
from qa.report.verify_match import Place
from qa.report.verify_report import Checked, Label, Report
from qa.report.verify_words import Line, Tone, counts_words, item_words

__all__ = ["painted", "place_json", "report_json", "report_lines", "segment_json"]

_STYLES: Mapping[Tone, dict[str, Any]] = {
    Tone.GOOD: {"fg": "green", "bold": True},
    Tone.DOUBTFUL: {"fg": "yellow", "bold": True},
    Tone.BAD: {"fg": "red", "bold": True},
    Tone.GUESS: {"fg": "cyan", "bold": True},
    Tone.REMOVED: {"fg": "red"},
    Tone.ADDED: {"fg": "green"},
    Tone.DIM: {"dim": True},
}


def report_json(report: Report, file: str) -> dict[str, Any]:
    """Everything that was found out about a draft."""
    return {
        "file": file,
        "quotations": [_item_json(item) for item in report.checked],
        "counts": {
            **report.counts,
            "short": report.short,
            "titles": report.titles,
            "unbalanced": len(report.unbalanced),
        },
        "unbalanced_lines": list(report.unbalanced),
    }


def _item_json(item: Checked) -> dict[str, Any]:
    return {
        "text": item.quotation.text,
        "line": item.line,
        "label": item.label,
        "citation": item.cited.written if item.cited else None,
        "found": [place_json(place) for place in item.places],
        "copies": [place_json(place) for place in item.copies],
        "diff": [segment_json(segment) for segment in item.diff],
        "note": item.note,
    }


def place_json(place: Place) -> dict[str, Any]:
    """Where some words stand."""
    article, (first, last) = place.source.article, place.sentences
    return {
        "article_id": article.id,
        "title": article.title,
        "date": article.date,
        "first_sentence": first,
        "last_sentence": last,
        "start": place.start,
        "end": place.end,
        "text": place.text,
    }


def segment_json(segment: Segment) -> dict[str, Any]:
    """A stretch of a difference."""
    if segment.change is None:
        return {"same": segment.text}
    return {"source": segment.change.source, "draft": segment.change.draft, "kind": segment.change.kind}


def report_lines(report: Report, *, show_all: bool) -> Iterator[str]:
    """What is not verbatim, or everything, then the counts."""
    for item in report.checked:
        if show_all or item.label is not Label.VERBATIM:
            yield from map(painted, item_words(item))
            yield ""
    yield counts_words(report)


def painted(line: Line) -> str:
    """A line in the colours of a terminal."""
    return "".join(click.style(text, **_STYLES[tone]) if tone in _STYLES else text for text, tone in line)
