"""`qa ask QUESTION`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context, stdin_text
from qa.cli.filters import FilterOptions, filter_options
from qa.errors import HistoryError, QuestionError

if TYPE_CHECKING:
    from index.entities import Filter
    from qa.assistant import Assistant
    from qa.entities import Answer

NOTHING_FOUND = 4


@click.command(
    "ask",
    epilog='Examples:  qa ask "How many US troops are in Japan?"   echo "Who won?" | qa ask -   '
    "qa ask --batch questions.txt > answers.jsonl",
)
@click.argument("question", required=False)
@click.option(
    "--batch",
    metavar="FILE",
    help="Ask every line of FILE (- for standard input); print JSON, one line each.",
)
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
    fail_empty: bool,
    no_history: bool,
    as_json: bool,
    filters: FilterOptions,
) -> int:
    """Ask a question; print the answer, then its source sentences with title, date and place.

    A QUESTION of - is read from standard input. The answer is kept: qa history shows it again. A batch is kept as one
    conversation.
    """
    from qa.assistant import checked_question
    from qa.cli.render import answer_json, answer_lines, to_json

    if (question is None) == (batch is None):
        raise click.UsageError("give one question, or --batch FILE")
    where = filters.resolve()
    if question is not None:
        question = checked_question(stdin_text() if question == "-" else question)
        assistant = context.open_assistant()
        context.report_filter(where, assistant.searcher.store)
        answer = assistant.ask(question, where=where)
        context.detail(", ".join(f"{stage} {time_ms:.0f} ms" for stage, time_ms in answer.timings_ms.items()))
        lines = [to_json(answer_json(answer))] if as_json else answer_lines(answer)
        _say_and_keep(lines, answer, _keeper(context, no_history=no_history))
        return NOTHING_FOUND if fail_empty and not answer.citations else 0
    questions, assistant = _lines(str(batch)), context.open_assistant()
    context.report_filter(where, assistant.searcher.store)
    title = "standard input" if batch == "-" else Path(str(batch)).name
    return _ask_all(
        assistant, questions, where, keep=_keeper(context, no_history=no_history, title=title), fail_empty=fail_empty
    )


def _say_and_keep(lines: Iterable[str], answer: Answer, keep: Callable[[Answer], None]) -> None:
    """Print first, so that the answer waits for nothing; keep it even if the reader of a pipe has seen enough."""
    try:
        for line in lines:
            click.echo(line)
        sys.stdout.flush()
    finally:
        keep(answer)


def _keeper(context: Context, *, no_history: bool, title: str = "") -> Callable[[Answer], None]:
    """What adds answers to one conversation; what prevents that costs one warning, never an answer."""
    if no_history or not context.settings.history:
        return lambda _: None
    history = context.history
    conversation_id = history.start(title)
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
