"""Markdown: the file is the article, marks and all. Front matter and a leading `# Title` are its header."""

from __future__ import annotations

from index.formats.decode import decode
from index.formats.entities import Extract, Extracted, ReadOptions
from index.formats.header import read_header

__all__ = ["read"]


def read(data: bytes, *, options: ReadOptions) -> Extracted:
    """Return the one article of a Markdown file.

    Raises `DecodeError` for data that is not text in a known encoding.
    """
    decoded = decode(data, encoding=options.encoding)
    header = read_header(decoded.text, markdown=True)
    extract = Extract(text=decoded.text, header=header, markdown=True)
    return Extracted(extracts=(extract,), encoding=decoded.encoding)
