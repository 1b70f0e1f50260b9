"""`qa rm REF|PATH`."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, pass_context

if TYPE_CHECKING:
    from index.writer import Writer


@click.command(
    "rm",
    epilog="Examples:  qa rm 1f0a9c2b3d4e   qa rm articles/japan.txt   qa rm old-articles/ --yes   "
    "qa rm --purge articles/japan.txt",
)
@click.argument("references", metavar="REF|PATH...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Remove even more than a tenth of the articles without asking.")
@click.option(
    "--purge",
    is_flag=True,
    help="Also delete what qa history quotes from them; takes articles that are gone already, too.",
)
@command_options
@pass_context
def command(context: Context, references: tuple[str, ...], *, yes: bool, purge: bool) -> None:
    """Take articles or whole folders out of the index. Your files are not touched.

    What was removed is found by no command any more. An article stays out until its file is named again with qa index.
    Answers that were given before keep their quotations, unless --purge deletes them.
    """
    from index.errors import InputError
    from index.sync import REMOVAL_SHARE
    from index.writer import Writer
    from qa.history.purge import purge as purge_history
    from qa.history.purge import quoted_articles

    # Read first, so that a history that cannot be used stops the command before anything is removed.
    quoted = quoted_articles(context.history_file) if purge else {}
    with Writer.open_existing(context.index_folder, report=context.report) as writer:
        titled = {article_id for article_id in quoted if _has_own_title(writer, article_id)}
        targets = [_target(writer, reference, quoted) for reference in references]
        total, wanted = writer.count("articles"), len({article for target in targets for article in target.articles})
        if wanted > REMOVAL_SHARE * total and not (yes or _ask(wanted, total)):
            raise InputError(f"{wanted} of {total} articles would be removed; nothing was. If that is right, add --yes")
        _remove(writer, targets)
        left = writer.count("articles")
        context.report(f"{total - left} removed; {left} left in the index")
        named = {article for target in targets for article in (*target.articles, *target.quoted)}
        gone = {article for article in named if not writer.has(article)}
    if purge:
        count = purge_history(context.history_file, gone, keep_titles=titled)
        context.report(f"{count} quotation{'' if count == 1 else 's'} deleted from the history")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What a reference names: a whole source, the files of a folder, or one article."""

    articles: tuple[str, ...] = ()
    files: tuple[int, ...] = ()
    source: str | None = None
    quoted: tuple[str, ...] = ()
    """Ids of articles that the history quotes from there."""


def _has_own_title(writer: Writer, article_id: str) -> bool:
    """Whether the title is the article's own, and not made from its text."""
    article = writer.article(article_id)
    return article is not None and article.title_given


def _target(writer: Writer, reference: str, quoted: Mapping[str, Collection[str]]) -> _Target:
    from index.errors import InputError
    from index.locations import is_inside
    from qa.errors import SourceReferenceError
    from qa.reference import parse_reference, resolve

    path = Path(os.path.abspath(reference)).as_posix()  # noqa: PTH100  # keeps links as they are
    from_there = tuple(article for article, files in quoted.items() if any(is_inside(file, path) for file in files))
    files = tuple(file.key for file in writer.files() if is_inside(file.file, path) and file.file != path)
    if files:
        articles = tuple(article for file in files for _, article in writer.articles_in(file))
        roots = {source.root for _, source in writer.sources()}
        return _Target(articles=articles, files=files, source=path if path in roots else None, quoted=from_there)
    wanted = parse_reference(reference)
    if wanted.first_sentence is not None:
        raise InputError(f"{reference}: articles are removed whole; leave out the sentence numbers")
    table = next((file.key for file in writer.files() if file.file == path), None)
    if table is not None and len(held := writer.articles_in(table)) > 1:
        return _Target(articles=tuple(article for _, article in held), files=(table,), quoted=from_there)
    try:
        article = resolve(writer, wanted)
        _require_whole_file(writer, article, reference)
        return _Target(articles=(article,), quoted=from_there)
    except SourceReferenceError:
        gone = from_there or _with_prefix(quoted, wanted.name)
        if not gone:
            raise
        return _Target(quoted=gone)


def _with_prefix(quoted: Collection[str], prefix: str) -> tuple[str, ...]:
    """The only id that begins so; four digits at least, as for `resolve`."""
    found = tuple(article for article in quoted if article.startswith(prefix.lower()))
    return found if len(found) == 1 and len(prefix) >= 4 else ()


def _require_whole_file(writer: Writer, article: str, reference: str) -> None:
    """A row or an entry cannot be left out alone: its file is read as a whole."""
    from index.errors import InputError

    for place in writer.places(article):
        if place.member is not None:
            raise InputError(
                f"{reference} is {place.member} in {place.file}; nothing was removed. Take it out of that file, "
                f"or remove the whole file with: qa rm {place.file}"
            )


def _remove(writer: Writer, targets: Sequence[_Target]) -> None:
    from index.removal import remove_articles, remove_files, remove_source

    for target in targets:
        if target.source is not None:
            remove_source(writer, target.source)
        elif target.files:
            remove_files(writer, target.files)
        else:
            remove_articles(writer, target.articles)


def _ask(removed: int, total: int) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(f"Remove {removed} of {total} articles from the index?", err=True)
