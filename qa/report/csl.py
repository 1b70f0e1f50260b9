"""CSL-JSON: one item of type article-newspaper per source, with its cited passages under `custom`. Pure.

The format is that of the CSL input schema (citation-style-language/schema, csl-data.json). A locator belongs to a
citation and not to an item, so page and paragraph stand with the passages, under the labels that CSL has for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qa.report.cited import CitedPassage, Day, by_source
from qa.report.names import Name

__all__ = ["csl_items"]


def csl_items(cited: Sequence[CitedPassage]) -> list[dict[str, Any]]:
    """The sources of the passages, in the order in which they are first cited."""
    return [_item(passages) for passages in by_source(cited)]


def _item(passages: list[CitedPassage]) -> dict[str, Any]:
    source = passages[0].source
    fields: dict[str, Any] = {
        "id": source.key,
        "type": "article-newspaper",
        "title": source.title,
        "author": [_name(name) for name in source.authors],
        "container-title": source.outlet,
        "issued": _date(source.issued),
        "URL": source.url,
        "accessed": _date(source.accessed) if source.url else None,
        "language": source.language,
        "custom": {
            "article_id": source.article_id,
            "text_sha256": source.text_sha256,
            "passages": [_passage(passage) for passage in passages],
        },
    }
    return {name: value for name, value in fields.items() if value}


def _passage(cited: CitedPassage) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "reference": cited.reference,
        "label": cited.locator.label if cited.locator else None,
        "locator": cited.locator.value if cited.locator else None,
        "start": cited.start,
        "end": cited.end,
        "exact": cited.quote,
        "prefix": cited.prefix or None,
        "suffix": cited.suffix or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _name(name: Name) -> dict[str, str]:
    if name.is_whole:
        return {"literal": name.short}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: text for part, text in parts.items() if text}


def _date(day: Day) -> dict[str, Any] | None:
    return {"date-parts": [list(day)]} if day else None
