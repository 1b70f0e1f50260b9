"""Names of sources in a draft: citekeys and references, and the forms in which `qa cite` writes them.

A citekey names an article and stays the same wherever the file lies: `us-defense-secretary-20250330-045939` is the
slug of the first three content words of its title, its date (YYYYMMDD, YYYYMM, YYYY or `nd`), and the first six hex
digits of its `text_sha256`. A reference names sentences of an article: `045939ebd956:7` or `045939ebd956:7-9`; the
twelve digits begin with the six of the citekey.

What `qa cite` writes (KEY is a citekey, REF a reference, LABEL a KEY with its sentences, as in KEY-s7 or KEY-s7-9;
quotations stand in “ ” in one line, with marks inside them as English nests them):

    footnote, markdown    “…”[^LABEL]                            and, on a line of its own, [^LABEL]: WORDS REF
    footnote, text        “…” [1]                                and, on a line of its own, [1] WORDS REF
    footnote, html        “…”<sup><a href="#LABEL">1</a></sup>   and <li id="LABEL">WORDS REF</li>
    inline, all three     “…” (WORDS, REF)
    pandoc                “…” [@KEY, p. 4]   “…” [@KEY, para. 3]   “…” [@KEY]
    chicago, apa, mla     “…” (Doe 2025, 4) and an entry as the style has it: neither KEY nor REF, but html has id="KEY"

REF is the last word of its note or parenthesis; a title in WORDS may look like one.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["CITEKEY", "REFERENCE", "citekey"]

CITEKEY = re.compile(
    r"(?<![A-Za-z0-9-])(?P<key>[a-z0-9]{1,24}(?:-[a-z0-9]{1,24}){0,2}-(?:[0-9]{8}|[0-9]{6}|[0-9]{4}|nd)-"
    r"(?P<digits>[0-9a-f]{6}))(?:-s(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?)?(?![A-Za-z0-9])"
)
"""A citekey; `digits` begin the article's `text_sha256`, `first` and `last` are its sentences where they are named."""
REFERENCE = re.compile(
    r"(?<![A-Za-z0-9])(?P<id>[0-9a-f]{12})(?::(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?)?(?![A-Za-z0-9])"
)
"""A reference with its whole id, as `qa cite` writes it."""

_WORDS = 3
_WORD_CHARS = 24
_WORD = re.compile(r"[a-z0-9]+")
_WITHIN_WORDS = re.compile(r"(?<=\w)['’`](?=\w)|(?<=\d)[.,](?=\d)")
_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?(?!\d)")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
"""Those that Unicode does not take apart into a letter and a mark."""
_FUNCTION_WORDS = frozenset(
    """a an the and or nor but of in on at by to for from with without as into onto over under about after before
    against between during than that this these those is are was were be been being has have had will would can could
    may might shall should must do does did not no its his her their our your my it he she they we you i who which what
    """.split()
)


def citekey(title: str, date: str | None, text_sha256: str) -> str:
    """The name of an article in a bibliography; only ASCII letters, digits and hyphens.

    Args:
        title: Of the article. Without a Latin letter or digit in it, the slug is `article`.
        date: ISO 8601, also a month or a year alone, also with a time; None when there is none.
        text_sha256: Of the article's text, hexadecimal.
    """
    words = _WORD.findall(_ascii(title))
    chosen = [word for word in words if word not in _FUNCTION_WORDS] or words or ["article"]
    slug = "-".join(word[:_WORD_CHARS] for word in chosen[:_WORDS])
    return f"{slug}-{_digits(date)}-{text_sha256[:6].lower()}"


def _ascii(title: str) -> str:
    apart = unicodedata.normalize("NFKD", _WITHIN_WORDS.sub("", title).lower().translate(_LETTERS))
    return "".join(character for character in apart if not unicodedata.combining(character))


def _digits(date: str | None) -> str:
    found = _DATE.match(date) if date else None
    return "".join(part for part in found.groups() if part) if found else "nd"
