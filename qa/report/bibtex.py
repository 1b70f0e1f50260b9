"""BibTeX entries, with the fields of biblatex: @article in an outlet, @online with only a URL, otherwise @misc. Pure.

Values are UTF-8; what TeX would act on is escaped. Braces become commands, because BibTeX counts them even behind a
backslash.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.report.cited import CitedPassage, Day, Source, by_source
from qa.report.names import Name
from qa.report.selectors import url_encoded
from qa.visible import one_line

__all__ = ["bibtex"]

_COMMANDS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {character: f"\\{character}" for character in "&%$#_"}
_SPECIAL = re.compile(r"[\\{}~^&%$#_]")


def bibtex(cited: Sequence[CitedPassage]) -> str:
    """One entry per source, with its quotations as `annotation`."""
    return "\n".join(_entry(passages) for passages in by_source(cited))


def _entry(passages: list[CitedPassage]) -> str:
    source = passages[0].source
    quotations = "; ".join(f"“{passage.quote}” ({passage.reference})" for passage in passages)
    fields = {
        "author": " and ".join(map(_name, source.authors)),
        "title": f"{{{_escaped(source.title)}}}",  # a second pair of braces keeps its capitals
        "journaltitle": _escaped(source.outlet or ""),
        "entrysubtype": "newspaper" if source.outlet else "",
        "date": _date(source.issued),
        "year": str(source.issued[0]) if source.issued else "",  # for styles older than biblatex
        "url": url_encoded(one_line(source.url or "")),
        "urldate": _date(source.accessed) if source.url else "",
        "options": "useprefix=true" if any(name.particle for name in source.authors) else "",
        "annotation": _escaped(quotations),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{_kind(source)}{{{source.key},", *lines, "}", ""])


def _kind(source: Source) -> str:
    if source.outlet:
        return "article"
    return "online" if source.url else "misc"


def _name(name: Name) -> str:
    if name.is_whole:
        return f"{{{_escaped(name.short)}}}"
    return ", ".join(_part(part) for part in (name.short, name.suffix, name.given) if part)


def _part(text: str) -> str:
    escaped = _escaped(text)
    return f"{{{escaped}}}" if re.search(r",|\band\b", text) else escaped


def _date(day: Day) -> str:
    return "-".join(f"{part:02}" for part in day)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: _COMMANDS[match.group()], one_line(text))
