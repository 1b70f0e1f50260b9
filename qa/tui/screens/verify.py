"""Checks the quotations of a draft: a label for each, and where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from qa.tui.screens.looking_up import Found, Item, LookingUp, painted
from qa.tui.workers import source_at

__all__ = ["VerifyScreen"]

MOST_SHOWN = 500
"""Quotations on the screen; `qa verify` prints all."""


class VerifyScreen(LookingUp):
    """What is not verbatim comes first."""

    HEADING: ClassVar[str] = "Check a draft"
    HINT: ClassVar[str] = "the file of a draft: Markdown, HTML, DOCX or plain text"

    def find(self, typed: str) -> Found:
        """Check a file."""
        from qa.report.verify_report import Label
        from qa.report.verify_words import counts_words, item_words, lines_words

        report = self.services.verify(Path(typed).expanduser())
        said = counts_words(report)
        if report.unbalanced:
            said += f"\nQuotation marks without a counterpart, not checked, in {lines_words(report.unbalanced)}"
        if len(report.checked) > MOST_SHOWN:
            said += f"\nThe first {MOST_SHOWN} are shown; qa verify prints all"
        ordered = sorted(report.checked, key=lambda item: item.label is Label.VERBATIM)[:MOST_SHOWN]
        items = [
            Item(
                words=painted(list(item_words(item))),
                source=source_at(self.services, item.places[0]) if item.places else None,
            )
            for item in ordered
        ]
        return Found(said=said, items=tuple(items))
