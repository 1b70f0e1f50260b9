"""`qa refresh EXPORT|BASKET`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.entities import Freshness
from qa.cli.context import Context, command_options, json_option, pass_context
from qa.errors import BasketError

if TYPE_CHECKING:
    from index.store import Store
    from qa.entities import Answer
    from qa.report.export.entities import Export
    from qa.report.refresh import AskedAgain, Refreshed

NOT_AS_QUOTED = 7
_COLOURS = {Freshness.SAME: "green", Freshness.MOVED: "cyan", Freshness.CHANGED: "yellow", Freshness.GONE: "red"}


@click.command(
    "refresh",
    epilog="Examples:  qa refresh report.md   qa refresh okinawa   qa refresh report.docx --ask",
)
@click.argument("what", metavar="EXPORT|BASKET")
@click.option("--ask", is_flag=True, help="Ask its questions again, and show what is answered differently now.")
@click.option("--all", "show_all", is_flag=True, help="Show what has stayed the same, too.")
@json_option
@command_options
@pass_context
def command(context: Context, what: str, *, ask: bool, show_all: bool, as_json: bool) -> int:
    """Check the quotations of a report or basket against the articles of today.

    Each is `same`, `moved` (the same words elsewhere), `changed` (other words, with the difference) or `gone`. Exit 7
    when one has changed or is gone. EXPORT is a file that qa export made; nothing is written to it.
    """
    from qa.cli.render import to_json
    from qa.report.refresh import refreshed

    export = _export(context, what)
    store = _open_index(context, export)
    found = refreshed(export, store)
    if store is not None:
        store.close()
    again = _asked_again(context, export) if ask else []
    if as_json:
        click.echo(to_json({"report": what, **_json(export, found), "questions": [_again_json(one) for one in again]}))
    else:
        for line in (*_lines(found, show_all=show_all), *_again_lines(again, show_all=show_all)):
            click.echo(line)
    stale = any(one.passage.status in {Freshness.CHANGED, Freshness.GONE} for one in found)
    return NOT_AS_QUOTED if stale else 0


def _export(context: Context, what: str) -> Export:
    from qa.report.export.assemble import of_basket
    from qa.report.export.reading import read_export

    file = Path(what)
    if file.is_file():
        return read_export(file, max_bytes=int(context.settings.max_file_mb * 1e6))
    try:
        basket = context.baskets.read(what)
    except BasketError as error:
        raise BasketError(f"{what} is neither a file nor a basket; qa basket lists the baskets") from error
    return of_basket(basket, made_at=datetime.now().astimezone())


def _open_index(context: Context, export: Export) -> Store | None:
    """The index; without one, the files of a basket are looked at where they lay, which a report does not tell.

    Raises:
        NoIndexError: there is none, and it is a report.
    """
    from index.errors import NoIndexError
    from index.store import Store

    try:
        return Store.open(context.index_folder)
    except NoIndexError as error:
        if not all(quoted.passage.citation.place.root for quoted in export.sources):
            raise
        context.report(f"{error}; the files alone are looked at")
        return None


def _asked_again(context: Context, export: Export) -> list[AskedAgain]:
    from qa.report.refresh import asked_again

    if not export.questions:
        context.report("there is no question to ask again: nothing of this was quoted from an answer")
        return []
    return list(asked_again(export.questions, context.open_assistant().ask))


def _lines(found: Sequence[Refreshed], *, show_all: bool) -> Iterator[str]:
    for one in found:
        if show_all or one.passage.status is not Freshness.SAME:
            yield from _quotation_lines(one)
            yield ""
    counts = Counter(one.passage.status for one in found)
    counted = ", ".join(f"{counts[status]} {status}" for status in Freshness if counts[status])
    yield f"{len(found)} quotation{'s' * (len(found) != 1)}{f': {counted}' if counted else ''}"


def _quotation_lines(one: Refreshed) -> Iterator[str]:
    from qa.cli.cite import marked_difference
    from qa.visible import name_in_line, one_line

    passage, citation = one.passage, one.quoted.passage.citation
    label = click.style(passage.status, fg=_COLOURS[passage.status], bold=True)
    yield f"[{one.quoted.number}] {label}  {one.quoted.reference}  “{one_line(citation.quote)}”"
    yield click.style(
        f"    {citation.date or 'undated'}  {one_line(citation.title)} · {name_in_line(citation.place.path)}", dim=True
    )
    if passage.today is not None and passage.status is Freshness.CHANGED:
        yield f"    now {passage.today.reference}: {one_line(''.join(marked_difference(passage)))}"
    elif passage.today is not None:
        yield f"    now {passage.today.reference}"
    elif passage.status is Freshness.MOVED:
        yield "    now in another file"


def _again_lines(again: Sequence[AskedAgain], *, show_all: bool) -> Iterator[str]:
    from qa.report.refresh import Difference
    from qa.visible import one_line

    different = [one for one in again if one.difference is not Difference.NONE]
    for one in again if show_all else different:
        yield ""
        yield click.style(one_line(one.asked.question), underline=True)
        yield f"    {one.asked.asked_at[:10]}: {_said(one.asked.verdict, one.asked.text)}"
        if one.difference is Difference.NONE:
            yield "    today: the same"
            continue
        others = " (the same, from other articles)" if one.difference is Difference.SOURCES else ""
        yield f"    today: {_said(one.now.verdict, one.now.text)}{others}"
        for citation in one.now.citations:
            cited = f"{citation.article_id}:{citation.first_sentence}"
            yield click.style(f"    [{citation.number}] {cited}  “{one_line(citation.quote)}”", dim=True)
    if again:
        yield ""
        answered = sum(one.difference is Difference.ANSWER for one in again)
        yield f"{len(again)} question{'s' * (len(again) != 1)} asked again: {answered} answered differently"


def _said(verdict: str, text: str | None) -> str:
    from qa.visible import one_line

    return one_line(text) if text else verdict.replace("_", " ")


def _json(export: Export, found: Sequence[Refreshed]) -> dict[str, Any]:
    counts = Counter(one.passage.status for one in found)
    return {
        "title": export.title,
        "kind": export.kind,
        "name": export.name,
        "made_at": export.made_at,
        "counts": {status.value: counts[status] for status in Freshness},
        "quotations": [_quotation_json(one) for one in found],
    }


def _quotation_json(one: Refreshed) -> dict[str, Any]:
    passage, citation, today = one.passage, one.quoted.passage.citation, one.passage.today
    return {
        "number": one.quoted.number,
        "reference": one.quoted.reference,
        "citekey": one.quoted.citekey,
        "status": passage.status,
        "quote": citation.quote,
        "text_sha256": citation.text_sha256,
        "start": citation.start,
        "end": citation.end,
        "path": citation.place.path,
        "today": None
        if today is None
        else {
            "reference": today.reference,
            "quote": today.quote,
            "start": today.start,
            "end": today.end,
            "text_sha256": today.source.text_sha256,
        },
        "difference": [asdict(change) for change in passage.difference],
    }


def _again_json(one: AskedAgain) -> dict[str, Any]:
    return {"difference": one.difference, "then": asdict(one.asked), "now": _answer(one.now)}


def _answer(answer: Answer) -> dict[str, Any]:
    from qa.cli.render import answer_json

    return answer_json(answer)
