"""CSV and TSV: the first row names the columns, each further row is an article."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from index.formats.decode import decode
from index.formats.entities import Extracted, FormatError, ReadOptions
from index.formats.rows import Row, articles_of

__all__ = ["read", "rows"]

_DELIMITERS = ",;\t|"


def read(data: bytes, *, options: ReadOptions) -> Extracted:
    """Return an article for each row that has a text.

    Raises:
        FormatError: No row has one, or there are too many.
    """
    decoded = decode(data, encoding=options.encoding)
    try:
        return articles_of(rows(decoded.text), encoding=decoded.encoding, options=options)
    except csv.Error as error:
        raise FormatError(f"not a table ({error}): save it as CSV again, or as JSONL") from error


def rows(text: str) -> Iterator[Row]:
    """Yield each row with its number, from 1; the row of names is not counted."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # an article is longer than a usual cell
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)  # line breaks within a text are kept
    names: list[str] | None = None
    number = 0
    for cells in reader:
        if not any(cells):
            continue
        if names is None:
            names = [name.strip() for name in cells]
            continue
        number += 1
        yield Row(member=str(number), values=dict(zip(names, cells, strict=False)))
