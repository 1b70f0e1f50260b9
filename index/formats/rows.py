"""Rows with named values -> articles: what JSONL and CSV have in common. Pure.

Each row is an article of its own. Its text is one of its values, exactly; the usual names of the others are known, and
`ReadOptions.fields` says which column is meant where they do not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from index.formats.entities import Extract, Extracted, FormatError, ReadOptions
from index.formats.header import header_of_fields, read_date_line

__all__ = ["Row", "articles_of", "row_texts"]

_NAMES_SHOWN = 12
_NAME_CHARS = 40
"""What is no table may have names of any length."""
_TEXT = ("text", "body", "content", "article_text", "full_text", "maintext", "article_body", "articlebody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a file, or why it cannot be read."""

    member: str
    """Its number, from 1; of JSONL the line."""
    values: Mapping[str, object]
    problem: str | None = None


def articles_of(rows: Iterable[Row], *, encoding: str, options: ReadOptions) -> Extracted:
    """Return an article for each row that has a text.

    Raises:
        FormatError: No row has one, or there are too many rows.
    """
    extracts: list[Extract] = []
    problems: list[str] = []
    names: dict[str, None] = {}
    empty = 0
    for count, row in enumerate(rows, start=1):
        if count > options.max_articles:
            raise FormatError(
                f"more than {options.max_articles} rows, which max_rows allows; split the file or raise the setting"
            )
        if row.problem is not None:
            problems.append(row.problem)
            continue
        names.update(dict.fromkeys(map(str, row.values)))
        extract = _article(row, options)
        empty += extract is None
        extracts += [extract] if extract is not None else []
    if not extracts:
        raise FormatError(problems[0] if problems else _no_text(tuple(names), options))
    if empty:
        problems.append(
            f"{empty} row{' has' if empty == 1 else 's have'} no text and {'is' if empty == 1 else 'are'} left out"
        )
    return Extracted(extracts=tuple(extracts), encoding=encoding, problems=tuple(problems))


def _article(row: Row, options: ReadOptions) -> Extract | None:
    named = {our: value for our, theirs in options.fields if (value := _value(row.values, theirs)) is not None}
    text = named.get("text") or _usual_text(row.values)
    if not isinstance(text, str) or not text.strip():
        return None
    others = {name: value for name, value in row.values.items() if value is not text}
    header = header_of_fields({**others, **named})
    return Extract(text=text, header=replace(read_date_line(text, header), made=None), member=row.member)


def _usual_text(values: Mapping[str, object]) -> object:
    by_name = {str(name).strip().lower().replace("-", "_"): value for name, value in values.items()}
    return next((by_name[name] for name in _TEXT if isinstance(by_name.get(name), str) and by_name[name]), None)


def _value(values: Mapping[str, object], name: str) -> object:
    """Return the value of a column; of a JSON object also one further in, as in "article.body"."""
    if name in values:
        return values[name]
    outer, dot, inner = name.partition(".")
    nested = values.get(outer)
    return _value(nested, inner) if dot and isinstance(nested, Mapping) else None


def row_texts(row: Row) -> Iterator[str]:
    """Yield every text of a row, whichever column it is in."""
    pending: list[object] = [row.values]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            pending += value.values()
        elif isinstance(value, list):
            pending += value


def _no_text(names: tuple[str, ...], options: ReadOptions) -> str:
    wanted = next((theirs for our, theirs in options.fields if our == "text"), None)
    what = "no column is named text, body or content" + (f", nor {wanted}" if wanted else "")
    found = ", ".join(repr(name[:_NAME_CHARS]) for name in names[:_NAMES_SHOWN]) or "none"
    return f"{what} (found: {found}): name the column with --field text=COLUMN, or leave the file out with --exclude"
