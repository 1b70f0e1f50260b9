"""What was found out about quotations and excerpts, in words: lines of pieces, each with its tone. Pure.

A terminal and a screen paint the same pieces; every text in them is visible, never markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from qa.report.verify_annotate import reference
from qa.report.verify_changes import Kind, Segment, changes_in
from qa.report.verify_report import Checked, Label, Report
from qa.report.whence import Match, Origin
from qa.visible import one_line

__all__ = ["Line", "Tone", "counts_words", "diff_words", "item_words", "lines_words", "match_words"]

SHOWN_LINES = 10
_NAMED = (Kind.NUMBER, Kind.NEGATION, Kind.NAME)


class Tone(StrEnum):
    """How a piece is painted; the words say the same without it."""

    PLAIN = "plain"
    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"
    GUESS = "guess"
    REMOVED = "removed"
    ADDED = "added"
    DIM = "dim"


Line = tuple[tuple[str, Tone], ...]
"""Pieces that follow each other without a blank."""

_OF_LABEL = {Label.VERBATIM: Tone.GOOD, Label.ALTERED: Tone.DOUBTFUL}
_OF_ORIGIN = {Origin.EXACT: Tone.GOOD, Origin.ALTERED: Tone.DOUBTFUL, Origin.PARAPHRASED: Tone.GUESS}


def item_words(item: Checked) -> Iterator[Line]:
    """One quotation: its label, what was changed, where it stands."""
    tone = _OF_LABEL.get(item.label, Tone.BAD)
    yield (*_plain(f"line {item.line}  "), (item.label, tone), *_plain(f"  “{one_line(item.quotation.text)}”"))
    if item.diff:
        yield (*_plain("    "), *diff_words(item.diff))
    for change in changes_in(item.diff):
        if change.kind in _NAMED:
            before, after = one_line(change.source) or "nothing", one_line(change.draft) or "nothing"
            yield _plain(f"    {change.kind}: {before} → {after}")
    if item.places:
        article = item.places[0].source.article
        where = {Label.ALTERED: "nearest", Label.STITCHED: "from"}.get(item.label, "in")
        yield _plain(f"    {where} {reference(item)}  {article.date or 'undated'}  {one_line(article.title)}")
    if item.cited and item.label is not Label.VERBATIM:
        yield _plain(f"    cited {item.cited.written}")
    if item.copies:
        yield _plain(f"    the same words in {len(item.copies)} more article{'' if len(item.copies) == 1 else 's'}")
    if item.note:
        yield _plain(f"    {one_line(item.note)}")


def diff_words(diff: Sequence[Segment]) -> Line:
    """A difference on one line; the marks tell it apart where there is no colour."""
    parts = list[tuple[str, Tone]]()
    for segment in diff:
        if segment.change is None:
            parts.append((one_line(segment.text), Tone.PLAIN))
            continue
        removed, added = one_line(segment.change.source), one_line(segment.change.draft)
        parts += [(f"[-{removed}-]", Tone.REMOVED)] if removed else []
        parts += [(f"{{+{added}+}}", Tone.ADDED)] if added else []
    blank = (" ", Tone.PLAIN)
    return tuple(piece for part in parts for piece in (blank, part))[1:]


def counts_words(report: Report) -> str:
    """How many quotations have which label, and what was not checked."""
    counted = ", ".join(f"{count} {label}" for label, count in report.counts.items() if count)
    total = f"{len(report.checked)} quotation{'' if len(report.checked) == 1 else 's'}"
    left_out = [
        f"not checked: {count} {what}"
        for count, what in ((report.short, "of fewer than four words"), (report.titles, "titles of articles"))
        if count
    ]
    return "; ".join([f"{total}: {counted}" if counted else total, *left_out])


def lines_words(numbers: Sequence[int]) -> str:
    """Numbers of lines, the first ones of many."""
    shown = ", ".join(map(str, numbers[:SHOWN_LINES]))
    more = f" and {len(numbers) - SHOWN_LINES:,} more" if len(numbers) > SHOWN_LINES else ""
    return f"line{'' if len(numbers) == 1 else 's'} {shown}{more}"


def match_words(match: Match, files: Sequence[str]) -> Iterator[Line]:
    """A place of an excerpt: how the article has it, what it says there, and every file with it.

    Args:
        match: The place.
        files: Of its article, visible.
    """
    article, (first, last) = match.place.source.article, match.place.sentences
    share = "" if match.origin is Origin.EXACT else f" {match.similarity:.0%}"
    heading = "  ".join([article.date or "undated", *([one_line(article.outlet)] if article.outlet else [])])
    yield ((f"{match.origin}{share}", _OF_ORIGIN[match.origin]), *_plain(f"  {heading}  {one_line(article.title)}"))
    yield (*_plain("    "), *(diff_words(match.diff) if match.diff else _plain(one_line(match.place.text))))
    numbers = f"{first}" if first == last else f"{first}-{last}"
    sentences = "sentence" if first == last else "sentences"
    for file in files:
        yield ((f"    {file}, {sentences} {numbers} · {article.id}:{numbers}", Tone.DIM),)


def _plain(text: str) -> Line:
    return ((text, Tone.PLAIN),)
