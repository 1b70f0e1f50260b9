"""`qa verify FILE`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.errors import DraftError, HistoryError

if TYPE_CHECKING:
    from qa.report.verify import Checked, Report
    from qa.report.verify_changes import Segment
    from qa.report.verify_match import Place

NOT_VERBATIM = 7


@click.command(
    "verify",
    epilog="Examples:  qa verify report.md   qa verify report.docx --json   "
    "qa verify report.md --annotate checked.md   pandoc report.tex -t markdown | qa verify -",
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
    from qa.report.drafts import read_draft
    from qa.report.verify import Verifier
    from qa.report.verify_annotate import annotated, write_copy
    from qa.report.verify_sources import Sources

    if annotate is not None and Path(annotate).exists():
        raise DraftError(f"{annotate} exists and is left as it is; name another file with --annotate")
    data = _read(file, max_bytes=context.settings.max_file_mb * 1_000_000)
    shown = "standard input" if file == "-" else file
    draft = read_draft(shown, data, suffix=Path(file).suffix.lower() if file != "-" else "", encoding=encoding)
    store = Store.open(context.index_folder)
    with store.snapshot():
        report = Verifier(Sources(store), _quoted_before(context)).check(draft)
        if annotate is not None:
            write_copy(Path(annotate), annotated(draft, report))
        if as_json:
            click.echo(to_json(_report_json(report, file)))
        else:
            for line in _report_lines(report, show_all=show_all):
                click.echo(line)
    for line_number in report.unbalanced:
        context.report(f"{shown}, line {line_number}: a quotation mark without its counterpart; not checked")
    return 0 if report.verbatim else NOT_VERBATIM


def _read(file: str, *, max_bytes: float) -> bytes:
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


def _quoted_before(context: Context) -> Callable[[str], Sequence[str]]:
    """What kept answers quote from a version of an article; a history that fails costs a warning."""

    @cache
    def kept() -> Sequence[tuple[str, str]]:
        try:
            conversations = [context.history.read(summary.id) for summary in context.history.list()]
        except HistoryError as error:
            context.report(f"the history was not looked at: {error}")
            return ()
        turns = [turn for conversation in conversations if conversation for turn in conversation.turns]
        return [(citation.text_sha256, citation.quote) for turn in turns for citation in turn.answer.citations]

    return lambda prefix: [quote for sha256, quote in kept() if sha256.startswith(prefix)]


def _report_json(report: Report, file: str) -> dict[str, Any]:
    return {
        "file": file,
        "quotations": [_item_json(item) for item in report.checked],
        "counts": {
            **report.counts,
            "short": report.short,
            "titles": report.titles,
            "unbalanced": len(report.unbalanced),
        },
        "unbalanced_lines": list(report.unbalanced),
    }


def _item_json(item: Checked) -> dict[str, Any]:
    return {
        "text": item.quotation.text,
        "line": item.line,
        "label": item.label,
        "citation": item.cited.written if item.cited else None,
        "found": [place_json(place) for place in item.places],
        "copies": [place_json(place) for place in item.copies],
        "diff": [segment_json(segment) for segment in item.diff],
        "note": item.note,
    }


def place_json(place: Place) -> dict[str, Any]:
    """Where words stand in an article."""
    article, (first, last) = place.source.article, place.sentences
    return {
        "article_id": article.id,
        "title": article.title,
        "date": article.date,
        "first_sentence": first,
        "last_sentence": last,
        "start": place.start,
        "end": place.end,
        "text": place.text,
    }


def segment_json(segment: Segment) -> dict[str, Any]:
    """Words that are the same, or what they were changed into."""
    if segment.change is None:
        return {"same": segment.text}
    return {"source": segment.change.source, "draft": segment.change.draft, "kind": segment.change.kind}


def _report_lines(report: Report, *, show_all: bool) -> Iterator[str]:
    from qa.report.verify import Label

    for item in report.checked:
        if show_all or item.label is not Label.VERBATIM:
            yield from _item_lines(item)
            yield ""
    counted = [f"{count} {label}" for label, count in report.counts.items() if count]
    left_out = [
        f"{count} {what} not checked" for count, what in ((report.short, "short"), (report.titles, "titles")) if count
    ]
    total = f"{len(report.checked)} quotations"
    yield "; ".join([f"{total}: {', '.join(counted)}" if counted else total, *left_out])


def _item_lines(item: Checked) -> Iterator[str]:
    from qa.report.verify_annotate import reference
    from qa.visible import one_line

    colour = {"verbatim": "green", "altered": "yellow"}.get(item.label, "red")
    yield f"line {item.line}  {click.style(item.label, fg=colour, bold=True)}  “{one_line(item.quotation.text)}”"
    if item.diff:
        yield f"    {diff_line(item.diff)}"
        named = [segment.change for segment in item.diff if segment.change and segment.change.kind in _NAMED]
        for change in named:
            was, became = (one_line(words) or "nothing" for words in (change.source, change.draft))
            yield f"    {change.kind} changed: {was} → {became}"
    if item.places:
        article = item.places[0].source.article
        where = "in" if item.label in {"verbatim", "misattributed", "stale"} else "nearest"
        yield f"    {where} {reference(item)}  {article.date or 'undated'}  {one_line(article.title)}"
    if item.cited and item.label != "verbatim":
        yield f"    cited: {item.cited.written}"
    if item.copies:
        yield f"    the same words in {len(item.copies)} more"
    if item.note:
        yield f"    {one_line(item.note)}"


_NAMED = ("number", "negation", "name")


def diff_line(diff: Sequence[Segment]) -> str:
    """The difference in one line."""
    from qa.visible import one_line

    parts = []
    for segment in diff:
        if segment.change is None:
            parts.append(one_line(segment.text))
            continue
        removed, added = one_line(segment.change.source), one_line(segment.change.draft)
        parts += [click.style(f"[-{removed}-]", fg="red")] if removed else []
        parts += [click.style(f"{{+{added}+}}", fg="green")] if added else []
    return " ".join(parts)
