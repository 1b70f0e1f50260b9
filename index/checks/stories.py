"""Are copies of an article linked with it, and nothing else? [I/O]."""

from __future__ import annotations

import sqlite3

from index.checks.finding import Finding, Repair, ok, repairable, warning
from index.checks.store import evenly, named
from index.store import Store
from index.stories import STORIES_VERSION
from index.story_rows import story_problems

__all__ = ["check_stories"]

_SAMPLE = 500
"""Articles whose copies are looked for again."""


def check_stories(store: Store) -> Finding:
    """Every article is found by its own words, its copies are in its story, and the story begins with the earliest."""
    try:
        return _stories(store)
    except sqlite3.OperationalError as error:
        return repairable(f"cannot be read ({error})", Repair.STORIES)


def _stories(store: Store) -> Finding:
    version = store.meta("stories_version")
    if version is None:
        return warning("copies were not looked for yet", "qa index")
    if version != STORIES_VERSION:
        return warning(f"linked by version {version} of the rules, not by {STORIES_VERSION}", "qa index")
    strays = store.connection.execute(
        "SELECT count(*) FROM shingles WHERE article NOT IN (SELECT key FROM articles)"
    ).fetchone()[0]
    if strays:
        return repairable(f"{strays} hashes are left of articles that are gone", Repair.STORIES)
    keys = [row[0] for row in store.connection.execute("SELECT key FROM articles ORDER BY key")]
    looked_at = evenly(keys, _SAMPLE)
    if problems := list(story_problems(store, looked_at)):
        return repairable(named(problems), Repair.STORIES)
    articles, stories = store.connection.execute("SELECT count(*), count(DISTINCT earliest) FROM stories").fetchone()
    return ok(f"{articles} articles are copies of each other, in {stories} stories; {len(looked_at)} articles compared")
