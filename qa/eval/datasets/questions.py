"""Own questions, one JSON object a line -> gold questions; any file of questions -> foreign ones [I/O].

The first are asked of the index that holds their articles; the second are mixed in as questions it cannot
answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import InputError
from qa.eval.datasets.files import Record, read_lines, read_records
from qa.eval.datasets.squad import read_squad

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ForeignQuestion", "GoldQuestion", "GoldSentence", "read_foreign_questions", "read_questions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSentence:
    """A sentence that answers a question."""

    article: str
    """Path of the article in the indexed folder, as the questions file gives it."""
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuestion:
    """One line of a file such as `seeds/questions.jsonl`."""

    id: str
    question: str
    answers: tuple[str, ...]
    """Empty exactly when the question is not answerable."""
    sentences: tuple[GoldSentence, ...]
    """The main one first, then those of `also`; empty when the file names none."""
    answerable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignQuestion:
    """A question that the indexed collection is taken not to answer."""

    id: str
    """Starts with "foreign/", so that it meets no id of the evaluated questions."""
    question: str


def read_questions(path: Path) -> tuple[GoldQuestion, ...]:
    """Questions with the keys id, question, answers, article, sentence, answerable and, optionally, also.

    Raises InputError for a line that lacks a key or contradicts itself, for an id that occurs twice, and for
    a file without questions.
    """
    found: dict[str, GoldQuestion] = {}
    for record in read_records(path):
        question = _question(record)
        if question.id in found:
            raise record.error("id", "an earlier line has it; expected ids that differ")
        found[question.id] = question
    if not found:
        raise InputError(f"{path}: no questions in it; write one JSON object on each line")
    return tuple(found.values())


def read_foreign_questions(path: Path) -> tuple[ForeignQuestion, ...]:
    """The questions of a SQuAD file, or of JSON lines with a `question` or `input`; ids get the prefix "foreign/".

    A line without `id` or `_id` is known by its number. Raises InputError when the file is neither, or is
    empty.
    """
    if _holds_json_lines(path):
        questions = [
            ForeignQuestion(id=f"foreign/{question_id}", question=record.text(_question_key(record)).strip())
            for question_id, record in _numbered(path)
        ]
    else:
        questions = [
            ForeignQuestion(id=f"foreign/{question.id}", question=question.question)
            for question in read_squad(path).questions
        ]
    if not questions:
        raise InputError(f'{path}: no questions in it; give a SQuAD file or JSON lines with a "question" each')
    if len({question.id for question in questions}) < len(questions):
        raise InputError(f"{path}: two questions have the same id; make the ids differ or leave them out")
    return tuple(questions)


def _question_key(record: Record) -> str:
    return "input" if "question" not in record.fields and "input" in record.fields else "question"  # CLAP NQ says input


def _question(record: Record) -> GoldQuestion:
    answers = _answers(record)
    answerable = record.flag_or("answerable", bool(answers))
    if answerable and not answers:
        raise record.error("answers", 'expected at least one answer, or "answerable": false')
    if answers and not answerable:
        raise record.error("answers", 'expected none beside "answerable": false')
    return GoldQuestion(
        id=record.identifier("id"),
        question=record.text("question").strip(),
        answers=answers,
        sentences=tuple(_sentences(record)) if answerable else (),
        answerable=answerable,
    )


def _answers(record: Record) -> tuple[str, ...]:
    answers: list[str] = []
    for answer in record.items("answers"):
        if not isinstance(answer, str) or not answer.strip():
            raise record.error("answers", "expected a list of texts that are not empty")
        answers.append(answer)
    return tuple(dict.fromkeys(answers))


def _sentences(record: Record) -> Iterator[GoldSentence]:
    named = any(record.fields.get(key) is not None for key in ("article", "sentence"))
    for source in [record] * named + record.records("also", required=False):
        yield GoldSentence(article=source.text("article"), sentence=source.text("sentence").strip())


def _holds_json_lines(path: Path) -> bool:
    """Whether the first line is a whole JSON object that is not a whole SQuAD file."""
    _, line = next(read_lines(path), (1, ""))
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        return not line  # nothing at all is an empty list of lines
    return not (isinstance(value, dict) and "data" in value)


def _numbered(path: Path) -> Iterator[tuple[str, Record]]:
    for number, record in enumerate(read_records(path), start=1):
        key = next((key for key in ("id", "_id") if record.fields.get(key) is not None), None)
        yield (record.identifier(key) if key else str(number)), record
