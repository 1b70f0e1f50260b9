"""What a reader is told, what it returns, and what becomes of it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.formats.header import Header

if TYPE_CHECKING:
    from index.entities import Article

__all__ = ["Extract", "Extracted", "FormatError", "ParsedArticle", "ParsedFile", "ReadOptions"]


class FormatError(ValueError):
    """No article can be read from the bytes. `reason` says why and what to do, without the file's name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How files are read, and what one of them may cost."""

    encoding: str | None = None
    """Forced on every text; None detects it."""
    fields: tuple[tuple[str, str], ...] = ()
    """For rows: (our name, name of the column), where the usual names do not fit."""
    exclude: tuple[str, ...] = ()
    """Globs of archive entries that are not read."""
    max_bytes: int = 20_000_000
    """A larger file, or archive entry, is not read."""
    max_unpacked_bytes: int = 200_000_000
    """Of all entries of an archive together."""
    max_articles: int = 50_000
    """Rows, or archive entries, in one file."""
    seconds: float = 60.0
    """For one file or archive entry, in formats that need a parser."""
    memory_bytes: int = 1_000_000_000
    """That such a parser may take, where the system can limit it (Linux)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One article's text as a reader found it, and what the source says of it."""

    text: str
    header: Header
    member: str | None = None
    """Row or archive entry; None for a file that is one article."""
    markdown: bool = False
    page_starts: tuple[int, ...] = ()
    """Offset at which each page's text begins; empty where the format has no pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a reader found in one file."""

    extracts: tuple[Extract, ...]
    encoding: str | None = None
    """Of a text; None for formats that say it themselves."""
    problems: tuple[str, ...] = ()
    """What could not be read although the rest could; each says what to do."""


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
    page_starts: tuple[int, ...] = ()
    """Offset at which each page's text begins; empty where the format has no pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """The articles of one file."""

    articles: tuple[ParsedArticle, ...]
    encoding: str | None
    format: str
    problems: tuple[str, ...]
    """What could not be used although the articles could; each says what to do."""
