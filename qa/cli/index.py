"""`qa index PATH…`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.resources import data_folder

if TYPE_CHECKING:
    from index.sync import Progress, SyncOptions, SyncReport
    from qa.settings import Settings

CHANGES_FOUND = 5
INTERRUPTED = 130
_STDIN = Path("-")
QUIET_MS = 1_000
"""How long the folders must be quiet before a change is followed."""


@click.command(
    "index",
    epilog="Examples:  qa index articles/   qa index   qa index --check   qa index --exclude 'drafts*' news/   "
    "qa index --field text=Story feed.csv   pbpaste | qa index -",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Say what would change, change nothing, exit 5 if anything would.")
@click.option("--rebuild", is_flag=True, help="Read and embed everything again; the old index stays until it is done.")
@click.option("--watch", is_flag=True, help="Go on until Ctrl-C, and follow every change in the folders.")
@click.option("--samples", is_flag=True, help="Add the sample articles that come with qa.")
@click.option("--encoding", metavar="NAME", help="Force an encoding on every file. [default: detected]")
@click.option(
    "--field",
    "fields",
    metavar="NAME=COLUMN",
    multiple=True,
    help="Columns of tables that are named otherwise, such as text=Story; may be repeated.",
)
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
    rebuild: bool,
    watch: bool,
    samples: bool,
    encoding: str | None,
    fields: tuple[str, ...],
    exclude: tuple[str, ...],
    yes: bool,
    threads: int | None,
    as_json: bool,
) -> int:
    """Bring the index to the state of its folders; with PATHs, add them first; `-` is standard input.

    New and changed articles are embedded, unchanged ones cost nothing, articles that are no longer there are removed.
    """
    if check + rebuild + watch > 1:
        raise click.UsageError("--check, --rebuild and --watch exclude each other")
    if samples:
        paths = (*paths, data_folder("seeds"))
    context.options.update(encoding=encoding, threads=threads, fields=fields or None)
    if _STDIN in paths:
        if check or watch:
            raise click.UsageError("- takes an article in; it does not go with --check or --watch")
        paths = (*(path for path in paths if path != _STDIN), _take_stdin(context))
    job = _Job(context=context, settings=context.settings, exclude=exclude, yes=yes, as_json=as_json)
    if check:
        return job.check(paths)
    code = job.sync(paths, rebuild=rebuild)
    return _watch(job, paths) if watch and code == 0 else code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One way of indexing, run once or over and over."""

    context: Context
    settings: Settings
    exclude: tuple[str, ...]
    yes: bool
    as_json: bool

    def check(self, paths: tuple[Path, ...]) -> int:
        """Say what would change."""
        from index.errors import NoIndexError
        from index.store import Store
        from index.sync import check

        try:
            store: Store | None = Store.open(self.context.index_folder)
        except NoIndexError:
            store = None
        report = check(store, paths, self._options(stop=lambda: False, progress=lambda _: None))
        self._say(report, store.count("articles") if store else 0, would=True)
        return CHANGES_FOUND if report.differs else 0

    def sync(self, paths: tuple[Path, ...], *, rebuild: bool = False, quiet: bool = False) -> int:
        """Bring the index up to date, or make it afresh; `quiet` says nothing when nothing changed."""
        from index.errors import InputError
        from index.language import language_notice
        from index.rebuild import rebuild as make_afresh
        from index.rebuild import set_aside
        from index.survey import targets
        from index.sync import FileNote, sync
        from index.writer import Writer

        context = self.context
        present = tuple(path for path in paths if path.exists())
        missing = [path for path in paths if path not in present] if present else []
        paths = present or paths
        if not context.index_folder.exists():
            targets(None, paths)  # a mistyped path leaves no empty index behind
        if rebuild and (old := set_aside(context.index_folder)):
            context.report(f"the index could not be opened; it is kept as {old}, delete it when you do not need it")
        run = make_afresh if rebuild else sync
        with (
            _stoppable() as stop,
            _progress(context, enabled=not self.as_json) as progress,
            Writer.open(context.index_folder, report=context.report) as writer,
        ):
            options = self._options(stop=stop, progress=progress)
            report = run(writer, paths, options, model=context.model, load=lambda: context.encoder)
            articles = writer.count("articles")
            notice = language_notice(writer)
        if articles:  # also when nothing was new: the export may be missing on this machine
            self._ensure_export()
        report.skipped += [FileNote(file=str(path), text="does not exist; check its name") for path in missing]
        if report.differs or not quiet:
            self._say(report, articles, would=False)
        if notice is not None:
            context.report(notice)
        if report.interrupted:
            return INTERRUPTED
        if report.kept_articles:
            raise InputError(
                f"{report.kept_articles} articles are no longer there, more than a tenth of all; they were kept. "
                "If they may go, say so with: qa index --yes"
            )
        if articles == 0:
            raise InputError("nothing was indexed: there is no readable article there; name a folder of articles")
        return 0

    def _ensure_export(self) -> None:
        from index.encode import ensure_export

        ensure_export(self.context.model, cache_dir=self.context.cache_dir, report=self.context.report)

    def _options(self, *, stop: Callable[[], bool], progress: Callable[[Progress], None]) -> SyncOptions:
        from index.sync import SyncOptions

        settings = self.settings
        return SyncOptions(
            exclude=(*settings.exclude, *self.exclude),
            reading=self.context.read_options,
            consent=lambda removed, total: self.yes or _ask_consent(removed, total),
            stop=stop,
            progress=progress,
        )

    def _say(self, report: SyncReport, articles: int, *, would: bool) -> None:
        from qa.visible import name_in_line, one_line

        for note in report.notes:
            self.context.report(f"{name_in_line(note.file)}: {one_line(note.text)}")
        for note in report.skipped:  # said even when quiet: these articles are missing
            click.echo(f"skipped {name_in_line(note.file)}: {one_line(note.text)}", err=True)
        if self.as_json:
            from qa.cli.render import to_json

            click.echo(to_json({**asdict(report), "articles": articles}))
        elif not self.context.quiet:
            click.echo(_summary(report, articles, would=would))


def _take_stdin(context: Context) -> Path:
    """Keep the article that comes from standard input; return the folder it is kept in."""
    from index.stdin import keep_article

    options = context.read_options
    data = sys.stdin.buffer.read(options.max_bytes + 1)
    return keep_article(context.index_folder, data, options=options)


def _watch(job: _Job, paths: tuple[Path, ...]) -> int:
    """Sync after every change, once the folders have been quiet for a while, until Ctrl-C."""
    from watchfiles import watch

    from index.errors import CorpusError
    from index.locations import is_inside
    from index.store import Store
    from index.survey import targets
    from qa.visible import visible

    roots = [Path(source.root) for source in targets(Store.open(job.context.index_folder), paths)]
    home = job.context.index_folder.as_posix()  # its own files change with every sync
    job.context.report("watching; Ctrl-C ends")
    changes = watch(
        *roots,
        watch_filter=lambda _, path: not is_inside(Path(path).as_posix(), home),
        debounce=60_000,
        step=QUIET_MS,
        rust_timeout=QUIET_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    )
    started = False
    with suppress(KeyboardInterrupt):  # the usual end
        for change in changes:
            if change or not started:  # the first look catches what changed before the watching began
                started = True
                try:
                    if job.sync(paths, quiet=True) == INTERRUPTED:
                        break
                except CorpusError as error:  # an unmounted folder, say: the next change may find it again
                    click.echo(f"qa: {visible(str(error))}", err=True)
    return 0


def _summary(report: SyncReport, articles: int, *, would: bool) -> str:
    kinds = ("new", "changed", "unchanged", "moved", "removed")
    counts = ", ".join(f"{getattr(report, kind)} {kind}" for kind in kinds)
    line = f"{counts}, {len(report.skipped)} skipped"
    if would:
        return f"would be: {line}"
    interrupted = "interrupted; qa index goes on from here. " if report.interrupted else ""
    words = "article" if articles == 1 else "articles", "passage" if report.passages == 1 else "passages"
    return f"{interrupted}{line}; {articles} {words[0]} in the index, {report.passages} {words[1]} embedded"


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
