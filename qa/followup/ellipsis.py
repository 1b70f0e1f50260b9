"""A piece of a question ("And Sweden?", "Why?") and the question before it -> the whole question. Pure."""

from __future__ import annotations

import re

from qa.followup.phrases import Phrase, named, phrases
from qa.followup.words import content_words, stem, words_of

__all__ = ["asked_again", "filled_in", "is_turned", "with_counted"]

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?: (?:1[5-9]|20)\d\d)?"
)
_TIME = re.compile(
    rf"\b(?:in|on|by|since|until|before|after|during) (?:early |late |mid-)?(?:{_MONTH}|(?:1[5-9]|20)\d\d)\b",
    re.IGNORECASE,
)
_OF = re.compile(r"\bof (?:the )?[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*")
_VERBS = r"(?:is|are|was|were|do|does|did|have|has|had|can|could|will|would|live|work|died|came)\b"
_COUNTS = re.compile(rf"\b(how (?:many|much))(?= {_VERBS})", re.IGNORECASE)
_COUNTED = re.compile(rf"\b(how (?:many|much)) (?!of\b|{_VERBS})((?:[\w'’-]+ ){{1,4}}?)(?={_VERBS})", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:in|at|from|near|on) (?:the )?[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*")
_BEFORE_AFTER = re.compile(
    r"\b(?:before|after|during|since|until) (?:the |that |this )?[\w'’-]+(?: [\w'’-]+)?", re.IGNORECASE
)
_ORDINALS = r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last"
_CLASSES = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        _ORDINALS,
        r"men's|women's|men’s|women’s|men|women",
        r"before|after",
        r"\w{2,}est|most|least|best|worst",
    )
)
_OWN = re.compile(r"\b(?:its|their|his|her|a|an) $", re.IGNORECASE)
"""Before an acronym that is no name: "of its GDP"."""
_ORDER = re.compile(r"\b(?:before|after)\b", re.IGNORECASE)
_AROUND_IT = re.compile(r"(before|after)(?: (?:it|that|this|then|them)|wards?)?", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:\W*(?:to|from|in|at|for|by|on|with|of) )?(?:what|which|who|whom|whose|when|where|why|how)\b.*?"
    r"(?=\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b)",
    re.IGNORECASE,
)


def filled_in(fragment: str, question: str) -> str:
    """The question with a fragment in the place of what it replaces.

    Args:
        fragment: Without "and" or "what about": "Sweden", "in 2014", "the best goalkeeper".
        question: The one before, on its own feet.
    """
    fragment, body = fragment.strip(" ?.!"), question.strip(" ?.!")
    if (match := _AROUND_IT.fullmatch(fragment)) is not None:
        turned, times = _ORDER.subn(match[1].lower(), body, count=1)
        if times:
            return f"{turned}?"
    for replaced in (_same_kind, _same_preposition, _same_class, _shared_word, _same_shape):
        whole = replaced(fragment, body)
        if whole is not None:
            return f"{whole}?"
    return f"{body} {fragment}?" if _starts_with_preposition(fragment) else f"{body} ({fragment})?"


def with_counted(question: str, before: str) -> str:
    """The question with what the one before counted: "How many are there?" after "How many troops are in Japan?"."""
    match, counted = _COUNTS.search(question), _COUNTED.search(before)
    if match is None or counted is None or match[1].lower() != counted[1].lower():
        return question
    return f"{question[: match.end(1)]} {counted[2].strip()}{question[match.end(1) :]}"


def is_turned(fragment: str) -> bool:
    """Whether a fragment only turns "before" into "after": "After it?"."""
    return _AROUND_IT.fullmatch(fragment.strip(" ?.!")) is not None


def asked_again(asks: str, question: str) -> str:
    """The question with another question word: "Why?" after "When did it happen?" asks why it happened."""
    asks, body = asks.strip(" ?.!"), question.strip(" ?.!")
    match = _ASKS.match(body)
    if match and match.end() < len(body):
        return f"{asks[0].upper()}{asks[1:]} {body[match.end() :].strip()}?"
    return f"{asks[0].upper()}{asks[1:]}: {body}?"


def _starts_with_preposition(fragment: str) -> bool:
    return (
        re.match(r"(?:in|on|at|by|for|from|with|after|before|since|until|during|to|of|under)\b", fragment, re.I)
        is not None
    )


def _same_kind(fragment: str, body: str) -> str | None:
    """A time for a time, a place for a place."""
    if _YEAR.fullmatch(fragment) and (years := list(_YEAR.finditer(body))):
        return f"{body[: years[-1].start()]}{fragment}{body[years[-1].end() :]}"
    for pattern in (_TIME, _BEFORE_AFTER, _PLACED, _OF):
        if pattern.match(fragment) and (found := list(pattern.finditer(body))):
            return _put(body, found[-1].start(), found[-1].end(), fragment)
    return None


def _same_preposition(fragment: str, body: str) -> str | None:
    """What follows the same preposition: "on trucks" for "on cars"."""
    first = fragment.split()[0].lower()
    if not _starts_with_preposition(fragment) or any(character.isdigit() for character in fragment):
        return None
    for phrase in reversed(phrases(body)):
        before = re.search(rf"\b{first} (?:the |an? )?(?:\w+ ){{0,2}}?$", body[: phrase.start], re.IGNORECASE)
        if before is not None:
            return _put(body, before.start(), phrase.end, fragment)
    return None


def _same_class(fragment: str, body: str) -> str | None:
    """A single word for another of its kind: "fourth" for "third"."""
    for words in _CLASSES:
        if words.fullmatch(fragment.removeprefix("the ")) and (match := words.search(body)):
            return _put(body, match.start(), match.end(), fragment.removeprefix("the "))
    return None


def _shared_word(fragment: str, body: str) -> str | None:
    """What has a word in common with the fragment is what it replaces, with all that belongs to it."""
    if _starts_with_preposition(fragment):
        return None
    own = {stem(word) for word in _every_word(fragment)}
    sharing = [phrase for phrase in _whole(body) if own & {stem(w) for w in _every_word(body[phrase[0] : phrase[1]])}]
    if not sharing:
        return None
    own_place = re.search(r" (?:of|in|on|at|from|for)\b", fragment)
    start, end = sharing[0] if own_place else min(sharing, key=lambda span: span[1] - span[0])
    return _put(body, start, end, fragment)


def _every_word(text: str) -> list[str]:
    return [word for word in content_words(text) if len(word) > 2]


def _whole(body: str) -> list[tuple[int, int]]:
    """From determiner to the end of each noun phrase; its adjectives are of it, whatever they say."""
    found = []
    for phrase in phrases(body):
        start = phrase.starts_at
        words = [word for word in words_of(body) if word.end <= phrase.start]
        while words and words[-1].end + 1 == start and not words[-1].is_function and not words[-1].is_sign:
            start = words.pop().start
        if words and words[-1].lower in {"the", "a", "an"}:
            start = words[-1].start
        end = phrase.end + (2 if body[phrase.end : phrase.end + 2] in {"'s", "’s"} else 0)
        found.append((start, end))
    return found


def _same_shape(fragment: str, body: str) -> str | None:
    """A name for the first name; possessive for possessive."""
    names = [name for name in named(body) if not (_is_acronym(name) and _OWN.search(body[: name.start]))]
    if not names or not named(fragment) or _starts_with_preposition(fragment):
        return None
    best = names[0]
    possessive = body[best.end : best.end + 2] in {"'s", "’s"}
    end = best.end + 2 * possessive
    if possessive and not fragment.endswith(("'s", "’s", "s'")):
        fragment = f"{fragment}'s"
    elif not possessive:
        fragment = re.sub(r"['’]s?$", "", fragment)
    return _put(body, best.starts_at, end, fragment)


def _is_acronym(phrase: Phrase) -> bool:
    return all(word.text.isupper() for word in phrase.words)


def _put(body: str, start: int, end: int, words: str) -> str:
    if start == 0:
        words = words[0].upper() + words[1:]
    return f"{body[:start]}{words}{body[end:]}"
