"""Running a span model with onnxruntime and tokenizers, without torch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from qa.reader.windows import Frame, Window, windows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["GRAPH", "TOKENIZER", "OnnxSpanModel"]

GRAPH, TOKENIZER = "model.onnx", "tokenizer.json"
BATCH_TOKENS = 1024
"""Of one run, padding included: more leaves the caches of a small processor."""
_MOST_THREADS = 4


class OnnxSpanModel:
    """Start and end logits for windows of question and text."""

    def __init__(self, session: ort.InferenceSession, tokenizer: Tokenizer, *, max_tokens: int) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        first, *between, last = tokenizer.encode("", "").ids  # [CLS] [SEP] [SEP], or <s> </s> </s> </s>
        self._frame = Frame(first=first, between=tuple(between), last=last)
        self._inputs = {entry.name for entry in session.get_inputs()}

    @classmethod
    def load(cls, folder: Path, *, max_tokens: int, threads: int | None = None) -> OnnxSpanModel:
        """Open `model.onnx` and `tokenizer.json` in `folder`.

        Args:
            folder: Where they are.
            max_tokens: The longest window.
            threads: For onnxruntime; None: up to four.
        """
        options = ort.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads or min(_MOST_THREADS, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = ort.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(session, tokenizer, max_tokens=max_tokens)

    def windows(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[Window]]:
        """The windows of each text, a pair of header and text."""
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids
        headers = self._tokenizer.encode_batch([header for header, _ in texts], add_special_tokens=False)
        bodies = self._tokenizer.encode_batch([text for _, text in texts], add_special_tokens=False)
        return [
            windows_of(
                asked,
                header.ids,
                body.ids,
                body.offsets,
                self._frame,
                max_tokens=self._max_tokens,
            )
            for header, body in zip(headers, bodies, strict=True)
        ]

    def logits(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
        """For each window an array (tokens, 2)."""
        found: list[NDArray[np.float32]] = [np.empty((0, 2), np.float32)] * len(windows)
        order = sorted(range(len(windows)), key=lambda i: len(windows[i].ids))
        batch: list[int] = []
        for i in order:
            if batch and (len(batch) + 1) * len(windows[i].ids) > BATCH_TOKENS:
                self._run(windows, batch, found)
                batch = []
            batch.append(i)
        if batch:
            self._run(windows, batch, found)
        return found

    def _run(self, windows: Sequence[Window], batch: Sequence[int], found: list[NDArray[np.float32]]) -> None:
        length = max(len(windows[i].ids) for i in batch)
        ids = np.zeros((len(batch), length), np.int64)
        mask, types = np.zeros_like(ids), np.zeros_like(ids)
        for row, i in enumerate(batch):
            size = len(windows[i].ids)
            ids[row, :size] = windows[i].ids
            mask[row, :size] = 1
            types[row, windows[i].second : size] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        outputs = self._session.run(None, {name: feed[name] for name in feed if name in self._inputs})
        logits = outputs[0] if len(outputs) == 1 else np.stack(outputs[:2], axis=-1)
        for row, i in enumerate(batch):
            found[i] = logits[row, : len(windows[i].ids)].astype(np.float32)
