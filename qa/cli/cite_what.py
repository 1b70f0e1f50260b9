"""What `qa cite` is asked for -> the passages: an answer that was kept, sentences by reference, or an excerpt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from qa.cli.asked_index import open_asked_index
from qa.cli.context import Context
from qa.errors import CitationError, SourceReferenceError

if TYPE_CHECKING:
    from index.store import Store
    from qa.entities import Answer, Citation
    from qa.history import ConversationSummary
    from qa.report.cited import CitedPassage

__all__ = ["Wanted", "answer_of", "chosen_citations", "cited_passages", "conversation_of", "sentences_of"]

_ID = re.compile(r"[0-9a-f]{1,12}")
_SENTENCES = re.compile(r":\d+(?:-\d+)?\Z")
_EXCERPT = re.compile(r"\w+(?:\W+\w+){2}|[\u2e80-\ud7ff]{6}")
"""Three words, or six characters of a script that puts no spaces between them."""
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be cited."""

    what: str
    """`last`, an id, a reference, or words."""
    turn: int | None = None
    """Of the conversation, from 1; None for its last."""
    numbers: tuple[int, ...] = ()
    """Of the answer's citations; empty for all."""


def cited_passages(context: Context, wanted: Wanted) -> list[CitedPassage]:
    """The passages, each with its status as of today.

    Raises:
        CitationError: there is nothing by that name, or no such turn or citation.
        NoIndexError: a reference or an excerpt needs the index, and there is none.
        SourceReferenceError: a reference names nothing.
    """
    summary = conversation_of(context, wanted.what)
    if summary is not None:
        return _of_answer(context, summary, wanted)
    if wanted.turn is not None or wanted.numbers:
        raise CitationError(f"--turn and -n choose among the citations of an answer, and {wanted.what!r} is none")
    return _of_index(context, wanted.what)


def conversation_of(context: Context, what: str) -> ConversationSummary | None:
    """The conversation that is meant: the last, or the one with this id or with an answer of this id."""
    conversations = context.history.list() if what == "last" or _ID.fullmatch(what.lower()) else ()
    if what == "last":
        if not conversations:
            raise CitationError(
                "there is no last answer: nothing was asked yet, or nothing was kept; "
                "sentences, as in ID:7-9, and words of a passage can be named instead"
            )
        return conversations[0]
    named = [summary for summary in conversations if summary.id.startswith(what.lower())]
    if len(named) > 1:
        return context.history.summary(what)  # says which they are
    if named:
        return named[0]
    return next((one for one in conversations if _turn_with(context, one, what) is not None), None)


def _turn_with(context: Context, summary: ConversationSummary, answer_id: str) -> int | None:
    """The number of the turn whose answer has this id, from 1."""
    conversation = context.history.read(summary.id)
    ids = [turn.answer.id for turn in conversation.turns] if conversation is not None else []
    return next((number for number, found in enumerate(ids, start=1) if found == answer_id.lower()), None)


def _of_answer(context: Context, summary: ConversationSummary, wanted: Wanted) -> list[CitedPassage]:
    from qa.history.recheck import recheck
    from qa.report.passages import cite_citation

    answer = answer_of(context, summary, wanted)
    store = open_asked_index(context, summary, {citation.article_id for citation in answer.citations})
    accessed = datetime.fromisoformat(answer.asked_at).date()
    chosen = chosen_citations(context, recheck(answer, store), wanted.numbers)
    cited = [cite_citation(citation, store, accessed=accessed) for citation in chosen]
    if store is not None:
        store.close()
    return cited


def chosen_citations(context: Context, answer: Answer, numbers: tuple[int, ...]) -> list[Citation]:
    """The citations with these numbers, all of them for none; those whose words were purged are left out and counted.

    Raises:
        CitationError: the answer has fewer.
    """
    chosen = [c for c in answer.citations if not numbers or c.number in numbers]
    missing = set(numbers) - {citation.number for citation in chosen}
    if missing:
        held = f"[1] to [{len(answer.citations)}]" if answer.citations else "none"
        raise CitationError(f"the answer has no citation [{min(missing)}]; it has {held}")
    emptied = [citation for citation in chosen if not citation.quote]
    if emptied:
        context.report(f"{len(emptied)} of {len(chosen)} left out: the words were deleted with qa rm --purge")
    return [citation for citation in chosen if citation.quote]


def answer_of(context: Context, summary: ConversationSummary, wanted: Wanted) -> Answer:
    """The answer of a conversation that is meant: the turn, otherwise the one with the id, otherwise the last.

    Raises:
        CitationError: there is no such turn.
    """
    conversation = context.history.read(summary.id)
    if conversation is None or not conversation.turns:
        raise CitationError(f"conversation {summary.id} has no answers any more; qa history lists the others")
    turn = wanted.turn
    if turn is None and wanted.what != "last" and not summary.id.startswith(wanted.what.lower()):
        turn = _turn_with(context, summary, wanted.what)
    if turn is not None and turn > len(conversation.turns):
        raise CitationError(f"--turn {turn}: conversation {summary.id} has {len(conversation.turns)} answers")
    return conversation.turns[-1 if turn is None else turn - 1].answer


def _of_index(context: Context, what: str) -> list[CitedPassage]:
    from index.store import Store
    from qa.report.passages import cite_sentences

    store = Store.open(context.index_folder)
    article_id, first, last = sentences_of(context, store, what)
    return [cite_sentences(store, article_id, first, last, accessed=date.today())]


def sentences_of(context: Context, store: Store, what: str) -> tuple[str, int, int]:
    """The article with its first and last sentence that a reference or an excerpt names.

    Raises:
        CitationError: no article has the words.
        SourceReferenceError: the reference names nothing, or no sentences.
    """
    from qa.reference import parse_reference, resolve

    reference = parse_reference(what)
    try:
        article_id = resolve(store, reference)
    except SourceReferenceError:
        if not (_EXCERPT.search(what) and re.search(r"\s|[\u2e80-\ud7ff]", what)):
            raise
        return _of_excerpt(context, store, what)
    if reference.first_sentence is None or reference.last_sentence is None:
        raise SourceReferenceError(
            f"{what} is a whole article; name the sentences that you mean, as in {article_id}:1-2"
        )
    count = len(store.sentences(article_id))
    if reference.last_sentence > count:
        raise SourceReferenceError(f"{what}: the article has {count} sentences")
    return article_id, reference.first_sentence, reference.last_sentence


def _of_excerpt(context: Context, store: Store, words: str) -> tuple[str, int, int]:
    """Where the newest article has the words; the others are named."""
    from qa.report.verify_sources import Sources
    from qa.report.whence import exact_matches

    by_date = exact_matches(words, Sources(store))
    found = sorted(by_date, key=lambda match: match.place.source.article.date or "", reverse=True)
    if not found:
        raise CitationError(
            f"no article has these words: {words[:80]!r}; qa whence finds what is near, and qa ls lists the articles"
        )
    places = [(match.place.source.article.id, *match.place.sentences) for match in found]
    others = [f"{article_id}:{first}" for article_id, first, _ in places[1:]]
    if others:
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        context.report(f"these words also stand at {', '.join(others[:_NAMED])}{more}")
    return places[0]
