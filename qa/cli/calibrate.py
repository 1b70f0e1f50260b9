"""`qa eval calibrate`: fits how sure an answer is, after the reader has changed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, pass_context

if TYPE_CHECKING:
    from qa.eval.calibrate import Row
    from qa.eval.datasets import SquadParagraph, SquadQuestion


@click.command("calibrate")
@click.argument("squad", type=click.Path(path_type=Path))
@click.argument("squad2", type=click.Path(path_type=Path))
@click.option("--foreign", type=click.Path(path_type=Path), multiple=True, help="Questions about other things.")
@click.option("--limit", type=click.IntRange(20), default=900, show_default=True, help="Of a kind, in each fold.")
@command_options
@pass_context
def calibrate(context: Context, squad: Path, squad2: Path, *, foreign: tuple[Path, ...], limit: int) -> None:
    """Fit the confidence on SQuAD 1.1 questions and on SQUAD2, the same articles with unanswerable questions.

    A quarter of the articles at a time stays out of the index; questions about it must not be answered. Prints the
    JSON that belongs beside the reader's weights, with the figures it was fitted at.
    """
    from qa.eval import calibrate as fitting
    from qa.eval.datasets import read_foreign_questions, read_squad

    data, near = read_squad(squad), read_squad(squad2)
    others = [question for file in foreign for question in read_foreign_questions(file)]
    rows: list[Row] = []
    for fold in range(fitting.FOLDS):
        paragraphs, kinds = fitting.asked_of(data, near, others, fold=fold, limit=limit)
        rows += _asked(context, paragraphs, kinds)
    random.Random(0).shuffle(rows)
    closed = fitting.fit_closed(context.load_reader()[0], near)
    fitted = replace(fitting.fit(rows), closed=closed)
    click.echo(fitting.to_json(fitted, fitting.figures(rows), Counter(row.kind for row in rows)))


def _asked(
    context: Context, paragraphs: Sequence[SquadParagraph], kinds: Mapping[str, list[SquadQuestion]]
) -> list[Row]:
    """Index the paragraphs and ask all questions."""
    from qa.cli.eval import bar, open_collection
    from qa.eval.calibrate import collect
    from qa.eval.collection import Document

    documents = [Document(id=p.id, title=p.title, text=p.text) for p in paragraphs]
    questions = [question.question for asked in kinds.values() for question in asked]
    with open_collection(context, documents, questions) as (assistant, places), bar(context, "asking") as tell:
        return collect(assistant, places, kinds, tell=tell)
