"""`qa ask QUESTION`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context, stdin_text
from qa.cli.filters import FilterOptions, filter_options
from qa.errors import ConversationNotFoundError, HistoryError, QuestionError

if TYPE_CHECKING:
    from index.entities import Filter
    from qa.assistant import Assistant
    from qa.entities import Answer, Conversation

NOTHING_FOUND = 4


@click.command(
    "ask",
    epilog='Examples:  qa ask "How many US troops are in Japan?"   echo "Who won?" | qa ask -   '
    'qa ask --continue "And in Sweden?"   qa ask --batch questions.txt > answers.jsonl',
)
@click.argument("question", required=False)
@click.option(
    "--batch",
    metavar="FILE",
    help="Ask every line of FILE (- for standard input); print JSON, one line each.",
)
@click.option("--continue", "-c", "continues", is_flag=True, help="Go on with the last conversation.")
@click.option("--conversation", "conversation_id", metavar="ID", help="Go on with another one; qa history lists them.")
@click.option("--no-filter", is_flag=True, help="Search all articles again; otherwise a conversation keeps its filter.")
@click.option("--fail-empty", is_flag=True, help="Exit 4 when the articles hold no answer.")
@click.option("--no-history", is_flag=True, help="Keep no answer.")
@filter_options
@json_option
@command_options
@pass_context
def command(
    context: Context,
    question: str | None,
    *,
    batch: str | None,
    continues: bool,
    conversation_id: str | None,
    no_filter: bool,
    fail_empty: bool,
    no_history: bool,
    as_json: bool,
    filters: FilterOptions,
) -> int:
    """Ask a question; print the answer, then its source sentences with title, date and place.

    A QUESTION of - is read from standard input. The answer is kept: qa history shows it again; a batch is kept as one
    conversation. With --continue, the question may lean on what was asked before ("How old is he?"); what was searched
    for is shown above the answer.
    """
    if (question is None) == (batch is None):
        raise click.UsageError("give one question, or --batch FILE")
    if (continues or conversation_id is not None) and batch is not None:
        raise click.UsageError("--batch asks each line on its own; leave out --continue and --conversation")
    where = filters.resolve()
    if no_filter and where:
        raise click.UsageError("--no-filter searches all articles; leave out the filter")
    if question is not None:
        before = _conversation(context, conversation_id, continues=continues)
        keep = _keeper(context, before, no_history=no_history)
        answer = _ask(context, question, before, where if where or no_filter else None, keep, as_json=as_json)
        return NOTHING_FOUND if fail_empty and not answer.citations else 0
    questions, assistant = _lines(str(batch)), context.open_assistant()
    context.report_filter(where, assistant.searcher.store)
    title = "standard input" if batch == "-" else Path(str(batch)).name
    return _ask_all(
        assistant,
        questions,
        where,
        keep=_keeper(context, None, no_history=no_history, title=title),
        fail_empty=fail_empty,
    )


def _conversation(context: Context, prefix: str | None, *, continues: bool) -> Conversation | None:
    """What was asked before, None for a new conversation.

    Raises:
        ConversationNotFoundError: there is none to go on with.
    """
    if continues and prefix is not None:
        raise click.UsageError("--continue is the last conversation, --conversation another; give one of them")
    if not continues and prefix is None:
        return None
    last = context.history.list()[:1] if prefix is None else (context.history.summary(prefix),)
    found = context.history.read(last[0].id) if last else None
    if found is None:
        raise ConversationNotFoundError("there is no conversation to go on with; leave out --continue to begin one")
    return found


def _ask(
    context: Context,
    question: str,
    before: Conversation | None,
    where: Filter | None,
    keep: Callable[[Answer], None],
    *,
    as_json: bool,
) -> Answer:
    """Ask, print and keep."""
    from qa.assistant import checked_question
    from qa.cli.render import answer_json, answer_lines, to_json

    question = checked_question(stdin_text() if question == "-" else question)
    assistant = context.open_assistant()
    answer = assistant.ask(question, before, where)
    context.report_filter(answer.where, assistant.searcher.store)
    context.detail(", ".join(f"{stage} {time_ms:.0f} ms" for stage, time_ms in answer.timings_ms.items()))
    _say_and_keep([to_json(answer_json(answer))] if as_json else answer_lines(answer), answer, keep)
    return answer


def _say_and_keep(lines: Iterable[str], answer: Answer, keep: Callable[[Answer], None]) -> None:
    """Print first, so that the answer waits for nothing; keep it even if the reader of a pipe has seen enough."""
    try:
        for line in lines:
            click.echo(line)
        sys.stdout.flush()
    finally:
        keep(answer)


def _keeper(
    context: Context, before: Conversation | None, *, no_history: bool, title: str = ""
) -> Callable[[Answer], None]:
    """What adds answers to one conversation; what prevents that costs one warning, never an answer."""
    if no_history or not context.settings.history:
        return lambda _: None
    history = context.history
    conversation_id = before.id if before else history.start(title)
    failed = False

    def keep(answer: Answer) -> None:
        nonlocal failed
        if failed:
            return
        try:
            history.append(conversation_id, answer)
        except HistoryError as error:
            failed = True
            context.report(f"the history was not updated: {error}")

    return keep


def _ask_all(
    assistant: Assistant,
    questions: Iterator[str],
    where: Filter,
    *,
    keep: Callable[[Answer], None],
    fail_empty: bool,
) -> int:
    from qa.cli.render import answer_json, to_json

    code = 0
    for question in questions:
        try:
            answer = assistant.ask(question, where=where)
        except QuestionError as error:
            click.echo(to_json({"question": question[:200], "error": str(error)}, indent=None))
            code = 2
            continue
        _say_and_keep([to_json(answer_json(answer), indent=None)], answer, keep)
        if fail_empty and not answer.citations and code == 0:
            code = NOTHING_FOUND
    return code


def _lines(file: str) -> Iterator[str]:
    try:
        text = stdin_text() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise QuestionError(
            f"{file} cannot be read ({reason}); --batch takes a file with one question a line"
        ) from error
    return (line for line in text.splitlines() if line.strip())
