"""A report as plain text: quotations behind `>`, numbered notes below. Pure."""

from __future__ import annotations

import textwrap

from qa.report.export.blocks import Block, BlockKind, blocks, provenance
from qa.report.export.entities import Export, Quoted
from qa.report.export.record import packed
from qa.report.formats_markup import as_text
from qa.report.passages import cited_of
from qa.report.styles import note
from qa.report.words import Run
from qa.visible import one_line

__all__ = ["as_plain_text"]

WIDTH_CHARS = 88


def as_plain_text(export: Export, *, record: bool = True) -> str:
    """The report, ending with a newline.

    Args:
        export: The report.
        record: Whether what later checks need stands at its end.
    """
    title = one_line(export.title)
    parts = [f"{title}\n{'=' * min(len(title), WIDTH_CHARS)}", *map(_block, blocks(export))]
    if export.sources:
        notes = [f"[{quoted.number}] {_note(quoted)}" for quoted in export.sources]
        checks = [f"{quoted.number}. {one_line(provenance(quoted))}" for quoted in export.sources]
        parts += ["Sources\n-------", "\n".join(notes), "How to check\n------------", "\n".join(checks)]
    if record:
        parts.append(f"What qa refresh reads:\n\n{packed(export)}")
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    words = one_line(block.text)
    if block.kind is BlockKind.HEADING:
        return f"{words}\n{'-' * min(len(words), WIDTH_CHARS)}"
    mark = f" [{block.quoted.number}]" if block.quoted is not None else ""
    lead = "> " if block.kind is BlockKind.QUOTATION else ""
    return textwrap.fill(
        f"{words}{mark}",
        WIDTH_CHARS,
        initial_indent=lead,
        subsequent_indent=lead,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _note(quoted: Quoted) -> str:
    cited = cited_of(quoted.passage)
    return as_text((*note(cited.source, cited.locator), Run(text=f" {cited.reference}")))
