"""A question -> the signs that it leans on the conversation. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.followup.words import Word, has_subject, is_verb, words_of

__all__ = [
    "Points",
    "Reference",
    "bare",
    "is_fragment",
    "names_its_subject",
    "references",
    "shown_number",
    "without_opener",
]


class Points(StrEnum):
    """What kind of thing a reference can stand for."""

    PERSON = "person"
    THING = "thing"
    SEVERAL = "several"
    PLACE = "place"
    MATTER = "matter"
    """The whole of what was said, or one of its kind: "Whose idea was that?", "a new one"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A word that stands for something said before."""

    start: int
    end: int
    """Of the words to replace."""
    points: Points
    possessive: bool = False
    noun: str | None = None
    """Of "that experiment"; None for a pronoun."""


MOST_WORDS = 8
"""A question with more words that have a subject stands alone, whatever its pronouns."""

_PRONOUNS = {
    **dict.fromkeys(("he", "him", "she", "hers"), (Points.PERSON, False)),
    "his": (Points.PERSON, True),
    "her": (Points.PERSON, True),
    "it": (Points.THING, False),
    "its": (Points.THING, True),
    **dict.fromkeys(("they", "them", "theirs"), (Points.SEVERAL, False)),
    "their": (Points.SEVERAL, True),
}
_DEMONSTRATIVES = {"this": Points.THING, "that": Points.THING, "these": Points.SEVERAL, "those": Points.SEVERAL}
_BOUNDARY = frozenset("but if when while because since although though that ; ? ! . :".split())
_JOINS = frozenset("and or ,".split())
"""A clause begins behind them only where a verb or a question word follows."""
_BEFORE_THAT = frozenset(
    "about after before for from of by with in on to like than is was are were do does did why how where when".split()
)
_EXPLETIVE = re.compile(
    r"\bit(?: (?:not|really|still|also|be|so|too))*(?: (?:possible|true|necessary|legal|normal|safe|important|hard|"
    r"easy|difficult|better|best|worth|okay|ok|good|bad|common|likely|late|said|a \w+(?: idea)?))? "
    r"(?:to|that|for|if)\b(?= (?!the\b|an?\b))|\bit (?:takes?|took|costs?) to\b|"
    r"\b(?:does|did|will|would) it (?:take|mean|cost|make sense) to\b|\bwhat time is it\b",
    re.IGNORECASE,
)
"""An "it" that stands for nothing: "Is it possible to …?"."""
_OPENER = re.compile(
    r"^\W*(?:(?:and|but|or|so|also|then|ok|okay|well|no|yes|sorry|hmm|thanks|thank you|got it|i see|by the way|"
    r"i mean|i meant|(?:that|this|it)(?: is|['’]s) (?:very |so )?"
    r"(?:fine|ok|okay|good|great|interesting|impressive|nice|right|true|clear))\b[\s,.:!-]*)+",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(r"^\W*(?:(?:and|but|so|then)\s+)?(?:what|how) (?:about|of)\b\s*", re.IGNORECASE)
_ASKS = frozenset("what which who whom whose when where why how".split())
_AUXILIARIES = frozenset(
    "is are was were am be been do does did has have had can could will would shall should may might must isn't aren't "
    "wasn't weren't don't doesn't didn't can't couldn't won't wouldn't shouldn't hasn't haven't what's who's where's "
    "how's when's".split()
)
_IMPERATIVES = frozenset(
    "tell describe explain compare list name show give say summarize summarise define discuss".split()
)
_SHOWN = re.compile(r"\[(\d{1,2})\]|\b(?:source|citation|reference) (?:number |no\. ?)?(\d{1,2})\b", re.IGNORECASE)


def without_opener(question: str) -> tuple[str, bool]:
    """The question without "and", "but", "what about", and whether it had one that continues what was said."""
    rest = _WHAT_ABOUT.sub("", question)
    if rest.strip() and rest != question:
        return rest.strip(), True
    rest = _OPENER.sub("", question)
    continues = re.match(r"\W*(?:and|but|or|so|then)\b", question, re.IGNORECASE) is not None
    return (rest.strip() or question), continues


def bare(question: str) -> bool:
    """Whether it asks with nothing but a question word: "Why?", "From where?", "Why so long?"."""
    words = [word for word in words_of(question) if not word.is_sign]
    asks = any(word.lower in _ASKS for word in words)
    return asks and len(words) <= 4 and not any(w.lower in _AUXILIARIES or has_subject(w) or is_verb(w) for w in words)


def is_fragment(question: str) -> bool:
    """Whether it is a piece of a sentence: "Sweden", "in 2014", "his Olympic record"."""
    words = [word for word in words_of(question) if not word.is_sign]
    if not words or words[0].lower in _ASKS | _AUXILIARIES | _IMPERATIVES:
        return False
    return not any(word.lower in _AUXILIARIES for word in words) and len(words) <= 8


def shown_number(question: str) -> tuple[int, str] | None:
    """Number and words of a reference to a numbered source: "[2]"."""
    match = _SHOWN.search(question)
    return (int(match[1] or match[2]), match[0]) if match else None


def references(question: str) -> tuple[Reference, ...]:
    """The words that stand for something that the question itself does not name."""
    words = words_of(question)
    if sum(has_subject(word) for word in words) > MOST_WORDS:
        return ()
    skip = [range(*match.span()) for match in (*_EXPLETIVE.finditer(question), *_OPENER.finditer(question))]
    found = []
    for position, word in enumerate(words):
        reference = _reference(words, position)
        if reference is None or any(word.start in span for span in skip):
            continue
        if not _named_before(words, position):
            found.append(reference)
    return tuple(found)


def names_its_subject(question: str) -> bool:
    """Whether a pronoun of the question stands for something in it: "What is mortadella and where is it from?"."""
    words = words_of(question)
    return any(w.lower in _PRONOUNS and _named_before(words, position) for position, w in enumerate(words))


def _reference(words: Sequence[Word], position: int) -> Reference | None:
    word = words[position]
    pronoun = word.lower.partition("'")[0]
    if pronoun in _PRONOUNS:
        if word.text == "IT":
            return None
        points, possessive = _PRONOUNS[pronoun]
        if word.lower == "her" and not _noun_after(words, position):
            possessive = False
        return Reference(start=word.start, end=word.start + len(pronoun), points=points, possessive=possessive)
    if word.lower in _DEMONSTRATIVES:
        return _demonstrative(words, position)
    last = all(after.is_sign for after in words[position + 1 :])
    if word.lower == "there" and last:
        return Reference(start=word.start, end=word.end, points=Points.PLACE)
    if word.lower == "one" and last and position:
        return Reference(start=word.start, end=word.end, points=Points.MATTER)
    if word.lower == "ones":
        return Reference(start=word.start, end=word.end, points=Points.SEVERAL)
    return None


def _demonstrative(words: Sequence[Word], position: int) -> Reference | None:
    word, points = words[position], _DEMONSTRATIVES[words[position].lower]
    after = words[position + 1] if position + 1 < len(words) else None
    before = words[position - 1].lower if position else ""
    if word.lower == "that" and before and before not in _BEFORE_THAT and after is not None and not after.is_sign:
        return None
    if after is None or after.is_sign or after.is_function or is_verb(after):
        matter = points is Points.THING
        return Reference(start=word.start, end=word.end, points=Points.MATTER if matter else points)
    if (
        after.is_capitalised
        or not has_subject(after)
        or after.lower in {"year", "week", "month", "time", "day", "morning"}
    ):
        return None
    return Reference(start=word.start, end=after.end, points=points, noun=after.text)


def _noun_after(words: Sequence[Word], position: int) -> bool:
    after = words[position + 1] if position + 1 < len(words) else None
    return after is not None and not after.is_sign and not after.is_function


def _named_before(words: Sequence[Word], position: int) -> bool:
    """Whether an earlier clause of the question names something: "What is mortadella and where is it from?"."""
    subject = False
    for number, word in enumerate(words[:position], start=1):
        begins = word.lower in _JOINS and (number == position or words[number].lower in _ASKS | _AUXILIARIES)
        if subject and (word.lower in _BOUNDARY or begins):
            return True
        subject = subject or (has_subject(word) and not is_verb(word))
    return False
