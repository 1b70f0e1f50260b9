"""The app without its chat, for tests of the screens above it: no model is loaded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from textual.events import Mount
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from index.encode import ModelFiles
from qa.tui.app import ChatApp
from qa.tui.services import Services
from tests.doubles import HashingEncoder


class PackagedDouble(HashingEncoder):
    """Embeds without torch, under the name of the packaged encoder, so that its indexes go on with the real one."""

    def __init__(self, model: ModelFiles) -> None:
        super().__init__()
        self.id, self.sha256 = model.id, model.sha256


class GatedEncoder(PackagedDouble):
    """Stops in the first article until it is let go on, so that a test can look at an indexing halfway."""

    def __init__(self, model: ModelFiles) -> None:
        super().__init__(model)
        self.gate, self.reached = threading.Event(), threading.Event()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        self.reached.set()
        assert self.gate.wait(60), "nobody opened the gate"
        return super().count_tokens(texts)


class Bottom(Screen[None]):
    """Stands where the chat stands; keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Message] = []

    def on_index_progress(self, message: Message) -> None:
        self.heard.append(message)

    on_index_done = on_index_failed = on_index_progress


class Host(ChatApp):
    """The app with an empty screen in place of the chat."""

    CSS_PATH = None

    def __init__(self, services: Services, *, screen: Callable[[Services], Screen[Any]] | None = None) -> None:
        super().__init__(services)
        self.resumed: list[str] = []
        self._above = screen

    def get_default_screen(self) -> Screen[Any]:
        return Bottom()

    def on_mount(self, event: Mount) -> None:  # type: ignore[override]  # Textual gives the event to those who take it
        event.prevent_default()  # no offer to make an index
        if self._above is not None:
            self.push_screen(self._above(self.services))

    def resume(self, conversation_id: str) -> None:
        self.resumed.append(conversation_id)


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until nothing is read or written any more, and everything is on the screen."""
    for _ in range(3):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    for line in pilot.app.screen.query(Input):
        line.cursor_blink = False


def said(screen: Screen[Any], selector: str) -> str:
    """The text of a widget."""
    return str(screen.query_one(selector).render())


def notices(app: ChatApp) -> str:
    """All that pops up."""
    return "\n".join(notification.message for notification in app._notifications)
