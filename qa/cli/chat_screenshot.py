"""A picture of the chat with one answer: asks without a terminal and writes what a terminal would show as SVG."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.errors import SettingsError

if TYPE_CHECKING:
    from qa.cli.chat_services import ChatServices

__all__ = ["write_screenshot"]

SIZE = (110, 26)
"""Columns and lines."""
WAIT_S = 300.0
"""The models are loaded in it."""


def write_screenshot(services: ChatServices, question: str, file: str) -> int:
    """Ask a question in the chat and write the screen.

    Raises:
        NoIndexError: there is nothing to ask.
        SettingsError: the file cannot be written.
    """
    services.open_assistant().searcher.close()  # what is missing is said here, not in the picture
    svg = asyncio.run(_picture(services, question))
    try:
        Path(file).write_text(svg, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror or error}") from error
    click.echo(f"written: {file}", err=True)
    return 0


async def _picture(services: ChatServices, question: str) -> str:
    from qa.tui.app import ChatApp

    app = ChatApp(services, question=question)
    app.animation_level = "none"
    async with app.run_test(size=SIZE) as pilot:
        async with asyncio.timeout(WAIT_S):
            while app.chat.busy or not app.conversation.turns:
                await pilot.pause(0.05)
        await pilot.press("escape")
        await pilot.pause(0.2)
        return app.export_screenshot(title="qa chat")
