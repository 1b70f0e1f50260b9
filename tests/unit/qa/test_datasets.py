"""Readers of data sets: what they keep, and how they name what is wrong with a file."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.errors import InputError, PathNotFoundError
from qa.eval.datasets import (
    BeirDocument,
    BeirQuery,
    ForeignQuestion,
    GoldQuestion,
    GoldSentence,
    SquadParagraph,
    SquadQuestion,
    read_beir,
    read_foreign_questions,
    read_questions,
    read_squad,
    read_titles,
    sample,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, object]


def squad(*articles: Json) -> Json:
    return {"version": "2.0", "data": list(articles)}


def article(title: str, *paragraphs: Json) -> Json:
    return {"title": title, "paragraphs": list(paragraphs)}


def paragraph(context: str, *questions: Json) -> Json:
    return {"context": context, "qas": list(questions)}


def asked(question_id: str, *answers: str, **more: object) -> Json:
    texts = [{"text": answer, "answer_start": 0} for answer in answers]
    return {"id": question_id, "question": f" What is {question_id}? ", "answers": texts} | more


SQUAD = squad(
    article("Beyonc%C3%A9", paragraph("One.", asked("q1", "One", "one", "One"))),
    article("Super_Bowl_50", paragraph("Two."), paragraph("Three.", asked("q2", is_impossible=True))),
    article("Super Bowl 50", paragraph("Four.", asked("q3", "Four", is_impossible=False))),
)


def write_json(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def write_lines(path: Path, *lines: object) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def test_a_squad_file_becomes_paragraphs_with_ids_and_questions_about_them(tmp_path: Path) -> None:
    data = read_squad(write_json(tmp_path / "squad.json", SQUAD))
    assert [found.id for found in data.paragraphs] == [
        "Beyoncé/1", "Super_Bowl_50/1", "Super_Bowl_50/2", "Super_Bowl_50/3",
    ]  # fmt: skip
    assert data.paragraphs[1] == SquadParagraph(id="Super_Bowl_50/1", title="Super Bowl 50", text="Two.")
    assert data.questions[0] == SquadQuestion(
        id="q1", question="What is q1?", answers=("One", "one"), paragraph_id="Beyoncé/1", answerable=True
    )
    assert not data.questions[1].answerable
    assert data.qrels == {"q1": {"Beyoncé/1": 1}, "q3": {"Super_Bowl_50/3": 1}}


def test_listed_titles_keep_their_articles_and_the_missing_ones_are_named(tmp_path: Path) -> None:
    titles = read_titles(write_lines(tmp_path / "titles.txt", "Super_Bowl_50", "", " Warsaw "))
    data = read_squad(write_json(tmp_path / "squad.json", SQUAD), titles)
    assert [question.id for question in data.questions] == ["q2", "q3"]
    assert data.paragraphs[0].id == "Super_Bowl_50/1"
    assert data.missing_titles == ("Warsaw",)


@pytest.mark.parametrize("read", [
    lambda path: read_squad(path).questions,
    lambda path: read_foreign_questions(path),
])  # fmt: skip
def test_gzip_is_told_by_the_bytes_and_a_byte_order_mark_is_skipped(
    tmp_path: Path, read: Callable[[Path], tuple[object, ...]]
) -> None:
    text = b"\xef\xbb\xbf" + json.dumps(SQUAD).encode()
    (tmp_path / "a.json").write_bytes(text)
    (tmp_path / "b.json").write_bytes(gzip.compress(text))
    assert read(tmp_path / "a.json") == read(tmp_path / "b.json")
    assert len(read(tmp_path / "a.json")) == 3


@pytest.mark.parametrize(("value", "message"), [
    ([], r"found \[\]; expected a JSON object"),
    ({}, 'no "data"; expected a list: add it'),
    (squad(), "no paragraph; check the file"),
    (squad(article("T", paragraph(" "))), r', data\[0\], paragraphs\[0\]: "context" is " "; expected a text'),
    (squad(article("T", paragraph("x", asked("q")))), r'qas\[0\]: "answers" is \[\]; expected at least one'),
    (squad(article("T", paragraph("x", asked("q", "x", is_impossible="no")))), "expected true or false"),
    (squad(article("T", paragraph("x", asked("q", "x"), asked("q", "x")))), 'the question id "q" occurs twice'),
    (squad(article("T", paragraph("x", asked("q", " ")))), r'answers\[0\]: "text" is " "'),
    (squad(article("T", {"context": "x", "qas": {}})), r'"qas" is \{\}; expected a list'),
    (squad(article("T", {"context": "x", "qas": ["y"]})), r'qas\[0\]: found "y"; expected a JSON object'),
])  # fmt: skip
def test_what_is_wrong_in_a_squad_file_is_named_with_its_place(tmp_path: Path, value: object, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_squad(write_json(tmp_path / "squad.json", value))
    assert str(caught.value).startswith(str(tmp_path / "squad.json"))


def test_titles_of_which_none_is_in_the_file_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no paragraph of the articles listed"):
        read_squad(write_json(tmp_path / "squad.json", SQUAD), ["Warsaw"])
    with pytest.raises(InputError, match="no titles in it; write one"):
        read_titles(write_lines(tmp_path / "titles.txt", " "))


@pytest.mark.parametrize(("content", "message"), [
    (b'{"data":\n  oops}', r"x\.json, line 2: not JSON \(Expecting value, column 3\)"),
    (b"", "line 1: not JSON"),
    (b'{"data": "\xff"}', "not UTF-8 at byte 10; save it as UTF-8"),
    (b"\x1f\x8bnot gzip", r"damaged gzip file \(.*\); fetch it again"),
    (gzip.compress(b'{"data": []}', mtime=0)[:-6], "damaged gzip file"),
    (b"[" * 100_000, "JSON that cannot be read"),
    (b"[" + b"9" * 5_000 + b"]", "JSON that cannot be read"),
])  # fmt: skip
def test_a_file_that_is_no_json_is_named_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_squad(path)


@pytest.mark.parametrize("read", [read_squad, read_titles, read_questions, read_foreign_questions, read_beir])
def test_a_path_that_is_not_there_is_named(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(PathNotFoundError, match=r"nothing: no such (file|folder)"):
        read(tmp_path / "nothing")


@pytest.mark.parametrize("read", [read_squad, read_titles, read_questions, read_foreign_questions])
def test_a_folder_is_not_a_file(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(InputError, match="is a folder; name a file in it"):
        read(tmp_path)


def beir(
    folder: Path,
    *,
    corpus: tuple[object, ...] = (
        {"_id": "d1", "title": "T", "text": "One."},
        {"_id": 2, "text": ""},
    ),
    queries: tuple[object, ...] = ({"_id": "q1", "text": "one?"}, {"_id": "q2", "text": "two?"}),
    qrels: tuple[str, ...] = ("query-id\tcorpus-id\tscore", "q2\td1\t2", "q2\tgone\t1", "q2\td1\t2"),
    qrels_name: str = "qrels.tsv",
) -> Path:
    write_lines(folder / "corpus.jsonl", *corpus)
    write_lines(folder / "queries.jsonl", *queries)
    write_lines(folder / qrels_name, *qrels)
    return folder


@pytest.mark.parametrize("qrels_name", ["qrels.tsv", "qrels/test.tsv"])
def test_a_beir_folder_gives_the_documents_and_the_judged_queries(tmp_path: Path, qrels_name: str) -> None:
    data = read_beir(beir(tmp_path, qrels_name=qrels_name))
    assert data.documents == (
        BeirDocument(id="d1", title="T", text="One."),
        BeirDocument(id="2", title="", text=""),
    )
    assert data.queries == (BeirQuery(id="q2", text="two?"),)
    assert data.qrels == {"q2": {"d1": 2, "gone": 1}}
    assert data.missing_documents == 1


def test_the_files_of_a_beir_folder_may_be_gzipped(tmp_path: Path) -> None:
    folder = beir(tmp_path)
    plain = read_beir(folder)
    for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv"):
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
        (folder / name).unlink()
    assert read_beir(folder) == plain


HEADER = "query-id\tcorpus-id\tscore"


@pytest.mark.parametrize(("files", "message"), [
    ({"corpus": ({"_id": "d"},)}, r'corpus\.jsonl, line 1: no "text"'),
    ({"corpus": ({"_id": "d", "text": ""}, "", {"_id": "d", "text": ""})}, 'line 3: "_id" is "d"; an earlier line'),
    ({"corpus": ()}, r"corpus\.jsonl: nothing in it"),
    ({"corpus": ({"_id": True, "text": ""},)}, '"_id" is true; expected a text'),
    ({"corpus": ("{",)}, r"corpus\.jsonl, line 1: not JSON"),
    ({"corpus": ({"_id": "d", "title": 5, "text": ""},)}, '"title" is 5; expected a text'),
    ({"queries": ({"_id": "q2", "text": " "},)}, r'queries\.jsonl, line 1: "text" is " "'),
    ({"qrels": ("q2\td1\t1",)}, r'qrels\.tsv, line 1: "q2\td1\t1"; expected the header query-id TAB corpus-id'),
    ({"qrels": (HEADER,)}, "no judgements below the header"),
    ({"qrels": (HEADER, "q2 d1 1")}, 'line 2: "q2 d1 1"; expected three columns with tabs'),
    ({"qrels": (HEADER, "q2\td1\thigh")}, 'line 2: the score is "high"; expected a whole number'),
    ({"qrels": (HEADER, "q9\td1\t1")}, r'line 2: query "q9" is not in .*queries\.jsonl'),
    ({"qrels": (HEADER, "q2\td1\t1", "q2\td1\t0")}, 'line 3: query "q2" and document "d1" were given another'),
])  # fmt: skip
def test_what_is_wrong_in_a_beir_folder_is_named_with_its_line(
    tmp_path: Path, files: dict[str, tuple[object, ...]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_beir(beir(tmp_path, **files))  # type: ignore[arg-type]


def test_a_file_missing_from_a_beir_folder_is_named(tmp_path: Path) -> None:
    (beir(tmp_path) / "qrels.tsv").unlink()
    with pytest.raises(PathNotFoundError, match=r"holds no qrels\.tsv or qrels/test\.tsv \(\.gz is read too\)"):
        read_beir(tmp_path)
    with pytest.raises(PathNotFoundError, match=r"queries\.jsonl: is not a folder"):
        read_beir(tmp_path / "queries.jsonl")


OWN: Json = {"id": "q1", "question": "How many?", "answers": ["32"], "article": "a.txt", "sentence": "32 are in."}


def test_own_questions_keep_every_sentence_that_answers(tmp_path: Path) -> None:
    also = [{"article": "b.txt", "sentence": " 31 were in. "}]
    nothing = {"id": 2, "question": "Why?", "answers": [], "article": None, "sentence": None, "answerable": False}
    bare = {"id": "q3", "question": "Who?", "answers": ["She"]}
    path = write_lines(tmp_path / "questions.jsonl", OWN | {"also": also}, nothing, bare)
    first, second, third = read_questions(path)
    assert first == GoldQuestion(
        id="q1",
        question="How many?",
        answers=("32",),
        sentences=(GoldSentence(article="a.txt", sentence="32 are in."),
                   GoldSentence(article="b.txt", sentence="31 were in.")),
        answerable=True,
    )  # fmt: skip
    assert (second.id, second.answerable, second.sentences) == ("2", False, ())
    assert (third.answerable, third.sentences) == (True, ())


@pytest.mark.parametrize(("change", "message"), [
    ({"question": ""}, 'line 1: "question" is ""; expected a text that is not empty: correct it'),
    ({"answers": "32"}, '"answers" is "32"; expected a list'),
    ({"answers": [32]}, "expected a list of texts"),
    ({"answers": [], "answerable": True}, 'expected at least one answer, or "answerable": false'),
    ({"answerable": False}, 'expected none beside "answerable": false'),
    ({"sentence": None}, '"sentence" is null; expected a text'),
    ({"also": [{"article": "b.txt"}]}, r'line 1, also\[0\]: no "sentence"'),
    ({"id": None}, '"id" is null'),
])  # fmt: skip
def test_what_is_wrong_in_own_questions_is_named_with_its_line(tmp_path: Path, change: Json, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_questions(write_lines(tmp_path / "questions.jsonl", OWN | change))


def test_own_questions_need_different_ids_and_at_least_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match='line 2: "id" is "q1"; an earlier line has it'):
        read_questions(write_lines(tmp_path / "twice.jsonl", OWN, OWN))
    with pytest.raises(InputError, match="no questions in it"):
        read_questions(write_lines(tmp_path / "empty.jsonl"))


def test_a_line_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(json.dumps(OWN).encode() + b'\n{"id": "\xe9"}\n')
    with pytest.raises(InputError, match=r"questions\.jsonl, line 2: not UTF-8 \(.*\); save it as UTF-8"):
        read_questions(path)


def test_foreign_questions_come_from_lines_or_from_squad_and_get_ids_of_their_own(tmp_path: Path) -> None:
    lines = write_lines(tmp_path / "f.jsonl", {"question": "Who?"}, "", {"_id": 7, "question": "Why? "})
    assert read_foreign_questions(lines) == (
        ForeignQuestion(id="foreign/1", question="Who?"),
        ForeignQuestion(id="foreign/7", question="Why?"),
    )
    pretty = tmp_path / "pretty.json"
    pretty.write_text(json.dumps(SQUAD, indent=2), encoding="utf-8")
    found = read_foreign_questions(pretty)
    assert [question.id for question in found] == ["foreign/q1", "foreign/q2", "foreign/q3"]


@pytest.mark.parametrize(("lines", "message"), [
    ([], 'no questions in it; give a SQuAD file or JSON lines with a "question" each'),
    ([{"asked": "Who?"}], 'line 1: no "question"'),
    ([{"id": "2", "question": "a"}, {"question": "b"}], "two questions have the same id"),
    (["plain text"], "line 1: not JSON"),
    ([{"question": "a"}, "plain"], "line 2: not JSON"),
])  # fmt: skip
def test_what_is_wrong_in_foreign_questions_is_named(tmp_path: Path, lines: list[object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_foreign_questions(write_lines(tmp_path / "foreign.jsonl", *lines))


def test_a_sample_keeps_the_order_repeats_and_grows() -> None:
    items = [f"q{number:03}" for number in range(100)]
    few, again, more = (sample(items, limit, np.random.default_rng(5)) for limit in (10, 10, 30))
    assert few == again == tuple(sorted(few))
    assert len(few) == 10
    assert set(few) < set(more)
    assert few != sample(items, 10, np.random.default_rng(6))


def test_a_limit_above_the_number_or_none_takes_all_and_below_one_is_an_error() -> None:
    rng = np.random.default_rng(0)
    assert sample([3, 1, 2], None, rng) == sample([3, 1, 2], 9, rng) == (3, 1, 2)
    with pytest.raises(InputError, match="--limit 0: expected at least 1"):
        sample([1], 0, rng)
