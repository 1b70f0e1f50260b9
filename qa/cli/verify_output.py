"""What was found out about quotations, as text for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from qa.report.verify_annotate import reference
from qa.report.verify_changes import Kind, Segment, changes_in
from qa.report.verify_match import Place
from qa.report.verify_report import Checked, Label, Report
from qa.visible import one_line

__all__ = ["diff_line", "place_json", "report_json", "report_lines", "segment_json"]

_COLOURS = {Label.VERBATIM: "green", Label.ALTERED: "yellow"}
_NAMED = (Kind.NUMBER, Kind.NEGATION, Kind.NAME)


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
            yield from _item_lines(item)
            yield ""
    counted = ", ".join(f"{count} {label}" for label, count in report.counts.items() if count)
    total = f"{len(report.checked)} quotation{'' if len(report.checked) == 1 else 's'}"
    left_out = [
        f"not checked: {count} {what}"
        for count, what in ((report.short, "of fewer than four words"), (report.titles, "titles of articles"))
        if count
    ]
    yield "; ".join([f"{total}: {counted}" if counted else total, *left_out])


def _item_lines(item: Checked) -> Iterator[str]:
    label = click.style(item.label, fg=_COLOURS.get(item.label, "red"), bold=True)
    yield f"line {item.line}  {label}  “{one_line(item.quotation.text)}”"
    if item.diff:
        yield f"    {diff_line(item.diff)}"
    for change in changes_in(item.diff):
        if change.kind in _NAMED:
            yield f"    {change.kind}: {one_line(change.source) or 'nothing'} → {one_line(change.draft) or 'nothing'}"
    if item.places:
        article = item.places[0].source.article
        where = {Label.ALTERED: "nearest", Label.STITCHED: "from"}.get(item.label, "in")
        yield f"    {where} {reference(item)}  {article.date or 'undated'}  {one_line(article.title)}"
    if item.cited and item.label is not Label.VERBATIM:
        yield f"    cited {item.cited.written}"
    if item.copies:
        yield f"    the same words in {len(item.copies)} more article{'' if len(item.copies) == 1 else 's'}"
    if item.note:
        yield f"    {one_line(item.note)}"


def diff_line(diff: Sequence[Segment]) -> str:
    """A difference on one line; the marks tell it apart where there is no colour."""
    parts = []
    for segment in diff:
        if segment.change is None:
            parts.append(one_line(segment.text))
            continue
        removed, added = one_line(segment.change.source), one_line(segment.change.draft)
        parts += [click.style(f"[-{removed}-]", fg="red")] if removed else []
        parts += [click.style(f"{{+{added}+}}", fg="green")] if added else []
    return " ".join(parts)
