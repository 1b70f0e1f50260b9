"""Names of authors as each style lists them: one table of how, and the three places where they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.report.names import Name
from qa.report.words import Words, words

__all__ = ["APA", "CHICAGO", "CHICAGO_NOTE", "MLA", "NameRules", "in_entry", "in_note", "in_parenthesis"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRules:
    """How a style lists names."""

    last_joint: str
    """`and` or `&` in front of the last one."""
    short_in_text: int
    """From so many names on, a parenthesis or note has the first and `et al.`"""
    short_in_entry: int
    """The same for an entry."""
    kept_in_entry: int
    """How many names such an entry has."""
    initials: bool = False
    """Given names as initials, and every name turned round."""
    particle_last: bool = False
    """`Leyen, Ursula von der`."""


_NEVER = 1_000_000
CHICAGO = NameRules(last_joint="and", short_in_text=4, short_in_entry=11, kept_in_entry=7, particle_last=True)
CHICAGO_NOTE = CHICAGO
APA = NameRules(last_joint="&", short_in_text=3, short_in_entry=_NEVER, kept_in_entry=_NEVER, initials=True)
MLA = NameRules(last_joint="and", short_in_text=3, short_in_entry=3, kept_in_entry=1)


def in_parenthesis(names: Sequence[Name], rules: NameRules) -> Words:
    """Family names: `Doe and Roe`."""
    return words(_shortened([name.short for name in names], rules))


def in_note(names: Sequence[Name], rules: NameRules) -> Words:
    """Whole names: `Jane Doe and John Q. Roe`."""
    return words(_shortened([_natural(name) for name in names], rules))


def in_entry(names: Sequence[Name], rules: NameRules) -> Words:
    """Whole names, the first family name first: `Doe, Jane, and John Q. Roe`."""
    if not names:
        return ()
    listed = [_turned(names[0], rules), *(_turned(n, rules) if rules.initials else _natural(n) for n in names[1:])]
    if len(names) >= rules.short_in_entry:
        return words(", ".join([*listed[: rules.kept_in_entry], "et al."]))
    if len(listed) == 1:
        return words(listed[0])
    return words(f"{', '.join(listed[:-1])}, {rules.last_joint} {listed[-1]}")


def _shortened(listed: list[str], rules: NameRules) -> str:
    if len(listed) >= rules.short_in_text:
        return f"{listed[0]} et al."
    if len(listed) < 3:
        return f" {rules.last_joint} ".join(listed)
    return f"{', '.join(listed[:-1])}, {rules.last_joint} {listed[-1]}"


def _natural(name: Name) -> str:
    return " ".join(filter(None, [name.given, name.short, name.suffix]))


def _turned(name: Name, rules: NameRules) -> str:
    if name.is_whole:
        return name.short
    given = _initials(name.given) if rules.initials else name.given
    if rules.particle_last:
        parts = [name.family, " ".join(filter(None, [given, name.particle])), name.suffix]
    else:
        parts = [name.short, given, name.suffix]
    return ", ".join(filter(None, parts))


def _initials(given: str) -> str:
    """`John Quincy` -> `J. Q.`, `Edgar-Allan` -> `E.-A.`."""
    return " ".join(
        "-".join(f"{part[0]}." for part in word.split("-") if part)
        for word in re.split(r"\s+|(?<=\.)(?=\w)", given)
        if word
    )
