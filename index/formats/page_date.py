"""The day a web page says it was published: its metadata, never its words.

Read are, in this order, JSON-LD (`datePublished`), the `meta` elements that publishers use, and a `time` element marked
as the date of publication. A date of modification is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from lxml import html

from index.formats.dates import parse_date
from index.formats.header import not_a_date

__all__ = ["page_date"]

_META = tuple(
    "article:published_time article:published og:published_time og:article:published_time datepublished date.published "
    "published_at publication_date publicationdate publishdate publish-date publish_date pubdate pub_date "
    "parsely-pub-date sailthru.date cxenseparse:recs:publishtime citation_publication_date dc.date.issued "
    "dcterms.issued dcterms.date dc.date date dc.date.created dcterms.created".split()
)
_TIME = (
    "//*[@itemprop='datePublished'][not(self::meta)]",
    "//time[@pubdate]",
    "//time[@datetime][contains(@class, 'publish') or contains(@class, 'entry-date') or contains(@class, 'post-date')]",
    "//article//header//time[@datetime]",
    "//*[contains(@class, 'byline') or contains(@class, 'dateline')]//time[@datetime]",
)
_MAX_VALUES = 200
"""Values looked at in one block of JSON-LD; pages have a handful."""


def page_date(tree: html.HtmlElement) -> tuple[str | None, tuple[str, ...]]:
    """Return the date, ISO 8601, with time and offset where given, and what is to be said of one that is none."""
    wrong: list[str] = []
    for value in _stated(tree):
        if value.strip():
            date = parse_date(value)
            if date is not None:
                return date, ()
            wrong.append(value.strip()[:60])
    return None, tuple(not_a_date(value) for value in wrong[:1])


def _stated(tree: html.HtmlElement) -> Iterator[str]:
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            yield from islice(_published(json.loads(script.text or "")), 1)
        except (ValueError, RecursionError):
            continue  # a page with a broken script is a page
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        metas.setdefault(name.strip().lower(), meta.get("content") or "")
    yield from (metas[name] for name in _META if name in metas)
    for path in _TIME:
        for element in tree.xpath(path)[:1]:
            yield element.get("datetime") or element.get("content") or ""


def _published(data: object) -> Iterator[str]:
    """Yield each `datePublished`, the outer ones first."""
    pending = [data]
    for _ in range(_MAX_VALUES):
        if not pending:
            return
        value = pending.pop(0)
        if isinstance(value, dict):
            if isinstance(value.get("datePublished"), str):
                yield value["datePublished"]
            pending += [inner for inner in value.values() if isinstance(inner, (dict, list))]
        elif isinstance(value, list):
            pending += value[:_MAX_VALUES]
