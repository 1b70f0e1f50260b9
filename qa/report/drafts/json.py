"""An export of `qa` as JSON -> blocks: each quotation a block quote with its reference. Pure.

Lines are those of the file on which the quotations begin.
"""

from __future__ import annotations

import json

from index.formats.decode import DecodeError
from qa.errors import ExportError
from qa.report.drafts import Draft
from qa.report.export.record import from_exported_json
from qa.report.quotations import Block

__all__ = ["read"]


def read(text: str) -> Draft:
    """Take an export apart.

    Raises:
        DecodeError: it is other JSON.
    """
    try:
        export = from_exported_json(text, "it")
    except ExportError as error:
        raise DecodeError(f"{error}; other JSON is no draft") from error
    parts, blocks, lines, length, seen = list[str](), list[Block](), list[tuple[int, int]](), 0, 0
    for quoted in export.quotations:
        quote = quoted.passage.citation.quote
        words = f"{' '.join(quote.split())} ({quoted.reference})"
        lead = "\n\n> " if parts else "> "
        at = max(text.find(json.dumps(quote), seen), seen)
        seen, length = at, length + len(lead)
        blocks.append(Block(text=words, start=length, quoted=True))
        lines.append((length, text.count("\n", 0, at) + 1))
        parts += [lead, words]
        length += len(words)
    return Draft(text="".join(parts), blocks=tuple(blocks), lines=tuple(lines) or ((0, 1),), format="json")
