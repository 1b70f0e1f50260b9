"""What of a file is taken into the store at a time, and which of its articles say other things than before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.article_rows import NewArticle
    from index.entities import Article
    from index.formats import ParsedArticle
    from index.ingest import LoadedFile
    from index.store import Store
    from index.survey import Candidate

__all__ = ["Work", "can_be_parted", "parts_of", "restated_articles"]

PART_CHARS = 500_000
"""Of one file, taken in at a time: about 1,000 passages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A file, or a part of a large one, whose new articles wait for their vectors."""

    loaded: LoadedFile
    items: Sequence[ParsedArticle]
    """Those of the file's articles that are placed with this part."""
    new: tuple[NewArticle, ...]
    restated: frozenset[str]
    """Ids of articles whose text is in the store and of which this file, their only one, says other things now."""
    is_last: bool = True


def restated_articles(store: Store, candidate: Candidate, loaded: LoadedFile) -> frozenset[str]:
    """Articles of a changed file whose text is the same while, say, their date is not: what stands beside the text."""
    if candidate.known is None:
        return frozenset()
    first: dict[str, ParsedArticle] = {}
    for item in loaded.articles:
        first.setdefault(item.article.id, item)
    return frozenset(
        article_id
        for article_id, item in first.items()
        if store.files_of(article_id) == {candidate.known.key}
        and (stored := store.article(article_id)) is not None
        and _stated(stored) != _stated(item.article)
    )


def can_be_parted(candidate: Candidate, loaded: LoadedFile) -> bool:
    """Whether a file can be taken in part by part, since no article of it has to make way."""
    known = candidate.known
    return known is None or (known.mtime_ns == -1 and known.sha256 == loaded.record.sha256)


def parts_of(items: Sequence[ParsedArticle]) -> list[Sequence[ParsedArticle]]:
    """Cut a large table into parts that are each committed: one that is interrupted goes on where it was."""
    parts: list[Sequence[ParsedArticle]] = []
    begin = chars = 0
    for end, item in enumerate(items, start=1):
        chars += len(item.article.text)
        if chars >= PART_CHARS or end == len(items):
            parts.append(items[begin:end])
            begin, chars = end, 0
    return parts


def _stated(article: Article) -> tuple[str | None, ...]:
    return article.title, article.date, article.author, article.outlet, article.url
