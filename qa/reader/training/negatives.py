"""Hard negatives: passages of the same collection that look right and do not hold the answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.reader.training.questions import TrainingQuestion, normalised

__all__ = ["hard_negatives"]

BLOCK = 512


def hard_negatives(questions: Sequence[TrainingQuestion], *, depth: int) -> list[tuple[str, ...]]:
    """For each question the contexts nearest by TF-IDF without any of its answers, nearest first.

    A question whose own context is not among the `depth` nearest does not stand alone ("How long did it take?"): what
    another passage says of it may well be an answer, so it gets none.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    contexts = sorted({question.context for question in questions})
    row = {context: i for i, context in enumerate(contexts)}
    plain = [f" {normalised(context)} " for context in contexts]
    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", token_pattern=r"(?u)\b\w+\b")
    by_term = vectorizer.fit_transform(contexts).T.tocsr()
    found: list[tuple[str, ...]] = []
    for first in range(0, len(questions), BLOCK):
        block = questions[first : first + BLOCK]
        scores = (vectorizer.transform([q.question for q in block]) @ by_term).toarray()
        nearest = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
        for question, rows in zip(block, nearest.tolist(), strict=True):
            own = row[question.context]
            answers = [f" {normalised(answer)} " for answer in question.answers]
            found.append(
                tuple(
                    contexts[i]
                    for i in rows
                    if i != own and own in rows and not any(answer in plain[i] for answer in answers)
                )
            )
    return found
