"""Question -> its words with their places, and which of them carry a subject. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.lexicon import FUNCTION_WORDS

__all__ = ["GENERIC", "Word", "content_words", "has_subject", "is_verb", "stem", "words_of"]

_WORD = re.compile(r"[^\W_]+(?:['’.:&/-][^\W_]+)*|[^\w\s]")
_POSSESSIVE = re.compile(r"['’]s?$")

_PREPOSITIONS = frozenset(
    "across against along among around behind despite near per since toward towards upon via within without".split()
)
_GRAMMAR = FUNCTION_WORDS | _PREPOSITIONS

GENERIC = frozenset(
    """
    advantage advice answer anyone anything area aspect background basic benefit best big bigger biggest bit case
    cause characteristic common commonly consequence cost danger date day definition describe detail difference
    different disadvantage drawback early easy effect effective element else everyone everything exactly example
    explain fact factor famous feature first form function general goal good great high history huge idea impact
    implication important information insight instance issue item kind known large larger largest last late later
    list little long longer longest lot lower lowest main major many mean meaning method modern month much name
    necessary need new newest next notable nothing number objective old older oldest one option order origin other
    others outcome part people person place point possible prevalent pro problem process purpose question reason
    recent recently recommendation related relationship requirement result risk role second section significance
    similar similarity size small smaller smallest somebody someone something sort specific start step story
    strategy success summary sure symptom technique term theme thing third time today true type typical use used
    useful usual variation way week well work worst year yes
    """.split()
)
"""Words that say what is asked and not of what: a question with no others leaves its subject to the conversation."""

_BASE_VERBS = """
    abolish accept achieve add admit advance affect agree allow announce apply argue arrive ask attend award
    avoid base beat become begin believe belong break bring build buy call carry cause change charge choose claim
    collect come compare complete connect consider contain continue contrast control convert cook cost create
    cross cut deal decide declare decline define deliver deny depend describe design develop die differ discover do draw
    drive earn eat employ enable encounter end enter establish exist expect explain face fall feel fight file find
    finish fire fix fly follow form found gain get give go grow handle happen hear help hit hold impact improve include
    increase influence invent invest join keep kill know land last launch lay lead learn leave let lie lift like live
    look lose love make manage mean measure meet move need negotiate offer open operate order originate own owe pay
    perform persuade play predict prevent produce propose protect provide publish put raise reach read receive
    recommend reduce relate release remove replace require respond restrict reveal rise rule run say scare see seem
    select sell send serve set show sign speak spend spread stand start stay stop study suffer support suspect
    take talk teach tell think transmit travel treat try turn understand use visit vote wait want warn watch win work
    write
""".split()
_IRREGULAR = """
    ate became began begun bought broke broken brought built came caught chose chosen cost did died done drawn drew
    driven drove fallen fell felt flew flown fought found gave given gone got gotten grew grown heard held hit kept
    knew known laid lain lay led left lost made meant met paid put ran read rose said sang sat saw seen sent set shown
    sold sought spent spoke spoken stood taken taught thought told took understood went won wore written wrote
""".split()


def _inflected(verb: str) -> Iterable[str]:
    stem_ = verb.removesuffix("e")
    yield from (verb, f"{verb}s", f"{verb}es", f"{stem_}ed", f"{stem_}ing")
    yield from (f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing")
    if verb.endswith("y"):
        yield from (f"{verb[:-1]}ies", f"{verb[:-1]}ied")


_VERBS = frozenset(form for verb in _BASE_VERBS for form in _inflected(verb)) | frozenset(_IRREGULAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word or a sign of a text."""

    text: str
    start: int
    end: int
    """`source[start:end] == text`."""

    @property
    def lower(self) -> str:
        """In lower case, with a straight apostrophe."""
        return self.text.lower().replace("’", "'")

    @property
    def bare(self) -> str:
        """In lower case, without a possessive ending."""
        return _POSSESSIVE.sub("", self.lower)

    @property
    def is_sign(self) -> bool:
        """Whether it is punctuation."""
        return not self.text[0].isalnum()

    @property
    def is_capitalised(self) -> bool:
        """Whether it may be a part of a name, its place aside."""
        return self.text[0].isupper()

    @property
    def is_function(self) -> bool:
        """Whether it is a word of grammar; "US" and "IT" are none."""
        if self.text.isupper() and len(self.text) > 1:
            return False
        parts = self.lower.split("'")
        return all(part in _GRAMMAR for part in parts if part)


def words_of(text: str) -> tuple[Word, ...]:
    """The words and signs in order."""
    return tuple(Word(text=m[0], start=m.start(), end=m.end()) for m in _WORD.finditer(text))


def stem(word: str) -> str:
    """Enough of a word to know it again in another form: "sharks" and "shark", "cities" and "city"."""
    word = _POSSESSIVE.sub("", word.lower().replace("’", "'"))
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def content_words(text: str) -> tuple[str, ...]:
    """The words of a text that are not of grammar, in lower case, each once."""
    return tuple(dict.fromkeys(word.bare for word in words_of(text) if not word.is_sign and not word.is_function))


def has_subject(word: Word) -> bool:
    """Whether a word says what a question is about."""
    return not (word.is_sign or word.is_function or word.bare in GENERIC or stem(word.bare) in GENERIC)


def is_verb(word: Word) -> bool:
    """Whether a word in lower case is one of the common verbs; some of those are nouns too."""
    return not word.is_capitalised and word.lower in _VERBS
