"""Fits how sure an answer is, for `qa eval calibrate` (needs scikit-learn).

From answers to questions of a collection, right or wrong, and to three kinds of questions that it cannot answer: those
about other articles, SQuAD 2.0's, and ones changed by rule. Each half of the data is judged by a fit on the other half.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from qa.abstain import FEATURES, Calibration
from qa.assistant import Assistant
from qa.entities import Verdict
from qa.eval.datasets import ForeignQuestion, SquadParagraph, SquadQuestion, SquadSet
from qa.eval.metrics import token_f1
from qa.eval.reading import Judged, abstention_values, closed_answers, measure_features, one_to_one
from qa.eval.run import Tell
from qa.reader.extractive import ExtractiveReader
from qa.reader.training.adversarial import unanswerable

__all__ = ["FOLDS", "Row", "asked_of", "collect", "figures", "fit", "fit_closed", "to_json"]

SHARES = {"own": 0.52, "foreign": 0.38, "squad2": 0.05, "changed": 0.05}
"""Weight of each kind of question in the fit."""
FOLDS = 4
"""Into which the articles are divided."""
FALSE_ON_FOREIGN = 0.035
"""Share of the foreign questions that may be answered at the shipped threshold; the goal is 0.05."""
LEAST = 0.3
"""Least confidence of an answer whatever the foreign questions allow: a wrong one costs almost half of what a right one
is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question: what the evidence looks like, and whether the first citation is right."""

    id: str
    kind: str
    values: dict[str, float]
    right: bool


def fit(rows: Sequence[Row]) -> Calibration:
    """The regression and its thresholds."""
    matrix = np.array([[row.values[name] for name in FEATURES] for row in rows])
    means, scales = matrix.mean(axis=0), matrix.std(axis=0) + 1e-6
    counts = {kind: sum(row.kind == kind for row in rows) for kind in SHARES}
    weights = np.array([SHARES[row.kind] / counts[row.kind] for row in rows]) * len(rows)
    model = LogisticRegression(C=1.0, max_iter=2000).fit(
        (matrix - means) / scales, [row.right for row in rows], sample_weight=weights
    )
    rounded = {
        name: (round(float(w), 5), round(float(m), 5), round(float(s), 5))
        for name, w, m, s in zip(FEATURES, model.coef_[0], means, scales, strict=True)
    }
    draft = Calibration(
        weights={name: value[0] for name, value in rounded.items()},
        bias=round(float(model.intercept_[0]), 5),
        means={name: value[1] for name, value in rounded.items()},
        scales={name: value[2] for name, value in rounded.items()},
        answered=0.5,
        related=0.5,
        closed=0.0,
    )
    foreign = sorted((draft.confidence(row.values) for row in rows if row.kind == "foreign"), reverse=True)
    answered = foreign[int(FALSE_ON_FOREIGN * len(foreign))]
    return replace(draft, answered=round(max(answered, LEAST), 3), related=_related(rows))


def fit_closed(reader: ExtractiveReader, data: SquadSet) -> float:
    """The least score of a span, with the passage given, that makes the mean F1 over all questions greatest."""
    paragraphs = {paragraph.id: paragraph for paragraph in data.paragraphs}
    found = closed_answers(reader, paragraphs, data.questions)
    scores = np.array([answer.score for answer in found])
    # What an answer is worth more than silence; given above the threshold, it is counted.
    worth = np.array(
        [token_f1(a.words, q.answers) - token_f1("", q.answers) for a, q in zip(found, data.questions, strict=True)]
    )
    falling = np.argsort(-scores, kind="stable")
    last = int(np.argmax(np.cumsum(worth[falling])))
    return round(float(scores[falling[last]]), 2)


def _related(rows: Sequence[Row]) -> float:
    """The coverage that best tells questions about the collection from foreign ones."""
    own = np.array([row.values["covered"] for row in rows if row.kind in {"squad2", "changed"}])
    foreign = np.array([row.values["covered"] for row in rows if row.kind == "foreign"])
    cuts = np.linspace(0.2, 0.95, 76)
    return round(float(max(cuts, key=lambda cut: (own >= cut).mean() + (foreign < cut).mean())), 2)


def figures(rows: Sequence[Row]) -> dict[str, float]:
    """The abstention figures with each half judged by the other's fit."""
    judged: list[Judged] = []
    foreign_false, others_false = [], []
    for half in (0, 1):
        calibration = fit([row for i, row in enumerate(rows) if i % 2 == half])
        for row in (row for i, row in enumerate(rows) if i % 2 != half):
            confidence = calibration.confidence(row.values)
            answered = calibration.verdict(confidence, row.values) is Verdict.ANSWERED
            if row.kind == "foreign":
                foreign_false.append(answered)
            if row.kind in {"squad2", "changed"}:
                others_false.append(answered)
            else:
                judged.append(
                    Judged(
                        question_id=row.id,
                        answerable=row.kind == "own",
                        confidence=confidence,
                        right=row.right,
                        answered=answered,
                    )
                )
    found = {
        name: sum(values.values()) / len(values)
        for name, values in abstention_values(one_to_one(judged)).items()
        if values
    }
    found["abstention.false_on_foreign"] = sum(foreign_false) / len(foreign_false)
    found["abstention.false_on_near"] = sum(others_false) / len(others_false)
    return {name: round(value, 4) for name, value in found.items()}


def asked_of(
    data: SquadSet, near: SquadSet, foreign: Sequence[ForeignQuestion], *, fold: int, limit: int
) -> tuple[tuple[SquadParagraph, ...], dict[str, list[SquadQuestion]]]:
    """What one fold indexes and asks: a quarter of the articles stays out, and questions about it are foreign.

    Args:
        data: Questions with an answer.
        near: Of the same articles, with questions that the article does not answer (SQuAD 2.0).
        foreign: Questions about other things altogether.
        fold: 0 to 3.
        limit: Questions of each kind at most.
    """
    rng = random.Random(fold)
    titles = sorted({paragraph.title for paragraph in data.paragraphs})
    left_out = {title for position, title in enumerate(titles) if position % FOLDS == fold}
    texts = {p.id: p.text for p in (*data.paragraphs, *near.paragraphs)}
    title_of = {p.id: p.title for p in (*data.paragraphs, *near.paragraphs)}
    own = [q for q in data.questions if title_of[q.paragraph_id] not in left_out]
    others = [q for q in data.questions if title_of[q.paragraph_id] in left_out]
    elsewhere = [
        SquadQuestion(id=q.id, question=q.question, answers=(), paragraph_id="", answerable=False) for q in foreign
    ]
    asked = [q.question for q in data.questions]
    changed = []
    for question in rng.sample(own, min(limit, len(own))):
        new = unanswerable(question.question, texts[question.paragraph_id], asked, rng)
        if new is not None:
            changed.append(replace(question, question=new, answerable=False))
    unanswered = [q for q in near.questions if not q.answerable and title_of[q.paragraph_id] not in left_out]
    kinds = {
        "own": rng.sample(own, min(limit, len(own))),
        "foreign": [
            *rng.sample(others, min(limit // 2, len(others))),
            *rng.sample(elsewhere, min(limit // 4, len(elsewhere))),
        ],
        "squad2": rng.sample(unanswered, min(limit // 4, len(unanswered))),
        "changed": changed[: limit // 4],
    }
    return tuple(p for p in data.paragraphs if p.title not in left_out), kinds


def collect(
    assistant: Assistant,
    documents: Mapping[str, Sequence[str]],
    kinds: Mapping[str, Sequence[SquadQuestion]],
    *,
    tell: Tell = lambda _done, _total: None,
) -> list[Row]:
    """Ask every question once.

    Args:
        assistant: Over the collection.
        documents: Article id -> ids of the documents with its text.
        kinds: Kind -> questions.
        tell: Told how many are done.
    """
    rows = []
    total = sum(map(len, kinds.values()))
    for kind, questions in kinds.items():
        for question in questions:
            values, right = measure_features(assistant, question, documents)
            rows.append(Row(id=f"{kind}/{question.id}", kind=kind, values=values, right=right and kind == "own"))
            tell(len(rows), total)
    return rows


def to_json(calibration: Calibration, found: Mapping[str, float], counts: Mapping[str, int]) -> str:
    """The calibration with the figures it was fitted at."""
    values = {field.name: getattr(calibration, field.name) for field in fields(calibration)}
    return json.dumps({**values, "fitted_at": {**found, "questions": dict(counts)}}, indent=1) + "\n"
