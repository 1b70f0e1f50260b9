"""Drafts whose quotations were changed in known ways, each with the label that it must get.

Knows nothing of how quotations are checked: it takes sentences of articles, changes their letters, and writes the label
beside them by the definitions of the README. What those leave open is not generated: a quotation in the same marks as
one within it, a word left out that is no word, a wrong source that has the sentence too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.report.citekey import citekey

WORD = re.compile(r"[^\W_]+")
AUXILIARY = re.compile(r"\b(is|are|was|were|has|had|have|will|would|can|could|may|must)\b")
NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*\d|(?<![\w.,])\d(?![\w.,])")
NUMBER_WORD = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million|"
    r"billion)\b"
)
OTHER_NUMBERS = ("two", "three", "seven", "nine", "eleven", "forty", "hundred", "million", "billion")
DENIED = re.compile(r"\b(is|are|was|were|has|have|had|would|could|did|does|do)n[’']t\b|\b(never|cannot)\b")
OTHER_WORDS = (
    "orchard",
    "velvet",
    "pianist",
    "gravel",
    "lanterns",
    "umbrella",
    "quarrels",
    "bakery",
    "sparrow",
    "tulip",
)
MARKS = ('"{}"', "“{}”", "„{}“", "«{}»", "« {} »", "»{}«", "‘{}’", "”{}”")
INNER_MARKS = ('"{}"', "“{}”", '"{}', '{}"', "“{}", "{}”", "‘{}’", "{}’")
STRAYS = ("", "", '"', "“", "”", "„", " and 5' 6\"", ' on a 19" screen', " the soldiers’")
INVENTED_SUBJECTS = ("The baker", "A violinist", "My neighbour", "The gardener", "Their cousin", "The librarian")
INVENTED_VERBS = ("painted", "sold", "repaired", "borrowed", "forgot", "wrapped", "polished", "photographed")
INVENTED_OBJECTS = ("forty lanterns", "a velvet coat", "the old piano", "some orange umbrellas", "a jar of honey")
INVENTED_ENDS = (
    "before breakfast",
    "behind the bakery",
    "without telling anybody",
    "during the harvest",
    "for his aunt",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An article as the generator sees it."""

    title: str
    date: str | None
    text_sha256: str
    sentences: tuple[str, ...]

    @property
    def key(self) -> str:
        return citekey(self.title, self.date, self.text_sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A quotation and what is known of it."""

    text: str
    change: str
    label: str
    cited: str | None


def generate(sources: Sequence[Source], n: int, rng: random.Random) -> list[Known]:
    """`n` quotations, every kind of change in turn."""
    kinds = list(CHANGES.items())
    found: list[Known] = []
    while len(found) < n:
        name, (label, change) = kinds[len(found) % len(kinds)]
        source = rng.choice(sources)
        text = change(source, rng)
        if text is None or len(WORD.findall(text)) < 6:
            continue
        cited = source.key if rng.random() < 0.5 else None
        if label == "misattributed":
            while _says(other := rng.choice(sources), text):  # drawn again: to look through all takes minutes
                pass
            cited = other.key
        found.append(Known(text=text, change=name, label=label, cited=cited))
    return found


def markdown(known: Sequence[Known], rng: random.Random) -> str:
    """A draft with one quotation to a paragraph, in marks of several languages, and with citekeys."""
    paragraphs = []
    for item in known:
        marked = rng.choice([marks for marks in MARKS if not _holds(item.text, marks)]).format(item.text)
        paragraphs.append(f"It says {marked}{f' [@{item.cited}]' if item.cited else ''} there.")
    return "\n\n".join(paragraphs) + "\n"


def careless_markdown(known: Sequence[Known], rng: random.Random) -> str:
    """The same with any marks around the quotations, whatever marks they hold, and stray marks beside some of them."""
    paragraphs = []
    for item in known:
        marked = rng.choice(MARKS).format(item.text)
        before, behind = rng.choice(STRAYS), rng.choice(STRAYS)
        cited = f" [@{item.cited}]" if item.cited else ""
        paragraphs.append(f"It{before} says {marked}{cited} there{behind}.")
    return "\n\n".join(paragraphs) + "\n"


def with_marks(text: str, rng: random.Random) -> str:
    """An article in which some words stand in quotation marks, or behind one that is never closed."""
    words = text.split(" ")
    for begin in range(rng.randint(3, 9), len(words) - 4, 17):
        end = begin + rng.randint(1, 4)
        if all(word and word[0].isalnum() for word in words[begin:end]):
            words[begin:end] = [rng.choice(INNER_MARKS).format(" ".join(words[begin:end]))]
    return " ".join(words)


def _holds(text: str, marks: str) -> bool:
    """Whether a text has one of some marks itself; an apostrophe within a word is none."""
    outside = re.sub(r"(?<=\w)[’'](?=\w)", "", text)
    return any(mark in outside for mark in marks.replace("{}", "").strip())


def _says(source: Source, text: str) -> bool:
    return " ".join(text.split()) in " ".join(" ".join(source.sentences).split())


def _sentence(source: Source, rng: random.Random) -> str:
    return rng.choice(source.sentences)


def whole(source: Source, rng: random.Random) -> str | None:
    return _sentence(source, rng)


def fragment(source: Source, rng: random.Random) -> str | None:
    words = _sentence(source, rng).split()
    if len(words) < 8:
        return None
    begin = rng.randint(0, len(words) - 7)
    return " ".join(words[begin : begin + rng.randint(7, len(words) - begin)])


def two_sentences(source: Source, rng: random.Random) -> str | None:
    at = rng.randrange(len(source.sentences) - 1)
    return f"{source.sentences[at]} {source.sentences[at + 1]}"


def typographic(source: Source, rng: random.Random) -> str | None:
    text = _sentence(source, rng).replace("'", "’").replace(" - ", " — ").replace("-", rng.choice("‑–-"))
    words = text.split(" ")
    at = rng.randrange(len(words))
    words[at : at + 2] = [rng.choice(("\u00a0", "  ", "\n", "\u2009")).join(words[at : at + 2])]
    text = " ".join(words)
    text = text[0].swapcase() + text[1:] if rng.random() < 0.5 else text
    return text.removesuffix(".") + rng.choice((",", ".", "", " …"))


def ellipsis(source: Source, rng: random.Random) -> str | None:
    words = _sentence(source, rng).split()
    if len(words) < 14:
        return None
    begin = rng.randint(4, len(words) - 8)
    mark = rng.choice(("…", "...", "[…]", ". . .", "[...]"))
    return " ".join([*words[:begin], mark, *words[begin + rng.randint(1, 4) :]])


def insertion(source: Source, rng: random.Random) -> str | None:
    words = _sentence(source, rng).split()
    if len(words) < 12:
        return None
    at = rng.randint(3, len(words) - 4)
    return " ".join([*words[:at], "[the pianist]", *words[at + rng.randint(0, 2) :]])


def one_word(source: Source, rng: random.Random) -> str | None:
    words = _sentence(source, rng).split()
    long = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha() and word.islower()]
    if not long:
        return None
    words[rng.choice(long)] = rng.choice(OTHER_WORDS)
    return " ".join(words)


def left_out(source: Source, rng: random.Random) -> str | None:
    words = _sentence(source, rng).split()
    inner = [at for at in range(2, len(words) - 2) if words[at].isalnum() and words[at] != words[at - 1]]
    if len(words) < 9 or not inner:
        return None
    del words[rng.choice(inner)]
    return " ".join(words)


def number(source: Source, rng: random.Random) -> str | None:
    sentence = _sentence(source, rng)
    found = list(NUMBER.finditer(sentence))
    if not found:
        return None
    match = rng.choice(found)
    digit = next(at for at in range(match.start(), match.end()) if sentence[at].isdigit())
    other = str((int(sentence[digit]) + rng.randint(1, 8)) % 9 + 1)
    return None if other == sentence[digit] else sentence[:digit] + other + sentence[digit + 1 :]


def number_word(source: Source, rng: random.Random) -> str | None:
    sentence = _sentence(source, rng)
    found = list(NUMBER_WORD.finditer(sentence))
    if not found:
        return None
    match = rng.choice(found)
    other = rng.choice([word for word in OTHER_NUMBERS if word != match.group()])
    return f"{sentence[: match.start()]}{other}{sentence[match.end() :]}"


def negation(source: Source, rng: random.Random) -> str | None:
    sentence = _sentence(source, rng)
    found = list(AUXILIARY.finditer(sentence))
    if " not " in sentence:
        return sentence.replace(" not ", " ", 1)
    if (denied := DENIED.search(sentence)) is not None:
        return f"{sentence[: denied.start()]}{denied[1] or 'always'}{sentence[denied.end() :]}"
    if not found:
        return None
    match = rng.choice(found)
    return f"{sentence[: match.end()]} not{sentence[match.end() :]}"


def order(source: Source, rng: random.Random) -> str | None:
    words = _sentence(source, rng).split()
    plain = [at for at, word in enumerate(words) if word.isalpha() and word.islower()]
    pairs = [(a, b) for a in plain for b in plain if a < b <= a + 3 and words[a] != words[b]]
    if len(words) < 8 or not pairs:
        return None
    a, b = rng.choice(pairs)
    words[a], words[b] = words[b], words[a]
    return " ".join(words)


def merged(source: Source, rng: random.Random) -> str | None:
    at = rng.randrange(len(source.sentences) - 2)
    first, second = source.sentences[at], rng.choice(source.sentences[at + 2 :])
    head, tail = first.split(), second.split()
    if len(head) < 8 or len(tail) < 8:
        return None
    if rng.random() < 0.5:
        return f"{first} {second}"
    return " ".join([*head[: rng.randint(5, len(head) - 1)], *tail[-rng.randint(5, len(tail) - 2) :]])


def invented(source: Source, rng: random.Random) -> str | None:
    parts = (INVENTED_SUBJECTS, INVENTED_VERBS, INVENTED_OBJECTS, INVENTED_ENDS)
    return " ".join(rng.choice(part) for part in parts)


Change = Callable[[Source, random.Random], str | None]
CHANGES: dict[str, tuple[str, Change]] = {
    "whole sentence": ("verbatim", whole),
    "fragment": ("verbatim", fragment),
    "two sentences": ("verbatim", two_sentences),
    "typographic": ("verbatim", typographic),
    "ellipsis": ("verbatim", ellipsis),
    "insertion": ("verbatim", insertion),
    "one word": ("altered", one_word),
    "word left out": ("altered", left_out),
    "number": ("altered", number),
    "number in words": ("altered", number_word),
    "negation": ("altered", negation),
    "word order": ("altered", order),
    "merged": ("stitched", merged),
    "wrong source": ("misattributed", whole),
    "invented": ("not found", invented),
}
