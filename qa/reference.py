"""References to sources: `ID`, `ID:7`, `ID:7-9`, or a path in place of the id; `news.csv#12` is a row of a table."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from index.store import Store
from qa.errors import SourceReferenceError

__all__ = ["Reference", "parse_reference", "resolve"]

_PARTS = re.compile(r"(?P<name>.+?)(?::(?P<first>\d+)(?:-(?P<last>\d+))?)?", re.DOTALL)
_ID = re.compile(r"[0-9a-f]{4,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An article, or some of its sentences."""

    name: str
    """Article id, the beginning of one, or a path."""
    first_sentence: int | None = None
    last_sentence: int | None = None
    """Inclusive."""


def parse_reference(text: str) -> Reference:
    r"""Take a reference apart; `C:\news\a.txt:7` has the name `C:\news\a.txt`.

    Raises:
        SourceReferenceError: it is empty, or its sentence numbers are not in order.
    """
    match = _PARTS.fullmatch(text.strip())
    if match is None:
        raise SourceReferenceError("the reference is empty; give an article id or a path, such as 1f0a9c2b3d4e:7-9")
    first = int(match["first"]) if match["first"] else None
    last = int(match["last"]) if match["last"] else first
    if first is not None and last is not None and not 1 <= first <= last:
        raise SourceReferenceError(f"{text}: sentences are numbered from 1, the first before the last, as in ID:7-9")
    return Reference(name=match["name"], first_sentence=first, last_sentence=last)


def resolve(store: Store, reference: Reference) -> str:
    """The id of the article that a reference names.

    Raises:
        SourceReferenceError: it names none, or more than one.
    """
    if _ID.fullmatch(reference.name.lower()):
        ids = store.article_ids(reference.name.lower())
        if len(ids) > 1:
            raise SourceReferenceError(f"{reference.name} is the beginning of {len(ids)} ids: {', '.join(ids[:5])}")
        if ids:
            return ids[0]
    found = _article_at(store, reference.name)
    if found is None:
        raise SourceReferenceError(
            f"{reference.name} is neither the id of an article nor a file in the index; qa search finds both"
        )
    return found


def _article_at(store: Store, path: str) -> str | None:
    """The article of a path, or of `path#member`; either may have a # in it."""
    ends = [len(path), *(position for position, character in enumerate(path) if character == "#")]
    for end in ends:
        file = Path(os.path.abspath(path[:end]))  # noqa: PTH100  # resolve() would follow links out of the folder
        found = store.article_at(file, path[end + 1 :] or None)
        if found is not None:
            return found
    return None
