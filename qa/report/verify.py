"""A draft -> a label for each of its quotations, with the place in an article or the difference from it [I/O].

The labels and the rules are the README's ("check a draft"). Where several labels fit, the most severe is given.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from index.entities import Freshness
from index.freshness import freshness
from qa.report.citekey import citekey
from qa.report.drafts import Draft
from qa.report.quotations import Quotation, find_quotations, in_order_of_beginning
from qa.report.quotations_parts import Part, parts
from qa.report.verify_changes import Segment, changes_in, difference
from qa.report.verify_citations import CitedSource, cited_sources
from qa.report.verify_match import TELLING_WORDS, Near, Place, exact, in_order, nearest
from qa.report.verify_report import Checked, Label, Report
from qa.report.verify_sources import ArticleText, Sources, WordRow, letters
from qa.report.verify_stitched import Cover, cover

__all__ = ["Verifier"]

CANDIDATES = 12
"""Articles that are searched for the very words, beside the one that is cited."""
NEAR_CANDIDATES = 4
"""Articles that are searched for nearly the same words, beside the one that is cited."""
ALTERED_SIMILARITY = 0.5
"""From this share of the same words in the same order on, a quotation is altered; below, it is not found."""
ALTERED_SHARED = 0.9
"""So it is with this share of the same words in any order."""
MAX_PARTS = 50
"""A quotation with more ellipses is searched for as it is, and not for what is nearly the same."""
SMALL_CHANGE_WORDS = 3
"""A change of at most so many words is a change, even where a piece of another sentence would explain it."""


class Verifier:
    """Checks drafts against one state of a store."""

    def __init__(self, sources: Sources, quoted_before: Callable[[str], Sequence[str]] = lambda _: ()) -> None:
        """Nothing is read yet.

        Args:
            sources: The articles.
            quoted_before: Hex digits that a `text_sha256` begins with -> what was quoted from that version, wherever it
                is kept; asked only for versions that the store lacks.
        """
        self.sources = sources
        self._quoted_before = quoted_before

    def check(self, draft: Draft) -> Report:
        """Label all quotations of a draft."""
        found = find_quotations(draft.blocks)
        checked, titles = list[Checked](), 0
        for item in self._labelled(draft, found.quotations):
            in_note = draft.blocks[item.quotation.block].note is not None
            known = self.sources.titles | (self.sources.former_titles if in_note else frozenset())
            if (in_note or item.label is not Label.VERBATIM) and letters(item.quotation.text) in known:
                titles += 1
            else:
                checked.append(item)
        read = dict[int | None, Checked]()
        for item in self._labelled(draft, found.readings, known=read):
            if _is_explained(item):
                read[item.quotation.lone_mark] = item
        checked += {(i.quotation.start, i.quotation.end): i for i in read.values()}.values()
        checked.sort(key=lambda item: in_order_of_beginning(item.quotation))
        alone = [draft.line(offset) for offset in found.unbalanced if offset not in read]
        unbalanced = tuple(dict.fromkeys(alone))
        return Report(checked=tuple(checked), short=found.short, titles=titles, unbalanced=unbalanced)

    def _labelled(
        self, draft: Draft, quotations: Sequence[Quotation], known: Container[int | None] = ()
    ) -> Iterator[Checked]:
        """The quotations with their labels; those of marks that are `known` by then are left out."""
        for quotation, cited in zip(quotations, cited_sources(draft.blocks, quotations), strict=True):
            if quotation.lone_mark is None or quotation.lone_mark not in known:
                yield self._check(quotation, draft.line(quotation.start), cited)

    def _check(self, quotation: Quotation, line: int, cited: CitedSource | None) -> Checked:
        wanted = parts(quotation.text)
        of_cited = self.sources.texts(self.sources.by_hash(cited.prefix)) if cited else []
        found = _Finding(quotation=quotation, line=line, cited=cited, of_cited=of_cited, parts=wanted)
        exacts = list(self._exacts(found))
        if exacts:
            return self._verbatim(found, exacts)
        if cited and not of_cited and self._was_verbatim(found):
            return found.checked(Label.STALE, note="the version cited said so, today's does not")
        words = _plain(quotation.text, wanted)
        checked = found.checked(Label.NOT_FOUND)
        for find in (self.sources.finder.similar, self.sources.finder.with_runs):
            near = list(dict.fromkeys([*of_cited, *self.sources.texts(find(words, k=NEAR_CANDIDATES))]))
            if exacts := [places for text in near if (places := exact(text, wanted))]:
                return self._verbatim(found, exacts)
            checked = _not_verbatim(found, near)
            if checked.label is not Label.NOT_FOUND:
                break
        return checked

    def _exacts(self, found: _Finding) -> Iterator[tuple[Place, ...]]:
        """Where all parts stand in order: in what is cited, then in all other articles."""
        text = found.quotation.text
        longest = max(found.parts, key=lambda part: len(part.tokens))
        others = self.sources.finder.containing(_plain(text, found.parts), phrase=_plain(text, [longest]), k=CANDIDATES)
        for source in dict.fromkeys([*found.of_cited, *self.sources.texts(others)]):
            if places := exact(source, found.parts):
                yield places

    def _verbatim(self, found: _Finding, exacts: list[tuple[Place, ...]]) -> Checked:
        in_cited = [places for places in exacts if places[0].source in found.of_cited]
        if found.cited and not in_cited:
            successor = [places for places in exacts if _same_slug(places[0].source, found.cited)]
            if not found.of_cited and successor:
                still = "the article cited has another text by now, and still says so"
                return found.checked(Label.VERBATIM, successor, note=still)
            if not found.of_cited and self._was_verbatim(found):
                return found.checked(Label.STALE, exacts, note="the version cited is not in the index any more")
            unknown = None if found.of_cited else f"{found.cited.written} is not in the index"
            return found.checked(Label.MISATTRIBUTED, exacts, note=unknown)
        standing = in_cited if found.cited else exacts
        fresh = [places for places in standing if not self._changed_since(places)]
        if not fresh:
            return found.checked(Label.STALE, standing, note="the file has changed and no longer says so; run qa index")
        others = [places for places in exacts if places not in fresh]
        return found.checked(Label.VERBATIM, [*fresh, *others])

    def _changed_since(self, places: Sequence[Place]) -> bool:
        """Whether the article's file says something else by now."""
        state = self.sources.files(places[0].source.article.id)
        return (
            bool(state.places)
            and not state.untouched
            and any(
                freshness(state.places, quote=place.text, start=place.start, encodings=state.encodings)
                is Freshness.CHANGED
                for place in places
            )
        )

    def _was_verbatim(self, found: _Finding) -> bool:
        """Whether the version cited, which the store lacks, is known to have said so."""
        assert found.cited is not None  # asked only then
        return any(in_order(WordRow(text), found.parts) for text in self._quoted_before(found.cited.prefix))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """A quotation on its way to a label."""

    quotation: Quotation
    line: int
    cited: CitedSource | None
    of_cited: list[ArticleText]
    """The articles that the citation may mean; nearly always one or none."""
    parts: tuple[Part, ...]

    def checked(
        self,
        label: Label,
        found: Sequence[tuple[Place, ...]] = (),
        *,
        diff: tuple[Segment, ...] = (),
        note: str | None = None,
    ) -> Checked:
        """The quotation with its label; `found` has the places of its parts in one article after the other."""
        return Checked(
            quotation=self.quotation,
            line=self.line,
            label=label,
            cited=self.cited,
            places=found[0] if found else (),
            copies=tuple(places[0] for places in found[1:]),
            diff=diff,
            note=note,
        )


def _not_verbatim(found: _Finding, sources: list[ArticleText]) -> Checked:
    """Altered, stitched or not found."""
    if len(found.parts) > MAX_PARTS:
        return found.checked(Label.NOT_FOUND, note=f"of its {len(found.parts):,} parts at least one is not verbatim")
    # The cited article comes first, and of equals the first is taken.
    best = max((_nearest(found, source) for source in sources), key=lambda b: (b.similarity, b.telling), default=None)
    near, diff = (best.nears, _diff(found, best.nears)) if best else ((), ())
    changed = [max(len(c.source.split()), len(c.draft.split())) for c in changes_in(diff)]
    covers = [cover(part.tokens, sources) for part in found.parts]
    if all(covers):
        stitched = [c for c in covers if c and c.stitched and _explains_more(c, changed)]
        whole = [c for c in covers if c and len(c.pieces) == 1]
        pieces = tuple(piece for c in covers if c for piece in c.pieces)
        apart = len(whole) == len(covers) > 1 and len({piece.source.article.id for piece in pieces}) > 1
        if stitched or apart:
            return found.checked(Label.STITCHED, [pieces], note=_stitched_note(pieces))
    like = best is not None and best.is_like
    if not like and not all(covers):
        return found.checked(Label.NOT_FOUND)
    places = tuple(n.place for n in near if n is not None)
    note = None if changes_in(diff) else "its parts stand in another order"
    return found.checked(Label.ALTERED, [places] if places else [], diff=diff, note=note)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nearest:
    """How near one article comes to all parts of a quotation."""

    similarity: float
    shared: float
    telling: int
    nears: tuple[Near | None, ...]

    @property
    def is_like(self) -> bool:
        """Whether the article may be where the words come from."""
        enough = self.similarity >= ALTERED_SIMILARITY or self.shared >= ALTERED_SHARED
        return enough and self.telling >= TELLING_WORDS


def _nearest(found: _Finding, source: ArticleText) -> _Nearest:
    nears = tuple(nearest(source, part.tokens) for part in found.parts)
    weights = [part.tokens.word_count for part in found.parts]
    weighed = [(n, weight / sum(weights)) for n, weight in zip(nears, weights, strict=True) if n]
    return _Nearest(
        similarity=sum(n.similarity * weight for n, weight in weighed),
        shared=sum(n.shared * weight for n, weight in weighed),
        telling=sum(n.telling for n, _ in weighed),
        nears=nears,
    )


def _diff(found: _Finding, nears: Sequence[Near | None]) -> tuple[Segment, ...]:
    text = found.quotation.text
    segments = list[Segment]()
    for part, near in zip(found.parts, nears, strict=True):
        segments += [Segment(text="…")] if segments else []
        if near is not None:
            segments += difference(text, part.tokens, near.place)
    return tuple(segments)


def _is_explained(item: Checked) -> bool:
    """Whether an article shows that the marks are to be read so: it has the words, but for small changes."""
    small = all(max(len(c.source.split()), len(c.draft.split())) <= SMALL_CHANGE_WORDS for c in changes_in(item.diff))
    return item.label is not Label.NOT_FOUND and (item.label is not Label.ALTERED or small)


def _explains_more(found: Cover, changed: Sequence[int]) -> bool:
    """Whether pieces explain a quotation better than changes of so many words each: a small change is a change."""
    if found.at_sentences or max(changed, default=0) > SMALL_CHANGE_WORDS:
        return True
    return found.in_order and sum(changed) > SMALL_CHANGE_WORDS


def _stitched_note(pieces: Sequence[Place]) -> str:
    articles = len({piece.source.article.id for piece in pieces})
    return f"{len(pieces)} pieces of {articles} articles" if articles > 1 else f"{len(pieces)} pieces of one article"


def _plain(text: str, wanted: Sequence[Part]) -> str:
    """The words of the parts, without what an editor put between them."""
    return " ".join(text[part.tokens.starts[0] : part.tokens.ends[-1]] for part in wanted)


def _same_slug(source: ArticleText, cited: CitedSource) -> bool:
    article = source.article
    return cited.slug == citekey(article.title, article.date, article.text_sha256)[:-7]
