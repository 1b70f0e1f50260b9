"""Files -> articles. One module per format, each with `read(data, *, encoding) -> Extracted`.

A new format is one module and one line in `FORMATS`; the module is imported when the first file of its kind
is read, so a format may bring a heavy parser without making the others wait for it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, cast

from index.entities import Article
from index.errors import UnreadableFileError
from index.formats.decode import DecodeError
from index.segment import sentences

if TYPE_CHECKING:
    from index.formats.header import Header

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "Extract",
    "Extracted",
    "Format",
    "ParsedArticle",
    "ParsedFile",
    "read_article",
]

TITLE_CHARS = 80
"""Length of a title made from the first sentence, about."""
_TITLE_SOURCE_CHARS = 2000
"""Enough of the body to find its first sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One article's text as a reader found it, and what the source says of it."""

    text: str
    header: Header
    member: str | None = None
    """Row or archive entry; None for a file that is one article."""
    markdown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a reader found in one file."""

    extracts: tuple[Extract, ...]
    encoding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedArticle:
    """An article, and what is needed to cut it into sentences."""

    article: Article
    member: str | None
    """Row or archive entry within the file; None for a file that is one article."""
    body_start: int
    """Offset in the text where the header ends and the first sentence begins."""
    markdown: bool
    """Headings, list items and block quotes stand on their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """The articles of one file."""

    articles: tuple[ParsedArticle, ...]
    encoding: str
    format: str
    problems: tuple[str, ...]
    """What could not be used although the articles could; each says what to do."""


class Reader(Protocol):
    """Turns the bytes of one file into the texts in it."""

    def __call__(self, data: bytes, *, encoding: str | None) -> Extracted:
        """Raise `DecodeError` when the bytes are not of the format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A source format and the module that reads it."""

    name: str
    module: str

    def reader(self) -> Reader:
        """Import the module, and with it what it needs."""
        return cast("Reader", import_module(self.module).read)


_TEXT = Format(name="text", module="index.formats.text")
_MARKDOWN = Format(name="markdown", module="index.formats.markdown")
FORMATS: Mapping[str, Format] = MappingProxyType({".txt": _TEXT, ".md": _MARKDOWN, ".markdown": _MARKDOWN})
"""By file suffix, in lower case."""
SUFFIXES = frozenset(FORMATS)


def read_article(path_shown: str, data: bytes, *, suffix: str, encoding: str | None) -> ParsedFile:
    """Return the articles in `data`.

    Args:
        path_shown: The file's name as error messages show it; nothing is opened.
        data: The file's bytes.
        suffix: Lower case with the dot, such as ".txt"; chooses the format.
        encoding: Forced on the file; None detects it.

    Raises:
        UnreadableFileError: No article can be made of it; `reason` says why and what to do.
    """
    chosen = FORMATS.get(suffix)
    if chosen is None:
        known = ", ".join(sorted(FORMATS))
        raise UnreadableFileError(path_shown, f"{suffix!r} is not a file ending that is read: use one of {known}")
    if not data:
        raise UnreadableFileError(path_shown, "empty file: put text into it, or leave it out with --exclude")
    try:
        found = chosen.reader()(data, encoding=encoding)
    except DecodeError as error:
        raise UnreadableFileError(path_shown, error.reason) from error
    extracts = [extract for extract in found.extracts if _has_words(extract)]
    if not extracts:
        raise UnreadableFileError(path_shown, "no sentence in it: put text into it, or leave it out with --exclude")
    sha256 = hashlib.sha256(data).hexdigest()
    return ParsedFile(
        articles=tuple(_parsed(extract, sha256) for extract in extracts),
        encoding=found.encoding,
        format=chosen.name,
        problems=tuple(_problems(extracts)),
    )


def _parsed(extract: Extract, sha256: str) -> ParsedArticle:
    header = extract.header
    text_sha256 = hashlib.sha256(extract.text.encode("utf-8")).hexdigest()
    article = Article(
        id=text_sha256[:12],
        title=header.title or _made_title(extract),
        title_given=bool(header.title),
        text=extract.text,
        date=header.date,
        author=header.author,
        outlet=header.outlet,
        url=header.url,
        language=header.language or "en",
        sha256=sha256,
        text_sha256=text_sha256,
    )
    return ParsedArticle(
        article=article, member=extract.member, body_start=header.body_start, markdown=extract.markdown
    )


def _problems(extracts: list[Extract]) -> list[str]:
    return [
        problem if extract.member is None else f"{extract.member}: {problem}"
        for extract in extracts
        for problem in extract.header.problems
    ]


def _has_words(extract: Extract) -> bool:
    return _WORD.search(extract.text, extract.header.body_start) is not None


_WORD = re.compile(r"[^\W_]")
_MARKS = re.compile(r"^(?:[#>*+\-•]+|\d{1,9}[.)])\s+")


def _made_title(extract: Extract) -> str:
    """Return the first sentence that has a word in it, shortened at a word to about `TITLE_CHARS`."""
    first_word = _WORD.search(extract.text, extract.header.body_start)
    limit = _TITLE_SOURCE_CHARS + (first_word.start() if first_word else 0)
    head = extract.text[:limit]
    found = sentences(head, body_start=extract.header.body_start, article_id="", markdown=extract.markdown)
    quotes = (head[sentence.start : sentence.end] for sentence in found)
    sentence = next(quote for quote in quotes if _WORD.search(quote))
    return _shortened(" ".join(_MARKS.sub("", sentence).split()))


def _shortened(line: str) -> str:
    if len(line) <= TITLE_CHARS:
        return line
    cut = line[: TITLE_CHARS + 1].rfind(" ")
    return line[: cut if cut > TITLE_CHARS // 2 else TITLE_CHARS].rstrip(" ,;:—–-") + "…"
