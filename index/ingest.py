"""From a file on disk to an article ready to be stored: read, parse, cut into sentences and passages [I/O]."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.article_rows import NewArticle
from index.entities import UNDETERMINED
from index.errors import UnreadableFileError
from index.formats import ParsedArticle, ReaderProcess, ReadOptions, read_article
from index.language import detect_language
from index.segment import passage_prefix, passages, sentences
from index.writer import FileRecord

if TYPE_CHECKING:
    from index.encode import Encoder
    from index.survey import Candidate

__all__ = ["LoadedFile", "embedded_texts", "load_file", "prepare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedFile:
    """A candidate after reading it."""

    record: FileRecord
    articles: tuple[ParsedArticle, ...] = ()
    same_bytes: bool = False
    """The file was touched, not changed; `articles` is empty."""
    notes: tuple[str, ...] = ()
    """What the person should know of a file that was read."""


def load_file(candidate: Candidate, *, options: ReadOptions, process: ReaderProcess) -> LoadedFile:
    """Read a candidate; a file that gives no article is a `LoadedFile` with a problem, never an exception.

    Args:
        candidate: The file.
        options: How to read it, and what that may cost.
        process: Where parsers run that might hang or die.
    """
    known = candidate.known
    try:
        data = _read_bytes(candidate, options.max_bytes)
        sha256 = hashlib.sha256(data).hexdigest()
        same = known and known.sha256 == sha256 and not known.problem and known.mtime_ns >= 0
        if same and not candidate.other_encoding:
            return LoadedFile(record=_record(candidate, sha256=sha256), same_bytes=True)
        parsed = read_article(Path(candidate.file).name, data, options=options, process=process)
    except UnreadableFileError as error:
        return LoadedFile(record=_record(candidate, problem=error.reason))
    notes = parsed.problems
    if parsed.encoding and not parsed.encoding.startswith("utf-8") and options.encoding is None:
        notes = (*notes, f"read as {parsed.encoding}; if that is wrong, force another with --encoding")
    record = _record(candidate, sha256=sha256, encoding=parsed.encoding, format=parsed.format)
    return LoadedFile(record=record, articles=parsed.articles, notes=notes)


def prepare(parsed: ParsedArticle, encoder: Encoder) -> NewArticle:
    """Name the language of an article that does not, and cut it into sentences and passages that fit the encoder."""
    article = parsed.article
    if article.language == UNDETERMINED:
        article = replace(article, language=detect_language(article.text[parsed.body_start :]))
    found = sentences(
        article.text,
        body_start=parsed.body_start,
        article_id=article.id,
        markdown=parsed.markdown,
        page_starts=parsed.page_starts,
    )
    prefix = passage_prefix(article.title, article.outlet, article.date)
    windows = passages(
        found,
        article.text,
        prefix_tokens=encoder.count_tokens([prefix])[0],
        max_tokens=encoder.max_tokens,
        count_tokens=encoder.count_tokens,
    )
    return NewArticle(article=article, sentences=found, windows=windows)


def embedded_texts(new: NewArticle) -> tuple[str, ...]:
    """What the encoder sees: each passage with title, outlet and date in front."""
    article = new.article
    prefix = passage_prefix(article.title, article.outlet, article.date)
    return tuple(f"{prefix}\n{article.text[window.start : window.end]}" for window in new.windows)


def _read_bytes(candidate: Candidate, max_file_bytes: int) -> bytes:
    if candidate.size > max_file_bytes:
        raise UnreadableFileError(
            candidate.file,
            f"{candidate.size / 1e6:.1f} MB is more than the {max_file_bytes / 1e6:g} MB that max_file_mb allows; "
            "split the file or raise the setting",
        )
    try:
        return Path(candidate.file).read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            candidate.file,
            f"cannot be read ({error.strerror}); change its permissions or leave it out with --exclude",
        ) from error


def _record(
    candidate: Candidate,
    *,
    sha256: str | None = None,
    encoding: str | None = None,
    format: str | None = None,  # noqa: A002  # the field's word
    problem: str | None = None,
) -> FileRecord:
    return FileRecord(
        file=candidate.file,
        mtime_ns=candidate.mtime_ns,
        ctime_ns=candidate.ctime_ns,
        size=candidate.size,
        sha256=sha256,
        encoding=encoding,
        format=format,
        problem=problem,
    )
