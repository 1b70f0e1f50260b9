"""Puts text on the clipboard by every way that may work, and says which way it took [I/O].

A terminal never says whether it obeyed OSC 52, so what goes that way is kept in a file too.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.visible import visible

if TYPE_CHECKING:
    from textual.app import App

__all__ = ["FILE_NAME", "MODES", "copy"]

FILE_NAME = "last-copy.txt"
MODES = ("auto", "osc52", "native", "file", "off")
_OSC52_BYTES = 74_994
"""What a terminal takes at least; xterm's limit, in bytes before base64."""


def copy(app: App[Any], text: str, mode: str, state_dir: Path) -> str:
    """Copy a text and say in one sentence where it is now.

    The system's clipboard may take its time, so this is best called from a thread worker; the app's thread works too.

    Args:
        app: Its terminal is asked with OSC 52.
        text: What to copy.
        mode: `auto` (the system's clipboard, otherwise OSC 52 and a file), `native`, `osc52`, `file` or `off`.
        state_dir: Where the file is written.
    """
    if mode == "off":
        return "Nothing was copied: the clipboard is switched off in the settings."
    text = text.encode("utf-8", "replace").decode("utf-8")  # halves of surrogate pairs cannot leave Python
    if mode in {"auto", "native"} and not (mode == "auto" and _is_remote(os.environ)) and _copy_natively(text):
        return "Copied to the clipboard."
    kept = _written(text, state_dir)
    if mode == "native":
        return f"This system's clipboard cannot be reached; {kept}"
    if mode == "file":
        return f"{kept[0].upper()}{kept[1:]}"
    _send_osc52(app, text)
    too_long = " The terminal may have cut it: it is long." if len(text.encode()) > _OSC52_BYTES else ""
    return f"Sent to the terminal's clipboard; {kept}{too_long}"


def _is_remote(environ: Mapping[str, str]) -> bool:
    """Whether the system's clipboard is not the one in front of the person."""
    remote = any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))
    return remote and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _copy_natively(text: str) -> bool:
    """Whether the system's clipboard now holds the text."""
    try:
        import pyperclip

        pyperclip.copy(text)
        held: str = pyperclip.paste()
    except Exception:  # it runs whatever program it finds; each fails in its own way
        return False
    return held.replace("\r\n", "\n").rstrip("\n") == text.replace("\r\n", "\n").rstrip("\n")


def _send_osc52(app: App[Any], text: str) -> None:
    from textual.app import App

    # textual's own method: an app may have put `copy` in its place
    if threading.get_ident() == app._thread_id:  # call_from_thread refuses the app's own thread
        App.copy_to_clipboard(app, text)
    else:
        app.call_from_thread(App.copy_to_clipboard, app, text)


def _written(text: str, state_dir: Path) -> str:
    """Write the file, readable for its owner only, and say so."""
    file = state_dir / FILE_NAME
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        with open(file, "w", encoding="utf-8", newline="\n", opener=_private) as stream:
            stream.write(text if text.endswith("\n") else f"{text}\n")
        return f"it is kept in {visible(str(file))}."
    except OSError as error:
        return f"it could not be kept in {visible(str(file))}: {error.strerror or error}."


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
