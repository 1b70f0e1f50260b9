"""The turns so far -> what a pronoun, or a question without a subject, is about. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.followup.cues import Points
from qa.followup.entities import PastTurn, Rarity
from qa.followup.phrases import Phrase, named, phrases
from qa.followup.words import content_words, stem, words_of

__all__ = ["focus", "listed", "subject"]

LAST_TURNS = 5
"""How far back a question may point."""
FADING = 0.55
"""Weight of a turn beside the one after it."""
NAME = 0.6
"""A name is likelier meant than a common noun."""
RARITY = 0.5
"""Of the rarest word of a phrase, beside the rest."""
FIRST = 0.5
"""What stands first in a question is mostly its subject."""
WHOLE = 0.25
"""A phrase with what belongs to it is preferred to its parts."""
AGREES = 1.5
"""Singular for "it", plural for "they", a person for "she"."""
ASKED = 1.2
"""The answer to "who" and "which" is what is spoken of next."""
PERSISTENT = 0.1
PERSISTENT_TOPIC = 0.3
"""Added for each further turn that has a phrase's words; more where no pronoun says what is meant."""

PERSON_ASKED = 1.0
"""More for "he" and "she" after "who"."""

_COUNTS = frozenset("two three four five six seven eight nine ten".split())
_CALENDAR = frozenset(name.lower() for name in (*calendar.day_name, *calendar.month_name) if name)

_ASKS_PERSON = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
_ASKS_NAME = re.compile(
    r"\b(?:which|what)\s+(?!is\b|are\b|was\b|were\b|did\b|do\b|does\b|has\b|have\b)([\w-]+)", re.IGNORECASE
)
_ASKS_NAME_OF = re.compile(r"\bwhat (?:is|was|are|were) the names?\b", re.IGNORECASE)
_ASKS_PLACE = re.compile(r"\bwhere\b|\b(?:which|what) (?:city|country|state|place|town)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    phrase: Phrase
    score: float
    order: int


def focus(past: Sequence[PastTurn], points: Points | None, rarity: Rarity) -> Phrase | None:
    """What is most likely spoken of; None when nothing was.

    Args:
        past: Turns in order.
        points: What the reference can stand for; None when the question has no pronoun.
        rarity: Of words in the corpus.
    """
    found = [
        _Candidate(phrase=phrase, score=score * FADING**age, order=order)
        for age, turn in enumerate(reversed(past[-LAST_TURNS:]))
        for order, (phrase, score) in enumerate(_of_turn(turn, points, rarity))
    ]
    again = _mentions(past)
    best = max(found, key=lambda c: (c.score * _persistent(c.phrase, again, points), -c.order), default=None)
    return _as_introduced(best.phrase, past) if best else None


def subject(past: Sequence[PastTurn]) -> Phrase | None:
    """What the last turns keep speaking of, or else what the first of them brought up; None when nothing was named."""
    turns = past[-LAST_TURNS:]
    again = _mentions(past)
    found = [phrase for turn in turns for phrase in phrases(turn.question)]
    best = max(found, key=lambda p: min(again.get(word, 0) for word in p.stems), default=None)
    return _as_introduced(best, past) if best else None


def _as_introduced(phrase: Phrase, past: Sequence[PastTurn]) -> Phrase:
    """What a phrase was called first: in "Is throat cancer treatable?" the last word is no part of the name."""
    for turn in past:
        for first in phrases(turn.question):
            if len(first.words) < len(phrase.words) and phrase.text.lower().startswith(f"{first.text.lower()} "):
                rest = phrase.text[len(first.text) :].split()
                if rest[0] not in {"of", "in", "on", "at", "from", "for", "and"}:
                    return first
    return phrase


def listed(turn: PastTurn) -> tuple[str, ...]:
    """What "the former", "the second one" choose from: names that stand side by side in answer, source or question."""
    asked = {stem(word) for word in content_words(turn.question)}
    for text in (turn.answer, *turn.quotes, turn.question):
        joined = [p for p in phrases(text) if p.is_name and p.is_plural and " and " in p.text]
        for phrase in joined:
            names = tuple(n.text.removeprefix("the ") for n in named(phrase.text))
            if len(names) > 1 and (text == turn.question or not phrase.stems <= asked):
                return names
    said = " ".join(turn.quotes[:1] or (turn.answer,))
    return tuple(name.text for name in named(said) if name.may_be_person and not name.stems & asked)


def _of_turn(turn: PastTurn, points: Points | None, rarity: Rarity) -> Iterator[tuple[Phrase, float]]:
    asked = {stem(word) for word in content_words(turn.question)}
    if _wants_name(turn.question, points):
        for order, phrase in enumerate(named(turn.answer)):
            if not phrase.stems & (asked | _CALENDAR):
                near = _follows_asked(turn, phrase) + (PERSON_ASKED if points is Points.PERSON else 0.0)
                yield phrase, _score(phrase, points, rarity) + ASKED + near - 0.2 * order
    for order, phrase in enumerate(phrases(turn.question)):
        yield phrase, _score(phrase, points, rarity) + (FIRST if order == 0 else 0.0)


def _wants_name(question: str, points: Points | None) -> bool:
    """Whether the answer to a question is what the next one may be about."""
    if _ASKS_PERSON.search(question):
        return points is not Points.PLACE
    if points is Points.PERSON:
        return False
    if _ASKS_PLACE.search(question):
        return points in {Points.PLACE, Points.THING}
    asked = _ASKS_NAME.search(question)
    if asked is not None and points is Points.THING and _is_several(asked[1]):
        return False
    return points is not None and bool(asked or _ASKS_NAME_OF.search(question))


def _is_several(asked: str) -> bool:
    """Whether "which two", "which countries" ask for more than one."""
    return asked.lower() in _COUNTS or (stem(asked) != asked.lower())


def _follows_asked(turn: PastTurn, phrase: Phrase) -> float:
    """For "Which asteroid …?", Dimorphos in "the asteroid Dimorphos"."""
    match = _ASKS_NAME.search(turn.question)
    if match is None:
        return 0.0
    noun = stem(match[1])
    before = [word for word in words_of(turn.answer) if word.end <= phrase.start][-3:]
    return 0.5 if noun in {stem(word.bare) for word in before} | phrase.stems else 0.0


def _score(phrase: Phrase, points: Points | None, rarity: Rarity) -> float:
    words = [rarity(word.bare) for word in phrase.words]
    score = RARITY * max(words, default=0.0) + (NAME if phrase.is_name else 0.0)
    if len(phrase.words) > 1:
        score += WHOLE
    return score + AGREES * _agrees(phrase, points)


def _agrees(phrase: Phrase, points: Points | None) -> float:
    if points is Points.PERSON:
        return 1.0 if phrase.may_be_person else 0.4 * phrase.is_name * (not phrase.is_plural)
    if points is Points.SEVERAL:
        return 1.0 if phrase.is_plural else 0.3 * phrase.is_name
    if points is Points.PLACE:
        return float(phrase.is_name)
    if points is Points.THING:
        return float(not phrase.is_plural)
    return 0.5


def _mentions(past: Sequence[PastTurn]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for turn in past[-LAST_TURNS:]:
        for word in {stem(word) for word in content_words(turn.question)}:
            counts[word] = counts.get(word, 0) + 1
    return counts


def _persistent(phrase: Phrase, again: dict[str, int], points: Points | None) -> float:
    """More for what the conversation keeps coming back to."""
    times = max((again.get(word, 0) for word in phrase.stems), default=0)
    return 1.0 + (PERSISTENT if points else PERSISTENT_TOPIC) * max(times - 1, 0)
