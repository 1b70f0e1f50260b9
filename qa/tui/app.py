"""The terminal chat as an app: `ChatApp(services).run()`.

What the screens share lives here: the keys, the theme, the clipboard, the indexing that goes on behind them, and the
way from the history back into the chat. A screen reaches it as `self.app`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import App, SystemCommand
from textual.binding import Binding

from qa.errors import SettingsError
from qa.tui.citing import Citing
from qa.tui.clipboard import copy
from qa.tui.indexing import IndexJob
from qa.tui.messages import Asked
from qa.tui.screens.chat import ChatScreen

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.screen import Screen

    from qa.entities import Answer, Citation, Conversation, RelatedPassage
    from qa.tui.services import Services

__all__ = ["ChatApp"]

DEFAULT_THEME = "textual-dark"
TERMINATED, HUNG_UP = 143, 129
"""Exit codes after a SIGTERM and a SIGHUP, as shells have them."""
HANGUP_CHECK_S = 2.0
DEFAULT_BASKET = "main"


class ChatApp(App[str]):
    """The app; `run()` returns "plain" when the person wants to go on without a screen.

    For its screens: `services` is what they may call, `index_job` the one indexing, `basket` the name of the one that
    is pinned to, `read(sources, position)` opens an article, `resume(conversation_id)` leaves every screen above the
    chat and goes on with a kept conversation, and `copy_to_clipboard(text)` copies and says where to.
    """

    CSS_PATH: ClassVar[str | None] = "screens/chat.tcss"  # textual reads no CSS_PATH of a default screen
    TITLE = "qa"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  # textual declares it of the instance
        (0, "-narrow"),
        (80, "-medium"),
        (100, "-wide"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="app.quit", tooltip="Leave"),
        Binding(
            "ctrl+p",
            "command_palette",
            "Commands",
            show=False,
            priority=True,
            id="app.palette",
            tooltip="Everything that can be done here",
        ),
        Binding("f1", "help", "Help", priority=True, id="app.help", tooltip="Keys and commands"),
        Binding("f2", "settings", "Settings", show=False, id="app.settings", tooltip="Open your settings in $EDITOR"),
        Binding("f8", "screenshot", "Picture", show=False, id="app.screenshot", tooltip="Keep this screen as SVG"),
    ]

    def __init__(
        self, services: Services, *, question: str | None = None, on_first_paint: Callable[[], None] | None = None
    ) -> None:
        """Nothing is opened yet.

        Args:
            services: What stands behind the screens.
            question: Asked as soon as it can be.
            on_first_paint: Called once, when the prompt is on the screen.

        Raises:
            SettingsError: a theme or an id of a key is unknown.
        """
        super().__init__()
        self.services = services
        self.index_job = IndexJob(self, services)
        self.citing = Citing(self, services)
        self.basket = DEFAULT_BASKET
        self._question = question
        self._on_first_paint = on_first_paint
        preferences = services.preferences
        if preferences.keys:
            from qa.tui.keymap import check_keys

            check_keys(preferences.keys)
            self.set_keymap(dict(preferences.keys))
        if preferences.reduced_motion:
            self.animation_level = "none"
        self.theme = self._first_theme()

    def _first_theme(self) -> str:
        chosen = self.services.preferences.theme
        if chosen is None:
            kept = self.services.remembered_theme()
            return kept if kept in self.available_themes else DEFAULT_THEME
        if chosen not in self.available_themes:
            import difflib

            near = difflib.get_close_matches(chosen, self.available_themes, n=1, cutoff=0.0)[0]
            raise SettingsError(f"theme: there is no theme {chosen!r}; did you mean {near!r}?")
        return chosen

    def get_default_screen(self) -> Screen[Any]:
        """The chat; the others are pushed above it."""
        return ChatScreen(self.services)

    def on_mount(self) -> None:
        """Without an index, offer to make one; a theme that is chosen from here on is kept."""
        if not self.is_headless and sys.platform != "win32":
            # the default leaves the terminal raw and on the other screen
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, partial(self.exit, return_code=TERMINATED))
            self.set_interval(HANGUP_CHECK_S, self._leave_with_the_terminal)
        self.theme_changed_signal.subscribe(self, lambda theme: self.services.remember_theme(theme.name))
        if self._question:
            self.chat.post_message(Asked(self._question))
        if not self.services.index_exists():
            from qa.tui.screens.first_run import FirstRunScreen

            self.push_screen(FirstRunScreen())

    def _leave_with_the_terminal(self) -> None:
        """A closed window sends SIGHUP to what it started, which may be make; the chat would read nothing for ever."""
        import termios

        try:
            termios.tcgetattr(sys.__stdin__)  # type: ignore[arg-type]  # there is one, or no chat
        except termios.error:
            self.exit(return_code=HUNG_UP)

    @property
    def chat(self) -> ChatScreen:
        """The screen at the bottom."""
        return cast("ChatScreen", self.screen_stack[0])

    def post_display_hook(self) -> None:
        """Tell of the first paint."""
        if self._on_first_paint is None or not self.is_running or not self.screen_stack:
            return
        if self.screen.is_mounted and any(self.screen.query("Prompt, FirstRunScreen Input").results()):
            tell, self._on_first_paint = self._on_first_paint, None
            tell()

    # --- for the screens ---------------------------------------------------------------------------------------

    def read(
        self, sources: Sequence[Citation | RelatedPassage], position: int, *, answer: Answer | None = None
    ) -> None:
        """Open the article of a citation; the others are a key away.

        Args:
            sources: Of one answer, or of a basket.
            position: Of the one to begin with, from 0.
            answer: Whose sources they are.
        """
        from qa.tui.screens.reader import ReaderScreen

        self.push_screen(ReaderScreen(self.services, sources[position].article_id, sources, position, answer=answer))

    def resume(self, conversation_id: str) -> None:
        """Leave every screen above the chat and go on with a kept conversation.

        Args:
            conversation_id: As `ConversationStore.list` has it; a running answer is cancelled first.
        """
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.chat.resume(conversation_id)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy by the way that the preferences name, and say where the text is now."""
        self.run_worker(partial(self._copy, text), thread=True, group="copy")

    def _copy(self, text: str) -> None:
        said = copy(self, text, self.services.preferences.clipboard, self.services.paths.state)
        self.call_from_thread(self.notify, said, markup=False)

    def leave_for_plain(self) -> None:
        """Leave; the conversation goes on line by line."""
        self.exit("plain")

    @property
    def conversation(self) -> Conversation:
        """What was asked so far."""
        return self.chat.conversation

    # --- what works everywhere ---------------------------------------------------------------------------------

    def action_help(self) -> None:
        """The keys of what has the focus."""
        from qa.tui.keymap import help_rows
        from qa.tui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        else:
            self.push_screen(HelpScreen(help_rows(self, self.screen), commands=isinstance(self.screen, ChatScreen)))

    def action_settings(self) -> None:
        """Open the person's settings file; one with every setting explained is written if there is none."""
        from qa.tui.external import UNSET_EDITOR, editor_command, open_file

        open_file(self, editor_command, os.environ, file=str(self.services.settings_file()), unset=UNSET_EDITOR)

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Keep the screen as an SVG file in the state folder, and say so."""
        folder = self.services.paths.state
        folder.mkdir(parents=True, exist_ok=True)
        name = filename or f"qa-{self.services.now():%Y-%m-%d-%H%M%S}.svg"
        self.notify(f"Kept as {self.save_screenshot(name, path or str(folder))}", markup=False)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Textual's commands, and whatever a key does here."""
        from qa.tui.keymap import commands_of

        own = {"Quit", "Keys", "Screenshot"}  # ours say more
        yield from (command for command in super().get_system_commands(screen) if command.title not in own)
        for about, keys, action, node in commands_of(self, screen, self.services.preferences.keys):
            yield SystemCommand(about, keys, partial(self.run_action, action, node))
