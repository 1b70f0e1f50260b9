"""Encoding questions with onnxruntime and tokenizers: the one module that imports onnxruntime.

The graph is kept optimised, with its weights in a file beside it that is mapped into memory, and weights are not
packed again on load. Load and first question of all-MiniLM-L6-v2, measured on two cores: 0.27 s from one file,
0.085 s with mapped weights, 0.033 s without packing. Later questions take 8 ms instead of 6 ms; batches lose nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors
from tokenizers import Tokenizer

from index.arrays import Embeddings
from index.encode import Export, ModelFiles
from index.errors import ModelError

__all__ = ["GRAPH", "OUTPUT", "TOKENIZER", "WEIGHTS", "OnnxQueryEncoder", "write_optimised"]

GRAPH, WEIGHTS, TOKENIZER = "model.onnx", "weights.bin", "tokenizer.json"
OUTPUT = "sentence_embedding"
_BATCH = 8
"""Sorted by length, so that little of a batch is padding."""
_MOST_THREADS = 4
"""One question is too little work for more."""
_SMALLEST_OUTSIDE_BYTES = 1024
"""Smaller constants stay in the graph's own file."""
_ORT_ERRORS = (
    ort_errors.EPFail,
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NoModel,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)
"""They share no base but Exception."""


class OnnxQueryEncoder:
    """An exported model: tokenizer, transformer, pooling and normalisation, without torch."""

    def __init__(self, session: ort.InferenceSession, tokenizer: Tokenizer, model: ModelFiles, export: Export) -> None:
        self.id = model.id
        self.sha256 = model.sha256
        self.dimension = export.dimension
        self._session = session
        self._tokenizer = tokenizer
        self._export = export

    @classmethod
    def load(cls, model: ModelFiles, folder: Path, export: Export, *, threads: int | None = None) -> OnnxQueryEncoder:
        """Open an export of which the files were checked.

        Args:
            model: What was exported.
            folder: Where the export is kept.
            export: What is known of it.
            threads: For onnxruntime; None: up to four.

        Raises:
            ModelError: onnxruntime cannot run it.
        """
        options = _options()
        options.intra_op_num_threads = threads or min(_MOST_THREADS, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL  # it is optimised already
        options.add_session_config_entry("session.disable_prepacking", "1")
        # Threads that wait sleep: spinning took 24 ms of processor time a question instead of 14 on two busy cores.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = _session(folder / GRAPH, options)
        return cls(session, Tokenizer.from_file(str(folder / TOKENIZER)), model, export)

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Embed `texts`, the model's query prompt in front of each; return unit vectors (len(texts), dimension)."""
        found = np.empty((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            found[rows] = self._encode_batch([self._export.query_prompt + texts[row] for row in rows])
        return found

    def _encode_batch(self, texts: list[str]) -> Embeddings:
        encodings = self._tokenizer.encode_batch_fast(texts)
        features = {
            "input_ids": [encoding.ids for encoding in encodings],
            "attention_mask": [encoding.attention_mask for encoding in encodings],
            "token_type_ids": [encoding.type_ids for encoding in encodings],
        }
        feed = {name: np.asarray(features[name], dtype=np.int64) for name in self._export.inputs}
        embeddings: Embeddings = self._session.run([OUTPUT], feed)[0]
        return embeddings


def write_optimised(exported: Path, folder: Path) -> None:
    """Optimise an exported graph, exactly and for any processor, and write it to `folder` with its weights beside it.

    Raises:
        ModelError: onnxruntime cannot run it.
    """
    options = _options()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(folder / GRAPH)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", WEIGHTS)
    options.add_session_config_entry(
        "session.optimized_model_external_initializers_min_size_in_bytes", str(_SMALLEST_OUTSIDE_BYTES)
    )
    _session(exported, options)


def _options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.log_severity_level = 3  # errors only; they are raised as well
    return options


def _session(path: Path, options: ort.SessionOptions) -> ort.InferenceSession:
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except _ORT_ERRORS as error:
        raise ModelError(f"{path}: onnxruntime cannot run this model; `qa index` makes it again ({error})") from error
