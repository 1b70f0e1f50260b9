"""Texts and queries -> the words that lexical search compares.

A word of English news has many spellings; each is reduced to one canonical row of tokens, one token to a
position, so that phrases stay adjacent. Case, accents and word endings are left to the table's tokenizer.

    54,000 · 54 000 · 54000       54000           Japan's · Japan’s          japan
    F-35 · F35 · F 35             f 35            U.S. · US · USA · U.S.A.   u.s.  (never the pronoun)
    25% · 25 per cent · 25 pct    25 percent      U.N. · UN                  un
    $5bn · US$5 billion           5 billion       vice-president             vice president

Of "cease-fire" both readings are kept: the two words in their place, "ceasefire" behind the end of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["NORMALISER_VERSION", "LexicalQuery", "Term", "canonical", "canonical_date", "parse_query"]

NORMALISER_VERSION = f"2/{unicodedata.unidata_version}"
"""Changes with what `canonical` returns; the second half is Python's Unicode data. Rows of another version
can be searched, but not deleted one by one: before writing, the full-text table must be filled anew."""

_FUNCTION_WORDS = """
    a about after again all also am an and any are aren as at be because been before being both but by can
    could did didn do does doesn doing don down during each few for from further had has hasn have having
    he her here hers herself him himself his how i if in into is isn it its itself just me more most my
    myself no nor not of off on once only or other our ours ourselves out over own same she should so some
    such than that the their theirs them themselves then there these they this those through to too under
    until up us very was wasn we were weren what when where which while who whom whose why will with would
    you your yours yourself yourselves cant couldnt didnt doesnt dont hadnt hasnt havent im isnt ive
    shouldnt thats wasnt werent whats wont wouldnt d ll m re s t ve
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words of grammar, without a subject of their own. May be left out of a query in a corpus of any size."""

_COUNTRY = {"US": "u.s.", "USA": "u.s.", "usa": "u.s."}
_OWN_TOKEN = {**_COUNTRY, "WHO": "w.h.o."}
"""Acronyms that are function words in lower case get a token that no other word gives."""

_VERBS = "ask asks give gives gave help helps let lets make makes show shows teach tell tells told"
_GIVES_US = frozenset(_VERBS.split())
"""After these verbs a lower-case "us" is the pronoun, whatever follows."""

_PLAIN_LETTERS = {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ß": "ss"}
_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("\u2019\u2018\u201b\u02bc\u2032\u0060\u00b4\uff07", "'"),
        **dict.fromkeys("\u2010\u2011\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00ad\u200c\u200d\u2060\ufeff", None),
        # Letters that have no decomposition, as newspapers without them spell the names.
        **dict(zip("øØłŁđĐðÐı", "oOlLdDdDi", strict=True)),
        **_PLAIN_LETTERS,
    }
)

_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:[,'\u00a0\u202f\u2009\u2007]\d{3})+|(?: 000)+)(?!\d|[,']\d)")
"""A plain space joins only zeros ("54 000"): "in 2019 100 people" and "seats 12 300" hold two numbers."""

_DOTTED = re.compile(r"(?<![\w.])(?:(?:[^\W\d_]\.)+[^\W\d_]\.?|(?:[A-Z]\. )+[A-Z]\.)(?!\w)")
"""U.S. · U.S · u.s.a. · J.K. · J. K. (spaced initials only in capitals and with the last dot)"""

_UNIT = re.compile(r"(?<=\d) ?(%|pct\b|bn\b|tn\b)|\bper cent\b", re.IGNORECASE)
_UNIT_NAMES = {"bn": " billion", "tn": " trillion"}
_MILLION = re.compile(r"([$£€¥] ?\d+(?:\.\d+)?) ?m(?:n|ln)?\b", re.IGNORECASE)
_US_DOLLAR = re.compile(r"\bUS(?=\$)")
_POSSESSIVE = re.compile(r"(?<=\w)'s(?!\w)", re.IGNORECASE)
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_LOWER_US = re.compile(r"(?:\b([^\W\d_]+)\s+)?\bus\b(?=(?:[ -]([^\W\d_]+))?)(?![.'’]\w)")

_ISO_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d{2}))?(?!\d)")
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = _MONTH_NAMES.split()

_TOKEN = r"\d+(?:\.\d+)*(?:(?:st|nd|rd|th|s)(?![^\W_]))?|[^\W\d_]+"
_TOKENS = re.compile(_TOKEN)
_WORD = re.compile(rf"(?:{_TOKEN})(?:(?:[-&.]|(?<=\d)[/:](?=\d))?(?:{_TOKEN}))*")
"""Tokens with no space between them: "F35", "vice-president", "9/11", "AT&T", "2025-03-14"."""

_HYPHENATED = re.compile(r"(?<![\w.&-])([^\W\d_]+)-([^\W\d_]+)(?![\w-]|[.&]\w)")
"""Exactly two plain words held by one hyphen."""

HEADLINE_SPACES = 3
"""From four words on, capitals throughout are a way of setting a line and not a row of acronyms."""

SHORTEST_PART = 3
"""Letters of a part of a compound that is searched by itself: "covid" of "COVID-19", not "f" of "F-35"."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PHRASE = re.compile(r'(?<!\w)(?P<minus>(?<!\S)-)?"(?P<text>[^"]*)"')
_EXCLUDED = re.compile(r"(?<!\S)-(?=[^\W_])(?P<text>\S+)")


class _Word(NamedTuple):
    """One word of a query."""

    text: str
    """As written, but for folded characters."""
    tokens: tuple[str, ...]
    """What the full-text table holds in its place; more than one for a compound."""
    joined: str | None
    """The one-word spelling: "ceasefire" for "cease-fire"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing to search for. A passage has it when it has one of its forms."""

    text: str
    """As the person wrote it, but for folded characters."""
    forms: tuple[str, ...]
    """Canonical tokens between spaces; adjacent in the passage."""

    @property
    def is_function_word(self) -> bool:
        """Whether the term is a single word of grammar."""
        return self.forms[0] in FUNCTION_WORDS

    @property
    def match(self) -> str:
        """FTS5 expression, for texts in English and in others.

        Forms hold nothing but letters, digits and dots, so quoting them is enough.
        """
        return " OR ".join(f'"{form}" OR "{unstemmed(form)}"' for form in self.forms)


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalQuery:
    """A query taken apart. All three may be empty."""

    terms: tuple[Term, ...]
    """Any of these."""
    phrases: tuple[Term, ...]
    """All of these: what stood in quotation marks."""
    excluded: tuple[Term, ...]
    """None of these: what followed a hyphen that follows a space."""


def _fold(text: str) -> str:
    """Reduce the spellings of characters, numbers, units, acronyms and possessives."""
    text = _THOUSANDS.sub(lambda match: re.sub(r"\D", "", match[0]), text.translate(_CHARACTERS))
    text = unicodedata.normalize("NFKC", text)
    text = _DOTTED.sub(lambda match: re.sub(r"[. ]", "", match[0]).upper(), text)
    text = _MILLION.sub(r"\1 million", _US_DOLLAR.sub("", text))
    text = _UNIT.sub(lambda match: _UNIT_NAMES.get((match[1] or "").lower(), " percent"), text)
    return _APOSTROPHE.sub("", _POSSESSIVE.sub("", text))


def _tokens(folded: str, own: dict[str, str]) -> tuple[str, ...]:
    return tuple(own.get(token) or token.lower() for token in _TOKENS.findall(folded))


def _own_tokens(folded: str) -> dict[str, str]:
    """In a headline all in capitals "WHO" may be the pronoun; "US" still means the country."""
    return _COUNTRY if folded.isupper() and folded.count(" ") >= HEADLINE_SPACES else _OWN_TOKEN


def _joined(match: re.Match[str], own: dict[str, str]) -> str | None:
    return None if own.keys() & match.groups() else f"{match[1]}{match[2]}".lower()


def unstemmed(form: str) -> str:
    """Return tokens as they stand in texts that are not English: with a dot, which keeps their endings on.

    The table's stemmer knows the endings of English and takes none off a word that ends in a dot.
    """
    return " ".join(f"{token}." for token in form.split())


def canonical(text: str, *, stemmed: bool = True) -> str:
    """The text as the full-text table holds it: tokens between spaces, nothing but letters, digits and dots.

    The one-word spellings of hyphenated words follow behind a lone dot, so that no phrase reaches across.
    They lengthen a passage of news by one or two tokens.

    Args:
        text: A text, a title or an outlet.
        stemmed: Whether the endings of English words are to be taken off.
    """
    if not stemmed:
        return unstemmed(canonical(text))
    folded = _fold(text)
    own = _own_tokens(folded)
    joined = [form for match in _HYPHENATED.finditer(folded) if (form := _joined(match, own))]
    return " ".join((*_tokens(folded, own), *((".", *joined) if joined else ())))


def canonical_date(date: str) -> str:
    """The day as prose writes it and as ISO 8601 does: "14 march 2025 03 14" for "2025-03-14"."""
    iso = _ISO_DATE.match(date)
    if not iso:
        return canonical(date)
    year, month, day = iso.groups("")
    return " ".join(f"{day.lstrip('0')} {_MONTHS[int(month) - 1]} {year} {month} {day}".split())


def _words(text: str) -> Iterator[_Word]:
    """The words of a text in order; their tokens are those of `canonical`."""
    folded = _fold(text)
    own = _own_tokens(folded)
    for match in _WORD.finditer(folded):
        hyphenated = _HYPHENATED.fullmatch(match[0])
        yield _Word(match[0], _tokens(match[0], own), _joined(hyphenated, own) if hyphenated else None)


def _spell_out_us(query: str) -> str:
    """Write a lower-case "us" in capitals where a query means the country ("us troops in japan").

    It does when the query has no capitals after its first letter, and when it follows "the" or stands before
    a word that is no function word; never after a verb such as "tell". Articles keep their case as printed.
    """
    caseless = query[1:] == query[1:].lower()

    def replace(match: re.Match[str]) -> str:
        before, after = (match[1] or "").lower(), (match[2] or "").lower()
        names_country = caseless or before == "the" or (after and after not in FUNCTION_WORDS)
        return f"{match[0][:-2]}US" if names_country and before not in _GIVES_US else match[0]

    return _LOWER_US.sub(replace, query)


def parse_query(query: str, *, plain: bool = False) -> LexicalQuery:
    """Take a query apart. Every string is a query; FTS5's own operators are ordinary words and signs.

    Args:
        query: As the person wrote it.
        plain: Quotation marks and hyphens require and exclude nothing, as in a question.
    """
    if plain:
        words = _spell_out_us(query.translate(_QUOTES).replace('"', " "))
        return LexicalQuery(terms=_distinct(_terms(words)), phrases=(), excluded=())
    rest = query.translate(_QUOTES)
    phrases: list[Term] = []
    excluded: list[Term] = []
    for match in _PHRASE.finditer(rest):
        (excluded if match["minus"] else phrases).extend(_exact(match["text"]))
    rest = _PHRASE.sub(" ", rest)
    for match in _EXCLUDED.finditer(rest):
        excluded.extend(_exact(match["text"]))
    terms = _terms(_spell_out_us(_EXCLUDED.sub(" ", rest)))
    return LexicalQuery(terms=_distinct(terms), phrases=_distinct(phrases), excluded=_distinct(excluded))


def _exact(text: str) -> Iterator[Term]:
    """All words of the text in a row, in each of its readings; nothing if it has no words."""
    forms: dict[str, None] = {}
    for reading in (text, _spell_out_us(text)):
        found = tuple(_words(reading))
        forms[" ".join(token for word in found for token in word.tokens)] = None
        forms[" ".join(word.joined or " ".join(word.tokens) for word in found)] = None
    if "" not in forms:
        yield Term(text=text.strip(), forms=tuple(forms))


def _terms(text: str) -> Iterator[Term]:
    """Each word; of a compound its longer parts, and the whole as one word or as a phrase."""
    for word in _words(text):
        if len(word.tokens) > 1:
            for token in word.tokens:
                searchable = "." in token or (token.isalpha() and len(token) >= SHORTEST_PART)
                if searchable and token not in FUNCTION_WORDS:
                    yield Term(text=token, forms=(token,))
        yield Term(text=word.text, forms=(word.joined or " ".join(word.tokens),))


def _distinct(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The first term of each meaning, in order."""
    seen: dict[tuple[str, ...], Term] = {}
    for term in terms:
        seen.setdefault(term.forms, term)
    return tuple(seen.values())
