"""`qa rm REF|PATH`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from qa.cli.context import Context, command_options, pass_context


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
    from index.removal import remove_articles, remove_source
    from index.sync import REMOVAL_SHARE
    from index.writer import Writer
    from qa.reference import parse_reference, resolve

    with Writer.open_existing(context.index_folder, report=context.report) as writer:
        total = writer.count("articles")
        roots = {source.root: key for key, source in writer.sources()}
        folders, ids = list[str](), list[str]()
        for reference in references:
            path = Path(os.path.abspath(reference)).as_posix()  # noqa: PTH100  # keeps links as they are
            if path in roots and not _is_file(writer.sources(), path):
                folders.append(path)
            else:
                ids.append(resolve(writer, parse_reference(reference)))
        below = sum(len(writer.articles_in(file)) for folder in folders for file in writer.files_in(roots[folder]))
        wanted = len(set(ids)) + below
        if wanted > REMOVAL_SHARE * total and not (yes or _ask(wanted, total)):
            raise InputError(f"{wanted} of {total} articles would be removed; nothing was. If that is right, add --yes")
        removed = remove_articles(writer, list(dict.fromkeys(ids)))
        removed += sum(remove_source(writer, folder) or 0 for folder in folders)
        context.report(f"{removed} removed; {writer.count('articles')} articles in the index")


def _is_file(sources: tuple[tuple[int, object], ...], path: str) -> bool:
    return any(getattr(source, "root", None) == path and getattr(source, "is_file", False) for _, source in sources)


def _ask(removed: int, total: int) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(f"Remove {removed} of {total} articles from the index?", err=True)
