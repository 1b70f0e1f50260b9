"""How a source is named in a report: notes, entries and parentheses of five styles. Pure.

Chicago (author-date; its full notes are `footnote`), APA and MLA are written for newspaper articles only, and agree
with what pandoc's citeproc prints for CSL-JSON of that type (tests/data/citations). One difference is meant: MLA
counts no paragraphs that a source does not number itself, so its parentheses have pages only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from qa.report.cited import Day, Locator, Source
from qa.report.styles_names import APA, CHICAGO, CHICAGO_NOTE, MLA, in_entry, in_note, in_parenthesis
from qa.report.typography import nested, quoted, title_case
from qa.report.words import Run, Words, chain, plain, words

__all__ = ["Style", "distinctions", "entry", "in_text", "inline", "note"]

_MONTHS = "January February March April May June July August September October November December".split()
_SHORT_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()
_UNDATED = "n.d."


class Style(StrEnum):
    """A way to name a source."""

    FOOTNOTE = "footnote"
    """A note of Chicago's, with the reference that `qa show` takes."""
    CHICAGO = "chicago"
    """Author-date."""
    APA = "apa"
    MLA = "mla"
    INLINE = "inline"
    """Everything in a parenthesis behind the quotation."""


def note(source: Source, locator: Locator | None) -> Words:
    """A full note of Chicago's: names, title, outlet, date, place, address."""
    undated = not (source.issued or source.url)
    parts = [
        in_note(source.authors, CHICAGO_NOTE),
        words(quoted(_in_capitals(source))),
        _outlet(source),
        words(_UNDATED if undated else _long(source.issued)),
        words(_chicago_place(locator)),
        words("" if source.issued else _after("accessed", _long(source.accessed))),
        _address(source),
    ]
    return chain(parts, ",", end=".")


def inline(source: Source, locator: Locator | None, reference: str) -> Words:
    """A parenthesis that names everything, with the title as the article has it."""
    parts = [
        in_parenthesis(source.authors, CHICAGO),
        words(quoted(source.title)),
        _outlet(source),
        words("-".join(f"{part:02}" for part in source.issued) or _UNDATED),
        words(_labelled_place(locator)),
        words(reference),
    ]
    return (Run(text="("), *chain(parts, ","), Run(text=")"))


def entry(style: Style, source: Source, distinction: str = "") -> Words:
    """The entry of a bibliography, for chicago, apa and mla.

    Args:
        style: One of the three.
        source: What is listed.
        distinction: From `distinctions`.
    """
    return {Style.CHICAGO: _chicago_entry, Style.APA: _apa_entry, Style.MLA: _mla_entry}[style](source, distinction)


def in_text(style: Style, source: Source, locator: Locator | None, distinction: str = "") -> Words:
    """The parenthesis behind a quotation, for chicago, apa and mla.

    Args:
        style: One of the three.
        source: What is cited.
        locator: Where in it.
        distinction: From `distinctions`.
    """
    parenthesis = {Style.CHICAGO: _chicago_in_text, Style.APA: _apa_in_text, Style.MLA: _mla_in_text}[style]
    return (Run(text="("), *parenthesis(source, locator, distinction), Run(text=")"))


def distinctions(style: Style, sources: Sequence[Source]) -> Mapping[str, str]:
    """What tells sources apart that a style would name alike, by citekey: `a`, `b`, … for a year.

    MLA takes the title in for that, and any text asks for it.

    Args:
        style: Of the parentheses.
        sources: All that are cited together, none twice.
    """
    alike: dict[str, list[Source]] = {}
    if style in {Style.CHICAGO, Style.APA, Style.MLA}:
        for source in sources:
            alike.setdefault(plain(in_text(style, source, None)), []).append(source)
    found: dict[str, str] = {}
    for group in alike.values():
        if len(group) > 1:
            ordered = sorted(group, key=lambda source: (source.title.casefold(), source.key))
            found |= {source.key: _letters(number) for number, source in enumerate(ordered)}
    return found


def _chicago_entry(source: Source, distinction: str) -> Words:
    names, title = in_entry(source.authors, CHICAGO), words(quoted(_in_capitals(source)))
    outlet, when = _outlet(source), words(_long(source.issued))
    year = words(_year(source, distinction))
    if not names and outlet:
        names, outlet = outlet, ()
    if not names:
        blocks = [title, chain([year, when], ",")]
    elif outlet:
        blocks = [names, year, title, chain([outlet, when], ",")]
    else:
        blocks = [names, year, chain([title, when], ",")]
    accessed = "" if source.issued else _after("Accessed", _long(source.accessed))
    return chain([*blocks, words(accessed), _address(source)], ".", end=".")


def _apa_entry(source: Source, distinction: str) -> Words:
    day = " ".join([*(_MONTHS[month - 1] for month in source.issued[1:2]), *map(str, source.issued[2:])])
    when = words(f"({', '.join(filter(None, [_year(source, distinction), day]))})")
    title = words(nested(source.title, within=False), italic=not source.outlet)
    names = in_entry(source.authors, APA)
    blocks = [names, when, title] if names else [title, when]
    cited = chain([*blocks, _outlet(source)], ".", end=".")
    if not source.url:
        return cited
    retrieved = "" if source.issued or not source.accessed else f"Retrieved {_long(source.accessed)}, from"
    return chain([cited, words(retrieved), _address(source)], "")


def _mla_entry(source: Source, distinction: str) -> Words:
    del distinction  # the title stands in every entry
    blocks = [
        in_entry(source.authors, MLA),
        _mla_title(source),
        chain([_outlet(source), words(_mla_day(source.issued)), _address(source)], ","),
        words("" if source.issued else _after("Accessed", _mla_day(source.accessed))),
    ]
    return chain(blocks, ".", end=".")


def _chicago_in_text(source: Source, locator: Locator | None, distinction: str) -> Words:
    name = in_parenthesis(source.authors, CHICAGO) or _outlet(source) or words(quoted(_in_capitals(source)))
    comma = "" if source.issued or source.url else ","
    named = chain([name, words(_year(source, distinction))], comma)
    return chain([named, words(_chicago_place(locator))], ",")


def _apa_in_text(source: Source, locator: Locator | None, distinction: str) -> Words:
    name = in_parenthesis(source.authors, APA) or _mla_title(source)
    return chain([name, words(_year(source, distinction)), words(_labelled_place(locator))], ",")


def _mla_in_text(source: Source, locator: Locator | None, distinction: str) -> Words:
    names = in_parenthesis(source.authors, MLA)
    named = chain([names, _mla_title(source) if distinction or not names else ()], ",")
    page = locator.value if locator is not None and locator.label == "page" else ""
    return chain([named, words(page)], "")


def _mla_title(source: Source) -> Words:
    """In quotation marks as part of an outlet, otherwise in italics."""
    title = _in_capitals(source)
    return words(quoted(title)) if source.outlet else words(nested(title, within=False), italic=True)


def _in_capitals(source: Source) -> str:
    return title_case(source.title, language=source.language)


def _outlet(source: Source) -> Words:
    return words(source.outlet or "", italic=True)


def _address(source: Source) -> Words:
    return words(source.url or "", url=True)


def _year(source: Source, distinction: str) -> str:
    if not source.issued:
        return f"{_UNDATED}-{distinction}" if distinction else _UNDATED
    return f"{source.issued[0]}{distinction}"


def _long(day: Day) -> str:
    """`March 30, 2025`."""
    if len(day) < 2:
        return "".join(map(str, day))
    return f"{_MONTHS[day[1] - 1]} {f'{day[2]}, ' if len(day) > 2 else ''}{day[0]}"


def _mla_day(day: Day) -> str:
    """`30 Mar. 2025`."""
    months = [_SHORT_MONTHS[month - 1] for month in day[1:2]]
    return " ".join([*map(str, day[2:]), *months, *map(str, day[:1])])


def _after(word: str, text: str) -> str:
    return f"{word} {text}" if text else ""


def _chicago_place(locator: Locator | None) -> str:
    if locator is None or locator.label != "page":
        return _labelled_place(locator)
    return locator.value.replace("-", "–")


def _labelled_place(locator: Locator | None) -> str:
    if locator is None:
        return ""
    one, several = {"page": ("p.", "pp."), "paragraph": ("para.", "paras.")}[locator.label]
    return f"{one if locator.first == locator.last else several} {locator.value.replace('-', '–')}"


def _letters(number: int) -> str:
    """`a` to `z`, then `aa`."""
    first, last = divmod(number, 26)
    return (chr(96 + first) if first else "") + chr(97 + last)
