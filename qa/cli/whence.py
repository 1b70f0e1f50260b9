"""`qa whence TEXT`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from qa.cli.context import Context, command_options, json_option, pass_context, stdin_text

if TYPE_CHECKING:
    from index.search import Searcher
    from index.store import Store
    from qa.report.whence import Match

NOTHING_FOUND = 4
MOST_PLACES = 10


@click.command(
    "whence",
    epilog='Examples:  qa whence "about 54,000 troops in Japan, and roughly half"   pbpaste | qa whence -',
)
@click.argument("text", default="-")
@click.option(
    "-k", "k", type=click.IntRange(1, 1000), default=MOST_PLACES, show_default=True, help="How many places at most."
)
@click.option("--fail-empty", is_flag=True, help="Exit 4 when nothing is found.")
@click.option("--no-paraphrase", is_flag=True, help="Look for the words only; loads no model.")
@json_option
@command_options
@pass_context
def command(context: Context, text: str, *, k: int, fail_empty: bool, no_paraphrase: bool, as_json: bool) -> int:
    """Find where an excerpt comes from: article, date, sentence, and all copies.

    Each place is exact or altered; where there is none, sentences that mean much the same are given as paraphrased.
    TEXT of - is read from standard input, and so is no TEXT.
    """
    from qa.cli.render import to_json

    excerpt = (stdin_text() if text == "-" else text).encode("utf-8", "replace").decode("utf-8")
    searcher = context.open_searcher()
    with searcher.store.snapshot():
        found = find_whence(searcher, excerpt, k=k, paraphrase=not no_paraphrase)
        if as_json:
            places = [_match_json(match, searcher.store) for match in found]
            click.echo(to_json({"text": excerpt, "found": places}))
        else:
            for line in _lines(found, searcher.store):
                click.echo(line)
    if not found:
        context.report("nothing found")
    return NOTHING_FOUND if fail_empty and not found else 0


def find_whence(searcher: Searcher, excerpt: str, *, k: int, paraphrase: bool = True) -> tuple[Match, ...]:
    """Where the words stand; only where they stand nowhere, what means much the same."""
    from qa.report.verify_sources import Sources
    from qa.report.whence import paraphrased, whence

    sources = Sources(searcher.store)
    found = whence(excerpt, sources, k=k)
    return found or (paraphrased(excerpt, searcher, sources, k=k) if paraphrase else ())


def _match_json(match: Match, store: Store) -> dict[str, Any]:
    from qa.cli.verify_output import place_json, segment_json

    article = match.place.source.article
    return {
        "origin": match.origin,
        "similarity": round(match.similarity, 4),
        **place_json(match.place),
        "outlet": article.outlet,
        "url": article.url,
        "places": [asdict(place) for place in store.places(article.id)],
        "diff": [segment_json(segment) for segment in match.diff],
    }


def _lines(found: Sequence[Match], store: Store) -> Iterator[str]:
    from qa.cli.render import shown_path
    from qa.cli.verify_output import painted
    from qa.report.verify_words import match_words

    for match in found:
        files = [shown_path(place) for place in store.places(match.place.source.article.id)]
        yield from map(painted, match_words(match, files))
