"""Authors as a source writes them, `Jane Doe, John Roe`, -> names with family and given part. Pure.

Whether a word is a name's or an organisation's is a guess; a name that does not look like a person's is kept whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Name", "parse_authors"]

_BY = re.compile(r"by:?\s+", re.IGNORECASE)
_AND = re.compile(r"\s*,?\s+(?:and|&)\s+", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr)\.?|ii|iii|iv", re.IGNORECASE)
_PARTICLES = frozenset("von van vom zu zum de der den des del della di da do dos das du la le las los el al bin ibn ter ten ter".split())  # fmt: skip  # noqa: E501
_OF_ORGANISATIONS = frozenset(
    """agency agence agencies association associated board bureau center centre city college commission committee
    company corporation corps council department desk editorial editors foundation government group house inc
    institute international journal league limited ltd magazine media ministry nations network news newspaper newsroom
    office organisation organization party post press reporters research service services society staff
    team times tribune union university wire writers
    afp ap bbc cnn dpa reuters upi xinhua tass efe ansa kyodo yonhap bloomberg politico""".split()
)
_LINKS = frozenset({"of", "the", "for"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person's name in parts, or an organisation's as a whole."""

    family: str
    """The whole name of an organisation."""
    given: str = ""
    """Empty for an organisation, or a person with one name."""
    particle: str = ""
    """`von der`, in lower case in front of the family name."""
    suffix: str = ""
    """`Jr.`"""

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing to turn round."""
        return not self.given

    @property
    def short(self) -> str:
        """As in a parenthesis: `von der Leyen`."""
        return f"{self.particle} {self.family}".strip()


def parse_authors(text: str | None) -> tuple[Name, ...]:
    """The names in an author line, in order."""
    line = _BY.sub("", " ".join((text or "").split()), count=1) if text and _BY.match(text.strip()) else text or ""
    line = " ".join(line.split())
    return tuple(_name(part) for part in _parts(line) if part)


def _parts(line: str) -> list[str]:
    if ";" in line:
        return [part.strip() for part in line.split(";")]
    by_comma = [part.strip() for part in line.split(",")]
    if _turned_round(by_comma):
        return [line]
    if _is_organisation(line) and len(by_comma) == 1:
        return [line]
    parts = [part.strip(" ,") for half in _AND.split(line) for part in half.split(",")]
    joined: list[str] = []
    for part in parts:
        if joined and _SUFFIX.fullmatch(part):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return joined


def _turned_round(parts: list[str]) -> bool:
    """Whether this is one name, family name first: `Doe, Jane`."""
    if len(parts) != 2 or not all(parts) or _SUFFIX.fullmatch(parts[1]) or _AND.search(parts[1]):
        return False
    family = [word for word in parts[0].split() if word not in _PARTICLES]
    people = not any(_is_organisation(part) or part.isupper() for part in parts)
    return people and len(family) == 1 and len(parts[1].split()) <= 2


def _is_organisation(name: str) -> bool:
    found = {word.strip(".,").casefold() for word in name.split()}
    return bool(found & (_OF_ORGANISATIONS | _LINKS)) or any(character.isdigit() for character in name)


def _name(text: str) -> Name:
    family, comma, given = (part.strip() for part in text.partition(","))
    if comma and given and not _is_organisation(text):
        return _with_particle(family.split(), given, "")
    found = text.split()
    if len(found) == 1 or _is_organisation(text):
        return Name(family=text)
    suffix = found.pop() if len(found) > 2 and _SUFFIX.fullmatch(found[-1]) else ""
    first = len(found) - 1
    while first > 1 and found[first - 1] in _PARTICLES:
        first -= 1
    return _with_particle(found[first:], " ".join(found[:first]), suffix)


def _with_particle(family: list[str], given: str, suffix: str) -> Name:
    count = 0
    while count < len(family) - 1 and family[count] in _PARTICLES:
        count += 1
    return Name(family=" ".join(family[count:]), given=given, particle=" ".join(family[:count]), suffix=suffix)
