"""A checked draft -> a copy in which every quotation is followed by its label [I/O]."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from qa.errors import DraftError
from qa.report.drafts import Draft
from qa.report.verify_changes import Change, changes_in
from qa.report.verify_report import Checked, Label, Report

__all__ = ["annotated", "reference", "write_copy"]


def annotated(draft: Draft, report: Report) -> str:
    """The draft's text with a mark like ⟦altered: 54,000 → 55,000; 045939ebd956:5⟧ behind each quotation."""
    marks = sorted((item.quotation.end, -item.quotation.start, _mark(item)) for item in report.checked)
    parts, begin = list[str](), 0
    for end, _, mark in marks:
        at = _behind_marks(draft.text, end)
        at = max(at, begin)
        parts += [draft.text[begin:at], mark]
        begin = at
    return "".join([*parts, draft.text[begin:]])


def reference(item: Checked) -> str | None:
    """`ID:7` or `ID:7-9` of where it stands, or nearly stands; None when it stands nowhere."""
    if not item.places:
        return None
    article = item.places[0].source.article.id
    here = [place.sentences for place in item.places if place.source.article.id == article]
    first, last = min(begin for begin, _ in here), max(end for _, end in here)
    return f"{article}:{first}" if first == last else f"{article}:{first}-{last}"


def write_copy(path: Path, text: str) -> None:
    """Write a new file whole or not at all; one that is there stays as it is.

    Raises:
        DraftError: there is a file of that name, or it cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise DraftError(f"{path} exists and is left as it is; name another file with --annotate")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    except OSError as error:
        raise _not_written(path, error) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).rename(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise _not_written(path, error) from error


def _mark(item: Checked) -> str:
    changes = "; ".join(map(_change, changes_in(item.diff))) if item.label is Label.ALTERED else ""
    details = [part for part in (changes, reference(item)) if part]
    return f" ⟦{item.label}{': ' if details else ''}{'; '.join(details)}⟧"


def _change(change: Change) -> str:
    return f"{change.source or '(nothing)'} → {change.draft or '(nothing)'}"


def _behind_marks(text: str, at: int) -> int:
    while at < len(text) and text[at] in "\"”“»«’'›‹」』*_":
        at += 1
    return at


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _not_written(path: Path, error: OSError) -> DraftError:
    return DraftError(f"{path} cannot be written ({error.strerror}); name another file with --annotate")
