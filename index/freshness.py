"""Whether a quotation still stands in its file: one `stat`, and a look inside only when that differs [I/O]."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from index.entities import Freshness, Place
from index.errors import UnreadableFileError
from index.formats import ParsedArticle, ReaderProcess, ReadOptions, read_article
from index.formats.look_again import texts_in

__all__ = ["articles_at", "freshness"]


def freshness(places: Sequence[Place], *, quote: str, start: int, encodings: Sequence[str | None] = ()) -> Freshness:
    """The status of a quotation from an article that lies in `places`.

    Args:
        places: Where the article was when it was indexed; the first is the one that is cited.
        quote: The words.
        start: Their offset in the article's text.
        encodings: What the file of each place was read in; a file in which they do not find the words may have another.
    """
    read_in = dict(zip(places, encodings, strict=False))
    states = [_state(place, quote, start, read_in.get(place)) for place in places[:1]]
    if states and states[0] in {Freshness.SAME, Freshness.MOVED}:
        return states[0]
    others = [_state(place, quote, start, read_in.get(place)) for place in places[1:]]
    if Freshness.SAME in others or Freshness.MOVED in others:
        return Freshness.MOVED
    return Freshness.CHANGED if Freshness.CHANGED in [*states, *others] else Freshness.GONE


def articles_at(place: Place, *, encoding: str | None = None) -> tuple[ParsedArticle, ...]:
    """What a place holds today, in the index or not; empty when the file cannot be read or holds no article.

    Args:
        place: Where to look.
        encoding: That the file was read in; None detects it.
    """
    path = Path(place.file)
    try:
        data = path.read_bytes()
        with ReaderProcess() as process:
            parsed = read_article(path.name, data, options=ReadOptions(encoding=encoding), process=process)
    except (OSError, UnreadableFileError):
        return ()
    return tuple(item for item in parsed.articles if item.member == place.member)


def _state(place: Place, quote: str, start: int, encoding: str | None) -> Freshness:
    path = Path(place.file)
    try:
        stat = path.stat()
        if (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size) == (place.mtime_ns, place.ctime_ns, place.size):
            return Freshness.SAME
        data = path.read_bytes()
    except OSError:
        return Freshness.GONE
    if hashlib.sha256(data).hexdigest() == place.sha256:
        return Freshness.SAME
    moved = False
    # The recorded encoding may have been forced, or the file may have been saved in another since.
    for name in dict.fromkeys((encoding, None)):
        texts = texts_in(path.name, data, options=ReadOptions(encoding=name))
        if any(found.member == place.member and found.text[start : start + len(quote)] == quote for found in texts):
            return Freshness.SAME
        moved = moved or any(quote in found.text for found in texts)
    return Freshness.MOVED if moved else Freshness.CHANGED
