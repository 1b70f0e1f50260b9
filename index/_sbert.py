"""Encoding with sentence-transformers: passages always, questions where there is no ONNX export.

With `_export.py` the one module that imports torch, and the only one that may reach the network (`fetch_from_hub`).
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from huggingface_hub import snapshot_download
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers.utils import logging as transformers_logging

from index.arrays import Embeddings
from index.encode import ModelFiles
from index.errors import ModelError

__all__ = ["SbertEncoder", "fast_tokenizer", "fetch_from_hub", "quiet"]

_LOADING_ERRORS = (OSError, ValueError, RuntimeError, LookupError, TypeError, AttributeError, ImportError)
"""What sentence-transformers raises on a folder that is not a model, is cut short or needs another package."""
_NO_LIMIT_TOKENS = 8192
"""Taken for `max_tokens` where a model states none; some tokenizers state 10**30."""


class SbertEncoder:
    """A sentence-transformers model in float32, for passages and for questions."""

    def __init__(self, network: SentenceTransformer, model: ModelFiles) -> None:
        self.network = network
        self.id = model.id
        self.sha256 = model.sha256
        self.query_prompt: str = network.prompts.get("query") or ""
        self._counter = fast_tokenizer(network)
        self._counter.no_padding()
        self._counter.no_truncation()
        self.dimension: int = network.get_embedding_dimension() or self._encoded_dimension()
        limit = min(network.max_seq_length or _NO_LIMIT_TOKENS, _NO_LIMIT_TOKENS)
        prompt = network.prompts.get("document") or ""
        self.max_tokens = int(limit) - (self.count_tokens([prompt])[0] - self.count_tokens([""])[0])

    @classmethod
    def load(cls, model: ModelFiles, *, threads: int | None = None, device: str | None = None) -> SbertEncoder:
        """Load a model from its folder.

        Args:
            model: From `resolve_model`.
            threads: For torch, in the whole process; None leaves it as it is.
            device: As torch names it; None takes a graphics processor where there is one.

        Raises:
            ModelError: the folder holds no model that sentence-transformers can load.
        """
        if threads is not None:
            torch.set_num_threads(threads)
        try:
            with quiet():
                network = SentenceTransformer(str(model.folder), device=device, local_files_only=True)
                return cls(network.float().eval(), model)
        except _LOADING_ERRORS as error:
            raise ModelError(
                f"{model.folder}: sentence-transformers cannot load this model (SHA-256 {model.sha256}): "
                f"{type(error).__name__}: {error}"
            ) from error

    def encode_passages(self, texts: Sequence[str], *, batch_size: int = 32) -> Embeddings:
        """Embed `texts`, sorted by length inside; return unit vectors (len(texts), dimension)."""
        found = self.network.encode_document(
            list(texts), batch_size=batch_size, show_progress_bar=False, normalize_embeddings=True
        )
        return np.asarray(found, dtype=np.float32).reshape(len(texts), self.dimension)

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Embed `texts`, the model's query prompt in front of each; return unit vectors (len(texts), dimension)."""
        found = self.network.encode_query(list(texts), show_progress_bar=False, normalize_embeddings=True)
        return np.asarray(found, dtype=np.float32).reshape(len(texts), self.dimension)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the word pieces of each text, special ones included, as if nothing were cut."""
        return [len(encoding.ids) for encoding in self._counter.encode_batch_fast(list(texts))]

    def _encoded_dimension(self) -> int:
        return int(np.asarray(self.network.encode_query([""], show_progress_bar=False)).shape[1])


def fast_tokenizer(network: SentenceTransformer) -> Tokenizer:
    """Copy the Rust tokenizer of a model, with the padding and truncation it was last used with.

    Raises:
        AttributeError: the model has no such tokenizer.
    """
    tokenizer = getattr(network.tokenizer, "backend_tokenizer", network.tokenizer)
    return Tokenizer.from_str(tokenizer.to_str())


def fetch_from_hub(name: str) -> Path:
    """Find a hub model in the Hugging Face cache, or download it there; return its folder.

    Raises:
        ModelError: there is none of that name, or the network cannot be reached.
    """
    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        with quiet():
            SentenceTransformer(repository, device="cpu")  # fetches just the files that it needs
        cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
        return Path(snapshot_download(repository, cache_dir=cache, local_files_only=True))
    except _LOADING_ERRORS as error:
        raise ModelError(
            f"{name}: neither a folder nor a model that can be fetched from the Hugging Face hub "
            f"({type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no reason given'})"
        ) from error


@contextmanager
def quiet() -> Iterator[None]:
    """Hold back what torch and transformers would say: warnings, log lines, progress bars. Errors are raised anyway."""
    level, bars = logging.root.manager.disable, transformers_logging.is_progress_bar_enabled()
    logging.disable(logging.ERROR)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # not annotated
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
        if bars:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # not annotated
