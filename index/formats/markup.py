"""Values of tables that are HTML, as exports of news sites and blogs have them -> the texts that they show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape

from index.formats.entities import Extract, FormatError, ReadOptions
from index.formats.header import Header, read_date_line
from index.formats.isolation import ReaderProcess

__all__ = ["holds_html", "shown_rows", "taken_out"]

_TAGS = (
    "a abbr article b blockquote body br cite code div em figcaption figure h1 h2 h3 h4 h5 h6 header hr html i iframe "
    "img li ol p q s script section small span strong style sub sup table td th tr u ul video"
).replace(" ", "|")
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BEGINS = re.compile(rf"\s*<(?:!doctype\s+html|head|{_TAGS})\b[^<>]*>", re.IGNORECASE)
_HOLDS = re.compile(
    rf"</(?:{_TAGS})>|<br\s*/?>|"
    "&(?:amp|quot|apos|lt|gt|nbsp|[lr][sd]quo|[mn]dash|hellip|#[0-9]{2,6}|#x[0-9a-f]{2,5});",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def holds_html(value: str) -> bool:
    """Whether a value is HTML: it begins with an element, or an element ends in it, or a character is written out."""
    return _BEGINS.match(value) is not None or _HOLDS.search(value) is not None


def taken_out(value: str, *, options: ReadOptions, process: ReaderProcess) -> Extract:
    """Return the text that HTML shows: of a whole page its article, of a piece all of it.

    Args:
        value: HTML without NUL or halves of surrogate pairs.
        options: What reading it may cost.
        process: Where it is parsed.

    Raises:
        FormatError: There is no text in it.
    """
    name = "html" if _PAGE.match(value) else "fragment"
    found = process.read(name, value.encode("utf-8"), options=replace(options, encoding="utf-8"))
    return found.extracts[0]


def shown_rows(
    extracts: Iterable[Extract], *, options: ReadOptions, process: ReaderProcess, problems: list[str]
) -> Iterator[Extract]:
    """Yield the rows of a table, with what HTML shows in its place.

    Args:
        extracts: The rows.
        options: What reading one may cost.
        process: Where HTML is parsed.
        problems: Gets a line for a row of which nothing can be read; that row is left out.
    """
    for extract in extracts:
        if not holds_html(extract.text):
            yield _named(extract)
            continue
        try:
            found = taken_out(extract.text, options=options, process=process)
        except FormatError as error:
            problems.append(f"row {extract.member}: {error.reason}")
            continue
        yield _named(replace(found, member=extract.member, header=_header(extract.header, found)))


def _header(row: Header, found: Extract) -> Header:
    """What a row says of its article, and what the page in it says where the row is silent."""
    page = found.header
    header = Header(
        title=row.title or page.title,
        date=row.date or page.date,
        author=row.author or page.author,
        outlet=row.outlet or page.outlet,
        url=row.url or page.url,
        language=row.language,
        body_start=page.body_start,
        problems=(*row.problems, *page.problems),
    )
    return read_date_line(found.text, header)


def _named(extract: Extract) -> Extract:
    """Titles and names as they are shown, where they are written as HTML."""
    header = extract.header
    title, author, outlet = map(_plain_line, (header.title, header.author, header.outlet))
    return replace(extract, header=replace(header, title=title, author=author, outlet=outlet))


def _plain_line(value: str | None) -> str | None:
    if value is None or not holds_html(value):
        return value
    return " ".join(unescape(_TAG.sub("", value)).split()) or None
