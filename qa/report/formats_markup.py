"""Styled words as plain text, Markdown and HTML: nothing of a source is taken for markup. Pure.

Text that goes into a report is one line, and what would act on a terminal is a visible symbol in it.
"""

from __future__ import annotations

import html
import re

from qa.report.selectors import web_address
from qa.report.words import Run, Words
from qa.visible import one_line

__all__ = ["as_html", "as_markdown", "as_text", "escaped_html", "escaped_markdown"]

_MARKDOWN = re.compile(r"[\\`*_\[\]<>~^$]|&(?=#?\w+;)|@(?=[\w{*])|(?<=[.-])[.-]")
_AT_LINE_START = re.compile(r"[-+=:%#|]|\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+|\\?@\w*)[.)]")


def as_text(styled: Words) -> str:
    """The words alone."""
    return one_line("".join(run.text for run in styled))


def as_markdown(styled: Words) -> str:
    """Italics as `*…*`, addresses as `<…>`; for CommonMark and pandoc."""
    return _not_a_list("".join(map(_markdown, _in_one_line(styled))))


def as_html(styled: Words) -> str:
    """Italics as `<em>`, web addresses as links."""
    return "".join(map(_html, _in_one_line(styled)))


def escaped_markdown(text: str) -> str:
    """The text with a backslash in front of what CommonMark or pandoc would act on."""
    return _not_a_list(_MARKDOWN.sub(r"\\\g<0>", one_line(text)))


def escaped_html(text: str) -> str:
    """The text as HTML, also within an attribute."""
    return html.escape(one_line(text))


def _in_one_line(styled: Words) -> list[Run]:
    return [Run(text=_line(run.text), italic=run.italic, url=run.url) for run in styled]


def _line(text: str) -> str:
    """`one_line` without taking the space at an end: it is the one between two runs."""
    before, behind = " " * text[:1].isspace(), " " * text[-1:].isspace()
    return f"{before}{one_line(text)}{behind}" if text.strip() else " "


def _not_a_list(line: str) -> str:
    """The line with a backslash in front of what would begin a list, a heading or a table."""
    start = _AT_LINE_START.match(line)
    return line if start is None else f"{line[: start.end() - 1]}\\{line[start.end() - 1 :]}"


def _markdown(run: Run) -> str:
    address = web_address(run.text) if run.url else None
    if address is not None:
        return f"<{address}>"
    text = _MARKDOWN.sub(r"\\\g<0>", run.text)
    return f"*{text}*" if run.italic else text


def _html(run: Run) -> str:
    text, address = html.escape(run.text, quote=False), web_address(run.text) if run.url else None
    if address is not None:
        return f'<a href="{html.escape(address)}">{text}</a>'
    return f"<em>{text}</em>" if run.italic else text
