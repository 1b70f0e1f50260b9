"""`qa search QUERY`."""

from __future__ import annotations

from dataclasses import asdict

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.cli.filters import FilterOptions, filter_options
from qa.errors import QuestionError

MAX_QUERY_WORDS = 1_000


@click.command(
    "search",
    epilog='Examples:  qa search "troops in Okinawa"   qa search --mode lexical \'"joint operations command"\' --json',
)
@click.argument("query")
@click.option("-k", "k", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many passages.")
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "vector", "lexical"]),
    default="hybrid",
    show_default=True,
    help="By words and meaning, meaning alone, or words alone (loads no model).",
)
@click.option("--context", "around", type=click.IntRange(0, 100), default=0, help="Show N sentences on either side.")
@click.option("--explain", is_flag=True, help="Say why each passage stands where it does.")
@click.option("--all-copies", is_flag=True, help="Show every passage of copies, too.")
@click.option("--fail-empty", is_flag=True, help="Exit 4 when nothing is found.")
@filter_options
@json_option
@command_options
@pass_context
def command(
    context: Context,
    query: str,
    *,
    k: int,
    mode: str,
    around: int,
    explain: bool,
    all_copies: bool,
    fail_empty: bool,
    as_json: bool,
    filters: FilterOptions,
) -> int:
    """Find passages, best first.

    "A phrase in quotation marks" must occur, and -word must not. Of articles that are copies of each other (reprinted,
    edited, cut, corrected, extended) the best passage is shown, and the others are named below it.
    """
    from index.copies import copies_of
    from index.entities import Copies, Ranker
    from qa.cli.render import FoundPassage, hit_json, hit_lines, to_json

    if not query.strip():
        raise QuestionError('the query is empty; say what to look for: qa search "troops in Okinawa"')
    query = query.encode("utf-8", "replace").decode("utf-8")
    if len(query.split()) > MAX_QUERY_WORDS:
        raise QuestionError(f"the query has {len(query.split()):,} words, at most {MAX_QUERY_WORDS:,} are taken")
    where = filters.resolve()
    searcher = context.open_searcher()
    store = searcher.store
    with store.snapshot():
        context.report_filter(where, store)
        copies = Copies.ALL if all_copies else Copies.FOLDED
        found = searcher.explain(query, k, where, mode=Ranker(mode), copies=copies)
        rows = []
        for explained in found:
            passage = explained.hit.passage
            article = store.article(passage.article_id)
            assert article is not None  # hit and article come from one snapshot
            rows.append(
                FoundPassage(
                    explained=explained,
                    article=article,
                    places=store.places(article.id),
                    around=store.neighbourhood(passage, sentences=around),
                    copies=copies_of(store, article.id, article.text[passage.start : passage.end]),
                )
            )
    if as_json:
        hits = [hit_json(row, explain=explain) for row in rows]
        click.echo(to_json({"query": query, "mode": mode, "filter": asdict(where), "hits": hits}))
    else:
        for row in rows:
            for line in hit_lines(row, explain=explain, copies=not all_copies):
                click.echo(line)
        if not rows:
            context.report("nothing found")
    return 4 if fail_empty and not rows else 0
