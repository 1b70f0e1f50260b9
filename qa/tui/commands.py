"""The slash commands of the chat, each with its words of help; `/help`, the palette and completion read them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

__all__ = ["COMMANDS", "Command", "matching", "nearest", "parse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One slash command."""

    name: str
    """Without the slash."""
    about: str
    argument: str = ""
    """What may follow it; empty when nothing does."""
    action: str = ""
    """Of the chat screen, for a command that takes no argument."""
    plain: bool = False
    """Whether the line-by-line chat has it too."""


COMMANDS = (
    Command(name="new", about="begin a new conversation", action="new", plain=True),
    Command(name="read", argument="N", about="open the article at citation N", plain=True),
    Command(name="copy", argument="N", about="copy quotation N with its source; all: the answer with notes"),
    Command(name="link", about="copy where the citation in hand stands, as a link", action="copy_link"),
    Command(name="style", about="choose how citations are copied", action="choose_style"),
    Command(name="verify", argument="FILE", about="check the quotations of a draft"),
    Command(name="whence", argument="WORDS", about="find where an excerpt comes from"),
    Command(name="edit", about="edit what was searched for, and ask again", action="edit"),
    Command(name="pin", about="pin the citation in hand to the basket", action="pin"),
    Command(name="basket", about="what is pinned: order, notes, headings, export", action="basket"),
    Command(name="export", about="write the conversation as a report", action="export_conversation"),
    Command(name="explain", about="how the answer in hand was made", action="explain", plain=True),
    Command(name="evidence", about="show or hide the evidence", action="evidence"),
    Command(name="since", argument="DATE", about="only articles from then on; alone: from any day", plain=True),
    Command(name="until", argument="DATE", about="only articles up to then; alone: to any day", plain=True),
    Command(name="source", argument="GLOB", about="only articles whose path or outlet matches; alone: all", plain=True),
    Command(name="exact", argument="WORDS", about="ask for these very words", plain=True),
    Command(name="history", about="earlier conversations", action="history", plain=True),
    Command(name="library", about="the articles; add, update, remove", action="library"),
    Command(name="index", argument="FOLDER", about="add a folder of articles; alone: the library"),
    Command(name="pager", about="open the cited file in $PAGER", action="pager"),
    Command(name="editor", about="open the cited file in $EDITOR", action="editor"),
    Command(name="settings", about="open your settings in $EDITOR", action="app.settings"),
    Command(name="theme", about="choose the colours", action="app.change_theme"),
    Command(name="screenshot", about="keep this screen as an SVG file", action="app.screenshot"),
    Command(name="plain", about="go on line by line, without a screen", action="plain"),
    Command(name="help", about="keys and commands", action="app.help", plain=True),
    Command(name="quit", about="leave", action="app.quit", plain=True),
)


def matching(typed: str) -> tuple[Command, ...]:
    """The commands that begin with what was typed after the slash."""
    return tuple(command for command in COMMANDS if command.name.startswith(typed.casefold()))


def parse(line: str) -> tuple[str, str]:
    """Name and argument of a line that begins with a slash."""
    name, _, argument = line.strip().removeprefix("/").partition(" ")
    return name.casefold(), argument.strip()


def nearest(name: str, commands: tuple[Command, ...] = COMMANDS) -> str:
    """What to say of a command that does not exist."""
    near = difflib.get_close_matches(name, [command.name for command in commands], n=1)
    return f"There is no command /{name}. {f'Did you mean /{near[0]}?' if near else '/help lists them.'}"
