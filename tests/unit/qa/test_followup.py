"""A question in its conversation -> the question on its own feet."""

from __future__ import annotations

from datetime import date

import pytest

from index.entities import Filter
from qa.followup import PastTurn, rewrite
from qa.followup.ellipsis import asked_again, filled_in
from qa.followup.limits import limited
from qa.followup.phrases import phrases

TODAY = date(2025, 6, 1)
JAPAN = PastTurn(question="How many US troops are in Japan?", answer="about 54,000")
LYLES = PastTurn(question="Who won the Olympic 100 metres?", answer="Noah Lyles")
VETO = PastTurn(
    question="Which two countries held up Finland's application?",
    answer="Turkey and Hungary",
    quotes=("Turkey and Hungary held up both requests for months.", "Sweden is still waiting."),
)
BRIDGE = PastTurn(question="When did the bridge in Baltimore collapse?", answer="March 26, 2024")
DART = PastTurn(
    question="Which asteroid did the DART probe hit?",
    answer="The probe, named DART, struck the asteroid Dimorphos at 7:14 pm US Eastern time.",
)
YOGA = PastTurn(question="Tell me about the benefits of yoga.")
COLLEGE = PastTurn(question="What is the US Electoral College?")


def even(_word: str) -> float:
    """All words are as rare as each other."""
    return 0.8


def standalone(question: str, *past: PastTurn) -> str:
    return rewrite(question, past, even).question


@pytest.mark.parametrize(
    ("past", "question", "expected"),
    [
        (LYLES, "How old is he?", "How old is Noah Lyles?"),
        (LYLES, "What is his personal best?", "What is Noah Lyles's personal best?"),
        (BRIDGE, "How many people were on it?", "How many people were on the bridge in Baltimore?"),
        (DART, "How wide is it?", "How wide is Dimorphos?"),
        (JAPAN, "Where are they based?", "Where are US troops based?"),
        (VETO, "When did it arrive?", "When did Finland's application arrive?"),
    ],
)
def test_a_pronoun_becomes_what_it_stands_for(past: PastTurn, question: str, expected: str) -> None:
    assert standalone(question, past).replace("s's", "s'") == expected.replace("s's", "s'")


@pytest.mark.parametrize(
    ("past", "question", "expected"),
    [
        (JAPAN, "And in South Korea?", "How many US troops are in South Korea?"),
        (JAPAN, "What about Germany?", "How many US troops are in Germany?"),
        (JAPAN, "How many are in Okinawa?", "How many US troops are in Okinawa?"),
        (
            PastTurn(question="How many allies met the goal in 2024?"),
            "And in 2014?",
            "How many allies met the goal in 2014?",
        ),
        (PastTurn(question="Who finished third in the race?"), "And fourth?", "Who finished fourth in the race?"),
        (
            PastTurn(question="How long did the lap take before the crash?"),
            "And after it?",
            "How long did the lap take after the crash?",
        ),
        (BRIDGE, "Why?", "Why did the bridge in Baltimore collapse?"),
        (
            PastTurn(question="Who is the president of Finland?"),
            "And of Sweden?",
            "Who is the president of Sweden?",
        ),
    ],
)
def test_a_piece_of_a_question_is_filled_into_the_one_before(past: PastTurn, question: str, expected: str) -> None:
    assert standalone(question, past) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did the latter approve it?", "When did Hungary approve Finland's application?"),
        ("What did the former want?", "What did Turkey want?"),
        ("What did the second one want?", "What did Hungary want?"),
    ],
)
def test_words_for_one_of_two_choose_from_what_was_shown(question: str, expected: str) -> None:
    assert standalone(question, VETO) == expected


def test_a_numbered_source_is_named_and_counted() -> None:
    rewritten = rewrite("What does [2] say?", [VETO], even)
    assert rewritten.shown == 2
    assert "Sweden" in rewritten.question


def test_a_number_that_no_source_has_is_left_as_it_is() -> None:
    assert rewrite("What does [7] say about NATO?", [VETO], even).shown is None


def test_a_question_without_a_subject_gets_it_in_brackets() -> None:
    assert standalone("What are the main types?", YOGA) == "What are the main types (yoga)?"


def test_a_shortened_name_is_given_in_full() -> None:
    assert standalone("How would the College be abolished?", COLLEGE) == (
        "How would the US Electoral College be abolished?"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Who scored the only goal of the Women's World Cup final?",
        "How wide is the asteroid Bennu?",
        "What is a trope?",
        "How long is a marathon?",
        "What is mortadella and where is it from?",
        "Is it possible to see Mars tonight?",
        "What is the definition of allegory?",
    ],
)
@pytest.mark.parametrize("past", [JAPAN, LYLES, BRIDGE], ids=["japan", "lyles", "bridge"])
def test_a_change_of_subject_is_left_alone(question: str, past: PastTurn) -> None:
    rewritten = rewrite(question, [past], even)
    assert rewritten.question == question
    assert not rewritten.follows
    assert rewritten.queries[0].text == question


def test_the_first_question_is_searched_as_it_is() -> None:
    rewritten = rewrite("Why is that?", [], even)
    assert [query.text for query in rewritten.queries] == ["Why is that?"]


def test_a_follow_up_is_searched_as_asked_and_as_meant() -> None:
    texts = [query.text for query in rewrite("How old is he?", [LYLES], even).queries]
    assert texts[:2] == ["How old is he?", "How old is Noah Lyles?"]


def test_only_rare_words_of_the_last_answer_are_searched() -> None:
    queries = rewrite("How old is he?", [LYLES], lambda word: float(word == "lyles")).queries
    assert queries[-1].text == "lyles"


def test_a_pronoun_is_followed_over_several_turns() -> None:
    first = standalone("How old is he?", LYLES)
    again = standalone("Where was he born?", LYLES, PastTurn(question=first, answer="27"))
    assert again == "Where was Noah Lyles born?"


@pytest.mark.parametrize("question", ["?", "…", "it", "And?", "the latter", "[1]", "\u202ewhy", "his", "what about"])
def test_odd_questions_raise_nothing(question: str) -> None:
    for past in ([], [JAPAN], [PastTurn(question="")], [PastTurn(question="Why?"), VETO]):
        assert rewrite(question, past, even).queries


def test_a_fragment_that_fits_nowhere_is_kept_behind_the_question() -> None:
    assert filled_in("the quick version", "How does it work?") == "How does it work (the quick version)?"


def test_another_question_word_takes_the_place_of_the_first() -> None:
    assert asked_again("From where?", "When was the telescope launched?") == "From where was the telescope launched?"


def test_a_verb_is_no_part_of_a_name() -> None:
    assert [phrase.text for phrase in phrases("When did Sweden join NATO?")] == ["Sweden", "NATO"]


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("since March", "2025-03-01", None),
        ("And before 2024?", None, "2023-12-31"),
        ("only articles from 2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_a_period_alone_sets_the_filter_and_asks_again(question: str, since: str | None, until: str | None) -> None:
    found = limited(question, Filter(source="reuters*"), today=TODAY)
    assert found.where == Filter(since=since, until=until, source="reuters*")
    assert found.question == ""


def test_a_period_for_articles_is_taken_out_of_the_question() -> None:
    found = limited("How many allies met the goal in articles since March?", Filter(), today=TODAY)
    assert found.question == "How many allies met the goal?"
    assert found.where.since == "2025-03-01"


@pytest.mark.parametrize("question", ["Who has ruled since 2019?", "And in 2014?", "Since when?", "after the crash"])
def test_a_year_in_a_question_is_no_filter(question: str) -> None:
    before = Filter(since="2020-01-01")
    found = limited(question, before, today=TODAY)
    assert (found.where, found.question) == (before, question)


def test_all_articles_lift_the_filter() -> None:
    found = limited("And in all articles?", Filter(since="2020-01-01"), today=TODAY)
    assert (found.where, found.question) == (Filter(), "")
