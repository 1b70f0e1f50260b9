"""`qa status`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context

if TYPE_CHECKING:
    from index.overview import Overview, Tally

_MOST = 12
"""Values shown of each kind; --json has all."""


@click.command("status", epilog="Examples:  qa status   qa status --json")
@json_option
@command_options
@pass_context
def command(context: Context, *, as_json: bool) -> None:
    """Say what is in the index: counts, dates, size, sources, and the files that were skipped."""
    from index.overview import overview
    from index.store import Store
    from qa.cli.render import to_json

    store = Store.open(context.index_folder)
    found = overview(store)
    store.close()
    folder = context.index_folder.as_posix()
    if as_json:
        fields = asdict(found)
        for row in fields["longest"]:
            del row["added"]
        click.echo(to_json({"index": folder, **fields}))
        return
    for line in _lines(folder, found):
        click.echo(line)


def _lines(folder: str, found: Overview) -> Iterator[str]:
    from qa.visible import one_line, visible

    yield _row("index", f"{visible(folder)}, generation {found.generation}")
    yield _row("encoder", _encoder(found))
    yield _row("size", f"{_size(found.store_bytes)} articles, {_size(found.vectors_bytes)} vectors")
    yield from _rows("sources", [visible(source.root) for source in found.sources])
    counts = f"{found.articles} in {found.places} places; {found.sentences} sentences, {found.passages} passages"
    yield _row("articles", counts)
    if found.stories:
        how_many = f"{found.stories} in copies, {found.articles_of_stories} articles together"
        yield _row("stories", f"{how_many}; qa ls --stories lists them")
    undated = f"{found.undated} undated"
    yield _row("dates", f"{found.oldest} to {found.newest}, {undated}" if found.newest else undated)
    for name, tallies in (("formats", found.formats), ("outlets", found.outlets), ("languages", found.languages)):
        yield from _tally_rows(name, tallies)
    yield from _tally_rows("months", found.months)
    yield from _rows(
        "longest",
        [f"{row.id}  {row.length_chars:>7} characters  {one_line(row.title)}" for row in found.longest],
    )
    if found.left_out:
        yield _row("left out", f"{found.left_out} files, with qa rm; name one with qa index to take it in again")
    yield from _rows("skipped", [f"{one_line(skip.file)}: {one_line(skip.reason)}" for skip in found.skipped])


def _tally_rows(name: str, tallies: Sequence[Tally]) -> Iterator[str]:
    from qa.visible import one_line

    values = [f"{tally.articles:>7}  {one_line(tally.name) if tally.name else 'none given'}" for tally in tallies]
    if len(values) > _MOST:
        values = [*values[:_MOST], f"and {len(values) - _MOST} more; --json has all"]
    yield from _rows(name, values)


def _rows(name: str, values: Sequence[str]) -> Iterator[str]:
    for position, value in enumerate(values):
        yield _row("" if position else name, value)


def _row(name: str, value: str) -> str:
    return f"{name:<10} {value}"


def _encoder(found: Overview) -> str:
    from qa.visible import one_line

    if found.encoder_id is None:
        return "nothing was embedded yet"
    return f"{one_line(found.encoder_id)} ({str(found.encoder_sha256)[:12]})"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"
