"""A report in a format, with its bibliography, as files that are there whole or not at all [I/O]."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from enum import StrEnum
from pathlib import Path

from qa.errors import ExportError
from qa.report.bibtex import bibtex
from qa.report.csl import csl_items
from qa.report.export.conversion import converted
from qa.report.export.entities import Export
from qa.report.export.markdown import as_footnoted, as_pandoc
from qa.report.export.record import exported_json
from qa.report.export.text import as_plain_text
from qa.report.export.web_page import as_web_page
from qa.report.kept_passage import cited_of
from qa.report.ris import ris

__all__ = ["BINARY", "ExportFormat", "format_of", "references", "write_files", "written_export"]

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


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write all files, replacing those that are there; each is there whole or not at all.

    Everything is written beside the targets first, so that a full disk or a missing folder changes none of them.

    Raises:
        ExportError: one cannot be written.
    """
    parts: list[tuple[Path, Path]] = []
    with ExitStack() as cleaning:
        for file, content in files.items():
            try:
                part = _beside(file, content)
                cleaning.callback(part.unlink, missing_ok=True)
                parts.append((part, file))
            except OSError as error:
                raise _not_written(file, error) from error
        for part, file in parts:
            try:
                part.replace(file)
            except OSError as error:
                raise _not_written(file, error) from error


def _beside(file: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name[:40]}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.chmod(_mode(file))
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return part


def _mode(file: Path) -> int:
    """Of the file that is replaced, otherwise what the umask leaves."""
    with suppress(FileNotFoundError):
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _not_written(file: Path, error: OSError) -> ExportError:
    return ExportError(f"{file} cannot be written ({error.strerror}); name another file with -o")
