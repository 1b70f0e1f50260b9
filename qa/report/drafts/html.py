"""HTML -> blocks of the text that a reader sees; what a footnote mark points to stands in its place. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from qa.report.drafts import Draft
from qa.report.quotations import Block

__all__ = ["read"]

_UNSEEN = frozenset(
    "script style pre code samp kbd textarea template svg math head title noscript iframe select".split()
)
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite data del dfn em font i ins label mark q s small span strike strong sub sup time
    tt u var wbr img""".split()
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_REPEATED = ({"li"}, {"dt", "dd"}, {"td", "th"}, {"tr"}, {"option"})
"""Elements that end where the next of their kind begins."""
_BREAK = "\x01"
_MAX_DEPTH = 500
"""Elements nested deeper are not told apart: no person writes them."""
_NOTE_MARK = re.compile(r"\W*(?:\d{1,4}|[a-z*†‡§])\W*", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")


def read(text: str) -> Draft:
    """Take HTML apart; tags that are never closed or never opened do no harm."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    parser.end_block()
    blocks = tuple(b if b.note is None or b.note in parser.targets else replace(b, note=None) for b in parser.blocks)
    return Draft(text="".join(parser.text), blocks=blocks, lines=tuple(parser.lines) or ((0, 1),), format="html")


@dataclass(slots=True)
class _Element:
    tag: str
    label: str | None = None
    target: str | None = None
    words: list[str] = field(default_factory=list)
    """Of a link: what it shows."""


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.blocks: list[Block] = []
        self.lines: list[tuple[int, int]] = []
        self._length = 0
        self._open: list[_Element] = []
        self._words: list[str] = []
        self._line = 1
        self._label: str | None = None
        self.targets: set[str] = set()
        """Labels that footnote marks point to."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE and tag != "br":
            self.end_block()
            self._end_unclosed(tag)
        named = dict(attrs)
        target = named.get("href") or ""
        element = _Element(tag=tag, label=named.get("id"), target=target[1:] if target.startswith("#") else None)
        if tag in {"br", "img"}:
            self._say(_BREAK if tag == "br" else " ")
        elif tag == "q":
            self._say("“")
        if tag not in _VOID and len(self._open) < _MAX_DEPTH:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        position = next((at for at in range(len(self._open) - 1, -1, -1) if self._open[at].tag == tag), None)
        if position is None:
            return
        if tag not in _INLINE:
            self.end_block()
        for element in reversed(self._open[position:]):
            self._close(element)
        del self._open[position:]

    def handle_data(self, data: str) -> None:
        if any(element.tag in _UNSEEN for element in self._open):
            if self._words and self._open[-1].tag in {"code", "samp", "kbd"}:
                self._say(re.sub("[\"'“”„«»‘’]", "", data))
            return
        self._say(data)

    def end_block(self) -> None:
        """What was said so far is a block of its own."""
        said = _BLANKS.sub(" ", "".join(self._words).replace("\0", " "))
        words = "\n".join(line.strip() for line in said.split(_BREAK)).strip()
        label, self._words, self._label = self._label, [], None
        if not words:
            return
        quoted = any(element.tag == "blockquote" for element in self._open)
        if self.text:
            self._add("\n\n")
        self.lines.append((self._length, self._line))
        shown = f"> {words}" if quoted else words
        start = self._length + (2 if quoted else 0)
        self._add(shown)
        self.blocks.append(Block(text=words, start=start, quoted=quoted, note=label))

    def _end_unclosed(self, tag: str) -> None:
        """A paragraph ends where another block begins, an item where the next one does."""
        kinds = next((kinds for kinds in _REPEATED if tag in kinds), set[str]()) | {"p"}
        outer = next((element.tag for element in reversed(self._open) if element.tag not in _INLINE), None)
        if outer in kinds:
            self.handle_endtag(outer)

    def _say(self, words: str) -> None:
        link = next((element for element in reversed(self._open) if element.tag == "a" and element.target), None)
        if link is not None:
            link.words.append(words)
            return
        if not self._words and words.strip():
            self._line = self.getpos()[0] + words[: len(words) - len(words.lstrip())].count("\n")
            self._label = next((element.label for element in reversed(self._open) if element.label), None)
        if self._words or words.strip():
            self._words.append(words)

    def _close(self, element: _Element) -> None:
        if element.tag == "q":
            self._say("”")
        if element.tag != "a" or not element.target:
            return
        words = "".join(element.words)
        target, element.target = element.target, None
        if _NOTE_MARK.fullmatch(words) and not re.search(r"[\s\]]", target):
            self.targets.add(target)
            words = f"[^{target}]"
        self._say(words)

    def _add(self, words: str) -> None:
        self.text.append(words)
        self._length += len(words)
