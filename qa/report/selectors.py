"""A passage as others can find it: W3C selectors and links to text fragments. Pure.

Selectors: Web Annotation Data Model, W3C Recommendation of 23 February 2017, 4.2.4 and 4.2.5. Links: URL Fragment Text
Directives (WICG), 3.2 for the syntax and 3.5 for how a browser searches; `_found` searches like that.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote as percent_encoded

from qa.report.cited import CitedPassage

__all__ = ["annotation", "context", "fragment_link", "url_encoded", "web_address"]

CONTEXT_CHARS = 32
"""Of a prefix or suffix at least, as in most annotation tools."""
WHOLE_QUOTE_CHARS = 300
"""Longer passages, and those of several paragraphs, are linked by their first and last words."""
_END_WORDS = 5
_MOST_CONTEXT_WORDS = 64
_WORD = re.compile(r"\S+")
_BREAK = re.compile(r"\n[ \t\r]*\n|\r\r|[\r\n]")
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)
_UNSAFE = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z_\[\]a-z~]")


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind `text[start:end]`, as much as makes all three together occur once."""
    size = CONTEXT_CHARS
    while True:
        first, last = max(0, start - size), min(len(text), end + size)
        around = text[first:last]
        if text.find(around) == first and text.find(around, first + 1) < 0:
            return text[first:start], text[end:last]
        size *= 2  # ends at the latest with the whole text


def annotation(cited: CitedPassage) -> dict[str, Any]:
    """A Web Annotation whose target is the passage; its body is the citekey.

    Positions count in the text that `qa` has, whose hash is in the id; a page with the same words has others.
    """
    quote: dict[str, str] = {"type": "TextQuoteSelector", "exact": cited.quote}
    if cited.prefix or cited.suffix:
        quote |= {"prefix": cited.prefix, "suffix": cited.suffix}
    source = cited.source
    text = _hash_name(source.text_sha256)
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"{text}#{cited.start}-{cited.end}",
        "type": "Annotation",
        "motivation": "identifying",
        "body": {"type": "TextualBody", "value": source.key, "format": "text/plain"},
        "target": {
            "source": web_address(source.url) or text,
            "selector": [quote, {"type": "TextPositionSelector", "start": cited.start, "end": cited.end}],
        },
    }


def web_address(url: str | None) -> str | None:
    """The address if a browser opens it as a page, what may not stand in a URL percent-encoded; otherwise None."""
    if url is None or not _ADDRESS.fullmatch(url.strip()):
        return None
    return url_encoded(url.strip())


def url_encoded(url: str) -> str:
    """An address with what may not stand in one percent-encoded."""
    return _UNSAFE.sub(lambda match: percent_encoded(match.group(), safe="", errors="replace"), url)


def fragment_link(url: str | None, text: str, start: int, end: int) -> str | None:
    """An address that opens the page at `text[start:end]`; None without a web address.

    As much context is put in as makes the first match in the text this one.
    """
    address = web_address(url)
    if address is None or start >= end:
        return None
    page = address.partition(":~:")[0]
    directive = next(d for d in _directives(text, start, end) if d is not None)
    return f"{page}{'' if '#' in page else '#'}:~:text={directive}"


def _hash_name(sha256: str) -> str:
    """The address of a text by its hash (RFC 6920)."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode("ascii").rstrip("=")
    return f"ni:///sha-256;{digest}"


def _directives(text: str, start: int, end: int) -> Iterator[str | None]:
    """Directives with more and more context, None where one finds another passage; the last is given in any case."""
    words = [match.group() for match in _WORD.finditer(text, start, end)]
    ends = None
    if end - start > WHOLE_QUOTE_CHARS or _BREAK.search(text, start, end):
        half = min(_END_WORDS, max(1, len(words) // 2))
        ends = (_words_from(text, start, end, half), _words_to(text, start, end, half))
    exact = text[start:end] if ends is None else ends[0]
    last = None if ends is None else ends[1]
    count = 0
    while True:
        before = _words_to(text, 0, start, count) if count else ""
        behind = _words_from(text, end, len(text), count) if count else ""
        found = _found(text, before, exact, last, behind)
        if found == (start, end) or count >= _MOST_CONTEXT_WORDS:
            parts = [f"{_encoded(before)}-"] if before else []
            parts += [_encoded(exact), *([_encoded(last)] if last else [])]
            yield ",".join([*parts, *([f"-{_encoded(behind)}"] if behind else [])])
        yield None
        count = count * 2 or 2


def _words_from(text: str, start: int, end: int, count: int) -> str:
    """The first words of `text[start:end]`, not beyond the paragraph that they begin in."""
    matches = [match for _, match in zip(range(count), _WORD.finditer(text, start, end), strict=False)]
    if not matches:
        return ""
    stop = _BREAK.search(text, matches[0].start(), matches[-1].end())
    return text[matches[0].start() : stop.start() if stop else matches[-1].end()].rstrip()


def _words_to(text: str, start: int, end: int, count: int) -> str:
    """The last words of `text[start:end]`, not beyond the paragraph that they end in."""
    near = max(start, end - count * 40)
    matches = list(_WORD.finditer(text, near, end))[-count:]
    if not matches:
        return ""
    first = matches[0].start()
    breaks = list(_BREAK.finditer(text, first, matches[-1].end()))
    return text[breaks[-1].end() if breaks else first : matches[-1].end()].lstrip()


def _found(text: str, before: str, exact: str, last: str | None, behind: str) -> tuple[int, int] | None:
    """Where a browser would find it: the first place where all parts follow each other."""
    between = rf"(?:(?!{_loose(last)}).)*{_loose(last)}" if last else ""
    lead = rf"{_bounded(before)}\s*" if before else ""
    tail = rf"(?=\s*{_bounded(behind)})" if behind else ""
    pattern = re.compile(rf"{lead}(?P<match>{_bounded(exact, end=not last)}{between}){tail}", re.DOTALL | re.IGNORECASE)
    match = pattern.search(text)
    return match.span("match") if match else None


def _bounded(words: str, *, end: bool = True) -> str:
    left = r"(?<!\w)" if words[:1].isalnum() else ""
    right = r"(?!\w)" if end and words[-1:].isalnum() else ""
    return f"{left}{_loose(words)}{right}"


def _loose(words: str | None) -> str:
    return r"\s+".join(re.escape(word) for word in (words or "").split())


def _encoded(words: str) -> str:
    """Percent-encoded, with the characters that have a meaning in a directive: comma, ampersand, hyphen."""
    return percent_encoded(" ".join(words.split()), safe="", errors="replace").replace("-", "%2D")
