"""What a person pastes elsewhere: a quotation with its source, or an answer with its notes. Pure, plain text.

Line breaks inside a quotation become spaces, and what would act on a terminal stays a visible symbol, because
pasting is typing.
"""

from __future__ import annotations

from index.entities import Freshness, Place
from qa.entities import Answer, Citation, RelatedPassage, Verdict
from qa.visible import name_in_line, one_line

__all__ = [
    "answer_head",
    "answer_with_notes",
    "copies_words",
    "quote_with_source",
    "reference",
    "sentence_words",
    "source_line",
]

COPIES = 3
"""Named in a line; of more, the number is said."""

_VERDICTS = {
    Verdict.RELATED: "The articles speak of this, but hold no direct answer.",
    Verdict.NOT_FOUND: "The articles do not hold the answer.",
}
_SINCE = {
    Freshness.CHANGED: "the file has changed since",
    Freshness.GONE: "the file is no longer there",
}


def quote_with_source(quoted: Citation | RelatedPassage) -> str:
    """The quotation on one line, its source on the next."""
    return f"“{one_line(quoted.quote)}”\n— {source_line(quoted)}"


def source_line(quoted: Citation | RelatedPassage) -> str:
    """Title, outlet, date, file, sentences and reference; what has become of the file, and the copies."""
    outlet = quoted.outlet if isinstance(quoted, Citation) else None
    named = [one_line(quoted.title), *([one_line(outlet)] if outlet else []), quoted.date or "undated"]
    since = _SINCE.get(quoted.status) if isinstance(quoted, Citation) else None
    where = f"{_path(quoted.place)}, {sentence_words(quoted)} ({reference(quoted)})"
    rest = [words for words in (since, copies_words(quoted)) if words]
    return "; ".join([f"{', '.join(named)}. {where}", *rest])


def answer_with_notes(answer: Answer) -> str:
    """Question, answer and its numbered sources; every value where articles differ.

    Without an answer, the nearest passages follow, called what they are.
    """
    parts = [answer_head(answer)]
    for citation in answer.citations:
        parts += ["", f"[{citation.number}] “{one_line(citation.quote)}”", f"    — {source_line(citation)}"]
    if not answer.citations:
        for passage in answer.related:
            parts += ["", f"  - “{one_line(passage.quote)}”", f"    — {source_line(passage)}"]
    return "\n".join(parts)


def answer_head(answer: Answer) -> str:
    """The question, and what is answered; behind it stand citations, or related passages, called what they are."""
    parts = [one_line(answer.question), ""]
    if answer.text is None:
        parts.append(_VERDICTS.get(answer.verdict, _VERDICTS[Verdict.NOT_FOUND]))
    elif answer.values:
        parts += [f"{v.date or 'undated'}: {one_line(v.text)} [{v.citation}]" for v in answer.values]
    else:
        parts.append(f"{one_line(answer.text)} [1]")
    if not answer.citations and answer.related:
        parts += ["", "Related, not an answer:"]
    return "\n".join(parts)


def copies_words(quoted: Citation | RelatedPassage) -> str:
    """The other articles of the story, folded: "and 2 copies: AP, Kyodo; 1 other version"; empty without any."""
    copies = quoted.copies if isinstance(quoted, Citation) else ()
    verbatim = [copy for copy in copies if copy.verbatim]
    parts = []
    if verbatim:
        named = [one_line(copy.outlet) if copy.outlet else _path(copy.place) for copy in verbatim[:COPIES]]
        more = f" and {len(verbatim) - COPIES:,} more" if len(verbatim) > COPIES else ""
        number = f"{len(verbatim):,} cop{'y' if len(verbatim) == 1 else 'ies'}"
        parts.append(f"and {number}: {', '.join(named)}{more}")
    if versions := len(copies) - len(verbatim):
        parts.append(f"{versions:,} other version{'s' * (versions > 1)} of the story")
    return "; ".join(parts)


def sentence_words(quoted: Citation | RelatedPassage) -> str:
    """`sentence 7` or `sentences 7-9`."""
    first, last = quoted.first_sentence, quoted.last_sentence
    return f"sentence {first}" if first == last else f"sentences {first}-{last}"


def reference(quoted: Citation | RelatedPassage) -> str:
    """`ID:7` or `ID:7-9`, as `qa show` takes it."""
    first, last = quoted.first_sentence, quoted.last_sentence
    return f"{quoted.article_id}:{first}" if first == last else f"{quoted.article_id}:{first}-{last}"


def _path(place: Place) -> str:
    return name_in_line(place.path if place.member is None else f"{place.path}#{place.member}")
