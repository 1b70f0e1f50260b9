"""Plain text -> blocks: paragraphs between blank lines; lines that begin with > are block quotes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.report.citekey import CITEKEY, REFERENCE
from qa.report.drafts import Draft, line_starts, lines_with_ends
from qa.report.quotations import Block
from qa.report.quotations_tokens import FILLER

__all__ = ["note_label", "read"]

_QUOTED = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_NOTE = re.compile(r"[ \t]{0,3}\[(?P<label>\d{1,4})\][ \t]+\S")


def read(text: str) -> Draft:
    """Take plain text apart."""
    return Draft(text=text, blocks=tuple(_blocks(text)), lines=line_starts(text), format="text")


def note_label(line: str) -> str | None:
    """The number of the note that a line is ("[1] …"), None when it is none: a note names its source."""
    match = _NOTE.match(line)
    named = match and (CITEKEY.search(line) or REFERENCE.search(line))
    return match["label"] if match and named else None


def _blocks(text: str) -> Iterator[Block]:
    begin, at, kind = 0, 0, None
    for line in lines_with_ends(text):
        marks = _QUOTED.match(line)
        blank = not (line[marks.end() :] if marks else line).strip()
        label = note_label(line)
        new = "blank" if blank else f"note {label}" if label else "quote" if marks else "prose"
        continues = new == kind or (new == "prose" and kind is not None and kind.startswith("note"))
        if not continues:
            yield from _block(text, begin, at, kind)
            begin, kind = at, new
        at += len(line)
    yield from _block(text, begin, at, kind)


def _block(text: str, begin: int, end: int, kind: str | None) -> Iterator[Block]:
    if kind in {None, "blank"}:
        return
    masked = text[begin:end].replace(FILLER, " ")
    if kind == "quote":
        masked = "".join(_without_marks(line) for line in lines_with_ends(masked))
    note = kind.removeprefix("note ") if kind and kind.startswith("note ") else None
    yield Block(text=masked, start=begin, quoted=kind == "quote", note=note)


def _without_marks(line: str) -> str:
    marks = _QUOTED.match(line)
    return FILLER * marks.end() + line[marks.end() :] if marks else line
