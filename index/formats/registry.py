"""Which reader is meant for some bytes: their content decides, and the file's name where the content does not.

A new format is one module with `read(data, *, options) -> Extracted` and one line in `FORMATS`. The module is
imported when the first file of its kind is read, so a heavy parser does not make the other formats wait.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast

from index.formats.entities import Extracted, FormatError, ReadOptions

__all__ = ["FORMATS", "SUFFIXES", "Format", "Reader", "recognise"]


class Reader(Protocol):
    """Turns the bytes of one file into the texts in it."""

    def __call__(self, data: bytes, *, options: ReadOptions) -> Extracted:
        """Raise `FormatError` when no article can be read from the bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A source format and the module that reads it."""

    name: str
    module: str
    suffixes: tuple[str, ...]
    """Of files that are looked at in a folder; in lower case."""
    isolated: bool = False
    """Read by a parser that might hang or die of a damaged file, so in a process of its own."""

    def reader(self) -> Reader:
        """Import the module, and with it what it needs."""
        return cast("Reader", import_module(self.module).read)


_ALL = (
    Format(name="text", module="index.formats.text", suffixes=(".txt",)),
    Format(name="markdown", module="index.formats.markdown", suffixes=(".md", ".markdown")),
    Format(name="html", module="index.formats.html", suffixes=(".html", ".htm", ".xhtml"), isolated=True),
    Format(name="pdf", module="index.formats.pdf", suffixes=(".pdf",), isolated=True),
    Format(name="docx", module="index.formats.docx", suffixes=(".docx",), isolated=True),
    Format(name="mail", module="index.formats.mail", suffixes=(".eml",), isolated=True),
    Format(name="jsonl", module="index.formats.jsonl", suffixes=(".jsonl", ".ndjson")),
    Format(name="csv", module="index.formats.csv", suffixes=(".csv", ".tsv")),
    Format(name="zip", module="index.formats.archive", suffixes=(".zip",)),
    Format(name="fragment", module="index.formats.fragment", suffixes=(), isolated=True),
)
FORMATS: Mapping[str, Format] = MappingProxyType({chosen.name: chosen for chosen in _ALL})
"""By name. The archive has no reader: `read_article` opens it and reads what is inside. No file is a fragment; the text
of a row may be one."""
SUFFIXES: Mapping[str, Format] = MappingProxyType({suffix: chosen for chosen in _ALL for suffix in chosen.suffixes})

_HEAD_BYTES = 4_096
_PDF = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,64}%PDF-\d")
_PDF_FURTHER_DOWN = re.compile(rb".{0,1024}?%PDF-\d", re.DOTALL)
"""Readers of PDF pass over a thousand bytes of anything in front; a mail with a PDF attached is no PDF, though."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FEED = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<[a-zA-Z!/?]")
_MAIL = re.compile(r"(?:From \S[^\n]*\n)?(?:[!-9;-~]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+", re.ASCII)
_MAIL_FIELD = re.compile(r"^(?:Message-ID|MIME-Version|Received|DKIM-Signature):", re.IGNORECASE | re.MULTILINE)
_JSON = re.compile(r"\s*(?:\{\s*\"|\[\s*\{\s*\")")


def recognise(data: bytes, suffix: str) -> Format:
    """Return the format of `data`.

    Args:
        data: The whole file.
        suffix: Of its name: lower case with the dot, or empty. Decides between formats that look alike.

    Raises:
        FormatError: It is of a kind that is not read.
    """
    if (_PDF_FURTHER_DOWN if suffix == ".pdf" else _PDF).match(data[:_HEAD_BYTES]):
        return FORMATS["pdf"]
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from index.formats.archive import kind_of_zip  # rarely needed

        return FORMATS[kind_of_zip(data, suffix)]
    if data.startswith(_OLE):
        raise FormatError(_old_office(data))
    named = SUFFIXES.get(suffix, FORMATS["text"])
    if named.name in {"pdf", "docx", "zip"} and b"\x00" in data:
        raise FormatError(f"damaged: it does not begin as a {named.name.upper()} file does; get the file again")
    return FORMATS[_kind_of_text(_text_head(data), data, named.name)]


def _kind_of_text(head: str, data: bytes, named: str) -> str:
    if _HTML.match(head):
        return "html"
    if _FEED.match(head):
        raise FormatError(
            "a feed, which lists articles without holding them: save the articles, or their texts as JSONL"
        )
    if named in {"html", "mail"}:
        fits = _TAG.search(data.decode("latin-1")) if named == "html" else _MAIL.match(head)
        return named if fits else "text"
    fields = _MAIL.match(head)
    if fields and named in {"text", "markdown"} and _MAIL_FIELD.search(fields[0]):
        return "mail"
    if _JSON.match(head) and (named == "csv" or _is_json_line(data)):
        return "jsonl"
    return named if named in {"text", "markdown", "csv", "jsonl"} else "text"


def _is_json_line(data: bytes) -> bool:
    line = data.lstrip()[:1_000_000].partition(b"\n")[0]
    try:
        return isinstance(json.loads(line), (dict, list))
    except (ValueError, RecursionError):
        return False


def _text_head(data: bytes) -> str:
    head = data[:_HEAD_BYTES]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    return head.decode("utf-8", errors="replace").removeprefix("\ufeff")


def _old_office(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "protected by a password: save it without one"
    return "an old Office file (.doc, .xls or .ppt): save it as .docx or PDF"
