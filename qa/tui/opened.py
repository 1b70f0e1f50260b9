"""An article opened for reading: fetched, laid out, searched, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from textual.content import Content

from index.entities import Freshness
from index.errors import CorpusError
from index.freshness import freshness
from qa.entities import Citation, RelatedPassage
from qa.tui.external import line_number
from qa.tui.widgets.article_layout import ArticleLayout
from qa.tui.wording import copy_lines
from qa.visible import name_in_line, one_line

if TYPE_CHECKING:
    from index.entities import Article, Place
    from qa.tui.services import Services

__all__ = [
    "STALE",
    "Opened",
    "details",
    "find",
    "line_in",
    "open_article",
    "origin_line",
    "place_and_line",
    "sentence_as_passage",
]

MOST_HITS = 9_999
MOST_DETAILS = 10
"""Lines; as high as their part of the screen."""
STALE = {
    Freshness.SAME: "",
    Freshness.MOVED: "Moved since it was indexed: the same words stand elsewhere in the file now, or in another file.",
    Freshness.CHANGED: "The file has changed since it was indexed; this is what it said then.",
    Freshness.GONE: "The file is no longer there; this is what it said when it was indexed.",
}
"""What the reader says above an article whose file is not as it was."""
_LINED = {".txt", ".md", ".markdown"}
"""Formats whose article is the file itself, so that a line of one is a line of the other."""

STALE = {
    Freshness.SAME: "",
    Freshness.MOVED: "Moved since it was indexed: the same words stand elsewhere in the file now, or in another file.",
    Freshness.CHANGED: "The file has changed since it was indexed; this is what it said then.",
    Freshness.GONE: "The file is no longer there; this is what it said when it was indexed.",
}
"""Above an article that is not, in its file, as it was indexed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a worker brings."""

    article: Article
    layout: ArticleLayout
    places: tuple[Place, ...]
    status: Freshness


def open_article(services: Services, article_id: str, quoted: Citation | RelatedPassage | None) -> Opened | None:
    """The article, laid out but not wrapped yet; None when the index has it no more, or cannot be read.

    Args:
        services: Where it comes from.
        article_id: Of the article.
        quoted: What is to be shown in it; whether it still stands in its file is looked at here.
    """
    try:
        article = services.article(article_id)
        places, sentences = services.places(article_id), services.sentences(article_id)
    except CorpusError:
        return None
    if article is None:
        return None
    quote, start = (quoted.quote, quoted.start) if quoted is not None else (article.text, 0)
    return Opened(
        article=article,
        layout=ArticleLayout(article.text, sentences),
        places=places,
        status=freshness(places, quote=quote, start=start) if places else Freshness.GONE,
    )


def find(text: str, query: str, *, cancelled: Callable[[], bool]) -> tuple[tuple[int, int], ...]:
    """Where the words of a query stand, whatever white space is between them; at most `MOST_HITS` ranges, in order."""
    if not query:
        return ()
    pattern = re.compile(r"\s+".join(map(re.escape, query.split())), re.IGNORECASE)
    hits: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        hits.append(match.span())
        if len(hits) == MOST_HITS or cancelled():
            break
    return tuple(hits)


def place_and_line(opened: Opened, offset: int) -> tuple[Place | None, int | None]:
    """The article's file, and the line of an offset in it where the format has lines."""
    place = opened.places[0] if opened.places else None
    return place, None if place is None else line_in(place, opened.article.text, offset)


def line_in(place: Place, text: str, offset: int) -> int | None:
    """The line of a file that an offset of its article's text lies in; None where the format has no such lines."""
    if place.member is not None or PurePath(place.path).suffix.lower() not in _LINED:
        return None
    return line_number(text, offset)


def origin_line(opened: Opened) -> Content:
    """Date, outlet, file and the beginning of the hash."""
    article = opened.article
    file = opened.places[0].path if opened.places else "no file"
    parts = [article.date or "undated", *([one_line(article.outlet)] if article.outlet else [])]
    return Content(" · ".join([*parts, name_in_line(file), f"sha256 {article.sha256[:8]}"]))


def details(opened: Opened, quoted: Citation | RelatedPassage | None) -> Content:
    """Hashes, author, address, all files, and the copies of what is quoted, a line each."""
    article = opened.article
    rows = [
        ("sha256", article.sha256),
        ("id", article.id),
        ("author", one_line(article.author or "")),
        ("url", one_line(article.url or "")),
        *(("file", name_in_line(place.file)) for place in opened.places),
        *(copy_lines(quoted) if quoted is not None else ()),
    ]
    lines = [Content.assemble((f"{name:<8}", "dim"), value) for name, value in rows if value]
    if (more := len(lines) - MOST_DETAILS) > 0:
        lines[MOST_DETAILS - 1 :] = [Content.styled(f"and {more + 1:,} more; qa ls --stories lists all", "dim")]
    return Content("\n").join(lines)


def sentence_as_passage(opened: Opened, offset: int) -> RelatedPassage | None:
    """The sentence at an offset, as something that can be quoted."""
    sentence = opened.layout.sentence_at(offset)
    if sentence is None or not opened.places:
        return None
    article = opened.article
    return RelatedPassage(
        article_id=article.id,
        title=article.title,
        date=article.date,
        place=opened.places[0],
        first_sentence=sentence.number,
        last_sentence=sentence.number,
        start=sentence.start,
        end=sentence.end,
        quote=article.text[sentence.start : sentence.end],
        score=0.0,
    )
