"""The rows that link copies: an article joins its story, or leaves it, within the transaction that writes it [I/O].

A story is what hangs together by copies (`index.stories.is_copy`), however indirectly. That depends on the articles
alone, not on the order they came in. Joining costs the texts that share shingles with the new one; leaving, the texts
of that story.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from index import schema
from index.stories import LEAST_SHARED, STORIES_VERSION, Sketch, earliest_first, groups, is_copy, sketch

if TYPE_CHECKING:
    from index.store import Store

__all__ = ["body", "join_story", "leave_story", "regroup", "story_problems", "write_stories"]


def body(store: Store, article: int) -> str:
    """What is compared of the article with this key: its sentences, without front matter and the like."""
    text, start, end = store.connection.execute(
        'SELECT text, min(start), max("end") FROM articles JOIN sentences ON article = key WHERE key = ?', (article,)
    ).fetchone()
    return str(text or "")[start:end]


def join_story(store: Store, article: int) -> None:
    """Link a new article with its copies; stories that it holds together become one."""
    own = sketch(body(store, article))
    heads: set[int] = set()
    for other in _candidates(store, own):
        head = _head(store, other)  # one link with a story is enough
        if head not in heads and is_copy(own, sketch(body(store, other))):
            heads.add(head)
    store.connection.executemany("INSERT OR IGNORE INTO shingles VALUES (?, ?)", ((h, article) for h in own.sample))
    if heads:
        _link(store, [article, *heads])


def leave_story(store: Store, article: int) -> list[int]:
    """Remove what an article was found and linked by; return the rest of its story, which is to be regrouped."""
    own = sketch(body(store, article))
    store.connection.executemany(
        "DELETE FROM shingles WHERE hash = ? AND article = ?", ((h, article) for h in own.sample)
    )
    story = _members(store, article)
    store.connection.executemany("DELETE FROM stories WHERE article = ?", ((member,) for member in story))
    return [member for member in story if member != article]


def regroup(store: Store, left: Iterable[Collection[int]]) -> None:
    """Link again what is left of some stories; each may have come apart, and some of it may be gone by now."""
    for members in left:
        there = [member for member in members if _exists(store, member)]
        for group in _groups(store, there):
            if len(group) > 1:
                _link(store, group)


def write_stories(store: Store) -> None:
    """Make samples and stories again from the articles, in the caller's transaction."""
    for table in ("stories", "shingles"):
        store.connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in schema.statements(schema.STORIES_SCHEMA):
        store.connection.execute(statement)
    for (article,) in store.connection.execute("SELECT key FROM articles ORDER BY key").fetchall():
        join_story(store, article)
    store.connection.execute("INSERT OR REPLACE INTO meta VALUES ('stories_version', ?)", (STORIES_VERSION,))


def story_problems(store: Store, articles: Iterable[int]) -> Iterator[str]:
    """What is wrong with the stories of these articles, in words; each story is looked at once."""
    seen: set[int] = set()
    for article in articles:
        own = sketch(body(store, article))
        if _sample_of(store, article, own) != set(own.sample):
            yield f"{_id(store, article)} is not found by its own words"
        story = _members(store, article)
        for other in set(_candidates(store, own)) - set(story):
            if is_copy(own, sketch(body(store, other))):
                yield f"{_id(store, article)} and its copy {_id(store, other)} are not linked"
        if len(story) > 1 and not seen & set(story):
            seen.update(story)
            if len(_groups(store, story)) > 1:
                yield f"the story of {_id(store, article)} does not hang together"
            if {_earliest(store, story)} != _linked_to(store, story):
                yield f"the story of {_id(store, article)} does not begin with its earliest article"


def _candidates(store: Store, own: Sketch) -> list[int]:
    """Articles that share enough of the sample with a text to be compared with it, the likeliest first."""
    if not own.sample:
        return []
    rows = store.connection.execute(
        f"SELECT article FROM shingles WHERE hash IN ({','.join('?' * len(own.sample))}) "
        "GROUP BY article HAVING count(*) >= ? ORDER BY count(*) DESC, article",
        (*own.sample, LEAST_SHARED),
    )
    return [row[0] for row in rows]


def _groups(store: Store, articles: Collection[int]) -> list[list[int]]:
    return groups(articles, lambda one, other: is_copy(sketch(body(store, one)), sketch(body(store, other))))


def _members(store: Store, article: int) -> list[int]:
    """The articles of a story, that one among them; alone where it has no copies."""
    rows = store.connection.execute(
        "SELECT article FROM stories WHERE earliest = (SELECT earliest FROM stories WHERE article = ?)", (article,)
    ).fetchall()
    return [row[0] for row in rows] or [article]


def _head(store: Store, article: int) -> int:
    """The earliest article of a story; the article itself where it has no copies."""
    row = store.connection.execute("SELECT earliest FROM stories WHERE article = ?", (article,)).fetchone()
    return article if row is None else int(row[0])


def _link(store: Store, heads: Collection[int]) -> None:
    """Make one story of those that begin with these articles."""
    earliest = _earliest(store, heads)
    for head in sorted(heads):
        store.connection.execute("UPDATE stories SET earliest = ? WHERE earliest = ?", (earliest, head))
        store.connection.execute("INSERT OR REPLACE INTO stories VALUES (?, ?)", (head, earliest))


def _earliest(store: Store, members: Iterable[int]) -> int:
    rows = [
        (member, store.connection.execute("SELECT date, id FROM articles WHERE key = ?", (member,)).fetchone())
        for member in members
    ]
    return min(rows, key=lambda row: earliest_first(*row[1]))[0]


def _linked_to(store: Store, members: Iterable[int]) -> set[int]:
    sql = "SELECT earliest FROM stories WHERE article = ?"
    return {row[0] for member in members for row in store.connection.execute(sql, (member,))}


def _sample_of(store: Store, article: int, own: Sketch) -> set[int]:
    sql = "SELECT hash FROM shingles WHERE hash = ? AND article = ?"
    return {row[0] for h in own.sample for row in store.connection.execute(sql, (h, article))}


def _exists(store: Store, article: int) -> bool:
    return store.connection.execute("SELECT 1 FROM articles WHERE key = ?", (article,)).fetchone() is not None


def _id(store: Store, article: int) -> str:
    return str(store.connection.execute("SELECT id FROM articles WHERE key = ?", (article,)).fetchone()[0])
