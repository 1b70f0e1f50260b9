"""A saved web page -> its article: trafilatura finds the main text, navigation and advertising stay out.

The date is the one that the page's own metadata states (`page_date`); trafilatura would also search the text for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.settings import Document

from index.formats.blocks import Block, Kind, join_blocks, without_title
from index.formats.decode import DecodeError, decode
from index.formats.entities import Extract, Extracted, FormatError, ReadOptions
from index.formats.header import Header, read_date_line
from index.formats.page_date import page_date
from index.formats.page_tree import parse_page

__all__ = ["read"]

_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_HEAD_BYTES = 4_096
_NO_ARTICLE = "no article in the page, only navigation: save the page of one article"
_SENTENCE_END = re.compile(r"[.!?…。！？]")
_ROWS = "./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"
_LAID_OUT = ("p", "h1", "h2", "ul", "ol", "article", "table")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\u00ad\ufeff]")
"""Zero-width characters and soft hyphens: they say where a line may break, and would be in the midst of quotations."""


def read(data: bytes, *, options: ReadOptions) -> Extracted:
    """Return the article of a page.

    Raises:
        FormatError: There is no main text in it.
    """
    text, encoding, problems = _decoded(data, options)
    tree = parse_page(text)
    date, date_problems = page_date(tree)
    _unwrap_layout(tree)
    found = bare_extraction(
        tree,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2100-01-01"},
    )
    if not isinstance(found, Document) or found.body is None:
        raise FormatError(_NO_ARTICLE)
    blocks = without_title([block for block in _blocks(found.body) if block.text.strip()], found.title)
    body = join_blocks(blocks)
    if not _SENTENCE_END.search(body):
        raise FormatError(_NO_ARTICLE)
    header = Header(
        title=_line(found.title),
        date=date,
        author=_line(found.author and found.author.replace("; ", ", ")),
        outlet=_line(found.sitename),
        url=found.url,
        problems=date_problems,
    )
    extract = Extract(text=body, header=read_date_line(body, header), markdown=True)
    return Extracted(extracts=(extract,), encoding=encoding, problems=problems)


def _unwrap_layout(tree: html.HtmlElement) -> None:
    """Make tables that only lay a page out into plain divisions, so that navigation in one of their cells is seen."""
    for table in tree.xpath("//table"):
        cells = table.xpath(f"({_ROWS})/td | ({_ROWS})/th")
        if any(_is_laid_out(cell) for cell in cells):
            for element in (*cells, *table.xpath(f"{_ROWS} | ./thead | ./tbody | ./tfoot"), table):
                element.tag = "div"


def _is_laid_out(cell: html.HtmlElement) -> bool:
    """Whether a cell holds more than a value: paragraphs, a list, a table, or two line breaks on end."""
    if next(cell.iter(*_LAID_OUT), None) is not None:
        return True
    breaks = (found for found in cell.iter("br") if not (found.tail or "").strip())
    return any((following := found.getnext()) is not None and following.tag == "br" for found in breaks)


def _decoded(data: bytes, options: ReadOptions) -> tuple[str, str, tuple[str, ...]]:
    """Return the page's text, its encoding (as stated, unless it is plainly UTF-8), and what is to be said of it."""
    stated = _CHARSET.search(data[:_HEAD_BYTES])
    try:
        decoded = decode(data.replace(b"\x00", b"") if stated else data, encoding=options.encoding)
    except DecodeError:
        if options.encoding is not None or stated is None:
            raise
    else:
        if options.encoding is not None or stated is None or decoded.encoding.startswith("utf-"):
            return decoded.text, decoded.encoding, ()
    name = stated[1].decode("ascii").lower()
    name = "windows-1252" if name in {"iso-8859-1", "latin1", "us-ascii", "ascii"} else name  # as browsers do
    try:
        text = data.decode(name, errors="replace")
    except (LookupError, ValueError):
        return decode(data, encoding="windows-1252").text, "windows-1252", (f"{name!r} is no encoding",)
    lost = text.count("\ufffd")
    problem = f"{lost} characters could not be decoded as {name}; force another encoding with --encoding"
    return text, name, (problem,) if lost else ()


def _line(value: str | None) -> str | None:
    return " ".join(_INVISIBLE.sub("", value).split()) or None if value else None


# --- trafilatura's tree --------------------------------------------------------------------------------

_BREAKS = frozenset({"p", "head", "quote", "list", "item", "table", "row", "code", "lb", "div", "body", "figure"})


def _blocks(element: etree._Element, depth: int = 0) -> Iterator[Block]:
    """Yield the blocks of trafilatura's result: p, head, list and item, quote, table, row and cell."""
    if element.tag == "row":
        cells = (" ".join(" ".join(block.text for block in _blocks(cell)).split()) for cell in element)
        yield Block(text=" | ".join(cell for cell in cells if cell))
        return
    depth += element.tag == "list"
    kind, level = _kind(element, depth)
    words = [_visible(element.text)]
    for child in element:
        if child.tag == "lb" and not _ends_paragraph(child, words):
            words.append(" ")
        elif isinstance(child.tag, str) and child.tag in _BREAKS:
            yield Block(text="".join(words), kind=kind, level=level)
            words = []
            inner = list(_blocks(child, depth))
            if kind is Kind.ITEM and inner and inner[0].kind is Kind.PARAGRAPH:
                inner[0] = Block(text=inner[0].text, kind=kind, level=level)
            yield from inner
        elif child.tag not in {"graphic", "ref-image"}:
            words.append(_visible("".join(child.itertext(with_tail=False))))
        words.append(_visible(child.tail))
    yield Block(text="".join(words), kind=kind, level=level)


def _ends_paragraph(line_break: etree._Element, words: list[str]) -> bool:
    """Whether a line break parts paragraphs: behind the end of a sentence, or together with another one."""
    before = "".join(words).rstrip()
    following = line_break.getnext()
    is_double = following is not None and following.tag == "lb" and not (line_break.tail or "").strip()
    return is_double or not before or before[-1:] in '.!?…:”"'


def _kind(element: etree._Element, depth: int) -> tuple[Kind, int]:
    if element.tag == "head":
        digits = (element.get("rend") or "h2").lstrip("h")
        return Kind.HEADING, max(2, int(digits)) if digits.isdigit() else 2
    if element.tag == "item":
        return Kind.ITEM, depth
    return Kind.PARAGRAPH, 1


def _visible(text: str | None) -> str:
    return _INVISIBLE.sub("", text or "")
