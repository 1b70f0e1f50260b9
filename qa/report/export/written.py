"""A report in a format, and the bibliography that lies beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from qa.report.bibtex import bibtex
from qa.report.csl import csl_items
from qa.report.export.conversion import converted
from qa.report.export.entities import Export
from qa.report.export.markdown import as_footnoted, as_pandoc
from qa.report.export.record import exported_json
from qa.report.export.text import as_plain_text
from qa.report.export.web_page import as_web_page
from qa.report.passages import cited_of
from qa.report.ris import ris

__all__ = ["BINARY", "SUFFIXES", "ExportFormat", "format_of", "references", "written_export"]

REFERENCES = "references"
"""Name of the bibliography files, without their suffixes."""


class ExportFormat(StrEnum):
    """What a report can be written as."""

    MARKDOWN = "markdown"
    """With footnotes."""
    PANDOC = "pandoc"
    """Markdown with citekeys."""
    HTML = "html"
    TEXT = "text"
    JSON = "json"
    DOCX = "docx"
    PDF = "pdf"


BINARY = frozenset({ExportFormat.DOCX, ExportFormat.PDF})
"""Formats that no terminal shows; pandoc makes them."""
SUFFIXES = {
    ".md": ExportFormat.MARKDOWN,
    ".markdown": ExportFormat.MARKDOWN,
    ".qmd": ExportFormat.PANDOC,
    ".html": ExportFormat.HTML,
    ".htm": ExportFormat.HTML,
    ".txt": ExportFormat.TEXT,
    ".json": ExportFormat.JSON,
    ".docx": ExportFormat.DOCX,
    ".pdf": ExportFormat.PDF,
}


def format_of(file: Path) -> ExportFormat | None:
    """What a file's name says; None when it says nothing."""
    return SUFFIXES.get(file.suffix.lower())


def written_export(export: Export, shape: ExportFormat, *, bibliography: str = REFERENCES) -> bytes:
    """The report in a format; text is UTF-8 and ends with a newline.

    Args:
        export: The report.
        shape: The format.
        bibliography: Name of the files with its sources, without suffix.

    Raises:
        ExportError: pandoc is wanted, and is not installed or fails.
    """
    texts: Mapping[ExportFormat, Callable[[Export], str]] = {
        ExportFormat.MARKDOWN: as_footnoted,
        ExportFormat.PANDOC: lambda report: as_pandoc(report, bibliography=f"{bibliography}.json"),
        ExportFormat.HTML: as_web_page,
        ExportFormat.TEXT: as_plain_text,
        # ASCII only: bytes of odd file names are kept as escapes.
        ExportFormat.JSON: lambda report: json.dumps(exported_json(report), indent=2) + "\n",
    }
    if shape in texts:
        return texts[shape](export).encode("utf-8")
    return converted(export, f".{shape}")


def references(export: Export) -> dict[str, bytes]:
    """The sources as bibliography files: suffix -> content. Empty when nothing is quoted."""
    cited = [cited_of(quoted.passage) for quoted in export.sources]
    if not cited:
        return {}
    items = json.dumps(csl_items(cited), ensure_ascii=False, indent=2) + "\n"
    texts = {".json": items, ".bib": bibtex(cited), ".ris": ris(cited)}
    return {suffix: text.encode("utf-8", "replace") for suffix, text in texts.items()}
