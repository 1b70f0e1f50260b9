"""RIS records of type NEWS, one per source, as reference managers import them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from qa.report.cited import CitedPassage, Day, by_source
from qa.report.names import Name
from qa.visible import one_line

__all__ = ["ris"]


def ris(cited: Sequence[CitedPassage]) -> str:
    """The sources in the order in which they are first cited, with their quotations as notes."""
    return "\n".join(_record(passages) for passages in by_source(cited))


def _record(passages: list[CitedPassage]) -> str:
    source = passages[0].source
    rows = [
        ("TY", "NEWS"),
        ("ID", source.key),
        *(("AU", _name(name)) for name in source.authors),
        ("TI", source.title),
        ("T2", source.outlet or ""),
        ("PY", str(source.issued[0]) if source.issued else ""),
        ("DA", _date(source.issued)),
        ("UR", source.url or ""),
        ("Y2", _date(source.accessed) if source.url else ""),
        ("LA", source.language),
        *(("N1", f"“{passage.quote}” ({passage.reference})") for passage in passages),
    ]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in rows if value]
    return "\n".join([*lines, "ER  - ", ""])


def _name(name: Name) -> str:
    return ", ".join(filter(None, [name.short, name.given, name.suffix]))


def _date(day: Day) -> str:
    """`2025/03/30/`: three slashes whatever is known; what stands behind the third is free."""
    if not day:
        return ""
    parts = [f"{part:02}" for part in day] + [""] * (3 - len(day))
    return "/".join(parts) + "/"
