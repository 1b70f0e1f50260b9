"""Conversations to measure follow-up questions with -> frozen values [I/O].

Three forms are told apart by what stands in the file: the topics of TREC CAsT (JSON), the tasks of MTRAG and MTRAG-UN
with their reference passages (JSON lines with `input` and `contexts`), and own conversations over an indexed folder
(JSON lines with `turns`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import InputError
from qa.eval.datasets.files import Record, json_object, read_json, read_lines, read_records
from qa.eval.datasets.questions import GoldSentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "GoldConversation",
    "GoldTurn",
    "PassageConversation",
    "PassageSet",
    "RewrittenTopic",
    "read_conversations",
]

_MEASURED = frozenset({"Follow-up", "Clarification"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldTurn:
    """One question of an own conversation."""

    question: str
    standalone: str
    """As a person would ask it alone."""
    sentences: tuple[GoldSentence, ...]
    """What may be cited for it; empty where only the later turns count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldConversation:
    """One line of a file of own conversations."""

    id: str
    kind: str
    """What makes it hard, "pronoun" or "ellipsis" say; figures are given for each kind."""
    turns: tuple[GoldTurn, ...]
    """At least one; the last has sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageConversation:
    """A task of MTRAG: earlier questions with their answers, and a question with its reference passages."""

    id: str
    earlier: tuple[tuple[str, str], ...]
    question: str
    passages: tuple[str, ...]
    """Ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSet:
    """The tasks of an MTRAG file that are follow-ups or clarifications, and the reference passages of all its tasks."""

    conversations: tuple[PassageConversation, ...]
    passages: Mapping[str, str]
    """Id -> text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewrittenTopic:
    """A topic of CAsT with a person's rewrite of each question."""

    id: str
    turns: tuple[tuple[str, str, str], ...]
    """Id, question as asked, rewrite."""


def read_conversations(
    path: Path, rewrites: Path | None = None
) -> tuple[GoldConversation, ...] | PassageSet | tuple[RewrittenTopic, ...]:
    """The conversations of a file.

    Args:
        path: In one of the three forms.
        rewrites: Of CAsT, one "id, tab, question" a line; must be given with its topics.

    Raises:
        InputError: the file is in none of the forms, or breaks its form.
    """
    _, first = next(read_lines(path), (1, ""))
    if first.lstrip().startswith("["):
        if rewrites is None:
            raise InputError(f"{path}: topics without rewrites; name their file with --rewrites FILE.tsv")
        return _topics(path, _rewrites(rewrites))
    records = list(read_records(path))
    if not records:
        raise InputError(f"{path}: no conversations in it; write one JSON object on each line")
    if "contexts" in records[0].fields:
        return _passage_set(path, records)
    return _own(records)


def _own(records: list[Record]) -> tuple[GoldConversation, ...]:
    found: dict[str, GoldConversation] = {}
    for record in records:
        turns = tuple(_turn(turn) for turn in record.records("turns"))
        if not turns or not turns[-1].sentences:
            raise record.error("turns", 'expected at least one turn, the last with "article" and "sentence"')
        identifier = record.identifier("id")
        if identifier in found:
            raise record.error("id", "an earlier line has it; expected ids that differ")
        found[identifier] = GoldConversation(id=identifier, kind=record.text_or("kind", "other"), turns=turns)
    return tuple(found.values())


def _turn(record: Record) -> GoldTurn:
    question = record.text("question").strip()
    named = record.fields.get("sentence") is not None
    sources = [*([record] if named else []), *record.records("also", required=False)]
    return GoldTurn(
        question=question,
        standalone=record.text_or("standalone", question),
        sentences=tuple(GoldSentence(article=s.text("article"), sentence=s.text("sentence").strip()) for s in sources),
    )


def _passage_set(path: Path, records: list[Record]) -> PassageSet:
    passages: dict[str, str] = {}
    conversations = []
    for record in records:
        own = [(context.identifier("document_id"), context.text("text")) for context in record.records("contexts")]
        passages.update(own)
        if own and _MEASURED.intersection(map(str, record.items("Multi-Turn"))):
            conversations.append(_passage_conversation(record, tuple(identifier for identifier, _ in own)))
    if not conversations:
        raise InputError(f"{path}: no follow-up or clarification with reference passages in it; give the whole file")
    return PassageSet(conversations=tuple(conversations), passages=passages)


def _passage_conversation(record: Record, passages: tuple[str, ...]) -> PassageConversation:
    turns: list[list[str]] = []
    for said in record.records("input"):
        if said.text("speaker") == "user":
            turns.append([said.text("text").strip(), ""])
        elif turns:
            turns[-1][1] = said.text_or("text", "").strip()
    if not turns:
        raise record.error("input", 'expected at least one turn of the speaker "user"')
    return PassageConversation(
        id=record.identifier("task_id"),
        earlier=tuple((question, answer) for question, answer in turns[:-1]),
        question=turns[-1][0],
        passages=passages,
    )


def _topics(path: Path, rewrites: Mapping[str, str]) -> tuple[RewrittenTopic, ...]:
    value = read_json(path)
    found = []
    for number, item in enumerate(value if isinstance(value, list) else []):
        record = Record(f"{path}, topic {number + 1}", json_object(item, f"{path}, topic {number + 1}"))
        topic = record.identifier("number")
        turns = []
        for turn in record.records("turn"):
            identifier = f"{topic}_{turn.identifier('number')}"
            if identifier in rewrites:
                turns.append((identifier, turn.text("raw_utterance").strip(), rewrites[identifier]))
        found.append(RewrittenTopic(id=topic, turns=tuple(turns)))
    if not any(topic.turns for topic in found):
        raise InputError(f"{path}: none of its questions has a rewrite; give the rewrites of these topics")
    return tuple(found)


def _rewrites(path: Path) -> Mapping[str, str]:
    found = {}
    for number, line in read_lines(path):
        identifier, tab, question = line.partition("\t")
        if not tab or not question.strip():
            raise InputError(f"{path}, line {number}: expected an id, a tab and a question; correct it there")
        found[identifier.strip()] = question.strip()
    return found
