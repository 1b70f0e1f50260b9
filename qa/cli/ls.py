"""`qa ls [PATTERN]`."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.cli.filters import FilterOptions, filter_options

if TYPE_CHECKING:
    from index.listing import Listed

_TITLE_WIDTH = 60
"""Columns; a longer title is cut on a terminal."""


@click.command(
    "ls",
    epilog="Examples:  qa ls   qa ls japan   qa ls '*.md' --sort title   qa ls --since 2025-03 -k 20   qa ls --json",
)
@click.argument("pattern", required=False)
@click.option(
    "--sort",
    type=click.Choice(["date", "title", "path", "length", "added"]),
    default="date",
    show_default=True,
    help="Dates, lengths and additions begin with the newest or longest, the others with A.",
)
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("-k", "k", type=click.IntRange(1), help="How many articles at most. [default: all]")
@click.option("--fail-empty", is_flag=True, help="Exit 4 when there are none.")
@filter_options
@json_option
@command_options
@pass_context
def command(
    context: Context,
    pattern: str | None,
    *,
    sort: str,
    reverse: bool,
    k: int | None,
    fail_empty: bool,
    as_json: bool,
    filters: FilterOptions,
) -> int:
    """List the articles: date, id, title, sentences, file.

    PATTERN is a part of the title, outlet or path, or a glob (* ? [ ]) that matches one of them whole.
    """
    from index.listing import Order, list_articles
    from index.store import Store
    from qa.cli.render import to_json

    store = Store.open(context.index_folder)
    where = filters.resolve()
    context.report_filter(where, store)
    rows, total = list_articles(store, pattern=pattern, where=where, order=Order(sort), backwards=reverse, most=k)
    store.close()
    if as_json:
        articles = [{key: value for key, value in asdict(row).items() if key != "added"} for row in rows]
        click.echo(to_json({"total": total, "articles": articles}))
    else:
        for line in _lines(rows, cut=sys.stdout.isatty()):
            click.echo(line)
        if len(rows) < total:
            context.report(f"{len(rows)} of {total} articles; -k shows more")
    if not rows:
        context.report("no article matches; qa ls alone lists them all")
    return 4 if fail_empty and not rows else 0


def _lines(rows: Sequence[Listed], *, cut: bool) -> Iterator[str]:
    from qa.cli.render import shown_path
    from qa.visible import one_line

    limit = min(_TITLE_WIDTH, shutil.get_terminal_size().columns // 2) if cut else None
    titles = [_cut(one_line(row.title), limit) for row in rows]
    width = max(map(_columns, titles), default=0)
    for row, title in zip(rows, titles, strict=True):
        padding = " " * (width - _columns(title))
        files = shown_path(row.places[0]) if row.places else ""
        more = f" (+{len(row.places) - 1})" if len(row.places) > 1 else ""
        yield f"{row.date or 'undated':<10}  {row.id}  {title}{padding}  {row.sentences:>4}  {files}{more}"


def _columns(text: str) -> int:
    """Columns a terminal needs: two for wide characters, none for combining marks."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def _cut(text: str, limit: int | None) -> str:
    if limit is None or _columns(text) <= limit:
        return text
    while _columns(text) >= limit:
        text = text[:-1]
    return f"{text}…"
