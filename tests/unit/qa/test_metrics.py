"""Measures against examples worked by hand, each with a tie, and against ir-measures on random data."""

from __future__ import annotations

import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.eval.metrics import (
    RETRIEVAL_MEASURES,
    CitedSentence,
    averages,
    best_scores,
    citation_scores,
    evaluate,
    exact_match,
    hit_at,
    holds_answer,
    is_gold_sentence,
    ndcg_at,
    normalise_answer,
    rank,
    recall_at,
    reciprocal_rank_at,
    sentence_is_right,
    token_f1,
)
from qa.eval.trec import run_lines

# b and c are tied, and b < c, so the order is a, b, c, d.
TIED = {"d": 0.1, "c": 0.5, "b": 0.5, "a": 0.9}


def test_equal_scores_stand_in_the_order_of_their_ids() -> None:
    assert rank(TIED) == ("a", "b", "c", "d")
    assert rank({"p9": 1.0, "p10": 1.0}) == ("p10", "p9")  # ids are texts
    assert rank({}) == ()


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="document 'x' has the score NaN"):
        rank({"x": math.nan})


def test_a_document_has_the_score_of_its_best_passage() -> None:
    pairs = [("a", 0.2), ("b", 0.7), ("a", 0.7), ("b", 0.1), ("c", -math.inf)]
    assert best_scores(pairs) == {"a": 0.7, "b": 0.7, "c": -math.inf}
    assert rank(best_scores(pairs)) == ("a", "b", "c")


@pytest.mark.parametrize(("k", "expected"), [(1, 0.0), (2, 0.0), (3, 1.0), (4, 1.0)])
def test_hit_is_one_from_the_rank_of_the_first_relevant_document_on(k: int, expected: float) -> None:
    assert hit_at(rank(TIED), {"c": 1, "d": 2, "a": 0}, k) == expected


@pytest.mark.parametrize(("gains", "k", "expected"), [
    ({"b": 1}, 10, 1 / 2),  # the tie is won by b
    ({"c": 1}, 10, 1 / 3),  # and lost by c
    ({"d": 3, "c": 1}, 10, 1 / 3),
    ({"c": 1}, 2, 0.0),
    ({"a": 0, "x": 1}, 10, 0.0),
    ({}, 10, 0.0),
])  # fmt: skip
def test_reciprocal_rank_looks_at_the_first_relevant_document(gains: dict[str, int], k: int, expected: float) -> None:
    assert reciprocal_rank_at(rank(TIED), gains, k) == pytest.approx(expected)


def test_recall_is_the_share_of_the_relevant_documents_found() -> None:
    gains = {"b": 1, "c": 2, "x": 1, "y": 3, "a": 0}
    assert recall_at(rank(TIED), gains, 2) == 1 / 4  # b, which wins the tie against c
    assert recall_at(rank(TIED), gains, 3) == 2 / 4
    assert recall_at(rank(TIED), {"a": 0}, 3) == 0.0


def test_ndcg_discounts_grades_by_the_logarithm_of_the_rank() -> None:
    gains = {"c": 3, "b": 1, "x": 2, "a": -1}
    # ranks: a 1, b 2, c 3. Ideal: c, x, b.
    dcg = 1 / math.log2(3) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at(rank(TIED), gains, 10) == pytest.approx(dcg / ideal)
    assert ndcg_at(rank(TIED), gains, 2) == pytest.approx((1 / math.log2(3)) / (3 + 2 / math.log2(3)))
    assert ndcg_at(rank(TIED), {"a": 0}, 10) == 0.0


def test_every_judged_question_counts_and_no_other() -> None:
    run = {"q1": TIED, "q3": {"a": 1.0}}
    values = evaluate(run, {"q1": {"b": 1}, "q2": {"a": 1}}, ["hit@2", "MRR@10"])
    assert values == {"hit@2": {"q1": 1.0, "q2": 0.0}, "MRR@10": {"q1": 0.5, "q2": 0.0}}
    assert averages(values) == {"hit@2": 0.5, "MRR@10": 0.25}
    assert averages({"hit@1": {}}) == {}


@pytest.mark.parametrize("name", ["hit", "hit@0", "hit@-1", "hit@x", "mrr@10", "map@10", ""])
def test_an_unknown_measure_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=f"unknown measure '{name}'; expected one of hit@k"):
        evaluate({}, {}, [name])


@pytest.mark.parametrize("seed", range(5))
def test_measures_agree_with_ir_measures_on_random_data_full_of_ties(seed: int) -> None:
    rng = np.random.default_rng(seed)
    documents = [f"d{number}" for number in range(200)]
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for number in range(30):
        judged = rng.choice(documents, size=rng.integers(1, 40), replace=False)
        found = rng.choice(documents, size=rng.integers(1, 150), replace=False)
        qrels[f"q{number}"] = {str(document): int(rng.integers(0, 5)) for document in judged}
        # 12 different scores; half of the questions have scores that only float64 tells apart.
        step = 1e-12 if number % 2 else 0.1
        run[f"q{number}"] = {str(document): 1 + step * int(rng.integers(0, 12)) for document in found}
    names = {"hit@1": "Success@1", "hit@5": "Success@5", "hit@20": "Success@20", "MRR@10": "RR@10",
             "nDCG@10": "nDCG@10", "recall@100": "R@100"}  # fmt: skip
    theirs: dict[tuple[str, str], float] = {}
    lines = "\n".join(run_lines(run, tag="random"))
    judgements = [
        ir_measures.Qrel(question, document, grade)
        for question, grades in qrels.items()
        for document, grade in grades.items()
    ]
    measures = [ir_measures.parse_measure(name) for name in names.values()]
    found_by_them = list(ir_measures.read_trec_run(lines))  # type: ignore[no-untyped-call]  # ships no types
    for metric in ir_measures.iter_calc(measures, judgements, found_by_them):
        theirs[str(metric.measure), metric.query_id] = metric.value
    ours = evaluate(run, qrels)
    assert tuple(ours) == RETRIEVAL_MEASURES
    for name, values in ours.items():
        for question, value in values.items():
            assert value == pytest.approx(theirs[names[name], question], abs=1e-9), (name, question)


@pytest.mark.parametrize(("text", "expected"), [
    ("The  Eiffel Tower!", "eiffel tower"),
    ("54,000", "54000"),
    ("U.S.", "us"),
    ("a b an c the d", "b c d"),
    ("A-levels", "alevels"),
    ("Theatre, another", "theatre another"),
    ("The", ""),
    ("“café” – 1914", "“café” – 1914"),  # only ASCII punctuation goes, as in the official script
])  # fmt: skip
def test_answers_are_normalised_as_squad_does(text: str, expected: str) -> None:
    assert normalise_answer(text) == expected


@given(st.text())
def test_normalising_leaves_single_spaces_and_no_ascii_punctuation(text: str) -> None:
    normalised = normalise_answer(text)
    assert normalised == " ".join(normalised.split())
    assert not set(normalised) & set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def test_exact_match_takes_any_gold_answer() -> None:
    assert exact_match("the 54,000 troops", ["54,000", "54000 troops"]) == 1.0
    assert exact_match("about 54,000", ["54,000"]) == 0.0


def test_f1_is_the_best_over_the_gold_answers_also_when_two_tie() -> None:
    # "about 54,000 troops": 3 words. Against "54,000": P 1/3, R 1 -> 1/2. Against "54,000 US soldiers": 1/3.
    assert token_f1("about 54,000 troops", ["54,000 US soldiers", "54,000"]) == pytest.approx(1 / 2)
    assert token_f1("red green", ["red", "green"]) == pytest.approx(2 / 3)
    assert token_f1("x x y", ["x x x"]) == pytest.approx(2 / 3)  # a word counts as often as both have it
    assert token_f1("x", ["y"]) == 0.0


@pytest.mark.parametrize("measure", [exact_match, token_f1])
@pytest.mark.parametrize("golds", [[], [""], ["The"]])
def test_without_a_gold_answer_only_the_empty_prediction_is_right(measure: object, golds: list[str]) -> None:
    assert callable(measure)
    assert measure("", golds) == 1.0
    assert measure("the", golds) == 1.0  # nothing is left of it
    assert measure("54,000", golds) == 0.0
    assert measure("", ["54,000"]) == 0.0


@pytest.mark.parametrize(("sentence", "gold", "expected"), [
    ("Japan hosts about 54,000 troops.", "54,000", True),
    ("Japan hosts about 54,000 troops.", "54000", True),
    ("It was in 1957.", "5", False),
    ("The U.S.-led force withdrew.", "U.S.", True),
    ("He served 1914–1918.", "1918", True),
    ("A North Carolina-based firm.", "Carolina", True),
    ("The cat sat on the mat.", "cat on mat", False),
    ("The cat sat on a mat.", "the cat sat on the mat", True),
    ("Anything.", "the", False),
    ("", "", False),
])  # fmt: skip
def test_a_sentence_holds_an_answer_as_whole_words(sentence: str, gold: str, expected: bool) -> None:
    assert holds_answer(sentence, [gold]) is expected


def test_a_cited_sentence_is_right_with_the_answer_and_the_place() -> None:
    golds = ["54,000", "54 thousand"]
    right = CitedSentence(place="Japan/3", text="About 54,000 troops are in Japan.")
    elsewhere = CitedSentence(place="Japan/4", text="About 54,000 troops are in Japan.")
    without = CitedSentence(place="Japan/3", text="Troops are in Japan.")
    found = [sentence_is_right(cited, golds=golds, places={"Japan/3"}) for cited in (right, elsewhere, without)]
    assert found == [True, False, False]
    assert not sentence_is_right(right, golds=[], places={"Japan/3"})


def test_a_gold_sentence_is_known_by_its_words_and_its_article() -> None:
    gold = CitedSentence(place="japan.txt", text="It has about 54,000 troops.")
    quote = "Japan is an ally.  It has about\n54,000 troops."
    assert is_gold_sentence(CitedSentence(place="japan.txt", text=quote), [gold])
    assert not is_gold_sentence(CitedSentence(place="korea.txt", text=quote), [gold])
    assert not is_gold_sentence(CitedSentence(place="japan.txt", text="It has about 54,000"), [gold])
    assert not is_gold_sentence(gold, [CitedSentence(place="japan.txt", text=" ")])


@pytest.mark.parametrize(("right", "first", "at_least_one", "share"), [
    ([True, False, False, False], 1.0, 1.0, 0.25),
    ([False, True], 0.0, 1.0, 0.5),
    ([False], 0.0, 0.0, 0.0),
    ([], 0.0, 0.0, 0.0),
])  # fmt: skip
def test_citations_are_scored_first_any_and_share(
    right: list[bool], first: float, at_least_one: float, share: float
) -> None:
    scores = citation_scores(right)
    assert (scores.first, scores.any, scores.share) == (first, at_least_one, share)
