"""Drafts -> blocks of text whose offsets lead back to a line. One module per format, each with `read(…) -> Draft`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from index.errors import UnreadableFileError
from index.formats.decode import DecodeError, decode
from qa.errors import DraftError
from qa.report.quotations import Block

__all__ = ["FORMATS", "Draft", "line_starts", "read_draft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text that quotes."""

    text: str
    """What offsets count in: the file as decoded (Markdown, plain text), or the text taken out of it."""
    blocks: tuple[Block, ...]
    """In order."""
    lines: tuple[tuple[int, int], ...]
    """(offset, line from 1) where lines of the file begin, ascending. A DOCX has paragraphs in their place."""
    format: str

    def line(self, offset: int) -> int:
        """The line of the file that an offset lies in."""
        return self.lines[max(0, bisect_right(self.lines, (offset, 1 << 62)) - 1)][1]


class TextReader(Protocol):
    """Takes a decoded file apart."""

    def __call__(self, text: str) -> Draft:
        """The draft."""


class BytesReader(Protocol):
    """Takes a file apart that is no text."""

    def __call__(self, data: bytes) -> Draft:
        """Raise `DecodeError` when the bytes are not of the format."""


FORMATS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".qmd": "markdown",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".json": "json",
}
"""By file suffix, in lower case; other text is read as Markdown."""
_NO_DRAFT = {".doc": "an old Word document", ".odt": "an OpenDocument text", ".pdf": "a PDF", ".rtf": "RTF"}
_HTML = re.compile(rb"\s*(?:<!--.{0,1000}?-->\s*)*<(?:!doctype\s+html|html|head|body|p|div|article)\b", re.I | re.S)


def read_draft(shown: str, data: bytes, *, suffix: str, encoding: str | None = None) -> Draft:
    """Take a draft apart.

    Args:
        shown: What error messages call it.
        data: Its bytes.
        suffix: Of the file's name, lower case with the dot; empty where there is none, as on standard input.
        encoding: Forced on text; None detects it.

    Raises:
        DraftError: it is not what its name says, or not text.
    """
    if suffix in _NO_DRAFT:
        raise DraftError(f"{shown} is {_NO_DRAFT[suffix]}; save it as DOCX, HTML, Markdown or plain text")
    if not data.strip():
        raise DraftError(f"{shown} is empty; there is nothing to check")
    name = FORMATS.get(suffix) or _sniffed(data)
    module = import_module(f"qa.report.drafts.{name}")
    try:
        if name == "docx":
            return cast("BytesReader", module.read)(data)
        return cast("TextReader", module.read)(decode(data, encoding=encoding).text)
    except (DecodeError, UnreadableFileError) as error:
        raise DraftError(f"{shown} cannot be read: {error.reason}") from error


def line_starts(text: str) -> tuple[tuple[int, int], ...]:
    """(offset, number) of every line of a text."""
    begins = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    return tuple((begin, number) for number, begin in enumerate(begins, start=1))


def lines_with_ends(text: str) -> Sequence[str]:
    """The lines of a text with their line breaks."""
    starts = [begin for begin, _ in line_starts(text)]
    return [text[begin:end] for begin, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _sniffed(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    return "html" if _HTML.match(data) else "markdown"
