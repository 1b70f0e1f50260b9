"""A report as one HTML file: no script, nothing fetched; a quotation links to its words on their page. Pure."""

from __future__ import annotations

import html

from qa.report.cited import CitedPassage
from qa.report.export.blocks import Block, BlockKind, blocks, provenance
from qa.report.export.entities import Export, Quoted
from qa.report.export.record import packed
from qa.report.formats_markup import as_html, escaped_html
from qa.report.passages import cited_of
from qa.report.styles import note
from qa.report.words import Run

__all__ = ["as_web_page"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --quiet: #5b6570; --line: #c9d1d9; --link: #0b5394; --paper: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ea; --quiet: #9aa4ae; --line: #3d454d; --link: #8ab8ff; --paper: #15181b; }
}
body { font: 1.05rem/1.55 Georgia, "Times New Roman", serif; color: var(--ink); background: var(--paper);
  max-width: 42rem; margin: 3rem auto; padding: 0 1.2rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .4rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.6rem 0 .3rem; }
.about { color: var(--quiet); font-size: .88rem; margin: .2rem 0 1rem; }
.statement { font-size: 1.15rem; font-weight: bold; margin: .8rem 0; }
blockquote { margin: 1.2rem 0 .6rem; padding: .1rem 0 .1rem 1rem; border-left: 3px solid var(--line); }
blockquote p { margin: .3rem 0; }
blockquote a.words { color: inherit; text-decoration: underline; text-decoration-color: var(--line);
  text-underline-offset: .2em; }
blockquote a.words:hover, a:focus-visible { text-decoration-color: var(--link); }
.note { margin: .4rem 0 .8rem 1.2rem; }
a { color: var(--link); }
sup a { text-decoration: none; padding: 0 .15em; }
ol { padding-left: 1.6rem; }
li { margin: .4rem 0; }
li:target { outline: 2px solid var(--link); outline-offset: .3rem; }
.sources { border-top: 1px solid var(--line); margin-top: 3rem; }
details { color: var(--quiet); font-size: .85rem; margin-top: 1.6rem; }
@media print { body { margin: 0; max-width: none; } details { display: none; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def as_web_page(export: Export) -> str:
    """The report, ending with a newline."""
    title = escaped_html(export.title)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            f'<h1 dir="auto">{title}</h1>',
            *map(_block, blocks(export)),
            *(_sources(export) if export.sources else []),
            f"<!-- What qa refresh reads:\n{packed(export)}\n-->",
            "</body>",
            "</html>",
            "",
        ]
    )


def _block(block: Block) -> str:
    words = escaped_html(block.text)
    if block.kind is BlockKind.HEADING:
        return f'<h2 dir="auto">{words}</h2>'
    if block.kind is BlockKind.QUOTATION and block.quoted is not None:
        return _quotation(words, block.quoted)
    mark = _mark(cited_of(block.quoted.passage), block.quoted.number) if block.quoted is not None else ""
    return f'<p class="{block.kind}" dir="auto">{words}{mark}</p>'


def _quotation(words: str, quoted: Quoted) -> str:
    citation, cited = quoted.passage.citation, cited_of(quoted.passage)
    link = html.escape(cited.link) if cited.link else ""
    linked = f'<a class="words" href="{link}">{words}</a>' if link else words
    fields = {
        "cite": link,
        "lang": escaped_html(citation.language),
        "dir": "auto",
        "data-reference": quoted.reference,
        "data-sha256": escaped_html(citation.text_sha256),
        "data-start": str(citation.start),
        "data-end": str(citation.end),
    }
    written = " ".join(f'{name}="{value}"' for name, value in fields.items() if value)
    return f"<blockquote {written}><p>{linked}{_mark(cited, quoted.number)}</p></blockquote>"


def _mark(cited: CitedPassage, number: int) -> str:
    return f'<sup><a href="#{cited.label}">{number}</a></sup>'


def _sources(export: Export) -> list[str]:
    return [
        '<section class="sources">',
        "<h2>Sources</h2>",
        "<ol>",
        *(_note(quoted) for quoted in export.sources),
        "</ol>",
        "<details>",
        "<summary>How to check</summary>",
        "<ol>",
        *(f"<li>{escaped_html(provenance(quoted))}</li>" for quoted in export.sources),
        "</ol>",
        "</details>",
        "</section>",
    ]


def _note(quoted: Quoted) -> str:
    cited = cited_of(quoted.passage)
    words = as_html((*note(cited.source, cited.locator), Run(text=f" {cited.reference}")))
    return f'<li id="{cited.label}" value="{quoted.number}">{words}</li>'
