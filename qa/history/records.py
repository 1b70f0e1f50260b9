"""Answers as the history keeps them: to and from JSON, the words that are searched, and purged of an article. Pure."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection
from dataclasses import asdict, is_dataclass, replace
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from index.entities import Place
from qa.entities import Answer, Citation

__all__ = [
    "TITLE_CHARS",
    "NotAnAnswerError",
    "decode",
    "encode",
    "folded",
    "from_json",
    "places_in",
    "purged",
    "searched_words",
    "title_of",
]

TITLE_CHARS = 80
"""A conversation's title is at most this long."""


class NotAnAnswerError(ValueError):
    """A record does not hold an answer."""


def encode(answer: Answer) -> str:
    """The whole answer as JSON, ASCII only: bytes of odd file names are kept as escapes."""
    return json.dumps(asdict(answer), separators=(",", ":"))


def decode(text: str) -> Answer:
    """The answer that `encode` was given; the types of its fields say what each value was.

    Raises:
        NotAnAnswerError: the text is no answer of this format version.
    """
    try:
        answer = from_json(Answer, text)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAnAnswerError(f"a record is no answer: {error}") from error
    assert isinstance(answer, Answer)  # the first kind asked for
    return answer


def from_json(kind: type, text: str) -> object:
    """A dataclass from its JSON; the types of its fields say what each value was.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: the text is something else.
    """
    return _value(kind, json.loads(text))


def searched_words(answer: Answer) -> str:
    """What an answer is found by: question, answer, quotations and titles of the sources."""
    parts = [answer.question, answer.text or ""]
    for citation in answer.citations:
        parts += [citation.title, citation.quote]
    return folded("\n".join(parts))


def folded(text: str) -> str:
    """The text without the differences that a search ignores: case, kind of white space, Unicode composition."""
    return " ".join(_storable(unicodedata.normalize("NFC", text)).casefold().split())


def title_of(text: str) -> str:
    """One line of at most `TITLE_CHARS`, cut at a word where there is one."""
    line = " ".join(_storable(text).split())
    if len(line) <= TITLE_CHARS:
        return line
    cut = line[:TITLE_CHARS].rfind(" ")
    return line[: cut if cut > TITLE_CHARS // 2 else TITLE_CHARS - 1].rstrip(" ,;:—–-") + "…"


def places_in(answer: Answer) -> set[Place]:
    """Where the articles lay that an answer cites, lists as copies or as related."""
    copies = {copy.place for citation in answer.citations for copy in citation.copies}
    return {citation.place for citation in answer.citations} | copies | {passage.place for passage in answer.related}


def purged(answer: Answer, article_ids: Collection[str], *, keep_titles: Collection[str] = ()) -> tuple[Answer, int]:
    """The answer without the words of some articles, and how many quotations went.

    A citation keeps its number, place and offsets, with an empty quotation. Its title is kept if the article was given
    one; otherwise it is the article's first sentence, and the name of the file stands in.

    Args:
        answer: Stays as it is.
        article_ids: Whose words are to go.
        keep_titles: Those of them whose titles are not made from their text.
    """
    emptied = {citation.number for citation in answer.citations if citation.article_id in article_ids}
    gone = sum(bool(citation.quote) for citation in answer.citations if citation.number in emptied)
    related = tuple(passage for passage in answer.related if passage.article_id not in article_ids)
    text = answer.text
    if text and emptied and (1 in emptied or text not in answer.citations[0].quote):
        text = ""  # prose from several sources goes with any of them
    left = replace(
        answer,
        standalone_question=answer.question,  # it may have taken a word from an earlier answer
        text=text,
        citations=tuple(
            _without_copies(_emptied(c, keep_titles) if c.number in emptied else c, article_ids)
            for c in answer.citations
        ),
        related=related,
        values=tuple(value for value in answer.values if value.citation not in emptied),
    )
    return left, gone + len(answer.related) - len(related)


def _emptied(citation: Citation, keep_titles: Collection[str]) -> Citation:
    title = citation.title if citation.article_id in keep_titles else citation.place.path.rpartition("/")[2]
    return replace(citation, quote="", title=title)


def _without_copies(citation: Citation, article_ids: Collection[str]) -> Citation:
    # A copy's title may be its first sentence.
    return replace(citation, copies=tuple(c for c in citation.copies if c.article_id not in article_ids))


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")  # SQLite takes no surrogates


def _value(kind: Any, raw: Any) -> Any:  # noqa: ANN401  # whatever a field holds
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _value(hints[name], value) for name, value in raw.items()})
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], item) for item in raw)
    if get_origin(kind) is UnionType:
        (inner,) = (arm for arm in get_args(kind) if arm is not NoneType)
        return None if raw is None else _value(inner, raw)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(raw)
    return raw


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
