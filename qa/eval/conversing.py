"""How well follow-up questions are understood: what is found for them, and what a person would have added."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from index.entities import Filter, Ranker
from index.search import Searcher
from qa.assistant import Assistant
from qa.entities import Answer, Conversation
from qa.eval.datasets import GoldConversation, GoldQuestion, PassageConversation, RewrittenTopic
from qa.eval.metrics import best_scores, citation_scores, evaluate, rewrite_scores, same_question
from qa.eval.run import Measured, Tell, is_gold
from qa.events import Answered, Event
from qa.followup import PastTurn, Rarity, Rewrite, Understood, corpus_rarity, rewrite, search_all
from qa.followup.words import content_words

__all__ = ["measure_asked", "measure_found", "measure_rewrites"]


DEPTH = 100
MEASURES = ("hit@1", "hit@5", "recall@5", "MRR@10")
_MODES = {"words": Ranker.LEXICAL, "fused": Ranker.HYBRID}


def measure_found(
    searcher: Searcher,
    conversations: Sequence[PassageConversation],
    documents: Mapping[str, Sequence[str]],
    *,
    measured: Measured,
    tell: Tell = lambda _done, _total: None,
) -> None:
    """Search for each question as asked, joined with the one before, and rewritten; by words alone and fused.

    Args:
        searcher: Over the reference passages.
        conversations: With the ids of their passages.
        documents: Article id -> ids of the passages with its text.
        measured: Is filled with `words.*` and `fused.*`, and with the paired differences `gain.*`.
        tell: Told how many are done.
    """
    qrels = {one.id: dict.fromkeys(one.passages, 1) for one in conversations}
    runs: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
    for done, one in enumerate(conversations, start=1):
        past = _said(one, corpus_rarity(searcher.store))
        started_s = time.perf_counter()
        rewritten = rewrite(one.question, past, corpus_rarity(searcher.store))
        measured.timed("rewrite", started_s)
        measured.add("rewriting.rewritten", one.id, float(rewritten.follows))
        for mode_name, mode in _MODES.items():
            for name, understood in _ways(one, rewritten).items():
                hits = search_all(searcher, understood, DEPTH, mode=mode)
                scores = best_scores((d, hit.score) for hit in hits for d in documents.get(hit.passage.article_id, ()))
                runs.setdefault((mode_name, name), {})[one.id] = scores
        tell(done, len(conversations))
    for (mode_name, name), run in runs.items():
        for measure, values in evaluate(run, qrels, MEASURES).items():
            measured.per_question[f"{mode_name}.{name}.{measure}"] = dict(values)
    _add_gains(measured)


def _said(one: PassageConversation, rarity: Rarity) -> list[PastTurn]:
    """The earlier turns, their questions rewritten as they would have been."""
    past: list[PastTurn] = []
    for question, answer in one.earlier:
        past.append(PastTurn(question=rewrite(question, past, rarity).question, answer=answer))
    return past


def _joined(one: PassageConversation) -> str:
    """The last two questions of a person as one: the baseline that needs no rules."""
    return " ".join([*(question for question, _ in one.earlier[-1:]), one.question])


def measure_rewrites(topics: Sequence[RewrittenTopic], *, measured: Measured) -> None:
    """Rewrite each question with the questions before it and compare with a person's rewrites.

    The words' frequencies are those among the questions, as there are no articles. `rewriting.recovered` has a value
    for each word that a person added, `rewriting.precise` one for each word that was added here.
    """
    rarity = _rarity_among([question for topic in topics for _, question, _ in topic.turns])
    for topic in topics:
        past: list[PastTurn] = []
        for identifier, question, human in topic.turns:
            started_s = time.perf_counter()
            rewritten = rewrite(question, past, rarity).question
            measured.timed("rewrite", started_s)
            scores = rewrite_scores(question, rewritten, human)
            if same_question(question, human):
                alone = float(same_question(rewritten, question))
                measured.add("rewriting.left_alone", identifier, alone)
                if past:
                    measured.add("rewriting.left_alone_later", identifier, alone)
            else:
                for word, found in scores.wanted.items():
                    measured.add("rewriting.recovered", f"{identifier}/{word}", float(found))
            for word, right in scores.added.items():
                measured.add("rewriting.precise", f"{identifier}/{word}", float(right))
            past.append(PastTurn(question=rewritten))


def measure_asked(
    assistant: Assistant,
    conversations: Sequence[GoldConversation],
    *,
    measured: Measured,
    tell: Tell = lambda _done, _total: None,
) -> None:
    """Hold each conversation; its last answer counts. Beside it, the last question alone, and a person's rewrite of it.

    Args:
        assistant: Over the index that holds the articles.
        conversations: With their gold sentences.
        measured: Is filled with `conversation.*`, and with `kind.*` for the conversation as it was held.
        tell: Told how many are done.
    """
    for done, one in enumerate(conversations, start=1):
        held, last = Conversation(id=one.id, title=""), one.turns[-1]
        for turn in one.turns[:-1]:
            held = held.append(assistant.ask(turn.question, held))
        answer = _add_answer("held", one, assistant.stream(last.question, held), measured)
        measured.timed_ms("rewrite", answer.timings_ms["rewrite"])
        measured.timed_ms("ask", sum(answer.timings_ms.values()))
        _add_answer("alone", one, assistant.stream(last.question), measured)
        _add_answer("human", one, assistant.stream(last.standalone), measured)
        first = measured.per_question["conversation.held.first"][one.id]
        measured.add(f"kind.{one.kind}.first", one.id, first)
        tell(done, len(conversations))


def _add_answer(name: str, one: GoldConversation, events: Iterable[Event], measured: Measured) -> Answer:
    """Whether the gold sentence is cited, and whether the passages found hold it."""
    last = one.turns[-1]
    gold = GoldQuestion(id=one.id, question=last.question, answers=(), sentences=last.sentences, answerable=True)
    *_, final = events
    assert isinstance(final, Answered)  # a stream ends with its answer
    scores = citation_scores([is_gold(citation, gold) for citation in final.answer.citations])
    measured.add(f"conversation.{name}.first", one.id, scores.first)
    measured.add(f"conversation.{name}.any", one.id, scores.any)
    return final.answer


def _ways(one: PassageConversation, rewritten: Rewrite) -> dict[str, Understood]:
    """The question as asked, joined with the one before, and rewritten."""
    return {
        "raw": _plain(one.question),
        "joined": _plain(_joined(one)),
        "rewritten": Understood(rewrite=rewritten, where=Filter(), favoured={}),
    }


def _plain(text: str) -> Understood:
    return Understood(rewrite=rewrite(text, (), lambda _word: 0.0), where=Filter(), favoured={})


def _add_gains(measured: Measured) -> None:
    """Paired differences of the rewritten question to the two others."""
    for mode in _MODES:
        for measure in MEASURES:
            new = measured.per_question[f"{mode}.rewritten.{measure}"]
            for other in ("raw", "joined"):
                old = measured.per_question[f"{mode}.{other}.{measure}"]
                gains = {identifier: value - old[identifier] for identifier, value in new.items()}
                measured.per_question[f"gain.{mode}_over_{other}.{measure}"] = gains


def _rarity_among(questions: Sequence[str]) -> Rarity:
    counts = Counter(word for question in questions for word in set(content_words(question)))
    total = math.log(max(2, len(questions)))
    return lambda word: 1.0 - math.log(max(1, counts[word])) / total
