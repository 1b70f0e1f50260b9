"""`qa history`, and `search`, `show`, `rename`, `delete`, `clear` below it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from qa.cli.asked_index import open_asked_index
from qa.cli.context import Context, command_options, json_option, pass_context
from qa.errors import HistoryError

if TYPE_CHECKING:
    from qa.entities import Answer, Citation, Conversation
    from qa.history import ConversationSummary, FoundTurn

_PURGED = "(deleted with qa rm --purge)"


@click.group(
    "history",
    invoke_without_command=True,
    epilog="Examples:  qa history   qa history search okinawa   qa history show   qa history show 3f2a   "
    'qa history rename 3f2a "Troops in Japan"   qa history delete 3f2a   qa history clear',
)
@click.option("-k", "k", type=click.IntRange(1), default=20, show_default=True, help="How many at most.")
@json_option
@command_options
@click.pass_context
@pass_context
def command(context: Context, click_context: click.Context, *, k: int, as_json: bool) -> None:
    """Look up what you asked before. Alone, it lists the conversations, the latest first.

    Each qa ask is a conversation of one question. A beginning of its id does in place of the whole.
    """
    if click_context.invoked_subcommand is not None:
        if as_json:
            raise click.UsageError(f"write --json last: qa history {click_context.invoked_subcommand} … --json")
        return
    from qa.cli.render import to_json

    conversations = context.history.list()
    if as_json:
        rows = [asdict(summary) for summary in conversations[:k]]
        click.echo(to_json({"total": len(conversations), "conversations": rows}))
    else:
        for summary in conversations[:k]:
            click.echo(_summary_line(summary))
    if not conversations:
        _report_empty(context)
    elif len(conversations) > k:
        context.report(f"{k} of {len(conversations)} conversations; -k shows more")


@command.command("search")
@click.argument("text")
@click.option("-k", "k", type=click.IntRange(1), default=20, show_default=True, help="How many at most.")
@json_option
@command_options
@pass_context
def search(context: Context, text: str, *, k: int, as_json: bool) -> None:
    """Find questions by words of question, answer, quotations and titles.

    All words of TEXT must occur, as they are typed.
    """
    from qa.cli.render import to_json

    found = context.history.search_turns(text)
    if as_json:
        click.echo(to_json({"text": text, "total": len(found), "found": [_found_json(one) for one in found[:k]]}))
    else:
        for one in found[:k]:
            for line in _found_lines(one):
                click.echo(line)
    if not found:
        context.report(f"no question that was kept has the words {text!r}; qa history lists all")
    elif len(found) > k:
        context.report(f"{k} of {len(found)} questions; -k shows more")


@command.command("show")
@click.argument("conversation_id", metavar="[ID]", required=False)
@json_option
@command_options
@pass_context
def show(context: Context, conversation_id: str | None, *, as_json: bool) -> None:
    """Print the questions and answers of a conversation, the latest one without an ID.

    Each source says whether it stands today as it was quoted, by the index that was asked or by the one named with
    --index: same, moved, changed, gone.
    """
    from qa.cli.render import answer_json, to_json

    history = context.history
    summary = history.summary(conversation_id) if conversation_id is not None else next(iter(history.list()), None)
    conversation = history.read(summary.id) if summary is not None else None
    if summary is None or conversation is None:
        if as_json:
            click.echo(to_json({"conversation": None}))
        _report_empty(context)
        return
    answers = _rechecked(context, summary, conversation)
    if as_json:
        click.echo(to_json({"conversation": {**asdict(summary), "turns": [answer_json(answer) for answer in answers]}}))
        return
    click.echo(_summary_line(summary))
    for answer in answers:
        for line in _turn_lines(answer):
            click.echo(line)


@command.command("rename")
@click.argument("conversation_id", metavar="ID")
@click.argument("title")
@command_options
@pass_context
def rename(context: Context, conversation_id: str, title: str) -> None:
    """Give a conversation another title, of at most 80 characters."""
    context.history.rename(context.history.summary(conversation_id).id, title)


@command.command("delete")
@click.argument("conversation_id", metavar="ID")
@command_options
@pass_context
def delete(context: Context, conversation_id: str) -> None:
    """Delete a conversation; no byte of it stays in the file."""
    summary = context.history.summary(conversation_id)
    context.history.delete(summary.id)
    context.report(f"deleted: {summary.title}")


@command.command("clear")
@click.option("--yes", is_flag=True, help="Without asking.")
@command_options
@pass_context
def clear(context: Context, *, yes: bool) -> None:
    """Delete all conversations; no byte of them stays in the file."""
    count = len(context.history.list())
    if count and not (yes or _agreed(count)):
        raise HistoryError(f"{_counted(count)} would be deleted; nothing was. If that is right, add --yes")
    context.report(f"{_counted(context.history.clear())} deleted")


def _agreed(count: int) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(f"Delete {_counted(count)}?", err=True)


def _counted(count: int) -> str:
    return f"{count} conversation{'' if count == 1 else 's'}"


def _report_empty(context: Context) -> None:
    context.report(f"nothing was asked yet, or nothing was kept; qa ask keeps its answers in {context.history.file}")


def _rechecked(context: Context, summary: ConversationSummary, conversation: Conversation) -> list[Answer]:
    """The answers with the status of their sources as of now."""
    from qa.history.recheck import recheck

    answers = [turn.answer for turn in conversation.turns]
    store = open_asked_index(context, summary, {c.article_id for answer in answers for c in answer.citations})
    answers = [recheck(answer, store) for answer in answers]
    if store is not None:
        store.close()
    return answers


def _summary_line(summary: ConversationSummary) -> str:
    from qa.visible import one_line

    return f"{summary.id}  {_minute(summary.updated_at)}  {summary.questions:>3}  {one_line(summary.title)}"


def _found_lines(found: FoundTurn) -> Iterator[str]:
    from qa.visible import one_line

    answer = found.answer
    yield f"{found.conversation.id}  {_minute(answer.asked_at)}  {one_line(answer.question)}"
    if answer.text:
        yield click.style(f"    {one_line(answer.text)}", dim=True)


def _found_json(found: FoundTurn) -> dict[str, Any]:
    answer = found.answer
    fields = {"turn": found.number, "asked_at": answer.asked_at, "question": answer.question, "answer": answer.text}
    return {"conversation": asdict(found.conversation), **fields}


def _turn_lines(answer: Answer) -> Iterator[str]:
    from qa.cli.render import answer_lines
    from qa.visible import one_line

    yield ""
    yield click.style(f"{_minute(answer.asked_at)}  {one_line(answer.question)}", underline=True)
    yield from answer_lines(
        replace(
            answer,
            text=_PURGED if answer.text == "" else answer.text,
            citations=tuple(_marked(citation) for citation in answer.citations),
        )
    )


def _marked(citation: Citation) -> Citation:
    return citation if citation.quote else replace(citation, quote=_PURGED)


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")
