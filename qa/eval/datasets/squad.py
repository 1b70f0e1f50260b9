"""SQuAD 1.1 or 2.0 JSON -> paragraphs to search and questions about them [I/O].

Answers are kept as texts without offsets: they are scored by their words. Format: Rajpurkar et al. (2016,
2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.errors import InputError
from qa.eval.datasets.files import Record, json_object, read_json, read_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

__all__ = ["SquadParagraph", "SquadQuestion", "SquadSet", "read_squad", "read_titles", "squad_from_json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadParagraph:
    """One paragraph of a Wikipedia article."""

    id: str
    """Title with underscores, "/", number of the paragraph in its article from 1: "Super_Bowl_50/3"."""
    title: str
    """As a person would write it: "Super Bowl 50"."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadQuestion:
    """One question about one paragraph."""

    id: str
    question: str
    answers: tuple[str, ...]
    """Different gold answers in the order of the file; empty when the paragraph holds none."""
    paragraph_id: str
    answerable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadSet:
    """The articles kept of one file."""

    paragraphs: tuple[SquadParagraph, ...]
    questions: tuple[SquadQuestion, ...]
    missing_titles: tuple[str, ...]
    """Titles that were asked for and are not in the file. SQuAD 2.0 has only some articles of 1.1."""

    @property
    def qrels(self) -> dict[str, dict[str, int]]:
        """The paragraph of each answerable question, graded 1."""
        return {question.id: {question.paragraph_id: 1} for question in self.questions if question.answerable}


def read_squad(path: Path, titles: Collection[str] | None = None) -> SquadSet:
    """All articles of a SQuAD file, or those whose title is listed (underscores and spaces are the same).

    Raises InputError when the file is not SQuAD JSON, an id occurs twice, or no listed title is in it.
    """
    return squad_from_json(read_json(path), str(path), titles)


def squad_from_json(value: object, where: str, titles: Collection[str] | None = None) -> SquadSet:
    """`read_squad` for JSON that is already read; `where` names it in messages."""
    wanted = None if titles is None else {_readable(title) for title in titles}
    articles = Record(where, json_object(value, where)).records("data")
    paragraphs: list[SquadParagraph] = []
    questions: dict[str, SquadQuestion] = {}
    numbers: dict[str, int] = {}
    for article in articles:
        title = _readable(article.text("title"))
        if wanted is not None and title not in wanted:
            continue
        for record in article.records("paragraphs"):
            numbers[title] = numbers.get(title, 0) + 1
            paragraph_id = f"{title.replace(' ', '_')}/{numbers[title]}"
            paragraphs.append(SquadParagraph(id=paragraph_id, title=title, text=record.text("context")))
            for question in _questions(record, paragraph_id):
                if question.id in questions:
                    raise InputError(f'{where}: the question id "{question.id}" occurs twice; make the ids differ')
                questions[question.id] = question
    if not paragraphs:
        raise InputError(f"{where}: no paragraph{'' if wanted is None else ' of the articles listed'}; check the file")
    missing = () if wanted is None else tuple(sorted(wanted - numbers.keys()))
    return SquadSet(paragraphs=tuple(paragraphs), questions=tuple(questions.values()), missing_titles=missing)


def read_titles(path: Path) -> tuple[str, ...]:
    """Titles of articles, one a line. Raises InputError when there is none."""
    titles = tuple(line.strip() for _, line in read_lines(path))
    if not titles:
        raise InputError(f"{path}: no titles in it; write one title on each line")
    return titles


def _questions(paragraph: Record, paragraph_id: str) -> Iterator[SquadQuestion]:
    for record in paragraph.records("qas"):
        answerable = not record.flag_or("is_impossible", False)
        answers = [answer.text("text") for answer in record.records("answers", required=answerable)]
        if answerable and not answers:
            raise record.error("answers", 'expected at least one answer, or "is_impossible": true')
        yield SquadQuestion(
            id=record.identifier("id"),
            question=record.text("question").strip(),
            answers=tuple(dict.fromkeys(answers)) if answerable else (),
            paragraph_id=paragraph_id,
            answerable=answerable,
        )


def _readable(title: str) -> str:
    """SQuAD writes titles as in Wikipedia's addresses: "Beyonc%C3%A9", "Super_Bowl_50"."""
    return " ".join(unquote(title).replace("_", " ").split())
