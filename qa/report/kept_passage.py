"""A quotation on its own: all that is needed to cite it, find it again and ask for it again. Pure.

Baskets and exports keep these, so that they outlive the index, the article and the answer.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from qa.entities import Citation
from qa.history.records import NotAnAnswerError, from_json
from qa.report.asked import Asked
from qa.report.cited import Locator

__all__ = ["KeptPassage", "decoded", "encoded", "purged_passage"]


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
