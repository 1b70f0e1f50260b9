"""A quotation on its own: all that is needed to cite it, find it again and ask for it again. Pure.

Baskets and exports keep these, so that they outlive the index, the article and the answer.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from qa.entities import Citation
from qa.history.records import NotAnAnswerError, from_json
from qa.report.asked import Asked
from qa.report.cited import CitedPassage, Locator
from qa.report.passages import source_of
from qa.report.selectors import fragment_link

__all__ = ["KeptPassage", "cited_of", "decoded", "encoded", "purged_passage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPassage:
    """A quotation with all that is needed to cite it, find it again and ask for it again."""

    citation: Citation
    locator: Locator | None
    """Page or paragraph; None when the article was gone already."""
    prefix: str
    """What stands in front of the quotation: with `suffix`, enough for it to occur once. Empty when it is not known."""
    suffix: str
    kept_at: str
    """When it was pinned or exported; ISO 8601 with offset."""
    asked: Asked | None = None
    """The question that it was found for; None when it was pinned from an article."""

    @property
    def is_purged(self) -> bool:
        """Whether the words were deleted."""
        return not self.citation.quote

    @property
    def place(self) -> tuple[str, int, int]:
        """The same for the same words of the same text."""
        return self.citation.text_sha256, self.citation.start, self.citation.end


def cited_of(passage: KeptPassage) -> CitedPassage:
    """The passage as it was quoted, ready to be written in any style."""
    citation, before = passage.citation, len(passage.prefix)
    around = f"{passage.prefix}{citation.quote}{passage.suffix}"
    moment = passage.asked.asked_at if passage.asked is not None else passage.kept_at
    return CitedPassage(
        source=source_of(citation, datetime.fromisoformat(moment).date()),
        first_sentence=citation.first_sentence,
        last_sentence=citation.last_sentence,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        locator=passage.locator,
        prefix=passage.prefix,
        suffix=passage.suffix,
        place=citation.place,
        link=fragment_link(citation.url, around, before, before + len(citation.quote)),
        status=citation.status,
    )


def encoded(passage: KeptPassage) -> str:
    """As JSON, ASCII only: bytes of odd file names are kept as escapes."""
    return json.dumps(asdict(passage), separators=(",", ":"))


def decoded(text: str) -> KeptPassage:
    """The passage that `encoded` was given.

    Raises:
        NotAnAnswerError: the text is none.
    """
    try:
        passage = from_json(KeptPassage, text)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAnAnswerError(f"a record is no quotation: {error}") from error
    assert isinstance(passage, KeptPassage)  # the kind asked for
    return passage


def purged_passage(passage: KeptPassage, articles: set[str], titled: set[str]) -> KeptPassage:
    """The passage without the words of some articles; its place, offsets and hash stay, and so does the question.

    Args:
        passage: Stays as it is.
        articles: Ids of those whose words are to go.
        titled: Those of them whose titles are not made from their text.
    """
    asked, citation = passage.asked, passage.citation
    if asked is not None:
        # An earlier answer of the conversation may have lent it a word, and nobody knows which article that was.
        asked = replace(asked, standalone_question=asked.question)
        if asked.text and articles.intersection(asked.cited):
            asked = replace(asked, text="")
    if citation.article_id not in articles:
        return replace(passage, asked=asked)
    title = citation.title if citation.article_id in titled else citation.place.path.rpartition("/")[2]
    return replace(passage, citation=replace(citation, quote="", title=title), prefix="", suffix="", asked=asked)
