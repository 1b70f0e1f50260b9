"""Training questions as they lie on disk."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

__all__ = ["TrainingQuestion", "file_sha256", "normalised", "read_questions"]

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_NO_WORD = re.compile(r"[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingQuestion:
    """A question with the one answer that is learnt: `context[start:end]`."""

    source: str
    id: str
    question: str
    context: str
    start: int
    end: int
    answers: tuple[str, ...]
    """All of them: none may occur in a passage that is taken for unanswerable."""


def read_questions(path: Path) -> list[TrainingQuestion]:
    """The questions of a file with one context a line.

    Raises:
        ValueError: an answer does not lie where the file says.
    """
    questions = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            for asked in record["qas"]:
                answer = _consensus([a["text"] for a in asked["answers"]])
                start = asked["answers"][answer]["answer_start"]
                text = asked["answers"][answer]["text"]
                if record["context"][start : start + len(text)] != text:
                    raise ValueError(f"{path}: question {asked['id']}: the answer is not at {start}")
                lead = len(text) - len(text.lstrip())
                stripped = text.strip().rstrip(".,;:") or text.strip()
                questions.append(
                    TrainingQuestion(
                        source=path.name.removesuffix(".jsonl.gz"),
                        id=str(asked["id"]),
                        question=" ".join(asked["question"].split()),
                        context=record["context"],
                        start=start + lead,
                        end=start + lead + len(stripped),
                        answers=tuple(a["text"] for a in asked["answers"]),
                    )
                )
    return [q for q in questions if q.question and q.start < q.end]


def normalised(text: str) -> str:
    """Lower case, no articles, no punctuation, single spaces: how answers are compared (Rajpurkar et al. 2016)."""
    return " ".join(_ARTICLES.sub(" ", _NO_WORD.sub(" ", text.casefold())).split())


def file_sha256(path: Path) -> str:
    """Hash of a file, for the data list of a run."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _consensus(texts: list[str]) -> int:
    """The answer that agrees best with the others (token F1), the shorter one of equals."""
    bags = [Counter(normalised(text).split()) for text in texts]

    def agreement(one: Counter[str], other: Counter[str]) -> float:
        total = one.total() + other.total()
        return 2 * (one & other).total() / total if total else 0.0

    return max(
        range(len(texts)),
        key=lambda i: (sum(agreement(bags[i], bags[j]) for j in range(len(texts)) if j != i), -len(texts[i]), -i),
    )
