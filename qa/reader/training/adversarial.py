"""Questions changed by rule so that nothing answers them (the kinds of Rajpurkar et al. 2018, table 1)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

__all__ = ["unanswerable"]

_NAME = re.compile(r"(?<=[\w,;'’] )[A-Z][\w'’-]+(?: (?:of |the |de )?[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d+(?:[.,]\d+)*\b")
_ANTONYMS = dict(
    pair
    for line in (
        "first last|most least|more less|more fewer|before after|largest smallest|biggest smallest|highest lowest|"
        "oldest newest|oldest youngest|earliest latest|longest shortest|best worst|north south|northern southern|"
        "east west|eastern western|increase decrease|increased decreased|increasing decreasing|rise fall|rose fell|"
        "win lose|won lost|winning losing|gain lose|gained lost|start end|started ended|begin end|began ended|"
        "open close|opened closed|buy sell|bought sold|accept reject|accepted rejected|support oppose|"
        "supported opposed|allow forbid|allowed banned|public private|male female|men women|man woman|boy girl|"
        "father mother|son daughter|brother sister|husband wife|high low|higher lower|large small|larger smaller|"
        "major minor|strong weak|stronger weaker|early late|old new|old young|positive negative|good bad|"
        "above below|inside outside|import export|imported exported|arrive leave|arrived left|enter leave|"
        "attack defend|attacked defended|victory defeat|ally enemy|success failure|succeed fail|remember forget|"
        "build destroy|built destroyed|create destroy|created destroyed|add remove|added removed|join leave|"
        "joined left|appointed dismissed|hired fired|born killed|love hate|easy difficult|rich poor|hot cold|"
        "warm cold|fast slow|faster slower|long short|maximum minimum|majority minority|same different|"
        "always never|often rarely|cheap expensive|urban rural|internal external|domestic foreign|upper lower"
    ).split("|")
    for one, other in [line.split()]
    for pair in ((one, other), (other, one))
)
_AUXILIARY = re.compile(r"\b(is|are|was|were|did|does|do|has|have|had|can|could|will|would|should)\b", re.IGNORECASE)
_CONTRACTED = {"can": "cannot", "will": "will not"}
_VERB_AFTER = re.compile(r"^(who|what|which \w+|what \w+) (\w+ed)\b", re.IGNORECASE)

Rule = Callable[[str, str, Sequence[str], random.Random], str | None]


def unanswerable(question: str, context: str, others: Sequence[str], rng: random.Random) -> str | None:
    """The question with a swapped name, number or word, or negated; `None` when no rule fits.

    Args:
        question: Is answered by the context.
        context: Holds none of the names and numbers that are put in.
        others: Questions of the same collection, from which names are taken.
        rng: Decides which rule.
    """
    rules: list[Rule] = [_swap_name, _swap_name, _swap_number, _swap_antonym, _swap_antonym, _negate]
    rng.shuffle(rules)
    for rule in rules:
        changed = rule(question, context, others, rng)
        if changed is not None and changed != question:
            return changed
    return None


def _swap_name(question: str, context: str, others: Sequence[str], rng: random.Random) -> str | None:
    names = _NAME.findall(question)
    if not names:
        return None
    out = rng.choice(names)
    in_context = [n for n in set(_NAME.findall(context)) if n not in question and len(n.split()) == len(out.split())]
    elsewhere = [
        name
        for other in rng.sample(list(others), min(20, len(others)))
        for name in _NAME.findall(other)
        if name not in context and name not in question
    ]
    # A name of the same passage is the harder case: everything in the question then occurs in it.
    pool = sorted(in_context) if in_context and rng.random() < 0.4 else sorted(elsewhere)
    return question.replace(out, rng.choice(pool)) if pool else None


def _swap_number(question: str, context: str, _others: Sequence[str], rng: random.Random) -> str | None:
    numbers = _NUMBER.findall(question)
    if not numbers:
        return None
    out = rng.choice(numbers)
    digits = re.sub(r"\D", "", out)
    span = 30 if len(digits) == 4 else max(3, int(digits or "0"))
    for _ in range(8):
        new = str(max(1, int(digits or "1") + rng.choice([-1, 1]) * rng.randint(1, span)))
        if new not in context and new != digits:
            return question.replace(out, new)
    return None


def _swap_antonym(question: str, _context: str, _others: Sequence[str], rng: random.Random) -> str | None:
    words = [word for word in re.findall(r"\w+", question) if word.lower() in _ANTONYMS]
    if not words:
        return None
    out = rng.choice(words)
    return re.sub(rf"\b{out}\b", _ANTONYMS[out.lower()], question, count=1)


def _negate(question: str, _context: str, _others: Sequence[str], rng: random.Random) -> str | None:
    found = _AUXILIARY.search(question)
    if found is None:
        verb = _VERB_AFTER.search(question)
        return f"{question[: verb.start(2)]}never {question[verb.start(2) :]}" if verb else None
    word = found.group(1)
    if rng.random() < 0.5:
        negated = "can't" if word.lower() == "can" else "won't" if word.lower() == "will" else f"{word}n't"
        return question[: found.start()] + negated + question[found.end() :]
    # "was X not"/"did X never": the word goes in front of the last part, after the subject's first words
    rest = question[found.end() :].split(" ")
    if len(rest) < 4:
        return question[: found.start()] + _CONTRACTED.get(word.lower(), f"{word} not") + question[found.end() :]
    place = rng.randint(2, min(3, len(rest) - 2))
    return question[: found.end()] + " ".join([*rest[:place], rng.choice(["not", "never"]), *rest[place:]])
