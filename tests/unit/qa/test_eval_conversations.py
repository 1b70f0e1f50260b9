"""Conversations to measure with: how files are read, and what is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import InputError
from index.search import Searcher
from index.segment import sentences
from qa.eval.collection import Document, build_collection, documents_of
from qa.eval.conversing import measure_found, measure_rewrites
from qa.eval.datasets import GoldConversation, PassageConversation, PassageSet, RewrittenTopic, read_conversations
from qa.eval.metrics import rewrite_scores, same_question
from qa.eval.run import Measured
from tests.doubles import HashingEncoder

ROOT = Path(__file__).parents[3]
OWN = [ROOT / "tests/data" / name for name in ("conversations-held-out.jsonl", "conversations-dev.jsonl")]


def write(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def task(identifier: str, kind: str, *said: tuple[str, str], passages: tuple[str, ...] = ()) -> dict[str, object]:
    return {
        "task_id": identifier,
        "Multi-Turn": [kind],
        "contexts": [{"document_id": passage, "text": f"text of {passage}"} for passage in passages],
        "input": [{"speaker": speaker, "text": text} for speaker, text in said],
    }


def test_words_added_worked_by_hand() -> None:
    scores = rewrite_scores(
        "What are their symptoms?", "What are lung cancer's early symptoms?", "What are throat cancer's symptoms?"
    )
    assert scores.wanted == {"cancer": True, "throat": False}
    assert scores.added == {"cancer": True, "early": False, "lung": False}


def test_plurals_and_possessives_are_the_same_word() -> None:
    scores = rewrite_scores("Where do they live?", "Where do sharks live?", "Where does a shark's young live?")
    assert scores.wanted == {"shark": True, "young": False}


def test_punctuation_makes_no_other_question() -> None:
    assert same_question("What’s a trope", "what's  a trope?")
    assert not same_question("What's a trope?", "What's a genre?")


def test_only_later_turns_with_passages_are_measured_and_all_passages_are_searched(tmp_path: Path) -> None:
    said = (("user", "What is DNS?"), ("agent", "A directory."), ("user", "Is it old?"))
    data = read_conversations(
        write(
            tmp_path / "tasks.jsonl",
            task("a<::>2", "Follow-up", *said, passages=("p1", "p2")),
            task("a<::>1", "N/A", said[0], passages=("p3",)),
            task("b<::>2", "Clarification", *said),
        )
    )
    assert isinstance(data, PassageSet)
    assert set(data.passages) == {"p1", "p2", "p3"}
    (one,) = data.conversations
    assert (one.earlier, one.question, one.passages) == (
        (("What is DNS?", "A directory."),),
        "Is it old?",
        ("p1", "p2"),
    )


def test_topics_need_their_rewrites(tmp_path: Path) -> None:
    topics = tmp_path / "topics.json"
    topics.write_text(json.dumps([{"number": 31, "turn": [{"number": 1, "raw_utterance": "What is it? "}]}], indent=1))
    with pytest.raises(InputError, match="--rewrites"):
        read_conversations(topics)
    rewrites = tmp_path / "resolved.tsv"
    rewrites.write_text("31_1\tWhat is cancer?\n")
    assert read_conversations(topics, rewrites) == (
        RewrittenTopic(id="31", turns=(("31_1", "What is it?", "What is cancer?"),)),
    )
    rewrites.write_text("31_1 What is cancer?\n")
    with pytest.raises(InputError, match=r"resolved\.tsv, line 1"):
        read_conversations(topics, rewrites)


def test_a_conversation_ends_with_a_gold_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "own.jsonl", {"id": "a", "turns": [{"question": "Why?"}]})
    with pytest.raises(InputError, match=r"own\.jsonl, line 1.*turns"):
        read_conversations(path)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"own\.jsonl: no conversations"):
        read_conversations(write(tmp_path / "own.jsonl"))


def test_every_word_a_person_added_counts_once_and_first_questions_are_told_apart() -> None:
    topic = RewrittenTopic(
        id="1",
        turns=(
            ("1_1", "What is throat cancer?", "What is throat cancer?"),
            ("1_2", "Is it treatable?", "Is throat cancer treatable?"),
            ("1_3", "What is a trope?", "What is a trope?"),
        ),
    )
    measured = Measured()
    measure_rewrites([topic], measured=measured)
    values = measured.per_question
    assert values["rewriting.recovered"] == {"1_2/cancer": 1.0, "1_2/throat": 1.0}
    assert values["rewriting.left_alone"] == {"1_1": 1.0, "1_3": 1.0}
    assert values["rewriting.left_alone_later"] == {"1_3": 1.0}


def test_reference_passages_are_searched_as_asked_joined_and_rewritten(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    texts = {"p1": "The Lena Clinic has 40 beds.", "p2": "The harbour was built in 1911.", "p3": "Trams are red."}
    documents = [Document(id=name, title="", text=text) for name, text in texts.items()]
    folder = build_collection(documents, tmp_path / "collection", load=lambda: encoder)
    earlier = (("What is the Lena Clinic?", "A hospital."),)
    one = PassageConversation(id="a", earlier=earlier, question="When was it built?", passages=("p1",))
    searcher, measured = Searcher.open(folder, lambda: encoder), Measured()
    measure_found(searcher, [one], documents_of(folder), measured=measured)
    searcher.close()
    values = {name: given["a"] for name, given in measured.per_question.items() if name.endswith("hit@1")}
    assert values["words.raw.hit@1"] == 0.0
    assert values["words.rewritten.hit@1"] == values["words.joined.hit@1"] == 1.0
    assert values["gain.words_over_raw.hit@1"] == 1.0
    assert values["gain.words_over_joined.hit@1"] == 0.0


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_the_gold_sentences_of_our_conversations_stand_in_the_sample_articles(path: Path) -> None:
    conversations = read_conversations(path)
    assert isinstance(conversations, tuple)
    for one in conversations:
        assert isinstance(one, GoldConversation)
        assert 2 <= len(one.turns) <= 4
        for gold in (gold for turn in one.turns for gold in turn.sentences):
            text = (ROOT / "seeds" / gold.article).read_text(encoding="utf-8")
            whole = {text[s.start : s.end] for s in sentences(text, body_start=17, article_id="")}
            assert gold.sentence in whole, one.id
