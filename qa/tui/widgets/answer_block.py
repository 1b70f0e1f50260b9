"""One question and what was made of it: states are waiting, searching, reading, answered, stopped and failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from index.entities import Freshness
from qa.events import Answered, Read, Retrieved, Searching
from qa.tui.messages import BlockChosen, SourceChosen
from qa.tui.wording import copies_count, origin, quotation_parts, sources, statements, verdict_words
from qa.visible import one_line, visible

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import Click

    from qa.entities import Answer, Citation, RelatedPassage
    from qa.events import Event

__all__ = ["AnswerBlock", "NoteBlock", "SourceLine", "quotation"]


class SourceLine(Vertical):
    """One citation or related passage in a line or two; a click opens it in the reader."""

    def __init__(self, answer: Answer, position: int) -> None:
        super().__init__(classes="source")
        self.answer = answer
        self.position = position

    def compose(self) -> ComposeResult:
        """Where it comes from; of a related passage, its words too."""
        source = sources(self.answer)[self.position]
        number = f"[{self.position + 1}]" if self.answer.citations else f" {self.position + 1} "
        status, copies = getattr(source, "status", Freshness.SAME), copies_count(source)
        line = Content.assemble(
            (number, "$text-accent"),
            " ",
            ("" if status is Freshness.SAME else f"{status.value} · ", "$text-warning"),
            (f"{copies} · " if copies else "", "dim"),
            (origin(source), "dim"),
        )
        yield Static(line, classes="source-origin")
        if not self.answer.citations:
            yield Static(Content(one_line(source.quote)), classes="source-quote")

    def on_click(self, event: Click) -> None:
        """Follow it."""
        event.stop()
        self.post_message(SourceChosen(answer=self.answer, position=self.position, follow=True))


class NoteBlock(Static):
    """Something that is said to the person between the answers."""

    def __init__(self, text: str, *, error: bool = False) -> None:
        super().__init__(Content(visible(text)), classes="note -error" if error else "note")
        self.text = text


class AnswerBlock(Vertical):
    """A question; then, as it becomes known, its answer."""

    def __init__(self, number: int, question: str) -> None:
        super().__init__(classes="answer-block -pending")
        self.number = number
        self.question = question
        self.answer: Answer | None = None
        self.chosen = 0
        """Position of the source that keys act on."""

    def compose(self) -> ComposeResult:
        """The question and a line of progress."""
        yield Static(Content(visible(self.question)), classes="question")
        yield Static("", classes="standalone")
        yield Static(Content("waiting for the models"), classes="progress")

    def on_click(self, event: Click) -> None:
        """Take the answer in hand; text selection goes on as usual."""
        event.stop()
        self.post_message(BlockChosen(number=self.number))

    def say(self, words: str) -> None:
        """Show how far the answer is."""
        self.query_one(".progress", Static).update(Content(words))

    def report(self, event: Event) -> None:
        """Show an event of the answer."""
        match event:
            case Searching(standalone_question=standalone, passages=count):
                if standalone != self.question:
                    self.query_one(".standalone", Static).update(Content(f"searched for: {one_line(standalone)}"))
                    self.add_class("-standalone")
                self.say(f"searching {count:,} passages")
            case Retrieved(hits=hits):
                self.say(f"reading {len(hits)} passages")
            case Read():
                self.say("checking the quotations")
            case Answered(answer=answer):
                self.show_answer(answer)

    def show_answer(self, answer: Answer) -> None:
        """Show the answer with its sources."""
        self.answer = answer
        self.remove_class("-pending")
        self.add_class(f"-{answer.verdict.value.replace('_', '-')}")
        if answer.standalone_question != answer.question:
            searched = Content(f"searched for: {one_line(answer.standalone_question)}")
            self.query_one(".standalone", Static).update(searched)
            self.add_class("-standalone")
        parts: list[Widget] = [Static(line, classes="statement") for line in _statement_lines(answer)]
        if parts:
            parts[0].add_class("-first")
        parts.append(Static(Content(verdict_words(answer)), classes="verdict"))
        if not answer.citations and answer.related:
            parts.append(Static(Content("related, not an answer"), classes="related-heading"))
        parts.extend(SourceLine(answer, position) for position in range(len(sources(answer))))
        self.query_one(".progress", Static).remove()
        self.mount(*parts)

    def stop(self, words: str, *, error: bool = False) -> None:
        """End without an answer."""
        self.remove_class("-pending")
        self.add_class("-error" if error else "-stopped")
        self.say(visible(words))

    def choose(self, position: int) -> bool:
        """Mark one source as the one that keys act on; False when there is none."""
        if self.answer is None or not 0 <= position < len(sources(self.answer)):
            return False
        self.chosen = position
        for line in self.query(SourceLine):
            line.set_class(line.position == position, "-chosen")
        return True


def _statement_lines(answer: Answer) -> list[Content]:
    """The claims; below a short one, the sentence that it was taken from."""
    found = statements(answer)
    lines = []
    for statement in found:
        marks = "".join(f"[{number}]" for number in statement.numbers)
        date = (f"{statement.date or 'undated'}  ", "dim") if len(found) > 1 else ("", "")
        lines.append(Content.assemble(date, (statement.text, "bold"), " ", (marks, "$text-accent bold")))
    if len(found) == 1 and answer.citations and found[0].text != one_line(answer.citations[0].quote):
        lines.append(quotation(answer.citations[0]))
    return lines


def quotation(source: Citation | RelatedPassage, style: str = "") -> Content:
    """A quotation in one line, with the words that answer set off."""
    before, words, after = quotation_parts(source)
    return Content.assemble((before, style), (words, "bold $text-accent"), (after, style))
