"""Plain text: the file is the article. A date may stand in front of the first sentence."""

from __future__ import annotations

from index.formats.decode import decode
from index.formats.entities import Extract, Extracted, ReadOptions
from index.formats.header import read_header

__all__ = ["read"]


def read(data: bytes, *, options: ReadOptions) -> Extracted:
    """Return the one article of a plain text file.

    Raises `DecodeError` for data that is not text in a known encoding.
    """
    decoded = decode(data, encoding=options.encoding)
    header = read_header(decoded.text, markdown=False)
    return Extracted(extracts=(Extract(text=decoded.text, header=header),), encoding=decoded.encoding)
