"""How sure an answer is, and what is said when it is not sure enough. Pure.

A logistic regression over a dozen features of the evidence, fitted by `python -m qa.eval.calibrate`.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.entities import Verdict
from qa.evidence import Candidate
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
    "names",
    "numbers",
    "fits",
    "support",
    "length",
)
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=\w )[A-Z][\w'’.-]+|(?<=[\"“'])[A-Z][\w'’.-]+")
_STOP = frozenset(
    "a an the is are was were be been being do does did has have had what which who whom whose when where why how of "
    "in on at to for by from with that this these those it its his her their there and or as than then many much long "
    "not "
    "about into would could can will may some any all more most other also if so s t".split()
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
    text = passage.article.text
    answer = text[best.start : best.end]
    kind = asked_for(question)
    own = cosines.get(best.passage_id, 0.0)
    ranked = sorted(cosines.values(), reverse=True)
    whole = f"{passage.article.title} {text[passage.hit.passage.start : passage.hit.passage.end]}"
    near = [s for s in passage.sentences if abs(s.number - best.first_sentence) <= 1]
    around = f"{passage.article.title} {text[near[0].start : near[-1].end]}"
    everything = [text_of(p) for p in passages]
    return {
        "logit": best.score,
        "score": found[0].score,
        "gap": found[0].score - found[1].score if len(found) > 1 else 10.0,
        "second": found[1].score if len(found) > 1 else found[0].score - 10.0,
        "rank": 1 / passage.hit.rank,
        "cosine": own,
        "cosine_gap": own - (ranked[1] if len(ranked) > 1 else 0.0),
        "covered": coverage(question, whole, everything),
        "covered_near": coverage(question, around, everything),
        "names": _held(_NAME.findall(question), whole),
        "numbers": _held([w for w in _WORD.findall(question) if w[0].isdigit()], whole),
        "fits": float(fits(kind, answer)) - float(kind is Asked.YES_NO),
        "support": math.log(found[0].support),
        "length": math.log(1 + len(_content(question))),
    }


def text_of(found: RetrievedPassage) -> str:
    """A passage with its title."""
    passage = found.hit.passage
    return f"{found.article.title} {found.article.text[passage.start : passage.end]}"


def coverage(question: str, text: str, everything: Sequence[str]) -> float:
    """Share of the question's content words in a text, rare ones among `everything` counting more."""
    asked = _content(question)
    if not asked:
        return 0.0
    frequency = Counter(stem for other in everything for stem in _stems(other) & asked)
    weight = {stem: math.log(1 + len(everything) / (0.5 + frequency[stem])) for stem in sorted(asked)}
    held = _stems(text)
    return sum(w for stem, w in weight.items() if stem in held) / sum(weight.values())


def _held(wanted: Sequence[str], text: str) -> float:
    """Share of the words that a text holds; 1 when none is wanted."""
    stems = _stems(text)
    asked = {_stem(word) for word in wanted}
    return len(asked & stems) / len(asked) if asked else 1.0


def _content(question: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(question) if word.casefold() not in _STOP}


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(text)}


def _stem(word: str) -> str:
    # Five letters are stem enough for news English: deploy/deployed, station/stationed.
    folded = word.casefold()
    return folded[:5] if folded.isalpha() else folded
