"""What kept answers and baskets quote from articles, and how it is deleted: no byte of it stays in the file [I/O]."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from qa.history.file import changing, reading, wipe
from qa.history.records import decode, encode, places_in, purged, searched_words
from qa.report.kept_passage import decoded, encoded, purged_passage

__all__ = ["purge", "quoted_articles"]


def quoted_articles(file: Path) -> Mapping[str, frozenset[str]]:
    """Ids of all articles that an answer cites or lists as related, or a basket quotes, with their files, absolute.

    Args:
        file: The history.

    Raises:
        HistoryError: the file cannot be used.
    """
    files: dict[str, frozenset[str]] = {}
    with reading(file) as connection:
        places = {
            place for (text,) in connection.execute("SELECT answer FROM turns") for place in places_in(decode(text))
        }
        places |= {decoded(text).citation.place for (text,) in connection.execute("SELECT record FROM pins")}
    for place in places:
        files[place.article_id] = files.get(place.article_id, frozenset()) | {place.file}
    return files


def purge(file: Path, article_ids: Collection[str], *, keep_titles: Collection[str] = ()) -> int:
    """Delete what was quoted from articles; return how many quotations that were.

    Questions and notes stay, and so do number, place and offsets of the citations; their quotations are empty.

    Args:
        file: The history.
        article_ids: Whose words are to go.
        keep_titles: Ids of those whose titles are not made from their text; other titles become the file's name.

    Raises:
        HistoryError: the file cannot be used, or another process is in it; call again then.
    """
    if not article_ids or not file.exists():
        return 0
    deleted = 0
    with changing(file) as connection:
        for key, text in list(_turns_near(connection, article_ids)):
            answer, quotations = purged(decode(text), article_ids, keep_titles=keep_titles)
            deleted += quotations
            connection.execute(
                "UPDATE turns SET words = ?, answer = ? WHERE key = ?", (searched_words(answer), encode(answer), key)
            )
        deleted += _purge_pins(connection, set(article_ids), set(keep_titles))
    wipe(file)
    return deleted


def _purge_pins(connection: sqlite3.Connection, article_ids: set[str], keep_titles: set[str]) -> int:
    """Empty the pins that hold words of some articles; how many quotations that were."""
    deleted = 0
    for key, record in connection.execute("SELECT key, record FROM pins").fetchall():
        passage = decoded(record)
        left = purged_passage(passage, article_ids, keep_titles)
        if left != passage:
            deleted += left.is_purged and not passage.is_purged
            connection.execute("UPDATE pins SET record = ? WHERE key = ?", (encoded(left), key))
    return deleted


def _turns_near(connection: sqlite3.Connection, article_ids: Collection[str]) -> Iterator[tuple[int, str]]:
    """Key and answer of all turns of the conversations that name one of the articles.

    All of them: a question that was made to stand alone may hold words of an earlier answer.
    """
    connection.create_function("names", 1, lambda answer: any(one in answer for one in article_ids))
    yield from connection.execute(
        "SELECT key, answer FROM turns WHERE conversation IN (SELECT conversation FROM turns WHERE names(answer))"
    )
