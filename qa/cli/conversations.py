"""What `qa eval conversation` measures, by what stands in the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.cli.context import Context
    from qa.cli.eval import EvalOptions
    from qa.eval.datasets import PassageSet
    from qa.eval.run import Measured, Tell

__all__ = ["measure_conversations"]


def measure_conversations(
    context: Context, options: EvalOptions, file: Path, rewrites: Path | None, *, tell: Tell
) -> Measured:
    """Measure the conversations of a file; see `qa.eval.conversing`."""
    from qa.eval.conversing import measure_asked, measure_rewrites
    from qa.eval.datasets import GoldConversation, PassageSet, RewrittenTopic, read_conversations, sample
    from qa.eval.run import Measured

    data, measured = read_conversations(file, rewrites), Measured()
    if isinstance(data, PassageSet):
        _measure_found(context, options, data, measured, tell)
        return measured
    drawn: tuple[Any, ...] = sample(data, options.limit, _rng(options.seed))
    if isinstance(drawn[0], RewrittenTopic):
        measure_rewrites(drawn, measured=measured)
    elif isinstance(drawn[0], GoldConversation):
        measure_asked(context.open_assistant(), drawn, measured=measured, tell=tell)
    return measured


def _measure_found(context: Context, options: EvalOptions, data: PassageSet, measured: Measured, tell: Tell) -> None:
    from qa.cli.eval import open_collection
    from qa.eval.collection import Document
    from qa.eval.conversing import measure_found
    from qa.eval.datasets import sample

    documents = [Document(id=identifier, title="", text=text) for identifier, text in data.passages.items()]
    asked = sample(data.conversations, options.limit, _rng(options.seed))
    with open_collection(context, documents, [one.question for one in asked]) as (assistant, places):
        measure_found(assistant.searcher, asked, places, measured=measured, tell=tell)


def _rng(seed: int) -> Any:  # noqa: ANN401  # numpy is imported late
    from qa.eval.bootstrap import named_rng

    return named_rng(seed, "sample")
