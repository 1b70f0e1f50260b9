"""Names a folder of articles to add, with the names of the folders that are there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from qa.tui.screens.closing import ClosesOnce
from qa.visible import name_in_line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

__all__ = ["AddFolderScreen", "folders_beginning"]

MOST_FOLDERS = 200


class AddFolderScreen(ClosesOnce, ModalScreen[Path | None]):
    """Gives the folder or file that was named; None when nothing is to be added."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "#add-path"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "Complete", id="add.complete", tooltip="Complete the name of the folder"),
        Binding("down", "folders", "Folders", id="add.folders", tooltip="Choose among the folders below"),
        Binding("escape", "back", "Cancel", id="add.back", tooltip="Add nothing"),
    ]

    def __init__(self, start: str = "") -> None:
        """Nothing is read yet.

        Args:
            start: What stands in the line at first.
        """
        super().__init__()
        self._start = start
        self._folders: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """A line for the path, the folders it may become, two buttons."""
        with Vertical(classes="dialog"):
            yield Static(Content("Add a folder of articles"), classes="dialog-title")
            yield Input(self._start, placeholder="folder or file; tab completes", id="add-path", select_on_focus=False)
            yield OptionList(id="add-folders", classes="dialog-list", markup=False, compact=True)
            yield Static(id="add-problem", classes="dialog-error")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Look at it (enter)", id="add-go", variant="primary", compact=True)
                yield Button("Cancel (esc)", id="add-cancel", compact=True)

    def on_mount(self) -> None:
        """Show the folders of the current one."""
        self._list(self._start)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one("#add-problem", Static).update("")
        self._list(event.value)

    @work(thread=True, exclusive=True, group="add-folders")
    def _list(self, typed: str) -> None:
        found = folders_beginning(typed)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._show, found)

    def _show(self, found: tuple[str, ...]) -> None:
        self._folders = found
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(Content(name_in_line(folder))) for folder in found)
        options.display = bool(found)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self._put(self._folders[event.option_index])

    def _put(self, path: str) -> None:
        line = self.query_one(Input)
        line.value = path
        line.focus()
        line.cursor_position = len(path)

    def action_complete(self) -> None:
        """Complete as far as all folders agree; where nothing can be completed, go to what comes next."""
        line = self.query_one(Input)
        common = os.path.commonprefix(self._folders)  # noqa: RUF071  # letters in common are what is wanted
        if line.has_focus and len(common) > len(line.value):
            self._put(common)
        else:
            self.focus_next()

    def action_folders(self) -> None:
        """Go into the list."""
        if self._folders:
            options = self.query_one(OptionList)
            options.focus()
            options.highlighted = options.highlighted or 0

    @on(Input.Submitted)
    @on(Button.Pressed, "#add-go")
    def _go(self) -> None:
        typed = self.query_one(Input).value.strip()
        path = Path(typed).expanduser()
        if not typed:
            self._say("Name a folder, such as articles/ or ~/news")
        elif not path.exists():
            self._say(f"{name_in_line(str(path))} does not exist; check its name")
        else:
            self.dismiss(path)

    def _say(self, problem: str) -> None:
        self.query_one("#add-problem", Static).update(Content(problem))
        self.query_one(Input).focus()

    @on(Button.Pressed, "#add-cancel")
    def action_back(self) -> None:
        """Add nothing."""
        self.dismiss(None)


def folders_beginning(typed: str) -> tuple[str, ...]:
    """The folders whose path begins with what was typed, written as it was typed, with a slash at the end [I/O].

    Hidden ones only after a dot; upper and lower case count as the file system has them.
    """
    parent, _, beginning = typed.rpartition("/")
    shown = f"{parent}/" if "/" in typed else ""
    try:
        with os.scandir(Path(shown or ".").expanduser()) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(beginning) and entry.is_dir()]
    except OSError:
        return ()  # the path is not there, or may not be read; entering it says so
    names = [name for name in names if beginning.startswith(".") or not name.startswith(".")]
    return tuple(f"{shown}{name}/" for name in sorted(names)[:MOST_FOLDERS])
