"""Where questions are typed. Never disabled: what is sent early waits for its turn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from qa.tui.commands import COMMANDS, Command, matching, parse
from qa.tui.messages import ArticleFound, Asked, CommandGiven
from qa.visible import one_line

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import Focus, Key

    from qa.tui.services import ArticleRow

__all__ = ["Prompt", "Suggestions"]

MOST = 50
"""Articles offered at once."""


class Suggestions(OptionList, can_focus=False):
    """Commands or articles that fit what is being typed; a click takes one."""

    def __init__(self) -> None:
        super().__init__(compact=True)
        self.choices: tuple[Command | ArticleRow, ...] = ()

    def offer(self, choices: tuple[Command | ArticleRow, ...]) -> None:
        """Show these; nothing hides the list."""
        self.choices = choices
        self.clear_options()
        self.add_options(Option(_shown(choice)) for choice in choices)
        self.highlighted = 0 if choices else None
        self.display = bool(choices)

    @property
    def choice(self) -> Command | ArticleRow | None:
        """The marked one."""
        return None if self.highlighted is None or not self.display else self.choices[self.highlighted]


def _shown(choice: Command | ArticleRow) -> Content:
    if isinstance(choice, Command):
        name = f"/{choice.name} {choice.argument}".rstrip()
        return Content.assemble((f"{name:<16}", "$text-accent"), (choice.about, "dim"))
    return Content.assemble((f"{choice.date or 'undated':<12}", "dim"), one_line(choice.title))


class Prompt(TextArea):
    """A text area that sends with Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Ask", id="prompt.send", tooltip="Ask the question, or run the /command"),
        Binding(
            "ctrl+j,shift+enter", "newline", "New line", show=False, id="prompt.newline", tooltip="Begin a new line"
        ),
        Binding("up", "up", "Earlier", show=False, id="prompt.up", tooltip="Line above, or the question before"),
        Binding("down", "down", "Later", show=False, id="prompt.down", tooltip="Line below, or the question after"),
        Binding("tab", "complete", "Complete", show=False, id="prompt.complete", tooltip="Take the marked suggestion"),
        Binding(
            "escape", "leave", "Answers", id="prompt.leave", tooltip="Cancel the running answer, or go to the answers"
        ),
        Binding("ctrl+d", "dates", "Dates", show=False, id="chat.since", tooltip="Ask only articles from a date on"),
        # These belong to the screen; here the footer shows them.
        Binding("ctrl+r", "screen.history", "History", id="chat.history", tooltip="Earlier conversations"),
        Binding("ctrl+b", "screen.library", "Library", id="chat.library", tooltip="The articles"),
    ]

    class Left(Message):
        """Escape was pressed."""

    class ArticlesWanted(Message):
        """The titles are needed for `@`."""

    def __init__(self) -> None:
        super().__init__(
            compact=True,
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            placeholder="Ask the articles  ·  / commands  ·  @ article",
        )
        self.asked: list[str] = []
        """Earlier questions, oldest first."""
        self.articles: tuple[ArticleRow, ...] | None = None
        self.focused_since_s = math.inf
        """When it first had the focus, on the clock of events."""
        self._early = False
        """Whether the text was typed before the prompt had the focus."""
        self._place = 0
        """In `asked`; its length stands for the draft."""
        self._draft = ""

    @property
    def suggestions(self) -> Suggestions:
        """The list above the prompt."""
        return self.screen.query_one(Suggestions)

    def on_focus(self, event: Focus) -> None:
        """Remember when keys began to come here."""
        self.focused_since_s = min(self.focused_since_s, event.time)

    def on_key(self, event: Key) -> None:
        """Leave to the bindings what TextArea would take for text."""
        if event.key == "enter" and "enter" in self.screen.active_bindings:
            event.prevent_default()

    def on_text_area_changed(self) -> None:
        """Offer what fits the text up to the cursor."""
        self._offer()

    def remember(self, questions: list[str]) -> None:
        """Questions that `up` goes back through."""
        self.asked = questions
        self._place = len(questions)

    def write(self, text: str) -> None:
        """Replace the text; the cursor goes to its end."""
        self.text = text
        self.move_cursor(self.document.end)

    def action_send(self) -> None:
        """Ask, or run a command; a suggestion that is marked comes first."""
        choice = self.suggestions.choice
        if choice is not None and not (isinstance(choice, Command) and self.text.strip() == f"/{choice.name}"):
            self.action_complete()
            return
        text, self._early = self.text.strip(), False
        if not text:
            return
        self.suggestions.offer(())
        self.write("")
        if text.startswith("/"):
            self.post_message(CommandGiven(*parse(text)))
            return
        if text not in self.asked[-1:]:
            self.asked.append(text)
        self._place, self._draft = len(self.asked), ""
        self.post_message(Asked(text))

    def action_newline(self) -> None:
        """Begin a new line."""
        if self._early:  # Enter, typed before the terminal was ours, comes as a line feed
            self.action_send()
        else:
            self.insert("\n")

    def take_early(self, event: Key) -> None:
        """Take a key that was pressed before the prompt had the focus."""
        self.focus()
        if event.is_printable and event.character:
            self._early = True
            self.insert(event.character)
        else:
            self.action_send()

    def action_complete(self) -> None:
        """Take the marked suggestion; without one, go on to the next widget."""
        choice = self.suggestions.choice
        if choice is None:
            self.screen.focus_next()
        elif isinstance(choice, Command):
            self.write(f"/{choice.name} ")
            if not choice.argument:
                self.suggestions.offer(())
                self.action_send()
        else:
            word = self._word()
            row, column = self.cursor_location
            self.replace("", (row, column - len(word)), (row, column))
            self.suggestions.offer(())
            self.post_message(ArticleFound(choice))

    def action_up(self) -> None:
        """The suggestion, line or question before."""
        if self.suggestions.display:
            self.suggestions.action_cursor_up()
        elif self.cursor_at_first_line and self._place > 0:
            self._recall(self._place - 1)
        else:
            self.action_cursor_up()

    def action_down(self) -> None:
        """The suggestion, line or question after."""
        if self.suggestions.display:
            self.suggestions.action_cursor_down()
        elif self.cursor_at_last_line and self._place < len(self.asked):
            self._recall(self._place + 1)
        else:
            self.action_cursor_down()

    def action_dates(self) -> None:
        """Begin a limit on the dates; in a text, delete the character under the cursor."""
        if self.text:
            self.action_delete_right()
        else:
            self.write("/since ")

    def action_leave(self) -> None:
        """Close the suggestions, or leave the prompt."""
        if self.suggestions.display:
            self.suggestions.offer(())
        else:
            self.post_message(self.Left())

    def _recall(self, place: int) -> None:
        if self._place == len(self.asked):
            self._draft = self.text
        self._place = place
        self.write(self._draft if place == len(self.asked) else self.asked[place])

    def _word(self) -> str:
        """What stands between the last blank and the cursor."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column].rpartition(" ")[2]

    def _offer(self) -> None:
        word = self._word()
        if self.text.startswith("/") and " " not in self.text and "\n" not in self.text:
            self.suggestions.offer(matching(self.text[1:]) if self.text != "/" else COMMANDS)
        elif word.startswith("@"):
            if self.articles is None:
                self.post_message(self.ArticlesWanted())
            self.suggestions.offer(self._articles_like(word[1:]))
        else:
            self.suggestions.offer(())

    def _articles_like(self, typed: str) -> tuple[ArticleRow, ...]:
        if not self.articles:
            return ()
        if not typed:
            return self.articles[:MOST]
        from textual.fuzzy import Matcher  # only `@` needs it

        matcher = Matcher(typed)
        scored = [(matcher.match(row.title), row) for row in self.articles]
        scored.sort(key=lambda pair: -pair[0])
        return tuple(row for score, row in scored if score > 0)[:MOST]
