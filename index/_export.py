"""A sentence-transformers model -> an ONNX graph that turns word pieces into a unit vector, checked [I/O].

The whole pipeline is exported (transformer, pooling, dense layers, normalisation), for any number of texts of any
length. It is made in a folder of its own and put in place by renaming, so an interrupted export leaves nothing.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock
from sentence_transformers import SentenceTransformer

from index._onnx import GRAPH, OUTPUT, TOKENIZER, WEIGHTS, OnnxQueryEncoder, write_optimised
from index._sbert import SbertEncoder, fast_tokenizer, quiet
from index.encode import Export, ModelFiles, QueryEncoder, current_export, installed_versions, write_export
from index.errors import ModelError
from index.model_files import FileStamp

__all__ = ["LEAST_COSINE", "check_texts", "make_export"]

LEAST_COSINE = 0.9999
"""What every text of the check must reach between export and original."""
_INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})
_EXPORT_ERRORS = (RuntimeError, ValueError, TypeError, AttributeError, LookupError, AssertionError, ModelError)
"""torch.onnx's own errors are RuntimeErrors; the others come from models that are built in an unusual way."""


class _Pipeline(torch.nn.Module):
    """All modules of a model in one call, from tensors to unit vectors, as the exporter wants it."""

    def __init__(self, network: SentenceTransformer, names: list[str], constants: dict[str, object]) -> None:
        super().__init__()
        self.network = network
        self.names = names
        self.constants = constants

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        features = {**self.constants, **dict(zip(self.names, tensors, strict=True))}
        embeddings = self.network(features, task="query")["sentence_embedding"]
        return torch.nn.functional.normalize(embeddings[:, : self.network.truncate_dim], p=2, dim=-1)


def make_export(model: ModelFiles, folder: Path, *, report: Callable[[str], None]) -> bool:
    """Export a model into `folder`, check it, and return whether it is usable; one process at a time.

    Args:
        model: From `resolve_model`.
        folder: Replaced when the export is complete.
        report: Told why an export is not usable.

    Raises:
        ModelError: sentence-transformers cannot load the original.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            export = current_export(folder) or _made(model, folder)
    except OSError as error:
        report(f"The export cannot be kept in {folder.parent} ({error}); questions will load sentence-transformers.")
        return False
    if not export.usable:
        report(f"Questions will load {model.id} with sentence-transformers, because {export.reason}.")
    return export.usable


def check_texts() -> list[str]:
    """Return the 64 texts of the check: of all lengths up to far beyond any limit, in several scripts."""
    seeds = (
        "",
        "?",
        "Who won?",
        "When did the council vote on the new bridge, and how much will it cost?",
        "The minister resigned on 3 March 2024, saying that “nothing in the report came as a surprise”.",
        "GDP rose 0.4% in Q3 (from 1,204.5bn to 1,209.3bn); analysts at A&B Ltd. had expected 0.2%.",
        "https://example.org/a?b=c#d e-mail: someone@example.org \t\n tabs and   spaces",
        "Über Änderungen im Straßenverkehr berichtete die Zeitung ausführlich.",
        "L’été dernier, près de Nîmes, un incendie a ravagé 1 200 hectares de forêt.",
        "東京で開かれた会議で、各国の代表は新しい協定に合意した。",
        "أعلنت الحكومة عن خطة جديدة لدعم الزراعة في المناطق الجبلية.",
        "Правительство утвердило бюджет на следующий год после долгих споров.",
        "👩‍🚀🚀 launch day!! 🎉 e\u0301 \u200b zero-width \ufeff",
        "[CLS] [MASK] <s> </s> not special here",
        "antidisestablishmentarianism " * 3,
        "supercalifragilistic" * 12,
    )
    return [(seed + " ") * times for times in (1, 2, 4, 150) for seed in seeds]


def _made(model: ModelFiles, folder: Path) -> Export:
    work, old = (folder.with_name(f".{folder.name}.{state}") for state in ("new", "old"))
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        export = _checked(SbertEncoder.load(model, device="cpu"), model, work)
        write_export(work, export)
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        work.rename(folder)
    finally:
        for left in (work, old):
            shutil.rmtree(left, ignore_errors=True)
    return export


def _checked(encoder: SbertEncoder, model: ModelFiles, work: Path) -> Export:
    failed = Export(usable=False, files={}, versions=installed_versions())
    try:
        with quiet(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):  # it prints graphs of 1000 lines
            export = _write_files(encoder, work)
        cosine = _least_cosine(encoder, OnnxQueryEncoder.load(model, work, export))
    except _EXPORT_ERRORS as error:
        return replace(failed, reason=f"it cannot be exported to ONNX ({_first_cause(error)})")
    if not cosine >= LEAST_COSINE:  # so written that NaN fails
        for name in export.files:
            (work / name).unlink()
        reason = f"its ONNX export agrees with it only to a cosine of {cosine:.4f}, less than {LEAST_COSINE}"
        return replace(failed, reason=reason, cosine=cosine)
    return replace(export, cosine=cosine)


def _first_cause(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    first_line = next(iter(str(error).strip().splitlines()), "no reason given")
    return f"{type(error).__name__}: {first_line[:200]}"


def _write_files(encoder: SbertEncoder, work: Path) -> Export:
    network = encoder.network
    features = network.preprocess(
        ["a question", "a longer question"], prompt=encoder.query_prompt or None, task="query"
    )
    inputs = {name: value for name, value in features.items() if isinstance(value, torch.Tensor)}
    if not inputs.keys() <= _INPUTS:
        raise ValueError(f"it reads {', '.join(sorted(inputs))}, and only {', '.join(sorted(_INPUTS))} can be made")
    constants = {name: value for name, value in features.items() if name not in inputs}
    _write_graph(_Pipeline(network, list(inputs), constants).eval(), inputs, work)
    fast_tokenizer(network).save(str(work / TOKENIZER), pretty=False)
    return Export(
        usable=True,
        dimension=encoder.dimension,
        query_prompt=encoder.query_prompt,
        inputs=tuple(inputs),
        files={name: FileStamp.of(work / name) for name in (GRAPH, WEIGHTS, TOKENIZER)},
        versions=installed_versions(),
    )


def _write_graph(pipeline: _Pipeline, inputs: dict[str, torch.Tensor], work: Path) -> None:
    raw = work / "raw"
    raw.mkdir()
    any_size = torch.export.Dim.DYNAMIC
    with torch.no_grad():
        program = torch.onnx.export(
            pipeline,
            tuple(inputs.values()),
            dynamo=True,
            input_names=list(inputs),
            output_names=[OUTPUT],
            dynamic_shapes=(tuple({0: any_size, 1: any_size} for _ in inputs),),
            verbose=False,
        )
    if program is None:
        raise ValueError("the exporter returned no program")
    program.save(raw / GRAPH, external_data=True)
    write_optimised(raw / GRAPH, work)
    shutil.rmtree(raw)


def _least_cosine(original: QueryEncoder, export: QueryEncoder) -> float:
    """The least cosine over `check_texts`; each is embedded in a batch, and every fourth also alone, as in asking."""
    texts = check_texts()
    expected = original.encode_queries(texts)
    batched = np.sum(expected * export.encode_queries(texts), axis=1)
    alone = [float(expected[row] @ export.encode_queries([texts[row]])[0]) for row in range(0, len(texts), 4)]
    return float(np.min([*batched, *alone]))
