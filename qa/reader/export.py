"""Span models -> the files that a reader is loaded from: an ONNX graph, a tokenizer, `reader.json` (needs torch).

`python -m qa.reader.export RUN/weights.pt FOLDER` makes those that ship; `export_named` those of any Hugging Face
question-answering model.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import shutil
import tempfile
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from index.errors import ModelError
from index.model_files import DEFAULT_MODEL, ModelFiles, resolve_model
from qa.reader.shipped import ABOUT
from qa.reader.train import SpanReader

__all__ = ["export_fp32", "export_named", "quantize"]

GRAPH, TOKENIZER = "model.onnx", "tokenizer.json"
SHIPPED_ID = "qa-reader-minilm-l6"
MAX_TOKENS = 384
MOST_DIFFERENCE = 1e-3
"""Of a logit, between a model and its export."""
FP32_NODES: tuple[str, ...] = ()
"""Parts of the names of nodes that int8 would cost too much in."""


def export_fp32(model: torch.nn.Module, target: Path, *, inputs: tuple[str, ...]) -> None:
    """A span model as one ONNX file.

    Args:
        model: Token ids and the like in, each (batch, tokens); logits out: (batch, tokens, 2), or two (batch, tokens).
        target: The file.
        inputs: What the model is called with, in order.
    """
    # Not one tensor for all: the exporter would take inputs that are the same object for one input.
    examples = tuple(torch.ones((2, 32), dtype=torch.long) for _ in inputs)
    any_size = torch.export.Dim.DYNAMIC
    silent = redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO())  # it prints graphs of 1000 lines
    with torch.no_grad(), silent[0], silent[1], warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch about itself
        torch.onnx.export(
            _Positional(model).eval(),
            examples,
            target,
            input_names=list(inputs),
            dynamic_shapes=(tuple({0: any_size, 1: any_size} for _ in inputs),),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    _check(model, target, inputs)


def _check(model: torch.nn.Module, target: Path, inputs: tuple[str, ...]) -> None:
    """Compare the graph with the model on other shapes and on inputs that differ.

    Raises:
        ValueError: their logits differ.
    """
    generator = torch.Generator().manual_seed(0)
    session = ort.InferenceSession(target, providers=["CPUExecutionProvider"])
    for rows, tokens in ((1, 7), (3, 40)):
        ids = torch.randint(5, 500, (rows, tokens), generator=generator)
        half = torch.arange(tokens).expand(rows, -1) >= tokens // 2
        made = {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids).index_fill_(1, torch.tensor([tokens - 1]), 0),
            "token_type_ids": half.long(),
        }
        with torch.no_grad():
            expected = model(*(made[name] for name in inputs))
        found = session.run(None, {name: made[name].numpy() for name in inputs})
        for one, other in zip(found, expected if isinstance(expected, tuple) else (expected,), strict=True):
            difference = float(np.abs(one - other.numpy()).max())
            if not difference <= MOST_DIFFERENCE:  # so written that NaN fails
                raise ValueError(f"its ONNX export differs from it by {difference:.4f} in a logit")


def quantize(source: Path, target: Path, *, keep: tuple[str, ...] = FP32_NODES) -> None:
    """Dynamic int8, per channel; nodes whose name holds one of `keep` stay in fp32."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
        left = [node.name for node in onnx.load(prepared).graph.node if any(part in node.name for part in keep)]
        quantize_dynamic(
            prepared,
            target,
            per_channel=True,
            reduce_range=False,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=left,
            extra_options={"MatMulConstBOnly": True},
        )
    _forget_origin(target)


def _forget_origin(target: Path) -> None:
    """Take out what the exporter noted of the source files, with their paths on this computer."""
    graph = onnx.load(target)
    for node in graph.graph.node:
        del node.metadata_props[:]
    onnx.save(graph, target)


def export_named(model: ModelFiles, folder: Path) -> None:
    """Export a Hugging Face question-answering model into `folder`, whole or not at all.

    Raises:
        ModelError: it is no such model, or cannot be exported.
    """
    work = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        tokenizer = AutoTokenizer.from_pretrained(model.folder, use_fast=True)
        network = AutoModelForQuestionAnswering.from_pretrained(model.folder, attn_implementation="eager")
        inputs = tuple(name for name in tokenizer.model_input_names if name != "position_ids")
        export_fp32(_TwoLogits(network, inputs), work / GRAPH, inputs=inputs)
        tokenizer.backend_tokenizer.save(str(work / TOKENIZER), pretty=False)
        longest = min(MAX_TOKENS, int(network.config.max_position_embeddings))
        _write_about(work, reader_id=model.id, max_tokens=longest)
        work.rename(folder)
    except (OSError, RuntimeError, ValueError, TypeError, AttributeError, LookupError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelError(
            f"{model.id} cannot be used as a reader: {reason[0][:200]}; name a question-answering model with the "
            "setting `reader`, or none for the reader that ships"
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


class _Positional(torch.nn.Module):
    """Any model as a function of any number of tensors, as the exporter wants it."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, ...]:
        found: torch.Tensor | tuple[torch.Tensor, ...] = self.model(*tensors)
        return found


class _TwoLogits(torch.nn.Module):
    """A question-answering model as a function of tensors in a fixed order."""

    def __init__(self, network: torch.nn.Module, inputs: tuple[str, ...]) -> None:
        super().__init__()
        self.network = network
        self.inputs = inputs

    def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        found = self.network(**dict(zip(self.inputs, tensors, strict=True)))
        return found.start_logits, found.end_logits


def _write_about(folder: Path, *, reader_id: str, max_tokens: int) -> None:
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (GRAPH, TOKENIZER)}
    about = {"id": reader_id, "max_tokens": max_tokens, "sha256": hashes}
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def mean_of(earlier: dict[str, torch.Tensor], later: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """The weights on the line between two runs, one begun from the other (Wortsman et al. 2022, WiSE-FT, eq. 1)."""
    return {
        name: torch.lerp(later[name], earlier[name], share) if later[name].is_floating_point() else later[name]
        for name in later
    }


def main() -> None:
    """Export a training run."""
    parser = argparse.ArgumentParser(description="From a training run to the files that ship.")
    parser.add_argument("weights", type=Path, help="weights.pt of a training run")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--earlier", type=Path, help="weights.pt of the run that this one started from")
    parser.add_argument("--share", type=float, default=0.35, help="of the earlier weights in the mean of both")
    parser.add_argument("--fp32", action="store_true", help="without quantisation, to compare with")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    base = resolve_model(DEFAULT_MODEL, cache_dir=options.folder / "cache").folder
    reader = SpanReader(base)
    weights = torch.load(options.weights, weights_only=True)
    if options.earlier is not None:
        weights = mean_of(torch.load(options.earlier, weights_only=True), weights, options.share)
    reader.load_state_dict(weights)
    with tempfile.TemporaryDirectory() as work:
        fp32 = Path(work) / GRAPH
        export_fp32(reader, fp32, inputs=("input_ids", "attention_mask", "token_type_ids"))
        if options.fp32:
            shutil.copyfile(fp32, options.folder / GRAPH)
        else:
            quantize(fp32, options.folder / GRAPH)
    shutil.copyfile(base / TOKENIZER, options.folder / TOKENIZER)
    shutil.rmtree(options.folder / "cache")
    _write_about(options.folder, reader_id=SHIPPED_ID, max_tokens=MAX_TOKENS)


if __name__ == "__main__":
    main()
