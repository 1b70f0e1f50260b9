"""`qa verify FILE`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.errors import DraftError, ExportError, HistoryError

if TYPE_CHECKING:
    from index.store import Store
    from qa.entities import Citation
    from qa.report.drafts import Draft
    from qa.report.verify_report import Report

NOT_VERBATIM = 7


@click.command(
    "verify",
    epilog="Examples:  qa verify report.md   qa verify report.docx --json   "
    "qa verify report.md --annotate checked.md   pandoc -t markdown report.tex | qa verify -",
)
@click.argument("file")
@click.option("--annotate", metavar="FILE", help="Write a copy of the draft with a label behind each quotation.")
@click.option("--all", "show_all", is_flag=True, help="Show the verbatim quotations too.")
@click.option("--encoding", metavar="NAME", help="The draft's encoding. [default: detected]")
@json_option
@command_options
@pass_context
def command(
    context: Context, file: str, *, annotate: str | None, show_all: bool, encoding: str | None, as_json: bool
) -> int:
    """Check the quotations of a draft against the articles: Markdown, HTML, DOCX or plain text.

    Each quotation of four words or more is verbatim, altered, stitched, misattributed, stale or not found. Exit 7
    when one is not verbatim. A FILE of - is read from standard input.
    """
    from index.store import Store
    from qa.cli.render import to_json
    from qa.cli.verify_output import report_json, report_lines
    from qa.report.drafts import read_draft
    from qa.report.verify_annotate import annotated, write_copy
    from qa.report.verify_words import lines_words

    if annotate is not None and Path(annotate).exists():
        raise DraftError(f"{annotate} exists and is left as it is; name another file with --annotate")
    data = read_bytes(file, max_bytes=context.settings.max_file_mb * 1_000_000)
    shown = "standard input" if file == "-" else file
    draft = read_draft(shown, data, suffix=Path(file).suffix.lower() if file != "-" else "", encoding=encoding)
    report = check_draft(context, Store.open(context.index_folder), draft, data)
    if annotate is not None:
        write_copy(Path(annotate), annotated(draft, report))
    if as_json:
        click.echo(to_json(report_json(report, file)))
    else:
        for line in report_lines(report, show_all=show_all):
            click.echo(line)
    if report.unbalanced:
        context.report(
            f"{shown}: quotation marks without a counterpart, not checked, in {lines_words(report.unbalanced)}"
        )
    return 0 if report.verbatim else NOT_VERBATIM


def check_draft(context: Context, store: Store, draft: Draft, data: bytes) -> Report:
    """Label the quotations of a draft, by one state of the index and what the history and the draft's record quote.

    Args:
        context: Of the command.
        store: Today's index.
        draft: As it was read.
        data: The same as it lies on the disk.
    """
    from qa.report.verify import Verifier
    from qa.report.verify_sources import Sources

    recorded = _recorded(data)
    with store.snapshot():
        sources = Sources(store, [citation.title for citation in recorded])
        return Verifier(sources, _quoted_before(context, recorded)).check(draft)


def read_bytes(file: str, *, max_bytes: float) -> bytes:
    """The draft as it lies on the disk; `-` is standard input.

    Raises:
        DraftError: it is a folder, cannot be read, or is too large.
    """
    if file == "-":
        data = sys.stdin.buffer.read(int(max_bytes) + 1)
    else:
        path = Path(file)
        try:
            if path.is_dir():
                raise DraftError(f"{file} is a folder; name one draft")
            with path.open("rb") as stream:
                data = stream.read(int(max_bytes) + 1)
        except OSError as error:
            raise DraftError(f"{file} cannot be read ({error.strerror}); name a draft that can be") from error
    if len(data) > max_bytes:
        raise DraftError(
            f"{file} is larger than the {max_bytes / 1e6:g} MB that max_file_mb allows; split it or raise the setting"
        )
    return data


def _quoted_before(context: Context, recorded: Sequence[Citation]) -> Callable[[str], Sequence[str]]:
    """What kept answers, baskets and the draft's own record quote from a version of an article.

    A history that fails costs a warning.
    """

    @cache
    def kept() -> Sequence[tuple[str, str]]:
        try:
            conversations = [context.history.read(summary.id) for summary in context.history.list()]
            baskets = [context.baskets.read(summary.name) for summary in context.baskets.list()]
        except HistoryError as error:
            context.report(f"the history was not looked at: {error}")
            conversations, baskets = [], []
        turns = [turn for conversation in conversations if conversation for turn in conversation.turns]
        citations = [citation for turn in turns for citation in turn.answer.citations]
        citations += [pin.passage.citation for basket in baskets for pin in basket.pins]
        return [(citation.text_sha256, citation.quote) for citation in (*citations, *recorded)]

    return lambda prefix: [quote for sha256, quote in kept() if sha256.startswith(prefix)]


def _recorded(data: bytes) -> Sequence[Citation]:
    """What a draft carries of its quotations, if `qa export` made it."""
    from qa.report.export.reading import export_in

    try:
        return [quoted.passage.citation for quoted in export_in(data, "the draft").sources]
    except ExportError:
        return ()
