from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from qa.abstain import FEATURES, Calibration, coverage, features
from qa.entities import Verdict
from qa.evidence import candidates
from qa.reader.shipped import load_calibration
from tests.unit.qa.passages import retrieved, span_of

TEXT = "The United States has 54,000 troops in Japan. They are mostly in Okinawa."


def calibration(**weights: float) -> Calibration:
    return Calibration(
        weights={name: weights.get(name, 0.0) for name in FEATURES},
        bias=-1.0,
        means=dict.fromkeys(FEATURES, 0.0),
        scales=dict.fromkeys(FEATURES, 2.0),
        answered=0.5,
        related=0.6,
        closed=0.0,
    )


def test_confidence_is_the_logistic_of_the_scaled_features() -> None:
    values = dict.fromkeys(FEATURES, 0.0) | {"logit": 4.0}
    assert calibration(logit=1.5).confidence(values) == pytest.approx(1 / (1 + math.exp(-(1.5 * 4.0 / 2.0 - 1.0))))


def test_the_verdict_falls_from_answered_to_related_to_not_found() -> None:
    near = dict.fromkeys(FEATURES, 0.0) | {"covered": 0.7}
    far = dict.fromkeys(FEATURES, 0.0) | {"covered": 0.5}
    judge = calibration()
    assert judge.verdict(0.5, near) is Verdict.ANSWERED
    assert judge.verdict(0.49, near) is Verdict.RELATED
    assert judge.verdict(0.49, far) is Verdict.NOT_FOUND


def test_without_a_candidate_every_feature_is_zero() -> None:
    assert features("Who?", (), {}, ()) == dict.fromkeys(FEATURES, 0.0)


def test_coverage_is_the_weighted_share_of_the_words_that_a_text_holds() -> None:
    held, missing = math.log(1 + 1 / 1.5), math.log(1 + 1 / 0.5)  # in one of one text, in none
    expected = 2 * held / (2 * held + missing)
    assert coverage("troops stationed in Okinawa", TEXT, [TEXT]) == pytest.approx(expected)
    assert coverage("Who is it?", TEXT, [TEXT]) == 0.0


def test_a_rare_word_that_is_missing_weighs_more_than_a_common_one() -> None:
    everything = [TEXT, "Troops left Germany.", "Troops came home."]
    assert coverage("troops Guam", TEXT, everything) < 0.5 < coverage("troops Okinawa", TEXT, everything)


def test_endings_of_a_word_do_not_matter_to_coverage() -> None:
    assert coverage("deployed", "They deploy.", ["They deploy."]) == 1.0


def test_names_and_numbers_that_the_passage_lacks_show_in_the_features() -> None:
    passage = retrieved(TEXT, rank=1)
    found = candidates((passage,), [span_of(passage, "54,000", 3.0)])
    own = features("How many US troops are in Japan?", (passage,), {1: 0.7}, found)
    other = features("How many US troops are in Germany in 2019?", (passage,), {1: 0.7}, found)
    assert (own["names"], own["numbers"], own["fits"]) == (0.5, 1.0, 1.0)  # "US" is not "United States" here
    assert (other["names"], other["numbers"]) == (0.0, 0.0)
    assert own["logit"] == 3.0
    assert own["gap"] == 10.0


def test_the_shipped_calibration_is_one_and_names_the_figures_it_was_fitted_at() -> None:
    shipped = load_calibration()
    assert set(shipped.weights) == set(shipped.means) == set(shipped.scales) == set(FEATURES)
    assert 0 < shipped.answered < 1
    path = Path(__file__).parents[3] / "qa" / "reader" / "weights" / "calibration.json"
    fitted_at = json.loads(path.read_text(encoding="utf-8"))["fitted_at"]
    assert fitted_at["abstention.false_on_foreign"] <= 0.05
