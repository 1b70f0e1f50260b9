from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from qa.reader.training.adversarial import unanswerable
from qa.reader.training.examples import Example, ExampleConfig, groups
from qa.reader.training.negatives import hard_negatives
from qa.reader.training.questions import TrainingQuestion, read_questions

CONTEXT = (
    "Finland joined NATO on 4 April 2023. Its border with Russia is about 1,340 kilometres long. "
    "President Sauli Niinisto called it the start of a new era. Sweden followed in March 2024."
)
OTHER = "NATO was founded in 1949 by twelve countries. Its headquarters is in Brussels, and its budget grows."
THIRD = "The port of Hamburg closed on Monday. Its 400 workers were sent home without pay for a week."


def question(text: str, answer: str, context: str = CONTEXT, source: str = "news") -> TrainingQuestion:
    start = context.index(answer)
    return TrainingQuestion(
        source=source,
        id=text,
        question=text,
        context=context,
        start=start,
        end=start + len(answer),
        answers=(answer,),
    )


QUESTIONS = [
    question("When did Finland join NATO?", "4 April 2023"),
    question("Who called it the start of a new era?", "Sauli Niinisto"),
    question("When was NATO founded?", "1949", OTHER),
    question("How many workers of the port of Hamburg were sent home?", "400", THIRD),
]


def config(**changes: Any) -> ExampleConfig:
    values: dict[str, Any] = {
        "max_tokens": 256,
        "cut_share": 0.6,
        "cut_words": (10, 20),
        "header_share": 0.5,
        "keyword_share": 0.1,
        "no_mark_share": 0.1,
        "negatives": (0.0, 0.0, 1.0),
        "negatives_depth": 3,
        "adversarial_share": 0.5,
        "removed_share": 0.5,
    }
    return ExampleConfig(**{**values, **changes})


def made(seed: int = 1, **changes: Any) -> list[tuple[Example, ...]]:
    return list(groups({"news": QUESTIONS}, {"news": 3.0}, config(**changes), seed=seed))


def test_a_file_of_questions_is_read_with_the_answer_that_the_others_agree_with(tmp_path: Path) -> None:
    answers = [{"text": t, "answer_start": CONTEXT.index(t)} for t in ("Sauli Niinisto", "President Sauli Niinisto")]
    record = {"context": CONTEXT, "qas": [{"id": 1, "question": "Who  called it?", "answers": answers}]}
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(record).encode()))
    (found,) = read_questions(path)
    assert (found.source, found.question) == ("news", "Who called it?")
    assert CONTEXT[found.start : found.end] == "Sauli Niinisto"
    assert len(found.answers) == 2


def test_an_answer_that_is_not_where_the_file_says_is_an_error(tmp_path: Path) -> None:
    record = {
        "context": CONTEXT,
        "qas": [{"id": "x", "question": "Who?", "answers": [{"text": "Sauli", "answer_start": 3}]}],
    }
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(record).encode()))
    with pytest.raises(ValueError, match="question x: the answer is not at 3"):
        read_questions(path)


def test_hard_negatives_are_near_and_hold_no_answer() -> None:
    first, _, third, fourth = hard_negatives(QUESTIONS, depth=2)
    assert first == (OTHER,)
    assert third == (CONTEXT,)
    assert all("400" not in context for context in fourth)


def test_a_question_that_does_not_find_its_own_passage_gets_no_negatives() -> None:
    vague = question("How long did it take?", "a week", THIRD)
    assert hard_negatives([*QUESTIONS, vague], depth=1)[-1] == ()


def test_the_same_seed_makes_the_same_groups_and_another_seed_others() -> None:
    assert made() == made()
    assert made() != made(seed=2)


def test_the_answer_of_every_group_lies_where_the_example_says() -> None:
    answers = {q.question.rstrip("?"): q.answers[0] for q in QUESTIONS}
    checked = 0
    for first, *others in made(keyword_share=0.0):
        assert all(example.start == -1 for example in others)
        if first.start >= 0:
            assert first.passage[first.start : first.end] == answers[first.question.rstrip("?")]
            checked += 1
    assert checked == 12


def test_a_group_without_an_answer_is_a_changed_question_or_a_passage_without_its_sentence() -> None:
    originals = {q.question for q in QUESTIONS} | {q.question.rstrip("?") for q in QUESTIONS}
    silent = [first for first, *_ in made(keyword_share=0.0) if first.start < 0]
    assert silent
    for example in silent:
        if example.question in originals:
            answer = next(q.answers[0] for q in QUESTIONS if q.question.startswith(example.question.rstrip("?")))
            assert answer not in example.passage


def test_rules_change_a_name_a_number_or_a_word_or_negate() -> None:
    asked = "When did Finland join NATO in 2023 as the first country?"
    others = ["When did Norway leave Europe?", "Did Denmark sign?"]
    found = {unanswerable(asked, CONTEXT, others, random.Random(seed)) for seed in range(60)}
    found.discard(None)
    assert asked not in found
    assert any("2023" not in q for q in found if q)
    assert any("last country" in q for q in found if q)
    assert any("n't" in q or " not " in q or "never" in q for q in found if q)
    assert any("Finland" not in q or "NATO" not in q for q in found if q)


def test_a_question_without_anything_to_change_stays_out() -> None:
    assert unanswerable("why", "It rained.", ["who"], random.Random(0)) is None
