"""The values that flow out of `index`: frozen, compared by content, free of any library.

Offsets are half-open and count Unicode code points of `Article.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "ENGLISH",
    "UNDETERMINED",
    "Article",
    "Copies",
    "Copy",
    "Filter",
    "Freshness",
    "Hit",
    "IndexManifest",
    "Neighbourhood",
    "Passage",
    "Place",
    "Ranker",
    "Sentence",
    "Source",
]


UNDETERMINED = "und"
"""BCP 47 tag of a text whose language nobody has stated or found out."""
ENGLISH = "en"


class Freshness(StrEnum):
    """Whether a quotation still stands where it was found."""

    SAME = "same"
    MOVED = "moved"
    """Same words, other offsets or another place."""
    CHANGED = "changed"
    """The file is there and no longer says this."""
    GONE = "gone"
    """The file is no longer there."""


class Ranker(StrEnum):
    """Which search put a hit where it is."""

    LEXICAL = "lexical"
    VECTOR = "vector"
    HYBRID = "hybrid"


class Copies(StrEnum):
    """What a search does with articles that tell the same story."""

    FOLDED = "folded"
    """Of articles that are copies of each other, the best passage."""
    NEW = "new"
    """All passages of the article with the best one; of its copies, those that say something that it does not."""
    ALL = "all"
    """Every passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text, wherever it lies. Two files with the same text are one article with two places."""

    id: str
    """First 12 hex digits of `text_sha256`."""
    title: str
    """As given by the source, otherwise the first sentence shortened at a word."""
    title_given: bool
    text: str
    """The decoded file with its newlines untouched (.txt, .md), the value of a row, or a document's text."""
    date: str | None
    """Publication date, ISO 8601; None when the source states none or an impossible one."""
    author: str | None
    outlet: str | None
    url: str | None
    language: str
    """BCP 47 tag, as stated by the source, otherwise as detected."""
    sha256: str
    """Of the source bytes of the first place it was read from."""
    text_sha256: str
    """Of `text` encoded as UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an article lies. Moving a file changes its place, not the article."""

    article_id: str
    root: str
    """The folder that was indexed: absolute, POSIX separators."""
    path: str
    """Relative to `root`, POSIX separators. Bytes that are not UTF-8 are surrogate escapes (`os.fsdecode`)."""
    member: str | None
    """Row or archive entry within the file; None for a file that is one article."""
    mtime_ns: int
    size: int
    """Bytes."""
    sha256: str
    """Of the file's bytes."""
    ctime_ns: int = 0
    """When the file was last written, renamed or given other rights; when it was made, on Windows."""

    @property
    def file(self) -> str:
        """Absolute path of the file, POSIX separators."""
        return f"{self.root.rstrip('/')}/{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Another article that tells the same story as one that is shown: reprinted, edited, cut, corrected or extended."""

    article_id: str
    title: str
    date: str | None
    """ISO 8601."""
    outlet: str | None
    url: str | None
    place: Place
    verbatim: bool
    """Whether what is shown stands in it too, word for word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an article. Sentences are ordered, disjoint and have no white space at their ends."""

    article_id: str
    number: int
    """From 1."""
    start: int
    end: int
    page: int | None
    """From 1; None where the format has no pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Whole sentences of one article, about 100 words: the unit that is embedded and searched."""

    id: int
    """Row id in the store; never used again after the passage is removed."""
    article_id: str
    first_sentence: int
    last_sentence: int
    """Inclusive."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that a search found. Hits are sorted by (-score, passage id)."""

    passage: Passage
    score: float
    rank: int
    """From 1."""
    ranker: Ranker


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """What stands around a passage in its article."""

    before: tuple[Sentence, ...]
    """The sentences in front of it, in order."""
    after: tuple[Sentence, ...]
    """The sentences behind it, in order."""
    others: tuple[Passage, ...]
    """The other passages of the article, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which articles a search may return. An empty filter allows all of them."""

    since: str | None = None
    """First day allowed, ISO 8601 (YYYY-MM-DD), inclusive."""
    until: str | None = None
    """Last day allowed, ISO 8601 (YYYY-MM-DD), inclusive."""
    source: str | None = None
    """Glob on the path of a place or on the outlet."""

    def __bool__(self) -> bool:
        return any(value is not None for value in (self.since, self.until, self.source))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A folder, or a single file, that the index keeps in step with."""

    root: str
    """Absolute path, POSIX separators."""
    is_file: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexManifest:
    """What the current vector files hold; kept beside them as `manifest.json`."""

    format_version: int
    vectors_generation: int
    """Number of the folder with the vector file, from 1."""
    store_generation: int
    """Generation of the SQLite file when the vectors were written."""
    count: int
    """Vectors in the file."""
    dimension: int
    max_passage_id: int
    """Passages with a greater id came later and are searched from SQLite."""
    encoder_id: str
    encoder_sha256: str
    factory: str
    """FAISS factory string."""
    file: str
    """Relative to the folder of the manifest."""
    size_bytes: int
    sha256: str
