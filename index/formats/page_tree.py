"""HTML -> lxml's tree of it, whatever is wrong with it."""

from __future__ import annotations

from lxml import etree, html

from index.formats.entities import FormatError

__all__ = ["parse_page"]


def parse_page(text: str) -> html.HtmlElement:
    """Parse HTML; anything is a page to the parser.

    Raises:
        FormatError: There is no element in it.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        # As bytes: lxml refuses a str that declares an encoding.
        return html.document_fromstring(text.replace("\x00", "").encode("utf-8", errors="replace"), parser=parser)
    except etree.ParserError as error:
        raise FormatError("there is nothing in the page") from error
