"""A report as Markdown: with plain footnotes, or in pandoc's dialect with citekeys and a bibliography. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable

from qa.report.cited import CitedPassage
from qa.report.export.blocks import Block, BlockKind, blocks, provenance
from qa.report.export.entities import Export
from qa.report.export.record import packed
from qa.report.formats import pandoc_citation
from qa.report.formats_markup import as_markdown, escaped_markdown
from qa.report.passages import cited_of
from qa.report.styles import note
from qa.report.words import Run

__all__ = ["as_footnoted", "as_pandoc", "for_conversion"]

_Mark = Callable[[CitedPassage], str]
"""What stands behind a quotation."""


def as_footnoted(export: Export) -> str:
    """Markdown that every program shows alike: each quotation with a footnote."""
    title = f"# {escaped_markdown(export.title)}"
    return _joined([title, *_body(export, _footnote_mark), *_footnotes(export), *_checks(export), _comment(export)])


def as_pandoc(export: Export, *, bibliography: str) -> str:
    """Markdown for `pandoc --citeproc`.

    Args:
        export: The report.
        bibliography: Name of the CSL-JSON file beside it.
    """
    fields = {"title": escaped_markdown(export.title), "date": export.made_at[:10], "bibliography": bibliography}
    front = "\n".join(
        ["---", *(f"{name}: {_yaml(value)}" for name, value in fields.items()), "link-citations: true", "---"]
    )
    references = ["# References {-}", "::: {#refs}\n:::"] if export.sources else []
    return _joined([front, *_body(export, _citekey_mark), *references, *_checks(export), _comment(export)])


def for_conversion(export: Export) -> str:
    """Markdown with footnotes from which pandoc makes a DOCX or PDF; the record goes into the file's properties."""
    fields = {
        "title": escaped_markdown(export.title),
        "date": export.made_at[:10],
        "qa-export": " ".join(packed(export).split()),
    }
    front = "\n".join(["---", *(f"{name}: {_yaml(value)}" for name, value in fields.items()), "---"])
    return _joined([front, *_body(export, _footnote_mark), *_footnotes(export), *_checks(export)])


def _body(export: Export, mark: _Mark) -> list[str]:
    return [_block(block, mark) for block in blocks(export)]


def _block(block: Block, mark: _Mark) -> str:
    words = escaped_markdown(block.text)
    cited = mark(cited_of(block.quoted.passage)) if block.quoted is not None else ""
    if block.kind is BlockKind.HEADING:
        return f"## {words}"
    if block.kind is BlockKind.QUOTATION:
        return f"> {words}{cited}"
    if block.kind is BlockKind.STATEMENT:
        return f"**{words}**{cited}"
    return f"*{words}*" if block.kind is BlockKind.ABOUT else words


def _footnotes(export: Export) -> list[str]:
    notes = [cited_of(quoted.passage) for quoted in export.sources]
    lines = [
        f"[^{cited.label}]: {as_markdown((*note(cited.source, cited.locator), Run(text=f' {cited.reference}')))}"
        for cited in notes
    ]
    return ["\n".join(lines)] if lines else []


def _checks(export: Export) -> list[str]:
    lines = [f"{quoted.number}. {escaped_markdown(provenance(quoted))}" for quoted in export.sources]
    return ["## How to check", "\n".join(lines)] if lines else []


def _footnote_mark(cited: CitedPassage) -> str:
    return f"[^{cited.label}]"


def _citekey_mark(cited: CitedPassage) -> str:
    return f" {pandoc_citation(cited)}"


def _comment(export: Export) -> str:
    return f"<!-- What qa refresh reads:\n{packed(export)}\n-->"


def _yaml(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a string of JSON is one of YAML


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"
