"""A piece of HTML -> all that it shows, block by block: a letter, or the text of a row.

Unlike a page it has no main text to be found: what is shown is the article. A piece without paragraphs of its own, such
as a plain text with an `<em>` in it, keeps its line breaks as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree, html

from index.formats.blocks import Block, Kind, join_blocks
from index.formats.decode import decode
from index.formats.entities import Extract, Extracted, FormatError, ReadOptions
from index.formats.header import Header
from index.formats.page_tree import parse_page

__all__ = ["blocks_of_page", "read"]

_BLOCK_TAGS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_SKIPPED_TAGS = frozenset("head script style title noscript template svg object select button nav".split())
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px)?\b|max-height\s*:\s*0"
)
_FILLER = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b-\u200f\u2060\u2800\u3164\ufeff]")
"""Characters of no width: soft hyphens, and what fills up the preview line of a letter."""
_BREAK = "\u2028"
"""Stands for `<br>`."""
_ENDS_PARAGRAPH = re.compile(rf"{_BREAK}\s*{_BREAK}|(?<=[.!?…:”\"])\s*{_BREAK}")
"""Two line breaks, or one behind the end of a sentence."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_LAID_OUT = re.compile(rf"<(?:br|{'|'.join(sorted(_BLOCK_TAGS))})\b", re.IGNORECASE)


def read(data: bytes, *, options: ReadOptions) -> Extracted:
    """Return the text of a piece of HTML; nothing in it says what it is called or when it is from.

    Raises:
        FormatError: There is no text in it.
    """
    source = decode(data, encoding=options.encoding).text
    tree = parse_page(source)
    laid_out = _LAID_OUT.search(source) is not None
    text = join_blocks(_paragraphs(tree)) if laid_out else "".join(_words(tree)).strip()
    if not text:
        raise FormatError("no text in its HTML")
    return Extracted(extracts=(Extract(text=text, header=Header(), markdown=laid_out),))


def _paragraphs(tree: html.HtmlElement) -> Iterator[Block]:
    """The blocks of a tree; a blank line between them parts paragraphs too, as programs for blogs store them."""
    for block in blocks_of_page(tree):
        first, *others = _BLANK_LINE.split(block.text)
        yield replace(block, text=first)
        yield from (Block(text=text) for text in others)


def _words(tree: html.HtmlElement) -> Iterator[str]:
    for event, element in _shown(tree):
        yield _FILLER.sub("", (element.text if event == "start" else element.tail) or "")


def blocks_of_page(root: html.HtmlElement) -> Iterator[Block]:
    """Yield the blocks of a page in order; what is not shown is left out."""
    for block in _blocks(root):
        first, *others = _ENDS_PARAGRAPH.split(block.text)
        yield replace(block, text=first)
        yield from (Block(text=text) for text in others)


def _blocks(root: html.HtmlElement) -> Iterator[Block]:
    """Not recursive: the tables of a letter nest a hundred deep."""
    words: list[str] = []
    kind = Kind.PARAGRAPH
    level = 1
    for event, element in _shown(root):
        opens = event == "start"
        if element.tag == "br" and opens:
            words.append(_BREAK)
        if element.tag in _BLOCK_TAGS:
            yield Block(text=_FILLER.sub("", "".join(words)), kind=kind, level=level)
            words = []
            if element.tag != "p":  # a paragraph within an item is the item
                kind, level = _kind(element.tag) if opens else (Kind.PARAGRAPH, 1)
        words.append((element.text if opens else element.tail) or "")
    yield Block(text=_FILLER.sub("", "".join(words)), kind=kind, level=level)


def _kind(tag: str) -> tuple[Kind, int]:
    if tag == "li":
        return Kind.ITEM, 1
    if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        return Kind.HEADING, max(2, int(tag[1]))
    return Kind.PARAGRAPH, 1


def _shown(root: html.HtmlElement) -> Iterator[tuple[str, html.HtmlElement]]:
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if not isinstance(element.tag, str):
            continue
        is_left_out = element.tag in _SKIPPED_TAGS or _HIDDEN.search(element.get("style") or "") is not None
        if is_left_out and event == "start":
            walk.skip_subtree()
            continue
        yield event, element
