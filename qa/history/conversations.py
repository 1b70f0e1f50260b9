"""Questions and answers that were asked before: kept, listed, searched, renamed, deleted [I/O].

Every call opens the file, does one transaction and closes it, so a `History` may be used from any thread.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from index.locations import decode_path, encode_path
from qa.entities import Answer, Conversation, Turn
from qa.errors import ConversationNotFoundError, HistoryError
from qa.history.entities import ConversationSummary, FoundTurn
from qa.history.file import changing, reading, wipe
from qa.history.records import decode, encode, folded, searched_words, title_of

__all__ = ["History"]

_ID_CHARS = 12
"""Hex digits of a conversation's id."""
_SECONDS_PER_DAY = 86_400
# With max(), SQLite takes the other columns from the row that has it: the latest turn.
_SUMMARIES = (
    "SELECT c.id, c.title, c.index_folder, c.started_at, t.asked_at, count(*), max(t.key) "
    "FROM conversations c JOIN turns t ON t.conversation = c.key"
)
# A title is found with the first question, which it usually is.
_FOUND = (
    "SELECT c.id, t.number, t.answer FROM conversations c JOIN "
    "(SELECT *, row_number() OVER (PARTITION BY conversation ORDER BY key) AS number FROM turns) t "
    "ON t.conversation = c.key WHERE holds(CASE t.number WHEN 1 THEN c.title ELSE '' END, t.words) ORDER BY t.key"
)


class History:
    """The conversations in one file. No method makes the file but `append`."""

    def __init__(self, file: Path, *, index_folder: Path | None = None, days: int = 0) -> None:
        """Nothing is opened or made yet.

        Args:
            file: The SQLite file; need not exist.
            index_folder: The index that new conversations ask.
            days: `append` deletes conversations whose latest question is older than that; 0 keeps all.
        """
        self.file = file
        self._index_folder = index_folder
        self._days = days
        self._started: dict[str, str] = {}

    def start(self, title: str = "") -> str:
        """The id of a new conversation; nothing is written before its first answer.

        Args:
            title: Without one, the first question becomes it.
        """
        conversation_id = uuid.uuid4().hex[:_ID_CHARS]
        self._started[conversation_id] = title_of(title)
        return conversation_id

    def append(self, conversation_id: str, answer: Answer) -> None:
        """Keep one more answer.

        Args:
            conversation_id: The whole id, from `start` or `list`.
            answer: Kept whole.

        Raises:
            ConversationNotFoundError: the conversation was deleted, or never started.
            HistoryError: the file cannot be used.
        """
        asked_s = int(datetime.fromisoformat(answer.asked_at).timestamp())
        with changing(self.file) as connection:
            self._begin(connection, conversation_id, answer)
            connection.execute(
                "INSERT INTO turns (conversation, asked_at, asked_s, words, answer) "
                "SELECT key, ?, ?, ?, ? FROM conversations WHERE id = ?",
                (answer.asked_at, asked_s, searched_words(answer), encode(answer), conversation_id),
            )
            if self._days:
                connection.execute(
                    "DELETE FROM conversations WHERE key IN "
                    "(SELECT conversation FROM turns GROUP BY conversation HAVING max(asked_s) < ?)",
                    (asked_s - self._days * _SECONDS_PER_DAY,),
                )
        self._started.pop(conversation_id, None)

    def list(self) -> tuple[ConversationSummary, ...]:
        """All conversations, the one that was asked last first."""
        with reading(self.file) as connection:
            return tuple(_summaries(connection))

    def summary(self, prefix: str) -> ConversationSummary:
        """The conversation whose id begins so.

        Raises:
            ConversationNotFoundError: there is none, or more than one.
            HistoryError: the file cannot be used.
        """
        with reading(self.file) as connection:
            found = tuple(_summaries(connection, "WHERE substr(c.id, 1, ?) = ?", len(prefix), prefix.lower()))
        if not found or not prefix:
            raise _not_found(prefix)
        if len(found) > 1:
            ids = ", ".join(summary.id for summary in found[:5])
            raise ConversationNotFoundError(f"{prefix!r} is the beginning of {len(found)} ids: {ids}; type more of it")
        return found[0]

    def read(self, conversation_id: str) -> Conversation | None:
        """The conversation with all its answers, None when there is none with this id.

        Raises:
            HistoryError: the file cannot be used.
        """
        with reading(self.file) as connection:
            head = connection.execute(
                "SELECT key, title FROM conversations WHERE id = ?", (conversation_id,)
            ).fetchone()
            if head is None:
                return None
            rows = connection.execute("SELECT answer FROM turns WHERE conversation = ? ORDER BY key", (head[0],))
            answers = [decode(text) for (text,) in rows]
        turns = tuple(Turn(question=answer.question, answer=answer) for answer in answers)
        return Conversation(id=conversation_id, title=head[1], turns=turns)

    def search(self, query: str) -> tuple[ConversationSummary, ...]:
        """The conversations in which `search_turns` finds something, the one asked last first."""
        return tuple({found.conversation.id: found.conversation for found in self.search_turns(query)}.values())

    def search_turns(self, query: str) -> tuple[FoundTurn, ...]:
        """The questions that have all words of a query, those of the conversation asked last first.

        A word may stand in the question, its answer, the quotations and their titles; with the first question of a
        conversation, in its title too. Words are found as they are typed, also within others; case is ignored.
        Nothing is query syntax.

        Raises:
            HistoryError: the file cannot be used.
        """
        wanted = folded(query).split()

        def holds(title: str, words: str) -> bool:
            text = f"{folded(title)} {words}" if title else words
            return all(word in text for word in wanted)

        with reading(self.file) as connection:
            connection.create_function("holds", 2, holds, deterministic=True)
            by_id = {summary.id: summary for summary in _summaries(connection)}
            found = [
                FoundTurn(conversation=by_id[conversation_id], number=number, answer=decode(text))
                for conversation_id, number, text in connection.execute(_FOUND)
            ]
        order = {conversation_id: position for position, conversation_id in enumerate(by_id)}
        return tuple(sorted(found, key=lambda turn: order[turn.conversation.id]))

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title, as one line.

        Raises:
            ConversationNotFoundError: there is none with this id.
            HistoryError: the title is empty, or the file cannot be used.
        """
        line = title_of(title)
        if not line:
            raise HistoryError("the title is empty; give a word or more")
        if conversation_id in self._started:
            self._started[conversation_id] = line
        elif not self._change("UPDATE conversations SET title = ? WHERE id = ?", line, conversation_id):
            raise _not_found(conversation_id)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation; no byte of it stays in the file.

        Raises:
            ConversationNotFoundError: there is none with this id.
            HistoryError: the file cannot be used.
        """
        if self._started.pop(conversation_id, None) is not None:
            return
        if not self._change("DELETE FROM conversations WHERE id = ?", conversation_id):
            raise _not_found(conversation_id)
        wipe(self.file)

    def clear(self) -> int:
        """Delete all conversations; return how many. No byte of them stays in the file."""
        deleted = self._change("DELETE FROM conversations")
        if deleted:
            wipe(self.file)
        return deleted

    def _begin(self, connection: sqlite3.Connection, conversation_id: str, answer: Answer) -> None:
        """Write the row of a conversation with its first answer."""
        if connection.execute("SELECT 1 FROM conversations WHERE id = ?", (conversation_id,)).fetchone():
            return
        if conversation_id not in self._started:
            raise _not_found(conversation_id)
        title = self._started[conversation_id] or title_of(answer.question)
        folder = None if self._index_folder is None else encode_path(self._index_folder.absolute().as_posix())
        connection.execute(
            "INSERT INTO conversations (id, title, index_folder, started_at) VALUES (?, ?, ?, ?)",
            (conversation_id, title, folder, answer.asked_at),
        )

    def _change(self, statement: str, *values: str) -> int:
        """How many rows a statement changed; none, and no file, where there is no file."""
        if not self.file.exists():
            return 0
        with changing(self.file) as connection:
            return connection.execute(statement, values).rowcount


def _summaries(
    connection: sqlite3.Connection, condition: str = "", *values: str | int
) -> Iterator[ConversationSummary]:
    rows = connection.execute(f"{_SUMMARIES} {condition} GROUP BY c.key ORDER BY max(t.key) DESC", values)
    for conversation_id, title, folder, started_at, updated_at, questions, _ in rows:
        yield ConversationSummary(
            id=conversation_id,
            title=title,
            index_folder=None if folder is None else decode_path(folder),
            started_at=started_at,
            updated_at=updated_at,
            questions=questions,
        )


def _not_found(conversation_id: str) -> ConversationNotFoundError:
    return ConversationNotFoundError(
        f"there is no conversation {conversation_id!r}; qa history lists them with their ids"
    )
