"""Opening an article's file in the person's own programs [I/O].

What the variables hold is split like a shell would, but no shell ever sees the file's name.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from qa.visible import name_in_line, visible

if TYPE_CHECKING:
    from textual.app import App

__all__ = [
    "UNSET_EDITOR",
    "UNSET_PAGER",
    "CommandFor",
    "editor_command",
    "line_number",
    "open_file",
    "pager_command",
    "run_in_terminal",
]

UNSET_PAGER = "$PAGER is not set. Set it and start qa again, for example: export PAGER=less"
UNSET_EDITOR = "Neither $VISUAL nor $EDITOR is set. Set one and start qa again, for example: export EDITOR=nano"

CommandFor = Callable[[Mapping[str, str], str, int | None], list[str] | None]

_PLUS = {"less", "more", "most", "vi", "vim", "nvim", "view", "nano", "pico", "emacs", "emacsclient", "kak", "micro"}
_PLUS |= {"joe", "jed", "ne", "mcedit", "gvim", "mvim", "gedit", "kate"}
_GOTO = {"code", "code-insiders", "codium", "cursor", "windsurf"}
_COLON = {"hx", "helix", "subl", "zed", "mate", "lapce"}


def pager_command(environ: Mapping[str, str], file: str, line: int | None) -> list[str] | None:
    """`$PAGER` with the file; None when it is not set."""
    return _command(environ.get("PAGER"), file, line)


def editor_command(environ: Mapping[str, str], file: str, line: int | None) -> list[str] | None:
    """`$VISUAL`, otherwise `$EDITOR`, with the file; None when neither is set."""
    return _command(environ.get("VISUAL") or environ.get("EDITOR"), file, line)


def line_number(text: str, offset: int) -> int:
    """The line of a text file that an offset of its text lies in, from 1."""
    before = text[:offset]
    return 1 + before.count("\n") + before.count("\r") - before.count("\r\n")


def open_file(
    app: App[Any],
    command_for: CommandFor,
    environ: Mapping[str, str],
    *,
    file: str,
    unset: str,
    line: int | None = None,
) -> None:
    """Open a file in the person's program, and say so when that cannot be done.

    Args:
        app: Steps aside meanwhile.
        command_for: `pager_command` or `editor_command`.
        environ: Names the programs.
        file: Absolute path.
        unset: What to say when no program is named.
        line: Where to begin, from 1.
    """
    command = command_for(environ, file, line)
    if command is None:
        app.notify(unset, severity="warning", markup=False)
    elif (problem := run_in_terminal(app, command, file)) is not None:
        app.notify(problem, severity="error", markup=False)


def run_in_terminal(app: App[Any], command: list[str], file: str) -> str | None:
    """Lend the terminal to a command until it ends; return what went wrong, None when nothing did.

    Args:
        app: Steps aside meanwhile.
        command: The program and its arguments.
        file: The file it opens, which must be there.
    """
    from textual.app import SuspendNotSupported

    if not Path(file).is_file():
        return f"{name_in_line(file)} is no longer there; update the index in the library."
    try:
        with app.suspend():
            subprocess.run(command, check=False)
    except SuspendNotSupported:
        return "This terminal cannot be lent to another program."
    except OSError as error:
        return f"{visible(command[0])} could not be started: {error.strerror or error}."
    return None


def _command(program: str | None, file: str, line: int | None) -> list[str] | None:
    try:
        words = shlex.split(program or "", posix=os.name != "nt")
    except ValueError:  # a quotation mark without its partner
        return None
    if not words:
        return None
    name = PurePath(words[0]).stem.lower()
    if line is None:
        return [*words, file]
    if name in _GOTO:
        return [*words, "--goto", f"{file}:{line}"]
    if name in _COLON:
        return [*words, f"{file}:{line}"]
    return [*words, f"+{line}", file] if name in _PLUS else [*words, file]
