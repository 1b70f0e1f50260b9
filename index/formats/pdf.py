"""PDF -> text in reading order, with the page that each part of it is on. `pdf_text` makes paragraphs of the lines.

Only PDFs that hold text are read: a scan is named as one, since text recognition would be a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from index.formats.dates import parse_date
from index.formats.entities import Extract, Extracted, FormatError, ReadOptions
from index.formats.header import Header, read_date_line
from index.formats.pdf_lines import Line
from index.formats.pdf_text import title_of, to_text

__all__ = ["read"]

_MIN_LETTERS_A_PAGE = 10
"""Fewer than this on every page: the pages are pictures."""
_HYPHEN = "\u00ad"
"""Stands for a hyphen at a line's end."""
_BROKEN_WORD = 0xFFFE
"""PDFium's own sign for one."""
_MADE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_XMP_DATE = re.compile(r"(?:prism:(?:publicationDate|coverDate)|dc:date)\W[^0-9]{0,80}([0-9][0-9T:.+Z-]{7,34})")
_NO_TITLE = re.compile(
    r"(?:untitled.*|microsoft word\b.*|.*\.(?:docx?|pdf|indd|odt|pages|qxp|tex|html?|rtf)|document\d*|slide \d+|https?://.*)",
    re.IGNORECASE,
)
"""What programs write where a title belongs."""


def read(data: bytes, *, options: ReadOptions) -> Extracted:
    """Return the article of a PDF.

    Raises:
        FormatError: It cannot be opened, or holds no text.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise FormatError("protected by a password: save it without one") from error
        raise FormatError("a damaged PDF: get the file again, or print it to a new PDF") from error
    try:
        return _article(document, data, options)
    finally:
        document.close()


def _article(document: pypdfium2.PdfDocument, data: bytes, options: ReadOptions) -> Extracted:
    if len(document) > options.max_articles:
        raise FormatError(f"{len(document)} pages are more than the {options.max_articles} that max_rows allows")
    pages = [list(_lines(document, number)) for number in range(len(document))]
    letters = [sum(character.isalnum() for line in lines for character in line.text) for lines in pages]
    if max(letters, default=0) < _MIN_LETTERS_A_PAGE:
        raise FormatError(
            f"no text in its {len(pages)} pages, which are pictures (a scan): have its text recognised first, "
            "for example with ocrmypdf"
        )
    stated = document.get_metadata_dict()
    title = _title(stated.get("Title")) or title_of(pages[0] if pages else [])
    found = to_text(pages, title=title)
    header = Header(
        title=title,
        date=_published(data),
        author=_line(stated.get("Author")),
        made=_made(stated.get("CreationDate")),
    )
    blank = [number for number, count in enumerate(letters, start=1) if not count]
    shown = ", ".join(map(str, blank[:10])) + (" …" if len(blank) > 10 else "")
    problem = f"no text on page {shown}: if there is some, it is a picture and was not read"
    extract = Extract(
        text=found.text, header=read_date_line(found.text, header), markdown=True, page_starts=found.page_starts
    )
    return Extracted(extracts=(extract,), problems=(problem,) if blank else ())


def _lines(document: pypdfium2.PdfDocument, number: int) -> Iterator[Line]:
    """Yield the lines of a page in the order of its text; a page that cannot be read has none."""
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return
    height = page.get_height()
    count = text_page.count_chars()
    characters: list[str] = []
    first = 0
    for index in range(count):
        character = _character(text_page.raw, index)
        characters.append(character)
        if character in ("\n", _HYPHEN):  # PDFium leaves the line break out where a word is broken
            yield from _line_of(text_page, characters, first, index + 1, height)
            characters, first = [], index + 1
    yield from _line_of(text_page, characters, first, count, height)
    text_page.close()
    page.close()


def _character(text_page: object, index: int) -> str:
    code = pdfium.FPDFText_GetUnicode(text_page, index)
    if code in (0x02, _BROKEN_WORD):
        return _HYPHEN
    return "" if code in (0x00, 0x0D) else chr(code)


def _line_of(
    text_page: pypdfium2.PdfTextPage, characters: list[str], first: int, stop: int, height: float
) -> Iterator[Line]:
    text = "".join(characters).strip()
    if not text:
        return
    inked = [index for index in range(first, stop) if not _is_blank(text_page.raw, index)]
    if not inked:
        return
    left, bottom, _, top = text_page.get_charbox(inked[0], loose=True)
    _, _, right, _ = text_page.get_charbox(inked[-1], loose=True)
    yield Line(text=text, left=left, right=right, top=height - top, bottom=height - bottom)


def _is_blank(text_page: object, index: int) -> bool:
    return chr(pdfium.FPDFText_GetUnicode(text_page, index) or 0x20).isspace()


# --- what the file says of itself ----------------------------------------------------------------------


def _title(stated: str | None) -> str | None:
    line = _line(stated)
    return None if line is None or _NO_TITLE.fullmatch(line) else line


def _line(stated: str | None) -> str | None:
    return " ".join((stated or "").split()).strip("\x00") or None


def _made(stated: str | None) -> str | None:
    found = _MADE.match(stated or "")
    return parse_date("-".join(found.groups())) if found else None


def _published(data: bytes) -> str | None:
    """The date of publication in the XMP metadata, which stands in the file as plain XML."""
    start = data.find(b"<x:xmpmeta")
    packet = data[start : data.find(b"</x:xmpmeta>", start)][:200_000] if start >= 0 else b""
    found = _XMP_DATE.search(packet.decode("utf-8", errors="replace"))
    return parse_date(found[1]) if found else None
