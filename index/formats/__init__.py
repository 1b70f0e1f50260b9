"""Files -> articles: `read_article` finds out what a file is, has its reader read it, and makes articles of it.

Readers are one module per format (`registry.FORMATS`). What they share of one kind is in `blocks`, `rows`, `header`
and `dates`; what they may cost is in `ReadOptions`, and `isolation` holds them to it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from index.entities import UNDETERMINED, Article
from index.errors import UnreadableFileError
from index.formats.archive import entries
from index.formats.dates import date_of_name
from index.formats.decode import storable
from index.formats.entities import Extract, Extracted, FormatError, ParsedArticle, ParsedFile, ReadOptions
from index.formats.isolation import ReaderProcess
from index.formats.markup import shown_rows
from index.formats.registry import FORMATS, SUFFIXES, Format, recognise
from index.segment import sentences

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "Extract",
    "Extracted",
    "Format",
    "FormatError",
    "ParsedArticle",
    "ParsedFile",
    "ReadOptions",
    "ReaderProcess",
    "read_article",
]

TITLE_CHARS = 80
"""Length of a title made from the first sentence, about."""
_TITLE_SOURCE_CHARS = 2000
"""Enough of the body to find its first sentence."""
_PROBLEMS_SHOWN = 5
"""Of one file; a table may have one in every row."""
_PROBLEM_CHARS = 300
_ENTRY_SUFFIXES = frozenset(SUFFIXES)
_TABLES = frozenset({"jsonl", "csv"})


def read_article(name: str, data: bytes, *, options: ReadOptions, process: ReaderProcess) -> ParsedFile:
    """Return the articles in `data`.

    Args:
        name: The file's name, for its ending, its date and error messages; nothing is opened.
        data: The file's bytes.
        options: How to read it, and what that may cost.
        process: Where parsers run that might hang or die.

    Raises:
        UnreadableFileError: No article can be made of it; `reason` says why and what to do.
    """
    try:
        chosen, found = _read(name, data, options, process)
    except FormatError as error:
        raise UnreadableFileError(name, error.reason) from error
    sha256 = hashlib.sha256(data).hexdigest()
    return ParsedFile(
        articles=tuple(_parsed(extract, sha256) for extract in found.extracts),
        encoding=found.encoding,
        format=chosen.name,
        problems=tuple(_shown(found.problems)),
    )


def _read(
    name: str, data: bytes, options: ReadOptions, process: ReaderProcess, *, within_archive: bool = False
) -> tuple[Format, Extracted]:
    if not data:
        raise FormatError("empty file: put text into it, or leave it out with --exclude")
    chosen = recognise(data, _suffix(name))
    if chosen.name != "zip":
        return chosen, _found(chosen, name, data, options, process)
    if within_archive:
        raise FormatError("an archive within an archive is not opened: unpack it first")
    return chosen, _unpacked(data, options, process)


def _found(chosen: Format, name: str, data: bytes, options: ReadOptions, process: ReaderProcess) -> Extracted:
    if chosen.isolated:
        found = process.read(chosen.name, data, options=options)
    else:
        found = chosen.reader()(data, options=options)
    stored = [_storable(extract) for extract in found.extracts if _has_words(extract)]
    unreadable: list[str] = []
    if chosen.name in _TABLES:
        stored = list(shown_rows(stored, options=options, process=process, problems=unreadable))
    extracts = tuple(_dated(extract, name) for extract in stored if _has_words(extract))
    if not extracts:
        raise FormatError(
            unreadable[0] if unreadable else "no sentence in it: put text into it, or leave it out with --exclude"
        )
    return replace(found, extracts=extracts, problems=(*_problems(extracts), *unreadable, *found.problems))


def _unpacked(data: bytes, options: ReadOptions, process: ReaderProcess) -> Extracted:
    extracts: list[Extract] = []
    problems: list[str] = []
    for entry in entries(data, options=options, suffixes=_ENTRY_SUFFIXES):
        if entry.problem is not None:
            problems.append(f"{entry.name}: {entry.problem}")
            continue
        try:
            _, found = _read(entry.name, entry.data, options, process, within_archive=True)
        except FormatError as error:
            problems.append(f"{entry.name}: {error.reason}")
            continue
        extracts += [replace(extract, member=_member(entry.name, extract.member)) for extract in found.extracts]
        problems += [f"{entry.name}: {problem}" for problem in found.problems]
    if not extracts:
        endings = ", ".join(sorted(_ENTRY_SUFFIXES))
        raise FormatError("; ".join(_shown(problems)) or f"no file in the archive ends in one of {endings}")
    return Extracted(extracts=tuple(extracts), problems=tuple(problems))


def _member(entry: str, row: str | None) -> str:
    return entry if row is None else f"{entry}#{row}"


def _suffix(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def _parsed(extract: Extract, sha256: str) -> ParsedArticle:
    header = extract.header
    text_sha256 = hashlib.sha256(extract.text.encode("utf-8")).hexdigest()
    article = Article(
        id=text_sha256[:12],
        title=header.title or _made_title(extract),
        title_given=bool(header.title),
        text=extract.text,
        date=header.date,
        author=header.author,
        outlet=header.outlet,
        url=header.url,
        language=header.language or UNDETERMINED,
        sha256=sha256,
        text_sha256=text_sha256,
    )
    return ParsedArticle(
        article=article,
        member=extract.member,
        body_start=header.body_start,
        markdown=extract.markdown,
        page_starts=extract.page_starts,
    )


def _dated(extract: Extract, name: str) -> Extract:
    """Date an article that does not say when it is from by its file's name, then by the day the file was made."""
    header = extract.header
    if header.date is not None or extract.member is not None:  # a table's name dates none of its rows
        return extract
    date = date_of_name(PurePosixPath(name.replace("\\", "/")).name) or header.made
    return replace(extract, header=replace(header, date=date))


def _storable(extract: Extract) -> Extract:
    """Mark what is no character: NUL, and halves of surrogate pairs, which JSON can spell. Offsets stay as they are."""

    def clean(value: str | None) -> str | None:
        return None if value is None else storable(value)

    header = extract.header
    cleaned = replace(
        header,
        title=clean(header.title),
        author=clean(header.author),
        outlet=clean(header.outlet),
        url=clean(header.url),
    )
    return replace(extract, text=storable(extract.text), header=cleaned)


def _problems(extracts: Iterable[Extract]) -> Iterator[str]:
    for extract in extracts:
        for problem in extract.header.problems:
            yield problem if extract.member is None else f"row {extract.member}: {problem}"


def _shown(problems: Iterable[str]) -> Iterator[str]:
    """Yield the first problems, each as a line of bounded length: names and bytes of an archive may be long."""
    every = list(problems)
    for problem in every[:_PROBLEMS_SHOWN]:
        yield problem if len(problem) <= _PROBLEM_CHARS else f"{problem[: _PROBLEM_CHARS - 1]}…"
    if len(every) > _PROBLEMS_SHOWN:
        yield f"and {len(every) - _PROBLEMS_SHOWN} more of this kind"


def _has_words(extract: Extract) -> bool:
    return _WORD.search(extract.text, extract.header.body_start) is not None


_WORD = re.compile(r"[^\W_]")
_MARKS = re.compile(r"^(?:[#>*+\-•]+|\d{1,9}[.)])\s+")


def _made_title(extract: Extract) -> str:
    """Return the first sentence that has a word in it, shortened at a word to about `TITLE_CHARS`."""
    first_word = _WORD.search(extract.text, extract.header.body_start)
    limit = _TITLE_SOURCE_CHARS + (first_word.start() if first_word else 0)
    head = extract.text[:limit]
    found = sentences(head, body_start=extract.header.body_start, article_id="", markdown=extract.markdown)
    quotes = (head[sentence.start : sentence.end] for sentence in found)
    sentence = next(quote for quote in quotes if _WORD.search(quote))
    return _shortened(" ".join(_MARKS.sub("", sentence).split()))


def _shortened(line: str) -> str:
    if len(line) <= TITLE_CHARS:
        return line
    cut = line[: TITLE_CHARS + 1].rfind(" ")
    return line[: cut if cut > TITLE_CHARS // 2 else TITLE_CHARS].rstrip(" ,;:—–-") + "…"
