"""`qa export [WHAT]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.errors import CitationError, ExportError

if TYPE_CHECKING:
    from qa.report.export.entities import Export
    from qa.report.export.written import ExportFormat

FORMATS = ("markdown", "pandoc", "html", "text", "json", "docx", "pdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where to, and as what."""

    shape: str | None
    output: str | None
    force: bool
    references: str
    """Name of the bibliography files without suffix; empty for none."""


@click.command(
    "export",
    epilog="Examples:  qa export   qa export -o troops.html   qa export 3f2a -o report.md   "
    "qa export --basket okinawa --format pandoc -o okinawa.md   qa export 3f2a --turn 2 -o answer.docx",
)
@click.argument("what", metavar="[WHAT]", default="last")
@click.option("--basket", "basket", metavar="NAME", help="A basket in place of an answer (qa basket).")
@click.option("--turn", type=click.IntRange(1), metavar="N", help="Only the Nth answer of a conversation.")
@click.option("--format", "shape", type=click.Choice(FORMATS), help="The format. [default: by FILE, else markdown]")
@click.option("--title", default="", metavar="TEXT", help="Title of the report. [default: the question or name]")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, with its bibliography beside it.")
@click.option("--force", is_flag=True, help="Overwrite files without asking.")
@click.option(
    "--references", default="references", show_default=True, metavar="NAME", help="Name of the bibliography files."
)
@click.option("--no-references", is_flag=True, help="Write no bibliography.")
@json_option
@command_options
@pass_context
def command(
    context: Context,
    what: str,
    *,
    basket: str | None,
    turn: int | None,
    shape: str | None,
    title: str,
    output: str | None,
    force: bool,
    references: str,
    no_references: bool,
    as_json: bool,
) -> None:
    """Write an answer, a conversation or a basket as a report with its sources.

    WHAT is `last` (the last answer), or the id of a conversation or an answer (qa history). The report carries what
    qa verify and qa refresh need to check its quotations later.
    """
    if as_json and shape not in {None, "json"}:
        raise click.UsageError(f"--json and --format {shape} exclude each other")
    if basket is not None and (what != "last" or turn is not None):
        raise click.UsageError("--basket names what is exported; leave WHAT and --turn out")
    export = _export(context, what, basket=basket, turn=turn, title=title)
    target = _Target(
        shape="json" if as_json else shape,
        output=output,
        force=force,
        references="" if no_references else references,
    )
    _write(context, export, target)


def _export(context: Context, what: str, *, basket: str | None, turn: int | None, title: str) -> Export:
    from qa.report.export.assemble import of_basket

    now = datetime.now().astimezone()
    if basket is None:
        return _of_history(context, what, turn=turn, title=title, now=now)
    kept = context.baskets.read(basket)
    purged = sum(pin.passage.is_purged for pin in kept.pins)
    if purged:
        context.report(f"{purged} of {len(kept.pins)} pins left out: the words were deleted with qa rm --purge")
    return of_basket(kept, made_at=now, title=title)


def _of_history(context: Context, what: str, *, turn: int | None, title: str, now: datetime) -> Export:
    from qa.cli.asked_index import open_asked_index
    from qa.cli.cite_what import Wanted, answer_of, conversation_of
    from qa.report.export.assemble import of_answer, of_conversation

    wanted = Wanted(what=what.strip(), turn=turn)
    summary = conversation_of(context, wanted.what)
    if summary is None:
        raise CitationError(
            f"{what} is neither a conversation nor an answer; qa history lists them, qa basket the baskets"
        )
    conversation = context.history.read(summary.id)
    answers = [one.answer for one in conversation.turns] if conversation is not None else []
    store = open_asked_index(context, summary, {c.article_id for answer in answers for c in answer.citations})
    try:
        if conversation is not None and summary.id.startswith(wanted.what.lower()) and turn is None:
            return of_conversation(conversation, store, made_at=now, title=title)
        return of_answer(answer_of(context, summary, wanted), store, made_at=now, title=title)
    finally:
        if store is not None:
            store.close()


def _write(context: Context, export: Export, target: _Target) -> None:
    from qa.report.export.written import BINARY, SUFFIXES, ExportFormat, format_of, references, written_export
    from qa.report.whole_files import write_files

    file = None if target.output is None else Path(target.output)
    named: ExportFormat | None = ExportFormat(target.shape) if target.shape else format_of(file) if file else None
    if named is None and file is not None and file.suffix:
        known = ", ".join(SUFFIXES)
        raise ExportError(f"{file}: no format ends with {file.suffix}; name one of {known}, or say --format markdown")
    shape = named or ExportFormat.MARKDOWN
    if file is None:
        if shape in BINARY:
            raise click.UsageError(f"--format {shape} needs a file: -o report.{shape}")
        click.echo(written_export(export, shape).decode("utf-8"), nl=False)
        return
    beside = references(export) if target.references else {}
    files = {file.parent / f"{target.references}{suffix}": content for suffix, content in beside.items()}
    if file in files:
        raise ExportError(f"{file} is also the name of a bibliography file; choose another with --references NAME")
    if not file.parent.is_dir():
        raise ExportError(f"{file.parent} is no folder that {file.name} could be written to; make it, or name another")
    _agree([file, *files], force=target.force)
    bibliography = target.references or "references"
    write_files({**files, file: written_export(export, shape, bibliography=bibliography)})
    count = len(export.quotations)
    context.report(f"{count} quotation{'s' * (count != 1)} written to {', '.join(map(str, [file, *files]))}")


def _agree(files: Sequence[Path], *, force: bool) -> None:
    """See that nothing is lost that nobody gave up.

    Raises:
        ExportError: files are there, and nobody agreed to replace them.
    """
    there = [str(file) for file in files if file.exists() or file.is_symlink()]
    if not there or force:
        return
    names = " and ".join(there)
    if sys.stdin.isatty() and sys.stderr.isatty() and click.confirm(f"{names} exist. Overwrite?", err=True):
        return
    raise ExportError(f"{names} exist and were left as they are; add --force, or name another file with -o")
