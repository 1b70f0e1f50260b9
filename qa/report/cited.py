"""What a citation says, apart from how it is written: the source, the passage in it, and where that stands today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.entities import Freshness, Place
from qa.report.names import Name

__all__ = ["Change", "CitedPassage", "Day", "Locator", "Source", "by_source"]

Day = tuple[int, ...]
"""Year; year and month; or year, month and day. Empty where nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An article as a bibliography knows it."""

    key: str
    """Its citekey."""
    article_id: str
    text_sha256: str
    title: str
    """Without a full stop at its end."""
    authors: tuple[Name, ...] = ()
    outlet: str | None = None
    issued: Day = ()
    url: str | None = None
    accessed: Day = ()
    """When it was looked up; empty without a URL."""
    language: str = "en"
    """BCP 47 tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where in a source, as CSL names such places."""

    label: str
    """`page` or `paragraph`."""
    first: int
    """From 1."""
    last: int
    """Inclusive."""

    @property
    def value(self) -> str:
        """`3` or `3-4`."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A piece of the difference between a quotation and what its article says now."""

    kind: str
    """`same`, `removed` or `added`."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPassage:
    """Sentences of a source, as they were quoted."""

    source: Source
    first_sentence: int
    last_sentence: int
    """Inclusive."""
    start: int
    end: int
    """Half-open, in code points of the text whose hash the source has."""
    quote: str
    locator: Locator | None
    prefix: str = ""
    """What stands in front of the quotation: with `suffix`, enough for it to occur once. Empty when it is not known."""
    suffix: str = ""
    place: Place | None = None
    """Where it was read."""
    link: str | None = None
    """To the words on their page; None without a URL."""
    status: Freshness = Freshness.SAME
    """`gone`: the file is, or it has nothing like the passage any more."""
    today: CitedPassage | None = None
    """The passage in a text that has been changed since; None when the text is the same, or the passage gone."""
    difference: tuple[Change, ...] = ()
    """From the quotation to what the article says now; only of a `changed` one."""

    @property
    def current(self) -> CitedPassage:
        """What to cite: the same words where they stand today, otherwise what was quoted."""
        return self.today if self.status is Freshness.MOVED and self.today is not None else self

    @property
    def reference(self) -> str:
        """`ID:7` or `ID:7-9`."""
        return f"{self.source.article_id}:{self._sentences}"

    @property
    def label(self) -> str:
        """Citekey with sentences, unique in a draft."""
        return f"{self.source.key}-s{self._sentences}"

    @property
    def _sentences(self) -> str:
        first, last = self.first_sentence, self.last_sentence
        return str(first) if first == last else f"{first}-{last}"


def by_source(cited: Iterable[CitedPassage]) -> list[list[CitedPassage]]:
    """The passages of each source, in the order in which the sources are first cited."""
    found: dict[str, list[CitedPassage]] = {}
    for passage in cited:
        found.setdefault(passage.source.key, []).append(passage)
    return list(found.values())
