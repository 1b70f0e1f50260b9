"""The keys of all screens: checked against the settings, listed for the help and the palette."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.binding import Binding

from qa.errors import SettingsError
from qa.tui.screens.help import KeyHelp

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode
    from textual.screen import Screen

__all__ = ["bindings_of", "check_keys", "every_binding", "help_rows", "where_of"]

_PLACES = {
    "app": "Everywhere",
    "chat": "Chat",
    "prompt": "Prompt",
    "answers": "Answers",
    "evidence": "Evidence",
    "reader": "Article",
    "library": "Library",
    "history": "History",
    "basket": "Basket",
    "export": "Exporting",
    "line": "A line of text",
    "add": "Adding a folder",
    "preview": "Before indexing",
    "report": "After indexing",
    "rename": "Renaming",
    "look": "Checking and looking up",
    "style": "Style of citations",
    "confirm": "Questions",
    "help": "Help",
    "first": "First start",
}
"""First word of a binding's id -> what has to have the focus."""
_MODULES = (
    "qa.tui.app",
    "qa.tui.screens.chat",
    "qa.tui.widgets.prompt",
    "qa.tui.widgets.transcript",
    "qa.tui.widgets.evidence",
    "qa.tui.screens.evidence",
    "qa.tui.screens.reader",
    "qa.tui.widgets.article_text",
    "qa.tui.screens.library",
    "qa.tui.screens.library_table",
    "qa.tui.screens.library_add",
    "qa.tui.screens.index_job",
    "qa.tui.screens.history",
    "qa.tui.screens.basket",
    "qa.tui.screens.basket_table",
    "qa.tui.screens.export",
    "qa.tui.screens.line",
    "qa.tui.screens.history_table",
    "qa.tui.screens.history_rename",
    "qa.tui.screens.looking_up",
    "qa.tui.screens.citation_style",
    "qa.tui.screens.confirm",
    "qa.tui.screens.first_run",
    "qa.tui.screens.help",
)


def every_binding() -> Iterator[Binding]:
    """The bindings of all screens and widgets that have an id; imports them all."""
    for name in _MODULES:
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and value.__module__ == name:
                yield from bindings_of(value)


def bindings_of(kind: type) -> Iterator[Binding]:
    """The bindings with an id that a class itself defines."""
    for binding in vars(kind).get("BINDINGS", ()):
        if isinstance(binding, Binding) and binding.id is not None:
            yield binding


def check_keys(keys: Mapping[str, str]) -> None:
    """See that each id names a binding.

    Raises:
        SettingsError: one does not; names the nearest.
    """
    if not keys:
        return
    known = {binding.id: None for binding in every_binding() if binding.id is not None}
    for name, pressed in keys.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise SettingsError(f"keys: there is no action {name!r}; did you mean {near!r}? (F1 in the chat lists all)")
        if not pressed.strip(" ,"):
            raise SettingsError(f"keys: {name} has no key; write one, such as ctrl+t, or leave the line out")


def where_of(binding: Binding) -> str:
    """What has to have the focus for a binding to work."""
    return _PLACES.get((binding.id or "").partition(".")[0], "")


def help_rows(app: App[Any], screen: Screen[Any]) -> list[KeyHelp]:
    """What can be done by key where the focus is, the nearest first."""
    rows: dict[tuple[str, str], list[str]] = {}
    ids: dict[tuple[str, str], str] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id is None or binding.id[-1] in "23456789":  # the first of a row of numbers stands for all
            continue
        about = binding.tooltip or binding.description
        rows.setdefault((where_of(binding), about), []).append(
            binding.key_display if binding.id[-1] == "1" and binding.key_display else _written(app, binding)
        )
        ids.setdefault((where_of(binding), about), binding.id)
    return [
        KeyHelp(where=where, keys=" ".join(dict.fromkeys(keys)), about=about, id=ids[where, about])
        for (where, about), keys in rows.items()
    ]


def _written(app: App[Any], binding: Binding) -> str:
    """The keys as the keyboard has them; what the footer shows may stand for several."""
    keys = binding.key.split(",")
    return " ".join(app.get_key_display(replace(binding, key=key.strip(), key_display=None)) for key in keys)


def commands_of(
    app: App[Any], screen: Screen[Any], remapped: Mapping[str, str]
) -> Iterator[tuple[str, str, str, DOMNode]]:
    """What the palette offers on a screen: what it does, its keys and id, the action and whose it is.

    Args:
        app: Its actions, too.
        screen: The one that the palette was called from.
        remapped: Id -> keys of the settings.
    """
    seen = set()
    nodes: list[DOMNode] = [app, screen, *screen.query("*").results()]
    for node in nodes:
        for binding in (b for kind in type(node).__mro__ for b in bindings_of(kind)):
            about = binding.tooltip or binding.description
            if about not in seen and getattr(node, "display", True):
                seen.add(about)
                shown = replace(binding, key=remapped.get(binding.id or "", binding.key))
                yield about, f"{_written(app, shown)}  ·  {binding.id}", binding.action, node
