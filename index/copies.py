"""Stories as they are read: the copies of an article, and search results without them [I/O].

An index that no newer release has written to knows no stories; every article is then alone in its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.entities import Article, Copies, Copy, Filter, Passage
from index.filtering import allowed_articles
from index.listing import Listed, Order, list_articles, listed
from index.store import Store
from index.stories import earliest_first, said_already, squeezed

__all__ = ["Story", "copies_of", "fold", "has_stories", "list_stories", "story_of", "told_by"]

MOST_READ = 3
"""Copies of a story whose passages are read: enough for a text and its corrections, however many bylines it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that tell one story, at least two."""

    articles: tuple[Listed, ...]
    """The earliest first, the undated last."""


def has_stories(store: Store) -> bool:
    """Whether any article has a copy."""
    if store.meta("stories_version") is None:
        return False
    return store.connection.execute("SELECT 1 FROM stories LIMIT 1").fetchone() is not None


def story_of(store: Store, article_id: str) -> str | None:
    """Id of the earliest article of a story; None for an article without copies."""
    if not has_stories(store):
        return None
    row = store.connection.execute(
        "SELECT e.id FROM articles a JOIN stories s ON s.article = a.key JOIN articles e ON e.key = s.earliest "
        "WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    return None if row is None else str(row[0])


def told_by(store: Store, article_id: str, where: Filter | None = None) -> tuple[str, ...]:
    """Ids of the articles of a story, the earliest first; of those that a filter allows."""
    if not has_stories(store):
        return (article_id,)
    condition, parameters = allowed_articles(where or Filter())
    rows = store.connection.execute(
        "SELECT a.date, a.id FROM stories o JOIN stories s ON s.earliest = o.earliest "
        "JOIN articles a ON a.key = s.article WHERE o.article = (SELECT key FROM articles WHERE id = ?) "
        f"AND {condition}",
        (article_id, *parameters),
    ).fetchall()
    rows.sort(key=lambda row: earliest_first(*row))
    return tuple(row[1] for row in rows) or (article_id,)


def copies_of(store: Store, article_id: str, quote: str) -> tuple[Copy, ...]:
    """The other articles of a story, the earliest first.

    Args:
        store: The index.
        article_id: That is shown.
        quote: What is shown of it.
    """
    words = squeezed(quote)
    return tuple(
        _copy(store, article, verbatim=words in squeezed(article.text))
        for other in told_by(store, article_id)
        if other != article_id and (article := store.article(other)) is not None
    )


def fold(store: Store, passages: Iterable[Passage], how: Copies, *, most: int) -> tuple[Passage, ...]:
    """The passages without those that copies make superfluous; articles without copies keep all of theirs.

    Args:
        store: The index.
        passages: Best first.
        how: What is left out.
        most: How many are returned at most.
    """
    shown: dict[str, list[str]] = {}
    kept: list[Passage] = []
    for passage in passages:
        if len(kept) == most:
            break
        story = None if how is Copies.ALL else story_of(store, passage.article_id)
        articles = [] if story is None else shown.setdefault(story, [])
        if articles and (how is Copies.FOLDED or _said(store, passage, articles)):
            continue
        articles.append(passage.article_id)
        kept.append(passage)
    return tuple(kept)


def list_stories(
    store: Store,
    *,
    pattern: str | None = None,
    where: Filter | None = None,
    order: Order = Order.DATE,
    backwards: bool = False,
) -> tuple[Story, ...]:
    """Every story of which an article is selected, with all of its articles; see `list_articles` for the arguments.

    Sorted by the first selected article of each.
    """
    with store.snapshot():
        selected, _ = list_articles(store, pattern=pattern, where=where, order=order, backwards=backwards)
        stories: dict[str, tuple[str, ...]] = {}
        for row in selected:
            ids = told_by(store, row.id)
            if len(ids) > 1:
                stories.setdefault(ids[0], ids)
        return tuple(Story(articles=tuple(listed(store, member) for member in ids)) for ids in stories.values())


def _said(store: Store, passage: Passage, articles: Sequence[str]) -> bool:
    """Whether a copy that is shown says what a passage says; two passages of one article are not copies."""
    if passage.article_id in articles:
        return False
    if len(set(articles)) == MOST_READ:
        return True
    article = store.article(passage.article_id)
    assert article is not None  # passage and article come from one snapshot
    sentences = store.sentences(passage.article_id)[passage.first_sentence - 1 : passage.last_sentence]
    quotes = [article.text[sentence.start : sentence.end] for sentence in sentences]
    known = [other.text for shown in articles if (other := store.article(shown)) is not None]
    return any(said_already(quotes, text) for text in known)


def _copy(store: Store, article: Article, *, verbatim: bool) -> Copy:
    return Copy(
        article_id=article.id,
        title=article.title,
        date=article.date,
        outlet=article.outlet,
        url=article.url,
        place=store.places(article.id)[0],
        verbatim=verbatim,
    )
