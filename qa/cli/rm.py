"""`qa rm REF|PATH`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, pass_context

if TYPE_CHECKING:
    from index.writer import Writer


@click.command("rm", epilog="Examples:  qa rm 1f0a9c2b3d4e   qa rm articles/japan.txt   qa rm old-articles/ --yes")
@click.argument("references", metavar="REF|PATH...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Remove even more than a tenth of the articles without asking.")
@command_options
@pass_context
def command(context: Context, references: tuple[str, ...], *, yes: bool) -> None:
    """Take articles or whole folders out of the index. Your files are not touched.

    What was removed is found by no command any more. An article stays out until its file is named again with qa index.
    """
    from index.errors import InputError
    from index.removal import remove_articles, remove_files, remove_source
    from index.sync import REMOVAL_SHARE
    from index.writer import Writer

    with Writer.open_existing(context.index_folder, report=context.report) as writer:
        targets = [_target(writer, reference) for reference in references]
        total, wanted = writer.count("articles"), len({article for target in targets for article in target.articles})
        if wanted > REMOVAL_SHARE * total and not (yes or _ask(wanted, total)):
            raise InputError(f"{wanted} of {total} articles would be removed; nothing was. If that is right, add --yes")
        for target in targets:
            if target.source is not None:
                remove_source(writer, target.source)
            elif target.files:
                remove_files(writer, target.files)
            else:
                remove_articles(writer, target.articles)
        left = writer.count("articles")
        context.report(f"{total - left} removed; {left} left in the index")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What a reference names: a whole source, the files of a folder, or one article."""

    articles: tuple[str, ...]
    files: tuple[int, ...] = ()
    source: str | None = None


def _target(writer: Writer, reference: str) -> _Target:
    from index.errors import InputError
    from index.locations import is_inside
    from qa.reference import parse_reference, resolve

    path = Path(os.path.abspath(reference)).as_posix()  # noqa: PTH100  # keeps links as they are
    files = tuple(file.key for file in writer.files() if is_inside(file.file, path) and file.file != path)
    if files:
        articles = tuple(article for file in files for _, article in writer.articles_in(file))
        roots = {source.root for _, source in writer.sources()}
        return _Target(articles=articles, files=files, source=path if path in roots else None)
    wanted = parse_reference(reference)
    if wanted.first_sentence is not None:
        raise InputError(f"{reference}: articles are removed whole; leave out the sentence numbers")
    return _Target(articles=(resolve(writer, wanted),))


def _ask(removed: int, total: int) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(f"Remove {removed} of {total} articles from the index?", err=True)
