"""`qa cite [WHAT]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context, stdin_text
from qa.errors import CitationError

if TYPE_CHECKING:
    from qa.report.cited import CitedPassage

NOTHING_FOUND = 4
STYLES = ("footnote", "chicago", "apa", "mla", "inline")
FORMATS = ("text", "markdown", "html", "pandoc", "csl-json", "bibtex", "ris", "annotation", "link")
_STYLED = FORMATS[:3]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How the citations are to be written; None leaves it to the default."""

    style: str | None
    shape: str | None
    as_json: bool
    quotations: bool


@click.command(
    "cite",
    epilog="Examples:  qa cite   qa cite 1f0a9c2b3d4e:7-9 --style apa   qa cite --format pandoc   "
    'qa cite --format csl-json -o references.json   qa cite "half of them are based on Okinawa"',
)
@click.argument("what", metavar="[WHAT]", default="last")
@click.option(
    "--style", type=click.Choice(STYLES), help="The words. [default: citation_style of the settings, else footnote]"
)
@click.option("--format", "shape", type=click.Choice(FORMATS), help="The shape. [default: text]")
@click.option("--turn", type=click.IntRange(1), metavar="N", help="The Nth answer of a conversation, not its last.")
@click.option("-n", "numbers", type=click.IntRange(1), multiple=True, help="Only citation [N]; may be repeated.")
@click.option("--no-quote", is_flag=True, help="Leave the quoted words out.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE.")
@click.option("--force", is_flag=True, help="Overwrite FILE without asking.")
@click.option("--fail-empty", is_flag=True, help="Exit 4 when the answer has no citations.")
@json_option
@command_options
@pass_context
def command(
    context: Context,
    what: str,
    *,
    style: str | None,
    shape: str | None,
    turn: int | None,
    numbers: tuple[int, ...],
    no_quote: bool,
    output: str | None,
    force: bool,
    fail_empty: bool,
    as_json: bool,
) -> int:
    """Write the citations of an answer or a passage, ready for a report.

    WHAT is `last` (the last answer), the id of a conversation or an answer (qa history), sentences as in ID:7-9, or
    words of a passage; - reads those from standard input. Each passage is looked up again: what has moved or changed
    since is said on stderr.
    """
    from qa.cli.cite_what import Wanted, cited_passages

    form = _Form(style=style, shape=shape, as_json=as_json, quotations=not no_quote)
    _check(form)
    if style is None and context.settings.citation_style in STYLES:
        form = replace(form, style=context.settings.citation_style)
    words = stdin_text() if what == "-" else what
    cited = cited_passages(context, Wanted(what=words.strip(), turn=turn, numbers=numbers))
    for line in _remarks(cited):
        context.report(line)
    text = _written(cited, form)
    if output is None:
        click.echo(text, nl=False)
    elif cited:
        _write(Path(output), text, force=force)
        context.report(f"{len(cited)} citation{'' if len(cited) == 1 else 's'} written to {output}")
    if not cited:
        context.report("there is nothing to cite: the answer has no citations")
    return NOTHING_FOUND if fail_empty and not cited else 0


def _check(form: _Form) -> None:
    if form.as_json and form.shape is not None:
        raise click.UsageError("--json and --format exclude each other; for CSL-JSON use --format csl-json")
    if form.style is not None and not form.as_json and (form.shape or "text") not in _STYLED:
        raise click.UsageError(
            f"--style makes no difference to --format {form.shape}; leave it out, or use text, markdown or html"
        )


def _written(cited: Sequence[CitedPassage], form: _Form) -> str:
    from qa.cli.render import to_json
    from qa.report.formats import Format, written
    from qa.report.formats_json import cited_json
    from qa.report.styles import Style

    style = Style(form.style or "footnote")
    if form.as_json:
        return to_json({"style": style, "citations": cited_json(cited, style)}) + "\n"
    current = list({passage.current.label: passage.current for passage in cited}.values())
    return written(current, style, Format(form.shape or "text"), quotations=form.quotations)


def _remarks(cited: Sequence[CitedPassage]) -> Iterator[str]:
    """What has become of the passages; nothing of those that stand where they stood."""
    from index.entities import Freshness
    from qa.visible import one_line

    for passage in cited:
        name, today = passage.reference, passage.today
        if passage.status is Freshness.MOVED:
            where = "in another file" if today is None else f"at {today.reference}, which is what is cited"
            yield f"{name} moved: the same words stand {where}"
        elif passage.status is Freshness.CHANGED and today is not None:
            yield f"{name} changed: it is cited as it was quoted; {today.reference} says now:"
            yield f"    {one_line(''.join(marked_difference(passage)))}"
        elif passage.status is not Freshness.SAME:
            yield f"{name} gone: it is cited as it was quoted; {_why_gone(passage)}"


def _why_gone(passage: CitedPassage) -> str:
    from qa.cli.render import shown_path

    if passage.place is None:
        return "the article is not in the index"
    held = "has nothing like it any more" if Path(passage.place.file).exists() else "is no longer there"
    return f"{shown_path(passage.place)} {held}"


def marked_difference(passage: CitedPassage) -> Iterator[str]:
    """The difference as `[-removed-] {+added+}`."""
    marks = {"removed": ("[-", "-] "), "added": ("{+", "+} ")}
    for change in passage.difference:
        before, behind = marks.get(change.kind, ("", ""))
        yield f"{before}{change.text.strip() if before else change.text}{behind}"


def _write(file: Path, text: str, *, force: bool) -> None:
    """Write the whole file or nothing of it.

    Raises:
        CitationError: it exists and nobody agreed to lose it.
        ExportError: it cannot be written.
    """
    from qa.report.whole_files import write_files

    if file.exists() and not force and not _agreed(file):
        raise CitationError(f"{file} exists and was left as it is; add --force, or name another file")
    write_files({file: text.encode("utf-8")})


def _agreed(file: Path) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(f"{file} exists. Overwrite it?", err=True)
