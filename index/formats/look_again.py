"""The texts of a file as it is now, to see whether a quotation still stands in it.

Of a row every value is one, as it stands and, where it is HTML, as it is shown: which column was the text when it was
indexed is not known here, and does not matter.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.errors import UnreadableFileError
from index.formats import ReaderProcess, ReadOptions, read_article
from index.formats.archive import entries
from index.formats.decode import decode, storable
from index.formats.entities import FormatError
from index.formats.markup import holds_html, taken_out
from index.formats.registry import SUFFIXES, recognise

__all__ = ["FoundText", "texts_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundText:
    """A text, and the row or archive entry that it stands in."""

    text: str
    member: str | None


def texts_in(name: str, data: bytes, *, options: ReadOptions) -> list[FoundText]:
    """Return the texts in `data`; none when it cannot be read.

    Args:
        name: The file's name.
        data: Its bytes.
        options: How to read it.
    """
    with ReaderProcess() as process:
        return list(_texts(name, data, options, process))


def _texts(name: str, data: bytes, options: ReadOptions, process: ReaderProcess) -> Iterator[FoundText]:
    try:
        kind = recognise(data, PurePosixPath(name).suffix.lower()).name
        if kind == "zip":
            for entry in entries(data, options=options, suffixes=frozenset(SUFFIXES)):
                for found in _texts(entry.name, entry.data, options, process) if entry.data else ():
                    member = entry.name if found.member is None else f"{entry.name}#{found.member}"
                    yield FoundText(text=found.text, member=member)
        elif kind in {"csv", "jsonl"}:
            yield from _values(kind, data, options, process)
        else:
            for item in read_article(name, data, options=options, process=process).articles:
                yield FoundText(text=item.article.text, member=item.member)
    except (FormatError, UnreadableFileError):
        return


def _values(kind: str, data: bytes, options: ReadOptions, process: ReaderProcess) -> Iterator[FoundText]:
    from index.formats.csv import rows as csv_rows
    from index.formats.jsonl import rows as json_rows
    from index.formats.rows import row_texts

    text = decode(data, encoding=options.encoding).text
    try:
        for row in csv_rows(text) if kind == "csv" else json_rows(text):
            for value in row_texts(row):
                yield FoundText(text=value, member=row.member)
                if holds_html(value):
                    with suppress(FormatError):
                        shown = taken_out(storable(value), options=options, process=process).text
                        yield FoundText(text=shown, member=row.member)
    except csv.Error:
        return
