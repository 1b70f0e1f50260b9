"""A rewritten question against a person's rewrite: which words were found. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.followup.words import content_words, stem

__all__ = ["RewriteScores", "rewrite_scores", "same_question"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteScores:
    """What became of the words of one question. Words are compared without plural and possessive endings."""

    wanted: dict[str, bool]
    """Content word that the person's rewrite adds -> whether the rewritten question adds it too."""
    added: dict[str, bool]
    """Content word that the rewritten question adds -> whether the person's does too."""


def rewrite_scores(raw: str, rewritten: str, human: str) -> RewriteScores:
    """Which words both added; the shares over all questions are recall and precision of the added words.

    The measure of Voskarides et al. (2020), "Query Resolution for Conversational Search with Limited Supervision".

    Args:
        raw: The question as it was asked.
        rewritten: What was made of it.
        human: What a person made of it.
    """
    asked, found, gold = _stems(raw), _stems(rewritten), _stems(human)
    return RewriteScores(
        wanted={word: word in found for word in sorted(gold - asked)},
        added={word: word in gold for word in sorted(found - asked)},
    )


def same_question(one: str, other: str) -> bool:
    """Whether two questions differ in nothing but case, punctuation and white space."""
    return _plain(one) == _plain(other)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("’", "'"))
