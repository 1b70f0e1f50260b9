"""A folder in BEIR's layout -> documents, judged queries, qrels [I/O].

corpus.jsonl (`_id`, `title`, `text`), queries.jsonl (`_id`, `text`), qrels.tsv or qrels/test.tsv with the
header `query-id corpus-id score`. Thakur et al. (2021), "BEIR", and its repository.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from index.errors import InputError
from qa.eval.datasets.files import Record, first_existing, read_lines, read_records

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

__all__ = ["BeirDocument", "BeirQuery", "BeirSet", "read_beir"]

T = TypeVar("T")
_HEADER = ["query-id", "corpus-id", "score"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirDocument:
    """One document to be found."""

    id: str
    title: str
    """Empty where there is none."""
    text: str
    """May be empty: Cranfield has two such documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirQuery:
    """One query that has judgements."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirSet:
    """A collection and what is relevant in it."""

    documents: tuple[BeirDocument, ...]
    queries: tuple[BeirQuery, ...]
    """Only those in `qrels`: a folder holds the queries of every split."""
    qrels: dict[str, dict[str, int]]
    """Query id -> document id -> grade, in the order of the queries. Above 0 is relevant."""
    missing_documents: int
    """Judgements of documents that the corpus lacks; kept, as documents that cannot be found."""


def read_beir(folder: Path) -> BeirSet:
    """Reads the three files of a BEIR folder, plain or gzipped.

    Raises InputError when a file is missing or malformed, an id occurs twice, a judged query has no text,
    or two lines judge the same pair differently.
    """
    documents = _by_id(first_existing(folder, ["corpus.jsonl"]), _document)
    queries_path = first_existing(folder, ["queries.jsonl"])
    queries = _by_id(queries_path, _query)
    qrels_path = first_existing(folder, ["qrels.tsv", "qrels/test.tsv"])
    qrels = _read_qrels(qrels_path, queries=queries, queries_path=queries_path)
    return BeirSet(
        documents=tuple(documents.values()),
        queries=tuple(query for query_id, query in queries.items() if query_id in qrels),
        qrels={query_id: qrels[query_id] for query_id in queries if query_id in qrels},
        missing_documents=sum(document_id not in documents for grades in qrels.values() for document_id in grades),
    )


def _by_id(path: Path, build: Callable[[str, Record], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for record in read_records(path):
        item_id = record.identifier("_id")
        if item_id in found:
            raise record.error("_id", "an earlier line has it; expected ids that differ")
        found[item_id] = build(item_id, record)
    if not found:
        raise InputError(f"{path}: nothing in it; write one JSON object on each line")
    return found


def _document(document_id: str, record: Record) -> BeirDocument:
    if record.fields.get("text") is None:
        raise record.error("text", "expected the document's text, which may be empty")
    return BeirDocument(id=document_id, title=record.text_or("title", ""), text=record.text_or("text", ""))


def _query(query_id: str, record: Record) -> BeirQuery:
    return BeirQuery(id=query_id, text=record.text("text").strip())


def _read_qrels(path: Path, *, queries: Collection[str], queries_path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    lines = read_lines(path)
    number, header = next(lines, (1, ""))
    if header.split() != _HEADER:
        raise InputError(f'{path}, line {number}: "{header[:60]}"; expected the header {" TAB ".join(_HEADER)}: add it')
    for number, line in lines:
        query_id, document_id, grade = _judgement(line, where=f"{path}, line {number}")
        if query_id not in queries:
            raise InputError(f'{path}, line {number}: query "{query_id}" is not in {queries_path}; add it there')
        if qrels.setdefault(query_id, {}).setdefault(document_id, grade) != grade:
            pair = f'query "{query_id}" and document "{document_id}"'
            raise InputError(f"{path}, line {number}: {pair} were given another score above; keep one line")
    if not qrels:
        raise InputError(f"{path}: no judgements below the header; add one on each line")
    return qrels


def _judgement(line: str, *, where: str) -> tuple[str, str, int]:
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) != 3 or not columns[0] or not columns[1]:
        raise InputError(f'{where}: "{line[:60]}"; expected three columns with tabs between: {", ".join(_HEADER)}')
    try:
        return columns[0], columns[1], int(columns[2])
    except ValueError:
        raise InputError(f'{where}: the score is "{columns[2]}"; expected a whole number: correct it') from None
