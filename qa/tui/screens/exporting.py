"""What screens share that export: ask for format and file, ask before files are replaced, write in a worker."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from textual import work
from textual.screen import Screen, ScreenResultType

from qa.tui.screens.confirm import ConfirmScreen
from qa.tui.workers import explain_failure
from qa.visible import name_in_line, one_line

if TYPE_CHECKING:
    from qa.entities import Answer, Conversation
    from qa.report.basket.entities import Basket
    from qa.report.export.written import ExportFormat
    from qa.tui.services import Services

__all__ = ["Exporting"]

_NAME_WORDS = 5


class Exporting(Screen[ScreenResultType]):
    """A screen that can write reports."""

    services: Services

    def export(self, what: Answer | Conversation | Basket, *, called: str, title: str) -> None:
        """Ask as what and where to, then write it.

        Args:
            what: Is exported.
            called: Says what it is, visible.
            title: Gives the file its name.
        """
        from qa.tui.screens.export import ExportScreen

        words = re.findall(r"\w+", title.casefold())[:_NAME_WORDS]
        self.app.push_screen(
            ExportScreen(called, name="-".join(words) or "report"),
            lambda chosen: self._confirm(what, *chosen) if chosen is not None else None,
        )

    def _confirm(self, what: Answer | Conversation | Basket, shape: ExportFormat, file: Path) -> None:
        there = [path for path in self.services.reports.files(file, shape) if path.exists()]
        if not there:
            self._write(what, shape, file)
            return
        question = ConfirmScreen(
            f"Replace {name_in_line(file.name)}?" if there[0] == file else "Replace the bibliography?",
            details="These are there already: " + ", ".join(name_in_line(str(path)) for path in there),
            yes="Replace",
            no="Keep",
        )

        def answered(yes: bool | None) -> None:
            if yes:
                self._write(what, shape, file)

        self.app.push_screen(question, answered)

    @work(thread=True, group="export")
    def _write(self, what: Answer | Conversation | Basket, shape: ExportFormat, file: Path) -> None:
        try:
            said, wrong = self.services.reports.export(what, file, shape), False
        except Exception as error:  # the worker's outer edge: nothing is half-written, and the person hears why
            said, wrong = explain_failure(error), True
        severity: Literal["error", "information"] = "error" if wrong else "information"
        self.app.call_from_thread(self.app.notify, one_line(said), severity=severity, markup=False)
