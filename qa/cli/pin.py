"""`qa pin [WHAT]`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context, stdin_text
from qa.errors import CitationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.cli.cite_what import Wanted
    from qa.report.basket.kept import Pinned
    from qa.report.kept_passage import KeptPassage

basket_option = click.option(
    "--basket", "name", metavar="NAME", default="main", show_default=True, help="Which basket."
)


@click.command(
    "pin",
    epilog='Examples:  qa pin   qa pin 1f0a9c2b3d4e:7-9 --note "See 2023"   qa pin last -n 1 --heading Bases   '
    'qa pin "half of them are based on Okinawa" --basket okinawa',
)
@click.argument("what", metavar="[REF]", default="last")
@click.option("--turn", type=click.IntRange(1), metavar="N", help="The Nth answer of a conversation, not its last.")
@click.option("-n", "numbers", type=click.IntRange(1), multiple=True, help="Only citation [N]; may be repeated.")
@basket_option
@click.option("--note", default="", metavar="TEXT", help="Your own words about it.")
@click.option("--heading", default="", metavar="TEXT", help="What it is to stand under. [default: the last heading]")
@json_option
@command_options
@pass_context
def command(
    context: Context,
    what: str,
    *,
    turn: int | None,
    numbers: tuple[int, ...],
    name: str,
    note: str,
    heading: str,
    as_json: bool,
) -> None:
    """Pin quotations for a report: what the last answer cites, or what REF names.

    REF is `last`, the id of a conversation or an answer (qa history), sentences as in ID:7-9, or words of a passage; -
    reads those from standard input. A pin keeps the words with their hash, offsets and question, so that it outlives
    the article.
    """
    from qa.cli.cite_what import Wanted
    from qa.cli.render import to_json

    words = (stdin_text() if what == "-" else what).strip()
    passages = _passages(context, Wanted(what=words, turn=turn, numbers=numbers))
    pinned = [context.baskets.pin(name, passage, note=note, heading=heading) for passage in passages]
    if as_json:
        rows = [{"id": one.pin.id, "number": one.number, "is_new": one.is_new} for one in pinned]
        click.echo(to_json({"basket": name, "pinned": rows}))
    for line in _said(pinned, name):
        context.report(line)


def _passages(context: Context, wanted: Wanted) -> list[KeptPassage]:
    from qa.cli.cite_what import conversation_of

    if conversation_of(context, wanted.what) is not None:
        return _of_answer(context, wanted)
    if wanted.turn is not None or wanted.numbers:
        raise CitationError(f"--turn and -n choose among the citations of an answer, and {wanted.what!r} is none")
    from index.store import Store
    from qa.cli.cite_what import sentences_of
    from qa.report.basket.pinning import from_sentences

    store = Store.open(context.index_folder)
    article_id, first, last = sentences_of(context, store, wanted.what)
    passage = from_sentences(store, article_id, first, last, kept_at=datetime.now().astimezone())
    store.close()
    return [passage]


def _of_answer(context: Context, wanted: Wanted) -> list[KeptPassage]:
    from qa.cli.asked_index import open_asked_index
    from qa.cli.cite_what import answer_of, chosen_citations, conversation_of
    from qa.report.basket.pinning import from_answer

    summary = conversation_of(context, wanted.what)
    assert summary is not None  # asked before
    answer = answer_of(context, summary, wanted)
    chosen = chosen_citations(context, answer, wanted.numbers)
    if not chosen:
        raise CitationError("there is nothing to pin: the answer has no citations; name sentences, as in ID:7-9")
    store = open_asked_index(context, summary, {citation.article_id for citation in chosen})
    now = datetime.now().astimezone()
    passages = [from_answer(citation, answer, store, kept_at=now) for citation in chosen]
    if store is not None:
        store.close()
    return passages


def _said(pinned: Sequence[Pinned], name: str) -> list[str]:
    from qa.visible import one_line

    return [
        f"{'pinned' if one.is_new else 'pinned before'}: {one.number} in the basket {name}: "
        f"“{one_line(one.pin.passage.citation.quote)}”"
        for one in pinned
    ]
