from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from qa.abstain import FEATURES, Calibration, features
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


def test_names_and_numbers_that_the_passage_lacks_show_in_the_features() -> None:
    passage = retrieved(TEXT, rank=1)
    asked = "How many US troops are in Japan?"
    found = candidates(asked, (passage,), [span_of(passage, "54,000", 3.0)])
    own = features(asked, (passage,), {1: 0.7}, found)
    other = features("How many US troops are in Germany in 2019?", (passage,), {1: 0.7}, found)
    assert (own["lacks_name"], own["lacks_number"], own["fits"]) == (0.0, 0.0, 1.0)
    assert (other["lacks_name"], other["lacks_number"]) == (1.0, 1.0)
    assert own["logit"] == 3.0
    assert own["gap"] == 10.0


def test_a_number_of_another_measure_does_not_fit() -> None:
    passage = retrieved("The rover weighs 26 kilograms.", rank=1)
    asked = "How tall is the rover?"
    found = candidates(asked, (passage,), [span_of(passage, "26 kilograms", 3.0)])
    assert features(asked, (passage,), {1: 0.7}, found)["fits"] == 0.0


def test_the_shipped_calibration_is_one_and_names_the_figures_it_was_fitted_at() -> None:
    shipped = load_calibration()
    assert set(shipped.weights) == set(shipped.means) == set(shipped.scales) == set(FEATURES)
    assert 0 < shipped.answered < 1
    path = Path(__file__).parents[3] / "qa" / "reader" / "weights" / "calibration.json"
    fitted_at = json.loads(path.read_text(encoding="utf-8"))["fitted_at"]
    assert fitted_at["abstention.false_on_foreign"] <= 0.05
