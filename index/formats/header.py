"""What stands in front of the first sentence: date line, front matter, level-1 heading. Pure.

A header is never part of a sentence, even where it is wrong: an impossible date or malformed front matter
becomes a problem for the person to read, and the article is indexed without what could not be used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

import yaml

from index.formats.dates import date_shape, parse_date

__all__ = ["Header", "header_of_fields", "not_a_date", "read_date_line", "read_header"]

MAX_FRONT_MATTER_BYTES = 65_536
"""Longer blocks are not parsed; no article's own description comes near."""
_MAX_DEPTH = 20
"""Nesting of front matter; a deeper one would exhaust the parser's stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a source says of its article, and where the article's own words begin."""

    title: str | None = None
    date: str | None = None
    """ISO 8601, with time and offset where the source gives them."""
    author: str | None = None
    """Several authors are joined by a comma."""
    outlet: str | None = None
    url: str | None = None
    language: str | None = None
    """BCP 47 tag."""
    made: str | None = None
    """Day on which the file was made, ISO 8601; stands in for `date` when nothing else says one."""
    body_start: int = 0
    """Offset of the first character of the first sentence; the text's length when there is none."""
    problems: tuple[str, ...] = ()


def read_header(text: str, *, markdown: bool) -> Header:
    """Return what stands in front of the first sentence of `text`.

    Args:
        text: The whole decoded file.
        markdown: Whether front matter and a leading `# Title` are headers too.
    """
    header = read_date_line(text, _front_matter(text) if markdown else Header())
    if markdown and header.title is None:
        heading = _HEADING.match(text, header.body_start)
        if heading is not None:
            after = replace(header, title=" ".join(heading["title"].split()), body_start=heading.end())
            header = read_date_line(text, after)
    return header


def _skip_space(text: str, header: Header) -> Header:
    start = _SPACE.match(text, header.body_start)
    return header if start is None else replace(header, body_start=start.end())


_SPACE = re.compile(r"\s*")
_HEADING = re.compile(r"#[ \t]+(?P<title>[^\r\n]*[^\s#][^\r\n]*?)(?:[ \t]+#+)?[ \t]*(?=[\r\n]|\Z)")


# --- dates ---------------------------------------------------------------------------------------------

_DAY = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_LINE_END = r"[^\S\r\n]*(?=[\r\n]|\Z)"
_CLOCK = r"(?:T[0-9]\S*| [0-9]{1,2}:[0-9]{2}(?::[0-9.]+)?(?: ?(?:Z|[+-][0-9:]+))?)"
_DATE_ALONE = re.compile(rf"(?i:date)(?:[ \t]*:[ \t]*|[ \t]+)(?P<value>{_DAY}{_CLOCK}?){_LINE_END}")
_DATE_PREFIX = re.compile(rf"(?i:date)(?P<mark>[ \t]*:[ \t]*|[ \t]+)(?P<value>{_DAY}(?:T[0-9]\S*)?)(?=\s)")
_DATE_WORDS = re.compile(rf"(?i:date)[ \t]*:[ \t]*(?P<value>[A-Za-z0-9][A-Za-z0-9,. ]{{5,40}}?[0-9]{{4}}){_LINE_END}")
_GOES_ON = re.compile(r"[ \t]+(?:was|is|will|has|had|and|or|to|marks|marked|became|remains)\b")
"""After "Date 2025-03-30": then the date is the subject of a sentence."""


def read_date_line(text: str, header: Header) -> Header:
    """Take a line such as "date 2025-03-30" at `header.body_start` into the header; a date that it has stays."""
    header = _skip_space(text, header)
    start = header.body_start
    found = _DATE_ALONE.match(text, start) or _DATE_PREFIX.match(text, start)
    if found is not None and ":" not in text[start : found.start("value")] and _GOES_ON.match(text, found.end()):
        return header
    if found is None:
        found = _DATE_WORDS.match(text, start)
        if found is None or date_shape(found["value"]) is None:
            return header
    value = parse_date(found["value"])
    problems = header.problems if value else (*header.problems, not_a_date(found["value"]))
    after = replace(header, date=header.date or value, problems=problems, body_start=found.end())
    return _skip_space(text, after)


def not_a_date(value: str) -> str:
    """What is said of a date that is none."""
    return f"{value!r} is not a date, so it is not used: correct it and run `qa index` again"


# --- front matter --------------------------------------------------------------------------------------

_OPENING = re.compile(r"(?P<fence>---|\+\+\+)[ \t]*(?:\r\n|\n|\r)")
_CLOSING = {
    "---": re.compile(r"(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)"),
    "+++": re.compile(r"(?<=[\r\n])\+\+\+[ \t]*(?:\r\n|\n|\r|\Z)"),
}
_FIRST_KEY = re.compile(r"(?:\s|#[^\r\n]*[\r\n])*(?:[\"']?[A-Za-z_][\w.-]*[\"']?[ \t]*(?::(?!//)|=)|---|\+\+\+)")
"""Front matter begins with a key; a thematic break is followed by prose."""
_KEYS = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "outlet": ("outlet", "publication", "publisher", "site_name", "source"),
    "url": ("url", "link", "source_url", "canonical_url", "source"),
    "date": ("date", "published", "publish_date", "publishdate", "pubdate", "date_published", "published_at"),
    "language": ("language", "lang"),
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NOTHING = frozenset({"", "~", "null"})


class _PlainLoader(yaml.BaseLoader):
    """Every value is text, so no date, number or tag can fail or act; no aliases, no deep nesting."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401  # yaml's own signature
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) is not None:
            raise yaml.YAMLError("it uses an anchor or alias (& or *); write the value out")
        if self.depth >= _MAX_DEPTH:
            raise yaml.YAMLError(f"it is nested more than {_MAX_DEPTH} levels deep")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _front_matter(text: str) -> Header:
    opening = _OPENING.match(text)
    if opening is None:
        return Header()
    fence = opening["fence"]
    closing = _CLOSING[fence].search(text, opening.end())
    if _FIRST_KEY.match(text, opening.end()) is None:
        return Header()
    if closing is None:
        what = f"front matter opens with {fence} and is never closed; it is indexed as text"
        return Header(problems=(f"{what}: add the closing line",))
    try:
        values = _parsed(text[opening.end() : closing.start()], fence)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        what = " ".join(str(error).split())
        why = f"front matter cannot be read ({what}); nothing in it is used"
        problems = (f"{why}: correct it and run `qa index` again",)
        return Header(body_start=closing.end(), problems=problems)
    return header_of_fields(values, body_start=closing.end())


def _parsed(block: str, fence: str) -> Mapping[str, Any]:
    if len(block.encode("utf-8")) > MAX_FRONT_MATTER_BYTES:
        raise ValueError(f"it is longer than {MAX_FRONT_MATTER_BYTES} bytes")
    if fence == "+++":
        return tomllib.loads(block.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        return _mapping(yaml.load(block, Loader=_PlainLoader))  # _PlainLoader builds text, lists and dicts only
    except yaml.scanner.ScannerError:
        flat = _flat(block)  # "title: Tariffs: what now" is no YAML, and what people write
        if flat is None:
            raise
        return flat


def _flat(block: str) -> dict[str, str] | None:
    """Front matter of one `key: value` a line; None when a line is anything else."""
    rows = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
    found = [re.fullmatch(r"([A-Za-z_][\w-]*):[ \t]*(.*?)[ \t]*", row) for row in rows]
    if not all(found):
        return None
    return {match[1]: match[2].strip("\"'") for match in found if match}


def _mapping(values: object) -> Mapping[str, Any]:
    if values in (None, ""):
        return {}
    if not isinstance(values, dict):
        raise ValueError("it is not a list of keys and values")  # noqa: TRY004  # the file is wrong, not the caller
    return values


def header_of_fields(values: Mapping[str, Any], *, body_start: int = 0) -> Header:
    """Return what named values say of an article: front matter, or the fields of a row.

    Each of our fields has several usual names; `source` is an outlet, or a URL when it looks like one.
    """
    texts = {str(key).strip().lower().replace("-", "_"): _as_text(value) for key, value in values.items()}
    found = {field: _first(texts, names) for field, names in _KEYS.items()}
    if _is_url(texts.get("source")):
        found["outlet"] = _first(texts, _KEYS["outlet"][:-1])
    elif found["url"] == texts.get("source"):
        found["url"] = None
    problems = []
    if found["date"] is not None:
        given, found["date"] = found["date"], parse_date(found["date"])
        problems = [] if found["date"] else [not_a_date(given)]
    if found["language"] is not None and not _LANGUAGE.fullmatch(found["language"]):
        found["language"] = None
    return Header(**found, body_start=body_start, problems=tuple(problems))


def _as_text(value: object) -> str | None:
    if isinstance(value, Mapping):
        return _as_text(value.get("name") or value.get("title"))
    if isinstance(value, str):
        return _one_line(value)
    if isinstance(value, Iterable):
        return ", ".join(filter(None, map(_as_text, value))) or None
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return None if value is None else str(value)


def _first(texts: Mapping[str, str | None], names: Iterable[str]) -> str | None:
    return next((text for name in names if (text := texts.get(name)) is not None), None)


def _is_url(value: str | None) -> bool:
    return value is not None and value.lower().startswith(("http://", "https://"))


def _one_line(value: str) -> str | None:
    line = " ".join(value.split())
    return None if line.lower() in _NOTHING else line
