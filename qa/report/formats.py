"""Citations in the shape of the place that they go to: a text, a Markdown draft, a page, a bibliography. Pure.

The forms are listed in `qa.report.citekey`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.report.bibtex import bibtex
from qa.report.cited import CitedPassage, by_source
from qa.report.csl import csl_items
from qa.report.formats_markup import as_html, as_markdown, as_text, escaped_html, escaped_markdown
from qa.report.ris import ris
from qa.report.selectors import annotation
from qa.report.styles import Style, distinctions, entry, in_text, inline, note
from qa.report.typography import quoted
from qa.report.words import Run, Words, plain
from qa.visible import one_line

__all__ = ["STYLED", "Format", "pandoc_citation", "written"]


class Format(StrEnum):
    """A shape of citations."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PANDOC = "pandoc"
    """Markdown with citekeys; the bibliography is made from csl-json or bibtex."""
    CSL_JSON = "csl-json"
    BIBTEX = "bibtex"
    RIS = "ris"
    ANNOTATION = "annotation"
    """W3C Web Annotations with selectors, as JSON."""
    LINK = "link"
    """Addresses that open a page at the quotation, one a line."""


STYLED = frozenset({Format.TEXT, Format.MARKDOWN, Format.HTML})
"""The formats in which the style makes a difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """How a styled format puts a report together."""

    shown: Callable[[Words], str]
    escaped: Callable[[str], str]
    mark: Callable[[str, int], str]
    """Label and number -> the mark behind a quotation."""
    noted: Callable[[str, int, str], str]
    """Label, number and text -> a note."""
    quotation: Callable[[str], str]
    """A paragraph with a quotation."""
    listed: Callable[[str, str], str]
    """Citekey and text -> an entry."""
    notes: Callable[[Sequence[str]], str]
    entries: Callable[[Sequence[str]], str]


def written(cited: Sequence[CitedPassage], style: Style, shape: Format, *, quotations: bool = True) -> str:
    """The citations, ending with a newline; empty when there are none.

    Args:
        cited: In order; none twice.
        style: Of the words, for the formats in `STYLED`.
        shape: The format.
        quotations: Whether the quoted words are written too, where the format has a place for them.
    """
    if not cited:
        return ""
    whole: Mapping[Format, Callable[[], str]] = {
        Format.PANDOC: lambda: _pandoc(cited, quotations=quotations),
        Format.CSL_JSON: lambda: _json(csl_items(cited)),
        Format.BIBTEX: lambda: bibtex(cited),
        Format.RIS: lambda: ris(cited),
        Format.ANNOTATION: lambda: _json([annotation(passage) for passage in cited]),
        Format.LINK: lambda: "".join(f"{passage.link}\n" for passage in cited if passage.link),
    }
    if shape in whole:
        return whole[shape]()
    if style is Style.FOOTNOTE:
        return _with_notes(cited, _SHAPES[shape], quotations=quotations)
    if style is Style.INLINE:
        return _in_line(cited, _SHAPES[shape], quotations=quotations)
    return _with_entries(cited, style, _SHAPES[shape], quotations=quotations)


def _with_notes(cited: Sequence[CitedPassage], shape: _Shape, *, quotations: bool) -> str:
    paragraphs, notes = [], []
    for number, passage in enumerate(cited, start=1):
        words = (*note(passage.source, passage.locator), Run(text=f" {passage.reference}"))
        notes.append(shape.noted(passage.label, number, shape.shown(words)))
        paragraphs.append(shape.quotation(_quote(passage, shape) + shape.mark(passage.label, number)))
    return "\n\n".join([*(paragraphs if quotations else []), shape.notes(notes)]) + "\n"


def _in_line(cited: Sequence[CitedPassage], shape: _Shape, *, quotations: bool) -> str:
    lines = []
    for passage in cited:
        citation = shape.shown(inline(passage.source, passage.locator, passage.reference))
        lines.append(shape.quotation(f"{_quote(passage, shape)} {citation}" if quotations else citation))
    return "\n\n".join(lines) + "\n"


def _with_entries(cited: Sequence[CitedPassage], style: Style, shape: _Shape, *, quotations: bool) -> str:
    sources = [passages[0].source for passages in by_source(cited)]
    told_apart = distinctions(style, sources)
    paragraphs = [
        shape.quotation(
            f"{_quote(passage, shape)} "
            + shape.shown(in_text(style, passage.source, passage.locator, told_apart.get(passage.source.key, "")))
        )
        for passage in cited
    ]
    entries = [(source.key, entry(style, source, told_apart.get(source.key, ""))) for source in sources]
    entries.sort(key=lambda item: (plain(item[1]).casefold().lstrip("“‘"), item[0]))
    listed = shape.entries([shape.listed(key, shape.shown(words)) for key, words in entries])
    return "\n\n".join([*(paragraphs if quotations else []), listed]) + "\n"


def _pandoc(cited: Sequence[CitedPassage], *, quotations: bool) -> str:
    lines = []
    for passage in cited:
        citation = pandoc_citation(passage)
        lines.append(f"{_quote(passage, _MARKDOWN)} {citation}" if quotations else citation)
    return "\n\n".join(lines) + "\n"


def pandoc_citation(passage: CitedPassage) -> str:
    """`[@key, p. 4]`, `[@key, para. 3]` or `[@key]`."""
    if passage.locator is None:
        return f"[@{passage.source.key}]"
    mark = {"page": "p.", "paragraph": "para."}[passage.locator.label]
    return f"[@{passage.source.key}, {mark} {passage.locator.value}]"


def _quote(passage: CitedPassage, shape: _Shape) -> str:
    return shape.escaped(quoted(" ".join(passage.quote.split())))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _as_is(text: str) -> str:
    return text


_TEXT = _Shape(
    shown=as_text,
    escaped=one_line,
    mark=lambda _, number: f" [{number}]",
    noted=lambda _, number, text: f"[{number}] {text}",
    quotation=_as_is,
    listed=lambda _, text: text,
    notes="\n".join,
    entries="\n".join,
)
_MARKDOWN = _Shape(
    shown=as_markdown,
    escaped=escaped_markdown,
    mark=lambda label, _: f"[^{label}]",
    noted=lambda label, _, text: f"[^{label}]: {text}",
    quotation=_as_is,
    listed=lambda _, text: text,
    notes="\n".join,
    entries="\n\n".join,
)
_HTML = _Shape(
    shown=as_html,
    escaped=escaped_html,
    mark=lambda label, number: f'<sup><a href="#{label}">{number}</a></sup>',
    noted=lambda label, _, text: f'<li id="{label}">{text}</li>',
    quotation=lambda text: f"<p>{text}</p>",
    listed=lambda key, text: f'<li id="{key}">{text}</li>',
    notes=lambda notes: "\n".join(["<ol>", *notes, "</ol>"]),
    entries=lambda entries: "\n".join(["<ul>", *entries, "</ul>"]),
)
_SHAPES = {Format.TEXT: _TEXT, Format.MARKDOWN: _MARKDOWN, Format.HTML: _HTML}
