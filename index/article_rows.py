"""The rows of one article: sentences, passages, vectors and full-text rows come and go with it [I/O]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index import lexical, lexicon
from index.entities import Article, Sentence
from index.language import is_english
from index.segment import Window
from index.store import Store
from index.story_rows import join_story, leave_story

if TYPE_CHECKING:
    from index.arrays import Vector

__all__ = ["NewArticle", "insert_article", "remove_article", "write_full_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article on its way into the store."""

    article: Article
    sentences: tuple[Sentence, ...]
    windows: tuple[Window, ...]


def insert_article(store: Store, new: NewArticle, vectors: Sequence[Vector]) -> None:
    """Insert an article with its sentences, passages, vectors and full-text rows, in the caller's transaction.

    Args:
        store: Open for writing.
        new: The article; its id must not be in the store.
        vectors: One (d,) unit vector per window of `new`.
    """
    article = new.article
    cursor = store.connection.execute(
        "INSERT INTO articles (id, title, title_given, text, date, author, outlet, url, language, sha256, "
        "text_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            article.id,
            article.title,
            int(article.title_given),
            article.text,
            article.date,
            article.author,
            article.outlet,
            article.url,
            article.language,
            article.sha256,
            article.text_sha256,
        ),
    )
    key = cursor.lastrowid
    store.connection.executemany(
        "INSERT INTO sentences VALUES (?, ?, ?, ?, ?)",
        ((key, s.number, s.start, s.end, s.page) for s in new.sentences),
    )
    for window, vector in zip(new.windows, vectors, strict=True):
        passage = store.connection.execute(
            'INSERT INTO passages (article, first_sentence, last_sentence, start, "end") VALUES (?, ?, ?, ?, ?)',
            (key, window.first_sentence, window.last_sentence, window.start, window.end),
        ).lastrowid
        store.connection.execute("INSERT INTO vectors VALUES (?, ?)", (passage, vector.astype("<f2").tobytes()))
        assert passage is not None  # an INSERT has a row id
        lexical.insert_row(store.connection, passage, _fts_row(article, window.start, window.end))
    assert key is not None
    join_story(store, key)


def remove_article(store: Store, article_id: str) -> list[int]:
    """Remove an article and everything made from it; its places must be gone already.

    In the caller's transaction.

    Returns:
        Keys of the articles that told its story with it; they are to be regrouped once all removals are done.
    """
    article = store.article(article_id)
    if article is None:
        return []
    row = store.connection.execute("SELECT key FROM articles WHERE id = ?", (article_id,)).fetchone()
    for passage in store.passages_of(article_id):
        lexical.delete_row(store.connection, passage.id, _fts_row(article, passage.start, passage.end))
    left = leave_story(store, row[0])
    store.connection.execute(
        "INSERT INTO tombstones SELECT id FROM passages WHERE article = ? AND id <= "
        "coalesce((SELECT value FROM meta WHERE key = 'vectors_max_passage_id'), 0)",
        row,
    )
    store.connection.execute("DELETE FROM vectors WHERE passage IN (SELECT id FROM passages WHERE article = ?)", row)
    for table in ("passages", "sentences"):
        store.connection.execute(f"DELETE FROM {table} WHERE article = ?", row)
    store.connection.execute("DELETE FROM articles WHERE key = ?", row)
    store.connection.execute("INSERT OR REPLACE INTO meta VALUES ('untidy', 1)")  # see Writer.tidy
    return left


def write_full_text(store: Store) -> None:
    """Make the full-text index again from the articles, in the caller's transaction."""
    store.connection.execute("DROP TABLE IF EXISTS passages_fts")
    store.connection.execute(lexical.FTS_SCHEMA)
    for (article_id,) in store.connection.execute("SELECT id FROM articles ORDER BY key").fetchall():
        article = store.article(article_id)
        assert article is not None  # nobody else writes within this transaction
        for passage in store.passages_of(article_id):
            lexical.insert_row(store.connection, passage.id, _fts_row(article, passage.start, passage.end))
    store.connection.execute(
        "INSERT OR REPLACE INTO meta VALUES ('normaliser_version', ?)", (lexicon.NORMALISER_VERSION,)
    )


def _fts_row(article: Article, start: int, end: int) -> tuple[str, str, str, str]:
    """What the full-text index holds for one passage; the same for insert and removal."""
    stemmed = is_english(article.language)
    return lexical.fts_row(article.title, article.outlet, article.date, article.text[start:end], stemmed=stemmed)
