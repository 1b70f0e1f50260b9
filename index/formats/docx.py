"""Word files -> text. python-docx opens the package and knows the styles; the body is walked here.

python-docx's own paragraphs lack what stands in content controls and in tracked insertions, which is text as well.
Headers, footers, tables of contents, comments, footnotes and deleted text are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from index.formats.archive import require_small
from index.formats.blocks import Block, Kind, join_blocks, without_title
from index.formats.entities import Extract, Extracted, FormatError, ReadOptions
from index.formats.header import Header, read_date_line

__all__ = ["read"]

_LEFT_OUT = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"), qn("w:pict"), qn("w:instrText")})
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEMPLATE_DAY = "2013-12-23"
"""On which python-docx's own template was made: no day of an article."""
_TEMPLATE_AUTHORS = frozenset({"python-docx", "Microsoft Office User", "Author"})
_MAX_DEPTH = 50
_CELL_CHARS = 120
"""A table with several paragraphs in a cell, together longer than this, lays the page out."""


def read(data: bytes, *, options: ReadOptions) -> Extracted:
    """Return the article of a Word file.

    Raises:
        FormatError: It is damaged, or unpacks to too much.
    """
    require_small(data, options=options)
    try:
        document = Document(BytesIO(data))
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise FormatError("a damaged Word file: open it in Word and save it again") from error
    blocks = [block for block in _blocks(document, document.element.body, 0) if block.text.strip()]
    title = _title(document, blocks)
    text = join_blocks(without_title(blocks, title))
    properties = document.core_properties
    made = properties.created.date().isoformat() if properties.created else None
    author = " ".join((properties.author or "").split())
    header = Header(
        title=title,
        author=author if author and author not in _TEMPLATE_AUTHORS else None,
        made=None if made == _TEMPLATE_DAY else made,
    )
    return Extracted(extracts=(Extract(text=text, header=read_date_line(text, header), markdown=True),))


def _title(document: WordDocument, blocks: list[Block]) -> str | None:
    """Return the title that the file states, otherwise its first block where that is set as a title or heading."""
    stated = " ".join((document.core_properties.title or "").split())
    if stated and stated != "Word Document":
        return stated
    first = blocks[0] if blocks else None
    return " ".join(first.text.split()) if first is not None and first.kind is Kind.HEADING else None


def _blocks(document: WordDocument, element: Any, depth: int) -> Iterator[Block]:  # noqa: ANN401  # lxml has no types
    for child in element.iterchildren():
        if child.tag == qn("w:p"):
            yield from _block(document, child)
        elif child.tag == qn("w:tr"):
            yield from _row([list(_blocks(document, cell, depth + 1)) for cell in child.iterchildren()])
        elif child.tag not in _LEFT_OUT and depth < _MAX_DEPTH:  # tables, content controls, tracked insertions
            yield from _blocks(document, child, depth + 1)


def _row(cells: Sequence[Sequence[Block]]) -> Iterator[Block]:
    """A row of a table as one block, or what is in its cells where they are columns of text."""
    texts = [[block for block in cell if block.text.strip()] for cell in cells]
    if any(len(cell) > 1 and sum(len(block.text) for block in cell) > _CELL_CHARS for cell in texts):
        yield from (block for cell in texts for block in cell)
    else:
        words = (" ".join(" ".join(block.text for block in cell).split()) for cell in texts)
        yield Block(text=" | ".join(filter(None, words)))


def _block(document: WordDocument, paragraph: Any) -> Iterator[Block]:  # noqa: ANN401  # lxml has no types
    text = "".join(_texts(paragraph, 0))
    style = _style_name(document, paragraph)
    if style.startswith("toc "):
        return
    digits = style[-1:] if style[-1:].isdigit() else ""
    numbering = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if style == "title":
        yield Block(text=text, kind=Kind.HEADING, level=1)
    elif style.startswith("heading"):
        yield Block(text=text, kind=Kind.HEADING, level=int(digits or 1) + 1)
    elif numbering is not None or style.startswith("list"):
        nested = None if numbering is None else numbering.find(qn("w:ilvl"))
        level = str(nested.get(qn("w:val")) if nested is not None else "")
        depth = int(level) + 1 if level.isdigit() else int(digits or 1)
        yield Block(text=text, kind=Kind.ITEM, level=depth)
    else:
        yield Block(text=text)


def _style_name(document: WordDocument, paragraph: Any) -> str:  # noqa: ANN401  # lxml has no types
    found = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    if found is None:
        return ""
    named = found.get(qn("w:val"))
    style = next(
        (style for style in document.styles.element.iterchildren(qn("w:style")) if style.styleId == named), None
    )
    name = style.find(qn("w:name")) if style is not None else None
    return str((name.get(qn("w:val")) if name is not None else named) or "").lower()


def _texts(element: Any, depth: int) -> Iterator[str]:  # noqa: ANN401  # lxml has no types
    for child in element.iterchildren():
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in (qn("w:tab"), qn("w:br"), qn("w:cr")):
            yield " "
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif child.tag not in _LEFT_OUT and child.tag != _FALLBACK and depth < _MAX_DEPTH:
            yield from _texts(child, depth + 1)
