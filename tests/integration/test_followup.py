"""Conversations with the sample articles: with the real encoder, in process and as people type them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.encode import load_query_encoder, resolve_model
from index.entities import Filter
from index.search import Searcher
from qa.assistant import Assistant
from qa.entities import Answer, Conversation
from qa.events import Searching
from qa.followup import search_all, understand
from qa.followup.conversation import CITED
from qa.reader.shipped import load_calibration
from tests.conftest import RunQa
from tests.sentence_reader import SentenceReader

TROOPS = "How many US troops are in Japan?"


@pytest.fixture(scope="module")
def searcher(seeds_index: Path, model_cache: Path) -> Iterator[Searcher]:
    model = resolve_model(None, cache_dir=model_cache)
    encoder = load_query_encoder(model, cache_dir=model_cache, threads=1, report=lambda _: None)
    opened = Searcher.open(seeds_index, lambda: encoder)
    yield opened
    opened.close()


@pytest.fixture
def assistant(searcher: Searcher) -> Assistant:
    certain = replace(load_calibration(), answered=0.0)  # these tests are about what is asked
    now = datetime(2025, 6, 1, tzinfo=UTC)
    return Assistant(searcher, SentenceReader(lambda: searcher.query_encoder), certain, now=lambda: now)


def held(assistant: Assistant, *questions: str) -> tuple[Conversation, Answer]:
    conversation = Conversation(id="c", title="")
    for question in questions:
        answer = assistant.ask(question, conversation)
        conversation = conversation.append(answer)
    return conversation, answer


def test_the_standalone_question_is_told_first_and_kept_in_the_answer(assistant: Assistant) -> None:
    conversation, _ = held(assistant, "How many fighter jets did Finland buy?")
    events = list(assistant.stream("How long is its border with Russia?", conversation))
    expected = "How long is Finland's border with Russia?"
    assert isinstance(events[0], Searching)
    assert events[0].standalone_question == expected
    _, answer = held(assistant, "How many fighter jets did Finland buy?", "How long is its border with Russia?")
    assert (answer.question, answer.standalone_question) == ("How long is its border with Russia?", expected)
    assert "1,340 kilometres" in answer.citations[0].quote


def test_without_a_conversation_a_question_is_taken_as_it_is(assistant: Assistant) -> None:
    assert assistant.ask("How old is he?").standalone_question == "How old is he?"


def test_a_change_of_subject_leaves_the_old_one_behind(assistant: Assistant) -> None:
    _, answer = held(assistant, TROOPS, "How wide is the asteroid Bennu?")
    assert answer.standalone_question == "How wide is the asteroid Bennu?"
    assert "500 metres" in answer.citations[0].quote


def test_a_filter_of_one_question_holds_for_the_next_until_it_is_lifted(assistant: Assistant) -> None:
    conversation, first = held(assistant, "How many members does NATO have?", "And before 2024?")
    assert first.where == Filter(until="2023-12-31")
    assert first.standalone_question == "How many members does NATO have?"
    assert all(citation.date is not None and citation.date < "2024" for citation in first.citations)
    kept = assistant.ask("How many soldiers does Finland plan for?", conversation)
    assert kept.where == first.where
    lifted = assistant.ask("How many members does NATO have in all articles?", conversation.append(kept))
    assert lifted.where == Filter()
    assert lifted.standalone_question == "How many members does NATO have?"


def test_a_filter_that_is_given_takes_the_place_of_the_kept_one(assistant: Assistant) -> None:
    conversation, _ = held(assistant, TROOPS, "since 2025")
    assert assistant.ask(TROOPS, conversation).where == Filter(since="2025-01-01")
    assert assistant.ask(TROOPS, conversation, Filter(source="finland*")).where == Filter(source="finland*")
    assert assistant.ask(TROOPS, conversation, Filter()).where == Filter()


def test_articles_just_cited_gain_a_little_only_for_a_question_that_follows(
    assistant: Assistant, searcher: Searcher
) -> None:
    conversation, answer = held(assistant, "How many fighter jets did Finland buy?")
    cited = {citation.article_id for citation in answer.citations}
    today = datetime(2025, 6, 1, tzinfo=UTC).date()
    follows = understand("How long is its border?", conversation, None, store=searcher.store, today=today)
    alone = understand("How wide is the asteroid Bennu?", conversation, None, store=searcher.store, today=today)
    assert follows.favoured == dict.fromkeys(cited, CITED)
    assert alone.favoured == {}
    plain = {hit.passage.id: hit for hit in search_all(searcher, replace(follows, favoured={}), 50)}
    for hit in search_all(searcher, follows, 50):
        gain = CITED if hit.passage.article_id in cited else 0.0
        assert hit.score == pytest.approx(min(1.0, plain[hit.passage.id].score + gain), abs=1e-6)


def test_a_named_source_is_where_is_looked(assistant: Assistant) -> None:
    conversation, first = held(assistant, "How fast did the capsule with rubble from Bennu hit the atmosphere?")
    answer = assistant.ask("When was the mission in [1] launched?", conversation)
    assert answer.citations[0].article_id == first.citations[0].article_id
    assert "[1] (" in answer.standalone_question


def test_hits_of_several_queries_are_ranked_from_1_without_gaps(assistant: Assistant, searcher: Searcher) -> None:
    conversation, _ = held(assistant, TROOPS)
    today = datetime(2025, 6, 1, tzinfo=UTC).date()
    understood = understand("And in Okinawa?", conversation, None, store=searcher.store, today=today)
    hits = search_all(searcher, understood, 12)
    assert [hit.rank for hit in hits] == list(range(1, 13))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.id for hit in hits}) == 12


def test_continue_goes_on_with_the_last_conversation_and_shows_what_was_searched(
    run_qa: RunQa, seeds_index: Path, tmp_path: Path
) -> None:
    own = {"QA_DATA_DIR": str(tmp_path)}
    index = ("--index", str(seeds_index))
    first = run_qa("ask", *index, "When did Finland join NATO?", **own)
    assert first.returncode == 0, first.stderr
    assert "searched for" not in first.stdout
    again = run_qa("ask", *index, "--continue", "And Sweden?", **own)
    assert again.stdout.startswith("searched for: When did Sweden join NATO?\n"), again.stderr
    third = run_qa("ask", *index, "--continue", "--json", "since 2024", **own)
    answer = json.loads(third.stdout)
    assert answer["standalone_question"] == "When did Sweden join NATO?"
    assert answer["where"] == {"since": "2024-01-01", "until": None, "source": None}
    assert "articles since 2024-01-01" in third.stderr
    lifted = json.loads(run_qa("ask", *index, "-c", "--no-filter", "--json", "And Finland?", **own).stdout)
    assert lifted["where"] == {"since": None, "until": None, "source": None}
    (conversation,) = json.loads(run_qa("history", "--json", **own).stdout)["conversations"]
    assert conversation["questions"] == 4


def test_another_conversation_is_named_by_the_beginning_of_its_id(
    run_qa: RunQa, seeds_index: Path, tmp_path: Path
) -> None:
    own = {"QA_DATA_DIR": str(tmp_path)}
    index = ("--index", str(seeds_index))
    run_qa("ask", *index, "When did Finland join NATO?", **own)
    run_qa("ask", *index, "How much did the James Webb telescope cost?", **own)
    listed = json.loads(run_qa("history", "--json", **own).stdout)["conversations"]
    older = listed[-1]["id"]
    done = run_qa("ask", *index, "--conversation", older[:6], "--json", "And Sweden?", **own)
    assert json.loads(done.stdout)["standalone_question"] == "When did Sweden join NATO?"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--continue", "Why?"), "no conversation to go on with"),
        (("--conversation", "zzz", "Why?"), "'zzz'"),
        (("--continue", "--conversation", "a", "Why?"), "give one of them"),
        (("--continue", "--batch", "-"), "--batch"),
        (("--no-filter", "--since", "2024", "Why?"), "--no-filter"),
    ],
)
def test_what_cannot_be_gone_on_with_is_said(
    run_qa: RunQa, seeds_index: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run_qa("ask", "--index", str(seeds_index), *arguments, QA_DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert said in done.stderr
    assert not any(tmp_path.iterdir())


def test_conversations_are_measured_against_the_index(run_qa: RunQa, seeds_index: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    sentence = "Finland brings a border with Russia of about 1,340 kilometres, so that the length of the frontier "
    sentence += "between NATO and Russia more than doubles."
    turns = [
        {"question": "How many fighter jets did Finland buy?"},
        {
            "question": "How long is its border with Russia?",
            "standalone": "How long is Finland's border with Russia?",
            "article": "finland-joins-nato.txt",
            "sentence": sentence,
        },
    ]
    file.write_text(json.dumps({"id": "a", "kind": "pronoun", "turns": turns}) + "\n")
    arguments = ("eval", "conversation", str(file), "--json")
    done = run_qa("--index", str(seeds_index), *arguments)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["conversation"]["held"]["first"]["value"] == 1.0
    assert report["kind"]["pronoun"]["first"]["n"] == 1
