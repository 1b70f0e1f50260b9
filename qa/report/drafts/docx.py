"""Word documents (DOCX) -> blocks: paragraphs, table cells, foot- and endnotes; deleted text is not read [I/O]."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from index.formats.decode import DecodeError
from qa.report.drafts import Draft
from qa.report.quotations import Block

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement

__all__ = ["read"]

MAX_UNPACKED_BYTES = 500_000_000
_QUOTE_STYLES = ("quote", "block text", "zitat", "citation", "cita", "citazione")
"""Beginnings of the names of block quote styles (Word keeps English names in the file of any language)."""
_CODE_STYLES = ("code", "source code", "html preformatted", "macro text", "verbatim")
_NOTES = {"footnotes": ("footnote", "n"), "endnotes": ("endnote", "e")}
_REMOVED = (qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"))


def read(data: bytes) -> Draft:
    """Take a Word document apart; lines are its paragraphs, counted through.

    Raises:
        DecodeError: it is none, it is damaged, or it would unpack to more than `MAX_UNPACKED_BYTES`.
    """
    try:
        _refuse_bomb(data)
        document = Document(io.BytesIO(data))
        notes = list(_notes(document))
        body = list(_body(document))
    except (zipfile.BadZipFile, OpcError, SyntaxError, KeyError, ValueError, OSError, NotImplementedError) as error:
        # lxml's errors are SyntaxErrors; zipfile raises NotImplementedError for a compression it lacks.
        raise DecodeError(f"it is no Word document (DOCX), or a damaged one ({error}); save it again") from error
    return _draft([*body, *notes])


def _refuse_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > MAX_UNPACKED_BYTES:
        raise DecodeError(f"it would unpack to {size / 1e6:,.0f} MB; save it again without what is embedded in it")


def _body(document: WordDocument) -> Iterator[tuple[str, bool, str | None]]:
    """(text, whether a block quote, None) of every paragraph, those in tables too."""
    styles = {style.style_id: (style.name or "").casefold() for style in document.styles}
    for paragraph in document.element.body.iter(qn("w:p")):
        style = styles.get(paragraph.style or "", "")
        text = "" if style.startswith(_CODE_STYLES) else _text(paragraph)
        yield text, style.removeprefix("intense ").startswith(_QUOTE_STYLES), None


def _notes(document: WordDocument) -> Iterator[tuple[str, bool, str | None]]:
    """(text, False, label) of the notes."""
    for relation in document.part.rels.values():
        kind = _NOTES.get(relation.reltype.rpartition("/")[2])
        if kind is None or relation.is_external:
            continue
        tag, letter = kind
        for note in parse_xml(relation.target_part.blob).iter(qn(f"w:{tag}")):
            text = "\n".join(_text(paragraph) for paragraph in note.iter(qn("w:p"))).strip()
            if text:
                yield text, False, f"{letter}{note.get(qn('w:id'))}"


def _text(paragraph: BaseOxmlElement) -> str:
    """What is printed of a paragraph, with the labels of its notes in brackets."""
    parts = list[str]()
    for element in paragraph.iter():
        if any(parent.tag in _REMOVED for parent in _parents(element, paragraph)):
            continue
        if element.tag == qn("w:t"):
            parts.append(element.text or "")
        elif element.tag in {qn("w:br"), qn("w:cr")}:
            parts.append("\n")
        elif element.tag == qn("w:tab"):
            parts.append("\t")
        elif element.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        else:
            parts += [
                f"[^{letter}{element.get(qn('w:id'))}]"
                for tag, letter in _NOTES.values()
                if element.tag == qn(f"w:{tag}Reference")
            ]
    return "".join(parts).replace("\0", " ")


def _parents(element: BaseOxmlElement, paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    parent = element.getparent()
    while parent is not None and parent is not paragraph:
        yield parent
        parent = parent.getparent()


def _draft(paragraphs: list[tuple[str, bool, str | None]]) -> Draft:
    parts, blocks, lines, length = list[str](), list[Block](), list[tuple[int, int]](), 0
    for number, (text, quoted, note) in enumerate(paragraphs, start=1):
        if not text.strip():
            continue
        lead = ("\n\n" if parts else "") + ("> " if quoted else "")
        length += len(lead)
        lines.append((length, number))
        blocks.append(Block(text=text, start=length, quoted=quoted, note=note))
        parts += [lead, text]
        length += len(text)
    return Draft(text="".join(parts), blocks=tuple(blocks), lines=tuple(lines) or ((0, 1),), format="docx")
