"""The chat line by line, for screen readers and pipes: the same questions, answers and commands, no screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from index.entities import Filter
from index.errors import CorpusError
from qa.entities import Conversation
from qa.errors import QaError
from qa.tui.commands import COMMANDS, nearest, parse
from qa.visible import one_line, visible

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.cli.chat_services import ChatServices
    from qa.entities import Answer, Citation, RelatedPassage
    from qa.history.entities import ConversationSummary

__all__ = ["PlainChat"]

AROUND = 3
"""Sentences shown before and after a citation that is read."""
LATEST = 10
"""Conversations that /history lists."""
_PLAIN = tuple(command for command in COMMANDS if command.plain)


class PlainChat:
    """One conversation over standard input and output; what goes on is said on stderr."""

    def __init__(
        self, services: ChatServices, report: Callable[[str], None], *, conversation: Conversation | None = None
    ) -> None:
        """Nothing is opened yet.

        Args:
            services: What may be called.
            report: Where narration goes.
            conversation: One that goes on here.
        """
        from qa.tui.workers import Limits

        self.services = services
        self.report = report
        self.conversation = conversation or Conversation(id="", title="")
        self.limits = Limits()
        self._listed: tuple[ConversationSummary, ...] = ()

    def run(self, question: str | None = None) -> int:
        """Answer a question, then every line of standard input until it ends or says /quit.

        Raises:
            NoIndexError: there is nothing to ask.
        """
        assistant = self.services.open_assistant()
        if sys.stdin.isatty():
            self.report("Ask a question, a line each; /help lists the commands, /quit or Ctrl-D leaves.")
        if question is not None:
            self._ask(assistant, question)
        while (line := self._line()) is not None:
            if not line.strip():
                continue
            if line.startswith("/"):
                name, argument = parse(line)
                if name == "quit":
                    break
                self._command(assistant, name, argument)
            else:
                self._ask(assistant, line)
        return 0

    def _line(self) -> str | None:
        if sys.stdin.isatty():
            click.echo("? ", nl=False, err=True)
        line = sys.stdin.readline()
        return line.rstrip("\r\n") if line else None

    def _ask(self, assistant: Assistant, question: str) -> None:
        from qa.cli.render import answer_lines
        from qa.tui.wording import verdict_words

        if not self.conversation.id and self.services.history is not None:
            self.conversation = replace(self.conversation, id=self.services.history.start())
        try:
            answer = assistant.ask(question, self.conversation, self.limits.resolve(self.services))
        except (CorpusError, QaError) as error:
            self.report(str(error))
            return
        self.conversation = self.conversation.append(answer)
        self.limits = self.limits.after(answer.where)
        for line in answer_lines(answer):
            click.echo(line)
        if answer.citations:
            click.echo(f"({verdict_words(answer)})")
        click.echo()
        self._keep(answer)

    def _keep(self, answer: Answer) -> None:
        from qa.tui.workers import CONVERSATION_DELETED, keep_answer

        if self.services.history is None:
            return
        try:
            kept_in = keep_answer(self.services.history, self.conversation.id, answer)
        except QaError as error:
            self.report(f"the answer was not kept: {error}")
            return
        if kept_in != self.conversation.id:
            self.conversation = replace(self.conversation, id=kept_in)
            self.report(CONVERSATION_DELETED)

    def _command(self, assistant: Assistant, name: str, argument: str) -> None:
        if not any(command.name == name for command in _PLAIN):
            self.report(nearest(name, _PLAIN))
            return
        try:
            if name == "exact":
                self._ask(assistant, '"{}"'.format(argument.replace('"', " ").strip()))
            else:
                getattr(self, f"_command_{name}")(argument)
        except (CorpusError, QaError) as error:
            self.report(str(error))

    def _command_new(self, _argument: str) -> None:
        self.conversation = Conversation(id="", title="")
        self.limits = self.limits.after(Filter())
        self.report("A new conversation.")

    def _command_help(self, _argument: str) -> None:
        for command in _PLAIN:
            click.echo(f"{f'/{command.name} {command.argument}'.rstrip():<16} {command.about}")

    def _command_since(self, argument: str) -> None:
        self._limit(since=argument or None)

    def _command_until(self, argument: str) -> None:
        self._limit(until=argument or None)

    def _command_source(self, argument: str) -> None:
        self._limit(source=argument or None)

    def _limit(self, **changed: str | None) -> None:
        from qa.tui.workers import count_limited

        limits = replace(self.limits, **changed)  # type: ignore[arg-type]  # only fields that may be None
        self.report(count_limited(self.services, limits))
        self.limits = limits

    def _command_explain(self, _argument: str) -> None:
        from qa.tui.wording import explanation

        if self.conversation.turns:
            click.echo(explanation(self.conversation.turns[-1].answer))
        else:
            self.report("There is no answer to explain.")

    def _command_read(self, argument: str) -> None:
        """Print a cited sentence with those around it; the numbers are those that `qa show` takes."""
        from qa.tui.wording import sources

        last = sources(self.conversation.turns[-1].answer) if self.conversation.turns else ()
        number = int(argument) if argument.isdecimal() else 1
        if not 1 <= number <= len(last):
            self.report(f"The last answer has no citation {argument or number}.")
            return
        self._read(last[number - 1])

    def _read(self, source: Citation | RelatedPassage) -> None:
        article = self.services.article(source.article_id)
        if article is None:
            self.report("The index has this article no more; this is what it said:")
            click.echo(visible(source.quote))
            return
        click.echo(one_line(article.title))
        for sentence in self.services.sentences(source.article_id):
            if source.first_sentence - AROUND <= sentence.number <= source.last_sentence + AROUND:
                mark = ">" if source.first_sentence <= sentence.number <= source.last_sentence else " "
                click.echo(f"{mark}{sentence.number:>4}  {one_line(article.text[sentence.start : sentence.end])}")

    def _command_history(self, argument: str) -> None:
        """List the latest conversations; with a number, go on with that one."""
        if self.services.history is None:
            self.report("Conversations are not kept in this run.")
        elif argument:
            self._go_on(argument)
        else:
            self._listed = self.services.history.list()[:LATEST]
            for number, summary in enumerate(self._listed, start=1):
                click.echo(f"{number:>3}  {summary.updated_at[:10]}  {one_line(summary.title)}  ({summary.questions})")
            self.report("/history N goes on with one of them." if self._listed else "Nothing was asked yet.")

    def _go_on(self, argument: str) -> None:
        from qa.tui.workers import read_conversation

        if not argument.isdecimal() or not 1 <= int(argument) <= len(self._listed):
            self.report("/history lists the conversations with their numbers.")
            return
        kept = read_conversation(self.services, self._listed[int(argument) - 1].id)
        if kept is None:
            self.report("This conversation is no longer kept.")
        else:
            self.conversation = kept
            self.limits = self.limits.after(kept.turns[-1].answer.where)
            self.report(f"Going on with “{one_line(kept.title)}”, {len(kept.turns)} questions so far.")
