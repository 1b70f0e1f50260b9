"""JSON lines: each line is an object, and so an article. A JSON list of objects, or one object, is read too."""

from __future__ import annotations

import json
from collections.abc import Iterator

from index.formats.decode import decode
from index.formats.entities import Extracted, FormatError, ReadOptions
from index.formats.rows import Row, articles_of

__all__ = ["read", "rows"]


def read(data: bytes, *, options: ReadOptions) -> Extracted:
    """Return an article for each object that has a text.

    Raises:
        FormatError: No object has one, or there are too many.
    """
    decoded = decode(data, encoding=options.encoding)
    return articles_of(rows(decoded.text), encoding=decoded.encoding, options=options)


def rows(text: str) -> Iterator[Row]:
    """Yield each object with the number of its line, or its place in the list; a line that is none is a problem."""
    whole = _whole(text)
    if whole is not None:
        for number, value in enumerate(whole, start=1):
            yield _row(str(number), value)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _row(str(number), json.loads(line))
            except (ValueError, RecursionError) as error:
                problem = f"is not JSON ({error}); correct the line and run `qa index` again"
                yield Row(member=str(number), values={}, problem=f"line {number} {problem}")


def _whole(text: str) -> list[object] | None:
    """Return the values of a file that is a list, or one object over several lines; None for lines of JSON."""
    start = text.lstrip()[:1]
    first = text.lstrip().partition("\n")[0].strip()
    if start not in ("[", "{") or (start == "{" and first.endswith("}")):
        return None
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise FormatError("nested too deeply to be read: give one article a line, as JSON") from error
    except ValueError as error:
        if start == "{":
            return None
        raise FormatError(f"not JSON ({error}): correct it, or give one object a line") from error
    return value if isinstance(value, list) else [value]


def _row(member: str, value: object) -> Row:
    if isinstance(value, dict):
        return Row(member=member, values=value)
    return Row(member=member, values={}, problem=f"row {member} is not an object with names and values")
