"""`qa eval squad|retrieval|questions|conversation`; `calibrate` has a module of its own."""

from __future__ import annotations

import hashlib
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click

from qa.cli.calibrate import calibrate
from qa.cli.context import Context, command_options, json_option, pass_context

if TYPE_CHECKING:
    from index.encode import Encoder
    from qa.eval.collection import Document, MemoEncoder
    from qa.eval.run import Measured, Tell

P = ParamSpec("P")
SQUAD_PARTS = ("retrieval", "closed", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalOptions:
    """What every evaluation takes."""

    as_json: bool
    limit: int | None
    seed: int
    compare: Path | None


@click.group(
    "eval",
    epilog="Examples:  qa eval squad dev-v1.1.json   qa eval retrieval cranfield/ --run cranfield.run   "
    "qa eval questions my-questions.jsonl --json > today.json",
)
def command() -> None:
    """Measure how well passages are found and questions answered."""


command.add_command(calibrate)


def eval_command(function: Callable[Concatenate[Context, EvalOptions, P], None]) -> Callable[P, None]:
    """Add the options of every evaluation and hand them over as one value."""

    @pass_context
    @wraps(function)
    def run(
        context: Context,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        from qa.eval.report import load_report

        names = ("as_json", "limit", "seed", "compare")
        options = EvalOptions(**{name: kwargs.pop(name) for name in names})  # type: ignore[arg-type]  # click's types
        if options.compare:
            load_report(options.compare)  # an error now, not after minutes of measuring
        function(context, options, *args, **kwargs)

    decorated: Callable[P, None] = run
    for option in (
        click.option(
            "--compare", metavar="OLD.json", type=click.Path(path_type=Path), help="Print paired differences."
        ),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of sample and bootstrap."),
        click.option("--limit", type=click.IntRange(1), help="Ask a sample of N questions."),
        json_option,
        command_options,
    ):
        decorated = option(decorated)
    return decorated


@command.command("squad")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--titles", type=click.Path(path_type=Path), help="Keep only the articles listed, one title a line.")
@click.option("--run", "run_file", type=click.Path(path_type=Path), help="Write the fused run as a TREC run file.")
@click.option(
    "--foreign",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Mix in questions that the paragraphs of FILE cannot answer, as many as have an answer.",
)
@click.option(
    "--only", type=click.Choice(SQUAD_PARTS), multiple=True, help="Measure this part alone; may be given twice."
)
@eval_command
def squad(
    context: Context,
    options: EvalOptions,
    file: Path,
    *,
    titles: Path | None,
    run_file: Path | None,
    foreign: tuple[Path, ...],
    only: tuple[str, ...],
) -> None:
    """SQuAD 1.1 or 2.0 JSON, also gzipped: every question is asked against all paragraphs of FILE.

    Prints retrieval.*, reading.closed.* (the paragraph is given), reading.open.*, citation.open.* and, where questions
    without an answer are among them, abstention.*.
    """
    from qa.eval.collection import Document
    from qa.eval.datasets import read_foreign_questions, read_squad, read_titles, sample
    from qa.eval.reading import closed_answers, measure_closed, measure_mixed
    from qa.eval.run import Measured, measure_retrieval

    data = read_squad(file, read_titles(titles) if titles else None)
    documents = [Document(id=p.id, title=p.title, text=p.text) for p in data.paragraphs]
    every = sample(data.questions, options.limit, _rng(options.seed))
    answerable = [question for question in every if question.answerable]
    others = [question for path in foreign for question in read_foreign_questions(path)]
    strange = sample(others, len(answerable), _rng(options.seed))
    measured, parts = Measured(), only or SQUAD_PARTS
    asked = [*(question.question for question in every), *(question.question for question in strange)]
    with open_collection(context, documents, asked) as (assistant, places):
        if "retrieval" in parts:
            queries = {question.id: question.question for question in answerable}
            with bar(context, "searching") as tell:
                measure_retrieval(assistant.searcher, queries, data.qrels, places, measured=measured, tell=tell)
        if "closed" in parts:
            paragraphs = {paragraph.id: paragraph for paragraph in data.paragraphs}
            with bar(context, "reading") as tell:
                answers = closed_answers(assistant.reader, paragraphs, every, tell=tell)
            measure_closed(answers, every, assistant.calibration.closed, measured=measured)
        if "open" in parts:
            with bar(context, "asking") as tell:
                measure_mixed(assistant, every, strange, places, measured=measured, tell=tell)
    files = [file, *([titles] if titles else []), *foreign]
    _finish(context, options, measured, files, run_file=run_file)


@command.command("retrieval")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--run", "run_file", type=click.Path(path_type=Path), help="Write the fused run as a TREC run file.")
@eval_command
def retrieval(context: Context, options: EvalOptions, folder: Path, *, run_file: Path | None) -> None:
    """A collection in the BEIR layout: corpus.jsonl, queries.jsonl and qrels.tsv, also gzipped."""
    from qa.eval.collection import Document
    from qa.eval.datasets import read_beir, sample
    from qa.eval.run import Measured, measure_retrieval

    data = read_beir(folder)
    documents = [Document(id=d.id, title=d.title, text=d.text) for d in data.documents]
    judged = [query for query in data.queries if query.id in data.qrels]
    queries = {query.id: query.text for query in sample(judged, options.limit, _rng(options.seed))}
    measured = Measured()
    with (
        open_collection(context, documents, list(queries.values())) as (assistant, places),
        bar(context, "searching") as tell,
    ):
        measure_retrieval(assistant.searcher, queries, data.qrels, places, measured=measured, tell=tell)
    _finish(context, options, measured, sorted(path for path in folder.iterdir() if path.is_file()), run_file=run_file)


@command.command("questions")
@click.argument("file", type=click.Path(path_type=Path))
@eval_command
def questions(context: Context, options: EvalOptions, file: Path) -> None:
    """Your own questions against the current index: JSON lines in the form of seeds/questions.jsonl."""
    from qa.eval.datasets import read_questions, sample
    from qa.eval.run import Measured, measure_questions

    asked = sample(read_questions(file), options.limit, _rng(options.seed))
    measured = Measured()
    with bar(context, "asking") as tell:
        measure_questions(context.open_assistant(), asked, measured=measured, tell=tell)
    _finish(context, options, measured, [file], run_file=None)


@command.command("conversation")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rewrites", type=click.Path(path_type=Path), help="Of CAsT's topics: id, tab, question on each line.")
@eval_command
def conversation(context: Context, options: EvalOptions, file: Path, *, rewrites: Path | None) -> None:
    """Follow-up questions: MTRAG or MTRAG-UN tasks, CAsT topics with --rewrites, or your own conversations.

    Your own are JSON lines in the form of tests/data/conversations-dev.jsonl, held with the current index.
    """
    from qa.cli.conversations import measure_conversations

    with bar(context, "asking") as tell:
        measured = measure_conversations(context, options, file, rewrites, tell=tell)
    _finish(context, options, measured, [f for f in (file, rewrites) if f is not None], run_file=None)


@contextmanager
def open_collection(
    context: Context, documents: Sequence[Document], questions: Sequence[str]
) -> Iterator[tuple[Any, Any]]:
    """An assistant over the documents, and the ids of the documents of each article."""
    from index.encode import ensure_export, load_encoder
    from index.search import Searcher
    from qa.assistant import Assistant
    from qa.eval.collection import MemoEncoder, build_collection, collection_sha256, documents_of

    model = context.model

    def load() -> Encoder:
        ensure_export(model, cache_dir=context.cache_dir, report=context.report)
        return load_encoder(model, threads=context.settings.threads or None)

    folder = context.cache_dir / "eval" / collection_sha256(documents, model.sha256)[:16]
    with bar(context, "embedding") as tell:
        build_collection(documents, folder, load=load, progress=tell)
    encoder: MemoEncoder = MemoEncoder(context.load_query_encoder())
    context.report(f"embedding {len(questions):,} questions")
    encoder.encode_queries(list(questions))
    searcher = Searcher.open(folder, lambda: encoder)
    try:
        reader, calibration = context.load_reader()
        yield Assistant(searcher, reader, calibration, passages=context.settings.passages), documents_of(folder)
    finally:
        searcher.close()


def _finish(
    context: Context, options: EvalOptions, measured: Measured, files: Sequence[Path], *, run_file: Path | None
) -> None:
    """Print the figures and write what was asked for."""
    from qa import __version__
    from qa.eval import compare as comparing
    from qa.eval import report as reporting
    from qa.eval.machine import read_machine
    from qa.eval.tables import comparison_table, figure_table, reliability_table
    from qa.eval.trec import write_run

    about = {"version": __version__, "encoder": context.model.id, "limit": options.limit}
    origin = reporting.Context(
        command=shlex.join(["qa", *sys.argv[1:]]),
        dataset=_named(files),
        seed=options.seed,
        machine=read_machine(),
        about=about,
    )
    report = reporting.build_report(origin, measured.per_question, latencies_ms=measured.latencies_ms)
    old = reporting.load_report(options.compare) if options.compare else None
    compared = comparing.compare(old, report) if old else ()
    if old and (warning := comparing.dataset_warning(old, report)):
        context.report(warning)
    fused = comparing.fused_against_single(report)
    if options.as_json:
        from qa.cli.render import to_json

        extra: dict[str, object] = {"comparison": comparing.comparison_json(compared)} if old else {}
        if measured.reliability:
            extra["reliability"] = [
                dict(zip(("confidence", "right", "n"), row, strict=True)) for row in measured.reliability
            ]
        if fused:
            extra["fused_against_better_single_run"] = comparing.comparison_json(fused)
        click.echo(to_json({**reporting.report_json(report), **extra}, indent=None))
    else:
        tables = [figure_table(report.figures)]
        tables += [comparison_table(rows) for rows in (fused, compared) if rows]
        if measured.reliability:
            tables.append(reliability_table(measured.reliability))
        click.echo("\n\n".join(tables))
    if run_file:
        write_run(run_file, measured.runs["fused"], tag="qa")


def _named(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return f"{' '.join(file.name for file in files)} {digest.hexdigest()[:12]}"


def _rng(seed: int) -> Any:  # noqa: ANN401  # numpy is imported late
    from qa.eval.bootstrap import named_rng

    return named_rng(seed, "sample")


@contextmanager
def bar(context: Context, label: str) -> Iterator[Tell]:
    """A bar on stderr when that is a terminal."""
    if context.quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
