"""`qa ls [PATTERN]`."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.cli.filters import FilterOptions, filter_options

if TYPE_CHECKING:
    from index.entities import Filter
    from index.listing import Listed
    from index.store import Store

_TITLE_WIDTH = 60
"""Columns; a longer title is cut on a terminal."""


@click.command(
    "ls",
    epilog="Examples:  qa ls   qa ls japan   qa ls '*.md' --sort title   qa ls --stories   qa ls --since 2025 --json",
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
@click.option("-k", "k", type=click.IntRange(1), help="How many articles, or stories, at most. [default: all]")
@click.option("--stories", is_flag=True, help="Only articles with copies, one story after the other.")
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
    stories: bool,
    fail_empty: bool,
    as_json: bool,
    filters: FilterOptions,
) -> int:
    """List the articles: date, id, title, sentences, file.

    PATTERN is a part of the title, outlet or path, or a glob (* ? [ ]) that matches one of them whole.
    With --stories, each story that it selects an article of is listed whole, the earliest first.
    """
    from index.store import Store

    store = Store.open(context.index_folder)
    where = filters.resolve()
    context.report_filter(where, store)
    chosen = _Chosen(pattern=pattern, where=where, sort=sort, backwards=reverse, most=k)
    found = (_print_stories if stories else _print_articles)(context, store, chosen, as_json=as_json)
    store.close()
    return 4 if fail_empty and not found else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What is listed, see `list_articles`."""

    pattern: str | None
    where: Filter
    sort: str
    backwards: bool
    most: int | None


def _print_articles(context: Context, store: Store, chosen: _Chosen, *, as_json: bool) -> int:
    from index.listing import Order, list_articles
    from qa.cli.render import to_json

    rows, total = list_articles(
        store,
        pattern=chosen.pattern,
        where=chosen.where,
        order=Order(chosen.sort),
        backwards=chosen.backwards,
        most=chosen.most,
    )
    if as_json:
        click.echo(to_json({"total": total, "articles": [_fields(row) for row in rows]}))
    else:
        for line in _lines(rows, cut=sys.stdout.isatty()):
            click.echo(line)
        if len(rows) < total:
            context.report(f"{len(rows)} of {total} articles; -k shows more")
    if not rows:
        context.report("no article matches; qa ls alone lists them all")
    return len(rows)


def _print_stories(context: Context, store: Store, chosen: _Chosen, *, as_json: bool) -> int:
    from index.copies import list_stories
    from index.listing import Order
    from qa.cli.render import to_json

    every = list_stories(
        store, pattern=chosen.pattern, where=chosen.where, order=Order(chosen.sort), backwards=chosen.backwards
    )
    shown = every[: chosen.most]
    if as_json:
        stories = [{"articles": [_fields(row) for row in story.articles]} for story in shown]
        click.echo(to_json({"total": len(every), "stories": stories}))
    else:
        lines = _lines([row for story in shown for row in story.articles], cut=sys.stdout.isatty())
        for position, story in enumerate(shown):
            if position:
                click.echo()
            for line in islice(lines, len(story.articles)):
                click.echo(line)
        if len(shown) < len(every):
            context.report(f"{len(shown)} of {len(every)} stories; -k shows more")
    if not shown:
        context.report("no article that matches has a copy; qa ls lists all articles")
    return len(shown)


def _fields(row: Listed) -> dict[str, Any]:
    return {key: value for key, value in asdict(row).items() if key != "added"}


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
