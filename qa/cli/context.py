"""What every command needs: settings, the index folder, and where words go.

The only module that reads settings; commands build their objects from here and hand them down.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click
import platformdirs

from qa.settings import Origin, Settings, load_settings
from qa.visible import visible

if TYPE_CHECKING:
    from index.encode import Encoder, ModelFiles, QueryEncoder
    from index.entities import Filter
    from index.formats import ReadOptions
    from index.search import Searcher
    from index.store import Store
    from qa.abstain import Calibration
    from qa.assistant import Assistant
    from qa.history import History
    from qa.reader.extractive import ExtractiveReader
    from qa.report.basket.kept import Baskets

__all__ = ["Context", "command_options", "json_option", "pass_context"]

APP = "qa-articles"
P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Context:
    """One invocation of `qa`."""

    options: dict[str, Any] = field(default_factory=dict)
    quiet: bool = False
    verbose: bool = False
    debug: bool = False

    @cached_property
    def _loaded(self) -> tuple[Settings, Origin]:
        return load_settings(
            user_file=self.user_file,
            project_file=self.project_file,
            environ=os.environ,
            options=self.options,
        )

    @property
    def settings(self) -> Settings:
        """All layers merged."""
        return self._loaded[0]

    @property
    def origin(self) -> Origin:
        """Where each setting comes from."""
        return self._loaded[1]

    @property
    def user_file(self) -> Path:
        """The person's own settings."""
        return platformdirs.user_config_path(APP) / "config.toml"

    @property
    def project_file(self) -> Path:
        """The settings beside the index."""
        return self.index_folder.parent / "qa.toml"

    @cached_property
    def index_folder(self) -> Path:
        """Where `--index` or `QA_INDEX` says, otherwise the nearest `.qa/` here or above, otherwise `.qa/` here."""
        named = self.options.get("index") or os.environ.get("QA_INDEX") or self._index_of_user_file()
        if named:
            return Path(os.path.abspath(Path(named).expanduser()))  # noqa: PTH100  # keeps links as they are
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / ".qa").is_dir():
                return folder / ".qa"
        return here / ".qa"

    @property
    def cache_dir(self) -> Path:
        """Where exported models are kept."""
        named = self.settings.cache_dir
        return Path(named).expanduser() if named else platformdirs.user_cache_path(APP)

    @property
    def data_dir(self) -> Path:
        """The folder of what is the person's own: answers."""
        named = self.settings.data_dir
        return Path(named).expanduser() if named else platformdirs.user_data_path(APP)

    @property
    def history_file(self) -> Path:
        """Where answers are kept; need not exist."""
        return self.data_dir / "history.sqlite"

    @property
    def state_dir(self) -> Path:
        """Where the chat remembers what it was left with: the theme, the last copies."""
        return platformdirs.user_state_path(APP)

    @cached_property
    def read_options(self) -> ReadOptions:
        """How article files are read, and what one of them may cost."""
        from index.formats import ReadOptions

        settings = self.settings
        return ReadOptions(
            encoding=settings.encoding,
            fields=tuple((name, column) for name, _, column in (field.partition("=") for field in settings.fields)),
            exclude=settings.exclude,
            max_bytes=int(settings.max_file_mb * 1e6),
            max_unpacked_bytes=int(settings.max_unpacked_mb * 1e6),
            max_articles=settings.max_rows,
            seconds=settings.read_seconds,
            memory_bytes=int(settings.read_memory_mb * 1e6),
        )

    @cached_property
    def history(self) -> History:
        """What was asked before; the setting `history` says whether more may be added."""
        from qa.history import History

        return History(self.history_file, index_folder=self.index_folder, days=self.settings.history_days)

    @cached_property
    def baskets(self) -> Baskets:
        """What was pinned for reports."""
        from qa.report.basket.kept import Baskets

        return Baskets(self.history_file)

    @cached_property
    def model(self) -> ModelFiles:
        """The encoder's files, their hash checked.

        Raises:
            ModelError: a file is missing or altered.
        """
        from index.encode import resolve_model

        return resolve_model(self.settings.model, cache_dir=self.cache_dir)

    def report(self, message: str) -> None:
        """Narrate on stderr, unless told to be quiet."""
        if not self.quiet:
            click.echo(visible(message), err=True)

    def detail(self, message: str) -> None:
        """Narrate what only `--verbose` asks for."""
        if self.verbose:
            self.report(message)

    def report_filter(self, where: Filter, store: Store) -> None:
        """Say which articles a filter leaves, with the dates it was resolved to."""
        from qa.cli.filters import describe

        if (line := describe(where, store)) is not None:
            self.report(line)

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of passages, loaded once however often it is needed."""
        from index.encode import load_encoder

        self.report(f"loading {self.model.id} …")
        return load_encoder(self.model, threads=self.settings.threads or None)

    def load_query_encoder(self) -> QueryEncoder:
        """Load the encoder of questions."""
        from index.encode import load_query_encoder

        return load_query_encoder(
            self.model, cache_dir=self.cache_dir, threads=self.settings.threads or None, report=self.report
        )

    def open_searcher(self) -> Searcher:
        """Open the index for searching.

        Raises:
            NoIndexError: there is none, or nothing is in it.
        """
        from index.errors import NoIndexError
        from index.search import Searcher

        searcher = Searcher.open(self.index_folder, self.load_query_encoder, report=self.report)
        if searcher.store.count("articles") == 0:
            raise NoIndexError(f"the index in {self.index_folder} is empty; fill it with: qa index FOLDER")
        return searcher

    def open_assistant(self) -> Assistant:
        """Open the index for asking.

        Raises:
            NoIndexError: there is none, or nothing is in it.
        """
        from qa.assistant import Assistant

        searcher = self.open_searcher()
        self.detail(f"asking {self.index_folder}, generation {searcher.store.generation}, with {self.model.id}")
        reader, calibration = self.load_reader()
        return Assistant(searcher, reader, calibration, passages=self.settings.passages)

    def load_reader(self) -> tuple[ExtractiveReader, Calibration]:
        """The reader that is set, otherwise the one that ships; its weights are loaded with the first question.

        Raises:
            ModelError: it is missing or damaged.
        """
        from qa.reader.shipped import WEIGHTS, load_calibration, load_reader

        folder = WEIGHTS
        if self.settings.reader is not None:
            from qa.reader.named import prepare_reader

            folder = prepare_reader(self.settings.reader, cache_dir=self.cache_dir, report=self.report)
        return load_reader(folder, threads=self.settings.threads or None), load_calibration(folder)

    def _index_of_user_file(self) -> str | None:
        settings, _ = load_settings(user_file=self.user_file, project_file=None, environ={}, options={})
        return settings.index


def pass_context(function: Callable[Concatenate[Context, P], R]) -> Callable[P, R]:
    """Hand a command its `Context` as first argument, with the common options taken out."""

    @wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> R:
        context = click.get_current_context().ensure_object(Context)
        for name in ("quiet", "verbose", "debug"):
            if kwargs.pop(name, False):
                setattr(context, name, True)
        for name in ("index", "model"):
            if (value := kwargs.pop(name, None)) is not None:
                context.options[name] = value
        return function(context, *args, **kwargs)

    return command


def command_options(function: Callable[..., R]) -> Callable[..., R]:
    """The options that every command takes."""
    for option in (
        click.option("--debug", is_flag=True, help="Show the traceback of an error."),
        click.option("-v", "--verbose", is_flag=True, help="Say more on stderr."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors."),
        click.option("--model", metavar="MODEL", help="Encoder: a folder or a hub name."),
        click.option("--index", metavar="FOLDER", help="The index folder. [default: the nearest .qa/]"),
    ):
        function = option(function)
    return function


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def stdin_text() -> str:
    """All of standard input as UTF-8, whatever the locale."""
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")
