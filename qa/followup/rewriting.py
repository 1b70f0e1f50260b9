"""A question and the turns before it -> the question on its own feet, and what to search for. Pure.

The rules are those of historical query expansion (Yang et al., "Query and Answer Expansion from Conversation History",
TREC CAsT 2019; Lin et al., "Multi-Stage Conversational Passage Retrieval", TOIS 2021, section 4.1) with the corpus's
own document frequencies, and substitution where a pronoun or a fragment shows what is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from qa.followup.cues import (
    Points,
    Reference,
    bare,
    is_fragment,
    names_its_subject,
    references,
    shown_number,
    without_opener,
)
from qa.followup.ellipsis import asked_again, filled_in, is_turned, with_counted
from qa.followup.entities import PastTurn, Query, Rarity, Rewrite
from qa.followup.focus import focus, listed, subject
from qa.followup.phrases import Phrase, named, phrases
from qa.followup.words import content_words, has_subject, is_verb, stem, words_of

__all__ = ["rewrite"]

RARE = 0.35
"""Words of the last answer are searched for when they are rarer than this."""
ANSWER_TERMS = 12
JOINED_WEIGHT = 1.0
"""Of the rewritten question with the one before it, beside the question as typed."""
LOOSE_WEIGHT = 0.5
"""The same for a question that stands alone, where a subject may have been left out unseen."""
ANSWER_WEIGHT = 0.2

MOST_OWN_WORDS = 2
"""A question with more words of its own stands alone."""
MOST_TOPICS = 3
"""Phrases that are added in brackets at most."""
_INTRODUCES = re.compile(
    r"^\W*(?:what|who) (?:is|are|was|were) (?!the\b|its\b|some\b)(?:an? )?[\w'’-]+(?: [\w'’-]+)?\W*$|"
    r"\bof (?!the\b|this\b|that\b|these\b|them\b|usage\b)[\w'’-]{4,}|"
    r"^\W*(?:tell me(?: more)? about|describe|define|compare|explain) (?!the\b|some\b)|"
    r"\ban? (?!lot\b|bit\b|few\b|good\b)[\w'’-]+",
    re.IGNORECASE,
)

_ORDINAL = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4}
_CHOICE = re.compile(
    r"\bthe (former|latter)(?: (?:one|country|man|woman|person|company|state))?\b|"
    r"\bthe (first|second|third|fourth|fifth|last) (?:one|of (?:them|these|those|the two))\b",
    re.IGNORECASE,
)


def rewrite(question: str, past: Sequence[PastTurn], rarity: Rarity) -> Rewrite:
    """The question on its own feet.

    Args:
        question: As it was typed.
        past: The turns before it, in order; with none, every question stands alone.
        rarity: Of words in the corpus.
    """
    if not past:
        return Rewrite(question=question, queries=(Query(text=question, weight=1.0),), follows=False)
    number, whole = _shown(question, past[-1])
    whole = _chosen(whole, past[-1])
    whole = _completed(whole, past, rarity)
    follows = whole != question
    return Rewrite(
        question=whole,
        queries=tuple(_queries(question, whole, past[-1], rarity, follows)),
        follows=follows,
        shown=number,
    )


def _completed(question: str, past: Sequence[PastTurn], rarity: Rarity) -> str:
    question = with_counted(question, past[-1].question)
    rest, continues = without_opener(question)
    if bare(rest):
        return asked_again(rest, past[-1].question)
    if is_fragment(rest) and (continues or _hangs(rest)):
        piece = rest if is_turned(rest) else _resolved(rest, past, rarity)
        return filled_in(piece, past[-1].question)
    if continues:
        question = rest[0].upper() + rest[1:]
    resolved = _resolved(question, past, rarity)
    if resolved == question:
        resolved = _in_full(question, past)
    if resolved == question and (_leans(rest, past) or _of_matter(question)):
        return _with_topic(question, past, rarity)
    return resolved


def _hangs(fragment: str) -> bool:
    """Whether a fragment without "and" still continues: "In Vienna?", "His age?"."""
    first = words_of(fragment)[0]
    return first.is_function and first.lower not in {"the", "a", "an"}


def _resolved(question: str, past: Sequence[PastTurn], rarity: Rarity) -> str:
    """The question with what its pronouns stand for."""
    parts, at = [], 0
    taken: dict[str, Points] = {}
    for reference in references(question):
        phrase = _meant(reference, past, rarity)
        # "When did she say it?": two pronouns of different kinds do not mean the same.
        if phrase is None or taken.setdefault(phrase.text, reference.points) is not reference.points:
            continue
        parts += [question[at : reference.start], _worded(phrase, reference, question)]
        at = reference.end
    return "".join([*parts, question[at:]])


def _meant(reference: Reference, past: Sequence[PastTurn], rarity: Rarity) -> Phrase | None:
    if reference.points is Points.MATTER:
        return None
    if reference.noun is not None:
        noun = stem(reference.noun)
        for turn in reversed(past):
            longer = [p for p in phrases(turn.question) if noun == stem(p.words[-1].bare) and len(p.words) > 1]
            if longer:
                return longer[0]
        return focus(past, Points.THING if reference.points is Points.THING else Points.SEVERAL, rarity)
    return focus(past, reference.points, rarity)


def _worded(phrase: Phrase, reference: Reference, question: str) -> str:
    text = phrase.text
    if reference.points is Points.PLACE:
        return f"in {text}"
    if reference.noun is not None and stem(reference.noun) not in phrase.stems:
        return f"{question[reference.start : reference.end]} ({text})"
    if reference.possessive:
        text = f"{text}'" if text.endswith("s") else f"{text}'s"
    return text[0].upper() + text[1:] if reference.start == 0 else text


def _of_matter(question: str) -> bool:
    """Whether it speaks of the whole of what was said: "Whose idea was that?"."""
    return any(reference.points is Points.MATTER for reference in references(question))


def _leans(question: str, past: Sequence[PastTurn]) -> bool:
    """Whether a question without a pronoun leaves its subject to the conversation: "What are the main themes?".

    It does when it has few words of its own, no name, and does not bring up something new ("What is a trope?").
    """
    own = [word for word in words_of(question)[1:] if has_subject(word) and not is_verb(word)]
    if not own:
        return True
    if any(phrase.is_name for phrase in phrases(question)) or _INTRODUCES.search(question):
        return False
    if names_its_subject(question):
        return False
    said = {stem(word) for turn in past for word in content_words(turn.question)}
    definite = re.search(r"\bthe\b", question, re.IGNORECASE) is not None
    known = {stem(word.bare) for word in own} & said
    return len(own) <= MOST_OWN_WORDS and (definite or not known)


def _with_topic(question: str, past: Sequence[PastTurn], rarity: Rarity) -> str:
    """The question with what is spoken of behind it, in brackets."""
    own = {stem(word) for word in content_words(question)}
    spoken_of = [focus(past, None, rarity), subject(past)]
    if not any(has_subject(word) for word in words_of(question)[1:]):
        spoken_of += phrases(past[-1].question)
    topics: list[Phrase] = []
    for topic in spoken_of:
        if topic is not None and not topic.stems <= own and len(topics) < MOST_TOPICS:
            topics.append(topic)
            own |= topic.stems
    if not topics:
        return question
    body = question.rstrip(" ?.!")
    words = ", ".join(topic.text.removeprefix("the ") for topic in topics)
    return f"{body} ({words}){question[len(body) :]}"


def _in_full(question: str, past: Sequence[PastTurn]) -> str:
    """The question with a shortened name as it was given first: "the College" as "the US Electoral College"."""
    own = {stem(word) for word in content_words(question)}
    for phrase in phrases(question):
        definite = phrase.text.startswith("the ")
        if len(phrase.words) > 1 or not (phrase.is_name or definite):
            continue
        for turn in reversed(past):
            for longer in phrases(turn.question):
                if _is_whole(longer, phrase, definite) and not longer.stems <= own:
                    return f"{question[: phrase.starts_at]}{longer.text}{question[phrase.end :]}"
    return question


def _is_whole(longer: Phrase, phrase: Phrase, definite: bool) -> bool:
    if not phrase.stems < longer.stems or len(longer.words) > 4 or " and " in longer.text:
        return False
    if phrase.is_name:
        return all(word.is_capitalised for word in longer.words) and " " in longer.text and " of " not in longer.text
    return definite and stem(longer.words[-1].bare) in phrase.stems


def _shown(question: str, last: PastTurn) -> tuple[int | None, str]:
    """The question with what source [n] speaks of in place of its number."""
    found = shown_number(question)
    if found is None or not 1 <= found[0] <= len(last.quotes):
        return None, question
    names = [name.text for name in named(last.quotes[found[0] - 1])]
    words = ", ".join(names[:3]) or " ".join(content_words(last.quotes[found[0] - 1])[:6])
    return found[0], question.replace(found[1], f"{found[1]} ({words})")


def _chosen(question: str, last: PastTurn) -> str:
    """The question with what "the latter" or "the second one" stands for."""
    match = _CHOICE.search(question)
    names = listed(last) if match else ()
    if match is None or not names:
        return question
    word = (match[1] or match[2]).lower()
    position = {"former": 0, "latter": len(names) - 1, "last": len(names) - 1, **_ORDINAL}[word]
    if position >= len(names):
        return question
    return f"{question[: match.start()]}{names[position]}{question[match.end() :]}"


def _queries(question: str, whole: str, last: PastTurn, rarity: Rarity, follows: bool) -> list[Query]:
    weight = JOINED_WEIGHT if follows else LOOSE_WEIGHT
    queries = [Query(text=question, weight=1.0)]
    if follows:
        queries.append(Query(text=whole, weight=1.0))
    queries.append(Query(text=f"{last.question} {whole}", weight=weight))
    said = " ".join([last.answer, *last.quotes[:1]])
    rare = list(islice((word for word in content_words(said) if rarity(word) > RARE), ANSWER_TERMS))
    if rare:
        queries.append(Query(text=" ".join(rare), weight=ANSWER_WEIGHT))
    return queries
