"""Cited passages as plain values for `qa cite --json`. Pure; exact text, nothing escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from qa.report.cited import CitedPassage, Day, by_source
from qa.report.selectors import annotation
from qa.report.styles import Style, distinctions, entry, in_text, inline, note
from qa.report.words import plain

__all__ = ["cited_json"]


def cited_json(cited: Sequence[CitedPassage], style: Style) -> list[dict[str, Any]]:
    """One object per passage."""
    told_apart = distinctions(style, [passages[0].source for passages in by_source(cited)])
    return [_passage(passage, style, told_apart.get(passage.source.key, "")) for passage in cited]


def _passage(cited: CitedPassage, style: Style, distinction: str) -> dict[str, Any]:
    source = cited.source
    return {
        "reference": cited.reference,
        "citekey": source.key,
        "status": cited.status,
        "quote": cited.quote,
        **_written(cited, style, distinction),
        "title": source.title,
        "authors": [asdict(name) for name in source.authors],
        "outlet": source.outlet,
        "date": _iso(source.issued),
        "url": source.url,
        "accessed": _iso(source.accessed),
        "locator": None if cited.locator is None else {"label": cited.locator.label, "value": cited.locator.value},
        "article_id": source.article_id,
        "text_sha256": source.text_sha256,
        "start": cited.start,
        "end": cited.end,
        "link": cited.link,
        "annotation": annotation(cited),
        "difference": [asdict(change) for change in cited.difference],
        "today": None if cited.today is None else _today(cited.today),
    }


def _today(cited: CitedPassage) -> dict[str, Any]:
    return {
        "reference": cited.reference,
        "quote": cited.quote,
        "start": cited.start,
        "end": cited.end,
        "text_sha256": cited.source.text_sha256,
    }


def _written(cited: CitedPassage, style: Style, distinction: str) -> dict[str, str | None]:
    """What the style writes, as text: the mark behind the quotation, and the entry or note."""
    source = cited.source
    if style is Style.FOOTNOTE:
        return {"in_text": None, "entry": f"{plain(note(source, cited.locator))} {cited.reference}"}
    if style is Style.INLINE:
        return {"in_text": plain(inline(source, cited.locator, cited.reference)), "entry": None}
    return {
        "in_text": plain(in_text(style, source, cited.locator, distinction)),
        "entry": plain(entry(style, source, distinction)),
    }


def _iso(day: Day) -> str | None:
    return "-".join(f"{part:02}" for part in day) or None
