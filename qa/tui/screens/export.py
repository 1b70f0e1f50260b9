"""Asks as what, and where, a report is to be written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from qa.report.export.written import ExportFormat
from qa.tui.screens.closing import ClosesOnce

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

__all__ = ["ExportScreen"]

_FORMATS = {
    ExportFormat.MARKDOWN: (".md", "Markdown with footnotes"),
    ExportFormat.PANDOC: (".md", "Markdown with citekeys, its bibliography beside it"),
    ExportFormat.HTML: (".html", "one web page"),
    ExportFormat.TEXT: (".txt", "plain text"),
    ExportFormat.JSON: (".json", "everything, for programs"),
    ExportFormat.DOCX: (".docx", "Word; pandoc makes it"),
    ExportFormat.PDF: (".pdf", "PDF; pandoc makes it, with a PDF engine"),
}


class ExportScreen(ClosesOnce, ModalScreen[tuple[ExportFormat, Path] | None]):
    """Gives format and file; None when nothing is to be written."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "#export-formats"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Cancel", id="export.back", tooltip="Write nothing"),
    ]

    def __init__(self, what: str, *, name: str) -> None:
        """Nothing is written yet.

        Args:
            what: What is exported, visible.
            name: The file's name that is offered, without a suffix.
        """
        super().__init__()
        self._what, self._name = what, name

    def compose(self) -> ComposeResult:
        """The formats, the file, two buttons."""
        options = [
            Option(Content.assemble(f"{shape:<10}", (about, "dim")), id=shape) for shape, (_, about) in _FORMATS.items()
        ]
        with Vertical(classes="dialog"):
            yield Static(Content(f"Export {self._what}"), classes="dialog-title")
            yield OptionList(*options, id="export-formats", compact=True)
            yield Static(Content("to the file (below the current folder, or a whole path)"), classes="dialog-text")
            yield Input(f"{self._name}.md", id="export-file", select_on_focus=False)
            yield Static(id="export-problem", classes="dialog-error")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Write (enter)", id="export-go", variant="primary", compact=True)
                yield Button("Cancel (esc)", id="export-cancel", compact=True)

    @property
    def _shape(self) -> ExportFormat:
        row = self.query_one(OptionList).highlighted
        return list(_FORMATS)[row or 0]

    @on(OptionList.OptionHighlighted)
    def _chosen(self) -> None:
        """The file's name follows the format."""
        line = self.query_one(Input)
        suffix = _FORMATS[self._shape][0]
        if line.value:
            line.value = str(Path(line.value).with_suffix(suffix))

    @on(OptionList.OptionSelected)
    def _to_file(self) -> None:
        """The file is asked for next."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    @on(Button.Pressed, "#export-go")
    def _go(self) -> None:
        typed = self.query_one(Input).value.strip()
        if typed:
            self.dismiss((self._shape, Path(typed).expanduser().absolute()))
        else:
            self.query_one("#export-problem", Static).update(Content("Name a file."))

    @on(Button.Pressed, "#export-cancel")
    def action_back(self) -> None:
        """Write nothing."""
        self.dismiss(None)
