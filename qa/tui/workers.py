"""The slow parts of the chat, each in a thread of its own; what they find comes back as messages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.errors import CorpusError, ModelError, NoIndexError
from qa.entities import RelatedPassage
from qa.errors import ConversationNotFoundError, HistoryError, QaError
from qa.events import Answered
from qa.tui.messages import (
    AssistantFailed,
    AssistantReady,
    ConversationBegun,
    NotKept,
    QuestionFailed,
    QuestionProgressed,
    Quotation,
)
from qa.tui.wording import sources

if TYPE_CHECKING:
    from textual.message import Message

    from index.entities import Filter
    from qa.assistant import Assistant
    from qa.entities import Answer, Citation, Conversation
    from qa.report.verify_match import Place as FoundPlace
    from qa.tui.services import ConversationStore, Services

    Post = Callable[[Message], object]

__all__ = [
    "CONVERSATION_DELETED",
    "Limits",
    "Question",
    "answer_question",
    "count_limited",
    "earlier_questions",
    "explain_failure",
    "keep_answer",
    "line_of",
    "open_assistant",
    "quotations",
    "read_conversation",
    "source_at",
]

CONVERSATION_DELETED = "This conversation was deleted; a new one begins with this answer."
EARLIER_CONVERSATIONS = 20
"""Whose questions `up` goes back through."""

_one_at_a_time = threading.Lock()
"""Questions take turns on the assistant's connection; a cancelled one may still be reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Which articles are asked, as typed."""

    since: str | None = None
    until: str | None = None
    source: str | None = None
    article: str = ""
    """Id of the only article."""
    article_title: str = ""

    def words(self) -> list[str]:
        """For the status bar."""
        return [
            *([f"since {self.since}"] if self.since else []),
            *([f"until {self.until}"] if self.until else []),
            *([f"from {self.source}"] if self.source else []),
        ]

    def after(self, where: Filter) -> Limits:
        """Those that stay once `where` was searched: what a question says ("since March") holds until it is changed."""
        source = self.source if self.article else where.source
        return Limits(since=where.since, until=where.until, source=source)

    def resolve(self, services: Services) -> Filter:
        """The filter with real dates.

        Raises:
            SettingsError: a value names no days.
        """
        return services.resolve_filter(since=self.since, until=self.until, source=self.source, article=self.article)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and of what."""

    number: int
    """In this transcript."""
    text: str
    conversation: Conversation
    """As it was when the question's turn came."""
    limits: Limits


def open_assistant(services: Services, post: Post) -> None:
    """Load the models; posts `AssistantReady` or `AssistantFailed`."""
    try:
        assistant = services.open_assistant()
        post(AssistantReady(assistant, assistant.searcher.store.count("articles")))
    except Exception as error:  # the worker's outer edge: the chat goes on and says what is wrong
        post(AssistantFailed(explain_failure(error), no_index=type(error) is NoIndexError))


def answer_question(
    services: Services, assistant: Assistant, question: Question, *, post: Post, cancelled: Callable[[], bool]
) -> None:
    """Answer a question; posts its events, or `QuestionFailed`. The answer is kept before the next one begins."""
    with _one_at_a_time:
        if cancelled():
            return
        try:
            where = question.limits.resolve(services)
            with closing(assistant.stream(question.text, question.conversation, where)) as events:  # type: ignore[type-var]  # a generator
                for event in events:
                    if cancelled():
                        return
                    if isinstance(event, Answered):
                        _keep(services, question.conversation.id, event.answer, post)
                    post(QuestionProgressed(question.number, event))
        except Exception as error:  # the worker's outer edge: one question fails, the chat goes on
            post(QuestionFailed(question.number, explain_failure(error)))


def _keep(services: Services, conversation_id: str, answer: Answer, post: Post) -> None:
    """Add an answer to the history; what prevents that is said, and costs no answer."""
    if services.history is None:
        return
    try:
        kept_in = keep_answer(services.history, conversation_id, answer)
    except HistoryError as error:
        post(NotKept(str(error)))
    else:
        if kept_in != conversation_id:
            post(ConversationBegun(conversation_id, kept_in))


def keep_answer(history: ConversationStore, conversation_id: str, answer: Answer) -> str:
    """Keep one more answer; return the conversation that it is in now, a new one where the other was deleted.

    Raises:
        HistoryError: the history cannot be used.
    """
    try:
        history.append(conversation_id, answer)
    except ConversationNotFoundError:
        conversation_id = history.start()
        history.append(conversation_id, answer)
    return conversation_id


def quotations(services: Services, answer: Answer) -> tuple[Quotation, ...]:
    """What an answer quotes, with one sentence around each; without them where the article is gone."""
    found = []
    for source in sources(answer):
        before = after = ""
        try:
            article, every = services.article(source.article_id), services.sentences(source.article_id)
            files = len(services.places(source.article_id))
        except CorpusError:
            article, every, files = None, (), 0
        if article is not None and article.text[source.start : source.end] == source.quote:
            first, last = source.first_sentence - 1, source.last_sentence
            before = "".join(article.text[s.start : s.end] for s in every[max(0, first - 1) : first])
            after = "".join(article.text[s.start : s.end] for s in every[last : last + 1])
        found.append(Quotation(source=source, before=before, after=after, files=files))
    return tuple(found)


def line_of(services: Services, source: Citation | RelatedPassage) -> int | None:
    """The line of its file where a quotation begins; None where that is not known."""
    from qa.tui.opened import line_in

    try:
        article = services.article(source.article_id)
    except CorpusError:
        return None
    return None if article is None else line_in(source.place, article.text, source.start)


def count_limited(services: Services, limits: Limits) -> str:
    """How many articles the limits leave, in words.

    Raises:
        QaError: a limit names no days.
        CorpusError: the index cannot be used.
    """
    where = limits.resolve(services)
    allowed, total = services.count_allowed(where)
    days = [f"since {where.since}" if where.since else "", f"until {where.until}" if where.until else ""]
    parts = [*days, f"from {where.source}" if where.source else ""]
    names = " ".join(part for part in parts if part)
    return f"Asking the articles {names}: {allowed:,} of {total:,}" if names else f"Asking all {total:,} articles"


def source_at(services: Services, found: FoundPlace) -> RelatedPassage | None:
    """A place of an article as something that can be opened; None when the article lies nowhere any more."""
    article, (first, last) = found.source.article, found.sentences
    places = services.places(article.id)
    if not places:
        return None
    return RelatedPassage(
        article_id=article.id,
        title=article.title,
        date=article.date,
        place=places[0],
        first_sentence=first,
        last_sentence=last,
        start=found.start,
        end=found.end,
        quote=found.text,
        score=0.0,
    )


def read_conversation(services: Services, conversation_id: str) -> Conversation | None:
    """A kept conversation, with today's status of every citation.

    Raises:
        HistoryError: the history cannot be used.
    """
    kept = services.history.read(conversation_id) if services.history is not None else None
    if kept is None:
        return None
    return replace(kept, turns=tuple(replace(turn, answer=services.recheck(turn.answer)) for turn in kept.turns))


def earlier_questions(services: Services) -> list[str]:
    """What was asked in the latest conversations, oldest first, each once."""
    if services.history is None:
        return []
    try:
        latest = services.history.list()[:EARLIER_CONVERSATIONS]
        kept = [services.history.read(summary.id) for summary in reversed(latest)]
    except HistoryError:
        return []  # said when an answer is to be kept
    return list(dict.fromkeys(turn.question for one in kept if one is not None for turn in one.turns))


def explain_failure(error: Exception) -> str:
    """An error in words, with the next step."""
    if isinstance(error, ModelError):
        return f"A model cannot be loaded: {error}"
    if isinstance(error, (CorpusError, QaError)):
        return str(error)
    return f"internal error: {type(error).__name__}: {error} (qa doctor looks for faults)"
