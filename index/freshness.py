"""Whether a quotation still stands in its file: one `stat`, and a look inside only when that differs [I/O]."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from index.entities import Freshness, Place
from index.errors import UnreadableFileError
from index.formats import read_article

__all__ = ["freshness"]


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


def _state(place: Place, quote: str, start: int, encoding: str | None) -> Freshness:
    path = Path(place.file)
    try:
        stat = path.stat()
        if (stat.st_mtime_ns, stat.st_size) == (place.mtime_ns, place.size):
            return Freshness.SAME
        data = path.read_bytes()
    except OSError:
        return Freshness.GONE
    if hashlib.sha256(data).hexdigest() == place.sha256:
        return Freshness.SAME
    # The recorded encoding may have been forced, or the file may have been saved in another since.
    texts = [text for name in dict.fromkeys((encoding, None)) for text in _texts(place, data, name)]
    if any(text[start : start + len(quote)] == quote for text in texts):
        return Freshness.SAME
    return Freshness.MOVED if any(quote in text for text in texts) else Freshness.CHANGED


def _texts(place: Place, data: bytes, encoding: str | None) -> list[str]:
    path = Path(place.file)
    try:
        parsed = read_article(path.name, data, suffix=path.suffix.lower(), encoding=encoding)
    except UnreadableFileError:
        return []
    return [item.article.text for item in parsed.articles if item.member == place.member]
