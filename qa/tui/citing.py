"""What is copied for a report: quotations, answers and links, in the style of citation that the person chose.

The text is written in a thread, since each passage is looked up again; what comes out goes to the clipboard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from qa.copied import answer_head, answer_with_notes, quote_with_source
from qa.tui.wording import link, sources
from qa.tui.workers import explain_failure
from qa.visible import one_line

if TYPE_CHECKING:
    from qa.entities import Answer, Citation, RelatedPassage
    from qa.tui.app import ChatApp
    from qa.tui.services import Services

__all__ = ["PLAIN", "STYLES", "Citing", "answer_to_copy", "link_to_copy", "quotation_to_copy"]

PLAIN = "plain"
STYLES = {
    PLAIN: "title, outlet, date, file and sentences",
    "footnote": "a full note of Chicago's, with the reference",
    "chicago": "author and date, and an entry",
    "apa": "author and date, and an entry",
    "mla": "author, and an entry",
    "inline": "everything in one parenthesis",
}
"""Style -> what it writes."""


class Citing:
    """The style in use, and what is copied in it."""

    def __init__(self, app: ChatApp, services: Services) -> None:
        """The style of the settings, otherwise the one chosen last.

        Args:
            app: Its clipboard is used, and its notices.
            services: Where passages are looked up.
        """
        self._app, self._services = app, services
        kept = services.preferences.citation_style or services.remembered_style()
        self.style = kept if kept in STYLES else PLAIN

    def choose(self) -> None:
        """Ask for another style."""
        from qa.tui.screens.citation_style import CitationStyleScreen

        self._app.push_screen(CitationStyleScreen(self.style), self._chosen)

    def _chosen(self, style: str | None) -> None:
        if style is not None:
            self.style = style
            self._services.remember_style(style)
            self._app.notify(f"Citations are copied as {style}: {STYLES[style]}.")

    def copy_quotation(self, source: Citation | RelatedPassage, answer: Answer | None) -> None:
        """Copy a quotation with its citation.

        Args:
            source: What is quoted.
            answer: That cites it, whose day is the day of access; None for today.
        """
        self._copy(partial(quotation_to_copy, self._services, source, self._day(answer), self.style))

    def copy_answer(self, answer: Answer) -> None:
        """Copy an answer with all of its citations."""
        self._copy(partial(answer_to_copy, self._services, answer, self.style))

    def copy_link(self, source: Citation | RelatedPassage) -> None:
        """Copy the address of the quoted words; without a web address, the file's."""
        self._copy(partial(link_to_copy, self._services, source, self._day(None)))

    def _day(self, answer: Answer | None) -> date:
        return _day_of(answer) if answer is not None else self._services.now().date()

    def _copy(self, compose: Callable[[], str]) -> None:
        self._app.run_worker(partial(self._compose, compose), thread=True, group="cite")

    def _compose(self, compose: Callable[[], str]) -> None:
        try:
            text = compose()
        except Exception as error:  # the worker's outer edge: nothing is copied, and the person hears why
            words = one_line(explain_failure(error))
            self._app.call_from_thread(self._app.notify, words, severity="error", markup=False)
            return
        self._app.call_from_thread(self._app.copy_to_clipboard, text)


def quotation_to_copy(services: Services, source: Citation | RelatedPassage, accessed: date, style: str) -> str:
    """A quotation with its citation; in plain words where the index has the passage no more."""
    return _in_style(services, (source,), accessed, style) or quote_with_source(source)


def answer_to_copy(services: Services, answer: Answer, style: str) -> str:
    """Question and answer, then what is cited, or the related passages, called what they are."""
    cited = _in_style(services, sources(answer), _day_of(answer), style)
    return f"{answer_head(answer)}\n\n{cited}" if cited else answer_with_notes(answer)


def link_to_copy(services: Services, source: Citation | RelatedPassage, accessed: date) -> str:
    """To the words on their page where there is one, otherwise to the file."""
    (*_, found) = (None, *services.cite((source,), accessed=accessed))
    return (found.current.link if found is not None else None) or link(source)


def _in_style(services: Services, cited: Sequence[Citation | RelatedPassage], accessed: date, style: str) -> str | None:
    """As `qa cite` writes it; None where that is plain, or nothing is left to cite."""
    if style == PLAIN:
        return None
    from qa.report.formats import Format, written
    from qa.report.styles import Style

    found = [passage.current for passage in services.cite(cited, accessed=accessed)]
    distinct = list({passage.label: passage for passage in found}.values())
    return written(distinct, Style(style), Format.TEXT).rstrip("\n") or None


def _day_of(answer: Answer) -> date:
    return datetime.fromisoformat(answer.asked_at).date()
