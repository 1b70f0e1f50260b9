"""What slash commands do in the chat; those without an argument are actions of the screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual import work

from qa.errors import QaError
from qa.tui import workers
from qa.tui.commands import COMMANDS, nearest
from qa.tui.messages import Asked
from qa.tui.screens.chat_actions import ChatActions
from qa.tui.workers import Limits

__all__ = ["ChatCommands"]


class ChatCommands(ChatActions):
    """Slash commands of the chat screen."""

    async def run_command(self, name: str, argument: str) -> None:
        """Do what a slash command says."""
        command = next((command for command in COMMANDS if command.name == name), None)
        if command is None:
            await self.transcript.note(nearest(name), error=True)
        elif command.action:
            await self.run_action(command.action)
        else:
            await getattr(self, f"_command_{name}")(argument)

    async def _command_read(self, argument: str) -> None:
        if await self._take_number(argument):
            self.action_follow()

    async def _command_copy(self, argument: str) -> None:
        if argument.casefold() == "all":
            self.action_copy_answer()
        elif await self._take_number(argument):
            self.action_copy_quote()

    async def _take_number(self, argument: str) -> bool:
        """Take a citation in hand by its number; True also without one."""
        block = self.transcript.current
        number = argument.strip("[]")
        if not number:
            return True
        if block is not None and number.isdecimal() and block.choose(int(number) - 1):
            self.transcript.take(block)
            return True
        await self.transcript.note(f"The answer in hand has no citation {argument}.", error=True)
        return False

    async def _command_since(self, argument: str) -> None:
        self._limit(replace(self.limits, since=argument or None))

    async def _command_until(self, argument: str) -> None:
        self._limit(replace(self.limits, until=argument or None))

    async def _command_source(self, argument: str) -> None:
        self._limit(replace(self.limits, source=argument or None))

    async def _command_exact(self, argument: str) -> None:
        if words := argument.replace('"', " ").strip():
            self.post_message(Asked(f'"{words}"'))
        else:
            await self.transcript.note("Say which words: /exact joint operations command", error=True)

    async def _command_verify(self, argument: str) -> None:
        self.action_verify(argument)

    async def _command_whence(self, argument: str) -> None:
        self.action_whence(argument)

    async def _command_index(self, argument: str) -> None:
        if not argument:
            self.action_library()
        elif not self.chat_app.index_job.start([Path(argument).expanduser()]):
            await self.transcript.note("An indexing is running already; wait for it, or stop it in the library.")

    @work(thread=True, exclusive=True, group="limit")
    def _limit(self, limits: Limits) -> None:
        """Take over other limits, unless they name no days."""
        try:
            words, error = workers.count_limited(self.services, limits), False
        except QaError as problem:
            words, error = str(problem), True
        except Exception as problem:  # the worker's outer edge
            words, error = workers.explain_failure(problem), True
        self.app.call_from_thread(self.call_later, self._limited, self.limits if error else limits, words, error=error)

    async def _limited(self, limits: Limits, words: str, *, error: bool) -> None:
        self.limits = limits
        self.show_limits()
        await self.transcript.note(words, error=error)
