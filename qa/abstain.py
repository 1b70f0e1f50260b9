"""How sure an answer is, and what is said when it is not sure enough. Pure.

A logistic regression over a dozen features of the evidence, fitted by `python -m qa.eval.calibrate`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.coverage import QuestionWords
from qa.entities import Verdict
from qa.evidence import Candidate, beside, text_of
from qa.measures import clashes
from qa.question import Asked, asked_for, fits
from qa.reader.model import RetrievedPassage

__all__ = ["FEATURES", "Calibration", "features"]

FEATURES = (
    "logit",
    "score",
    "gap",
    "second",
    "rank",
    "cosine",
    "cosine_gap",
    "covered",
    "covered_near",
    "covered_sentence",
    "lacks_name",
    "lacks_number",
    "fits",
    "support",
    "length",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The weights of the regression and the thresholds of the verdicts."""

    weights: Mapping[str, float]
    bias: float
    means: Mapping[str, float]
    scales: Mapping[str, float]
    answered: float
    """Least confidence of an answer."""
    related: float
    """Least coverage of the question by the best passage for `related`."""
    closed: float
    """Least score of a span of the one passage that is given; only `qa eval` gives one."""

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read what `python -m qa.eval.calibrate` wrote."""
        fields = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{name: fields[name] for name in cls.__slots__})

    def confidence(self, values: Mapping[str, float]) -> float:
        """Probability that the best answer is right."""
        total = self.bias + sum(
            self.weights[name] * (values[name] - self.means[name]) / self.scales[name] for name in FEATURES
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def verdict(self, confidence: float, values: Mapping[str, float]) -> Verdict:
        """What is said of the answer."""
        if confidence >= self.answered:
            return Verdict.ANSWERED
        return Verdict.RELATED if values["covered"] >= self.related else Verdict.NOT_FOUND


def features(
    question: str,
    passages: Sequence[RetrievedPassage],
    cosines: Mapping[int, float],
    found: Sequence[Candidate],
) -> dict[str, float]:
    """What the evidence looks like; 0 for everything without a candidate.

    Args:
        question: As it was searched for.
        passages: What was read, best first.
        cosines: Passage id -> cosine of question and passage.
        found: The answers, best first.
    """
    if not found:
        return dict.fromkeys(FEATURES, 0.0)
    best = found[0].spans[0]
    passage = next(p for p in passages if p.hit.passage.id == best.passage_id)
    answer = passage.article.text[best.start : best.end]
    kind, asked = asked_for(question), QuestionWords(question, [text_of(p) for p in passages])
    own = cosines.get(best.passage_id, 0.0)
    ranked = sorted(cosines.values(), reverse=True)
    whole, near = text_of(passage), _around(passage, best.first_sentence)
    return {
        "logit": best.score,
        "score": found[0].score,
        "gap": found[0].score - found[1].score if len(found) > 1 else 10.0,
        "second": found[1].score if len(found) > 1 else found[0].score - 10.0,
        "rank": 1 / passage.hit.rank,
        "cosine": own,
        "cosine_gap": own - (ranked[1] if len(ranked) > 1 else 0.0),
        "covered": asked.coverage(whole),
        "covered_near": asked.coverage(near),
        "covered_sentence": asked.coverage(beside(passage, best)),
        "lacks_name": float(asked.lacks_name(near)),
        "lacks_number": float(asked.lacks_number(f"{passage.article.date} {near}")),
        "fits": float(fits(kind, answer) and not clashes(question, answer)) - float(kind is Asked.YES_NO),
        "support": math.log(found[0].support),
        "length": math.log(1 + len(asked.words)),
    }


def _around(found: RetrievedPassage, sentence: int) -> str:
    """The title, and a sentence of the passage with its neighbours."""
    near = [s for s in found.sentences if abs(s.number - sentence) <= 1]
    return f"{found.article.title} {found.article.text[near[0].start : near[-1].end]}"
