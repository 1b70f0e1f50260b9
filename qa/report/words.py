"""Text with italics and links, and the punctuation between its parts. Pure.

American punctuation, as the three styles have it: a full stop or comma goes inside a closing quotation mark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

__all__ = ["Run", "Words", "chain", "ended", "plain", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of text in one look."""

    text: str
    italic: bool = False
    url: bool = False
    """The text is an address, to be followed and not to be changed."""


Words = tuple[Run, ...]
"""Runs in order; none is empty."""


def words(text: str, *, italic: bool = False, url: bool = False) -> Words:
    """One run, or none for an empty text."""
    return (Run(text=text, italic=italic, url=url),) if text else ()


def plain(styled: Words) -> str:
    """The text alone."""
    return "".join(run.text for run in styled)


def ended(styled: Words, mark: str) -> Words:
    """The words with a full stop or comma behind them, unless what is there already ends them."""
    if not styled or not mark:
        return styled
    last = styled[-1]
    within = last.text.endswith("”") and not last.italic  # that of a title, not of a word in one
    before = last.text.removesuffix("”")[-1:] if within else last.text[-1:]
    if before in {"?", "!", "."} and (mark == "." or within):
        return styled
    if within:
        return (*styled[:-1], replace(last, text=f"{last.text[:-1]}{mark}”"))
    return (*styled, Run(text=mark))


def chain(parts: Iterable[Words], mark: str, *, end: str = "") -> Words:
    """The parts that are not empty, each but the last with a mark and a space behind it.

    Args:
        parts: In order.
        mark: A full stop or comma, or nothing.
        end: Behind the last part.
    """
    joined: Words = ()
    for part in parts:
        if part:
            joined = (*ended(joined, mark), Run(text=" "), *part) if joined else part
    return ended(joined, end)
