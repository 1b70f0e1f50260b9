"""`qa index PATH…`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context

if TYPE_CHECKING:
    from index.encode import Encoder

    from index.sync import Progress, SyncOptions, SyncReport

CHANGES_FOUND = 5
INTERRUPTED = 130


@click.command(
    "index",
    epilog="Examples:  qa index articles/   qa index   qa index --check   qa index --exclude 'drafts*' news/",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Say what would change, change nothing, exit 5 if anything would.")
@click.option("--encoding", metavar="NAME", help="Force an encoding on every file. [default: detected]")
@click.option("--exclude", metavar="GLOB", multiple=True, help="Leave out files and folders; may be repeated.")
@click.option("--yes", is_flag=True, help="Remove even more than a tenth of the articles without asking.")
@click.option("--threads", type=click.IntRange(1), help="Processor threads. [default: all cores]")
@json_option
@command_options
@pass_context
def command(
    context: Context,
    paths: tuple[Path, ...],
    *,
    check: bool,
    encoding: str | None,
    exclude: tuple[str, ...],
    yes: bool,
    threads: int | None,
    as_json: bool,
) -> int:
    """Bring the index to the state of its folders; with PATHs, add them first.

    New and changed articles are embedded, unchanged ones cost nothing, articles that are no longer there are removed.
    """
    context.options.update(encoding=encoding, threads=threads)
    with _stoppable() as stop, _progress(context, enabled=not (check or as_json)) as progress:
        options = _options(context, exclude, yes=yes, stop=stop, progress=progress)
        report, articles = _check(context, paths, options) if check else _sync(context, paths, options)
    _say_files(context, report)
    if as_json:
        from qa.cli.render import to_json

        click.echo(to_json({**asdict(report), "articles": articles}))
    elif not context.quiet:
        click.echo(_summary(report, articles, check=check))
    if report.interrupted:
        return INTERRUPTED
    if check:
        return CHANGES_FOUND if report.differs else 0
    if articles == 0:
        from index.errors import InputError

        raise InputError(
            "nothing was indexed: there is no readable article there; name a folder with .txt or .md files"
        )
    return 0


def _options(
    context: Context,
    exclude: tuple[str, ...],
    *,
    yes: bool,
    stop: Callable[[], bool],
    progress: Callable[[Progress], None],
) -> SyncOptions:
    from index.sync import SyncOptions

    settings = context.settings
    return SyncOptions(
        exclude=(*settings.exclude, *exclude),
        encoding=settings.encoding,
        max_file_bytes=int(settings.max_file_mb * 1e6),
        consent=lambda removed, total: yes or _ask_consent(removed, total),
        stop=stop,
        progress=progress,
    )


def _check(context: Context, paths: tuple[Path, ...], options: SyncOptions) -> tuple[SyncReport, int]:
    from index.errors import NoIndexError
    from index.store import Store
    from index.sync import check

    try:
        store = Store.open(context.index_folder)
    except NoIndexError:
        return check(None, paths, options), 0
    return check(store, paths, options), store.count("articles")


def _sync(context: Context, paths: tuple[Path, ...], options: SyncOptions) -> tuple[SyncReport, int]:
    from index.encode import ensure_export, load_encoder

    from index.survey import targets
    from index.sync import sync
    from index.writer import Writer

    if not context.index_folder.exists():
        targets(None, paths)  # a mistyped path leaves no empty index behind
    model, settings = context.model, context.settings

    def load() -> Encoder:
        context.report(f"loading {model.id} …")
        ensure_export(model, cache_dir=context.cache_dir, report=context.report)
        return load_encoder(model, threads=settings.threads or None)

    with Writer.open(context.index_folder, report=context.report) as writer:
        report = sync(writer, paths, options, model=model, load=load)
        return report, writer.count("articles")


def _say_files(context: Context, report: SyncReport) -> None:
    from qa.visible import one_line

    for note in report.notes:
        context.report(f"{one_line(note.file)}: {one_line(note.text)}")
    for note in report.skipped:  # said even when quiet: these articles are missing
        click.echo(f"skipped {one_line(note.file)}: {one_line(note.text)}", err=True)


def _summary(report: SyncReport, articles: int, *, check: bool) -> str:
    kinds = ("new", "changed", "unchanged", "moved", "removed")
    counts = ", ".join(f"{getattr(report, kind)} {kind}" for kind in kinds)
    line = f"{counts}, {len(report.skipped)} skipped"
    if check:
        return f"would be: {line}"
    interrupted = "interrupted; qa index goes on from here. " if report.interrupted else ""
    return f"{interrupted}{line}; {articles} articles in the index, {report.passages} passages embedded"


def _ask_consent(removed: int, total: int) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(f"{removed} of {total} articles are no longer there. Remove them?", err=True)


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C asks to stop after the articles in hand, the second stops at once."""
    asked = False

    def ask(signum: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            signal.default_int_handler(signum, frame)
        asked = True
        click.echo("finishing the articles in hand; Ctrl-C again stops at once", err=True)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(context: Context, *, enabled: bool) -> Iterator[Callable[[Progress], None]]:
    """A bar on stderr when that is a terminal."""
    if not enabled or context.quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("indexing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("articles · {task.fields[rate]} passages/s"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("index", total=None, rate="…")

        def tell(progress: Progress) -> None:
            rate = f"{progress.passages / progress.elapsed_s:.0f}" if progress.passages else "…"
            bar.update(task, completed=progress.files, total=progress.files_total, rate=rate)

        yield tell
