"""Which encoder turns text into vectors, and the two ways to run it [I/O].

sentence-transformers embeds passages (`_sbert.py`). Questions are embedded by an ONNX export of the same model
(`_onnx.py`), made once per machine (`_export.py`) and kept in the cache folder by model hash. Importing this
module imports none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.errors import ModelError
from index.model_files import DEFAULT_MODEL, FileStamp, ModelFiles, expected_stamp, read_json, resolve_model, write_json

if TYPE_CHECKING:
    from index.arrays import Embeddings

__all__ = [
    "DEFAULT_MODEL",
    "Encoder",
    "Export",
    "ModelFiles",
    "QueryEncoder",
    "checked_export",
    "current_export",
    "ensure_export",
    "export_folder",
    "installed_versions",
    "load_encoder",
    "load_query_encoder",
    "read_export",
    "resolve_model",
    "write_export",
]

_EXPORT_FORMAT = 1
_EXPORTERS = ("onnxruntime", "sentence-transformers", "tokenizers", "torch", "transformers")


class Encoder(Protocol):
    """What embeds passages."""

    id: str
    sha256: str
    dimension: int
    max_tokens: int
    """Word pieces of a passage that are read, special ones included; what is longer is cut."""

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Embed `texts`; return unit vectors (len(texts), dimension)."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the word pieces of each text, special ones included, as if nothing were cut."""
        ...


class QueryEncoder(Protocol):
    """What embeds questions."""

    id: str
    sha256: str
    dimension: int

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Embed `texts`, the model's query prompt in front of each; return unit vectors (len(texts), dimension)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is known of a model's ONNX export; kept beside it as `meta.json`."""

    usable: bool
    reason: str = ""
    """Why it is not usable, to follow on "because"."""
    cosine: float | None = None
    """The least cosine between export and original over the texts of the check; None: it came to no check."""
    dimension: int = 0
    query_prompt: str = ""
    inputs: tuple[str, ...] = ()
    """Names of the graph's inputs, in order."""
    files: Mapping[str, FileStamp]
    versions: Mapping[str, str]
    """Of the packages that made it."""


def load_encoder(model: ModelFiles, *, threads: int | None = None) -> Encoder:
    """Load the encoder of passages; imports torch, which takes seconds.

    Args:
        model: From `resolve_model`.
        threads: For torch, in the whole process; None leaves it as it is.

    Raises:
        ModelError: sentence-transformers cannot load it.
    """
    from index._sbert import SbertEncoder

    return SbertEncoder.load(model, threads=threads)


def load_query_encoder(
    model: ModelFiles, *, cache_dir: Path, report: Callable[[str], None], threads: int | None = None
) -> QueryEncoder:
    """Load the encoder of questions: the ONNX export where there is a usable one, otherwise the original.

    Args:
        model: From `resolve_model`.
        cache_dir: Where exports are kept.
        report: Told why the original has to be loaded, which takes seconds.
        threads: For the model; None: up to four.

    Raises:
        ModelError: a file of the export is missing or altered, or the original cannot be loaded.
    """
    folder = export_folder(model, cache_dir)
    export = read_export(folder)
    if export is not None and export.usable:
        from index._onnx import OnnxQueryEncoder

        return OnnxQueryEncoder.load(model, folder, checked_export(folder, export), threads=threads)
    reason = "it has no ONNX export yet; `qa index` makes one" if export is None else export.reason
    report(f"Loading {model.id} with sentence-transformers, which takes some seconds, because {reason}.")
    from index._sbert import SbertEncoder

    return SbertEncoder.load(model, threads=threads, device="cpu")


def ensure_export(model: ModelFiles, *, cache_dir: Path, report: Callable[[str], None]) -> bool:
    """Make the ONNX export of a model unless it is there; return whether there is a usable one.

    An export that failed its check is tried again only with other versions of the packages that make it.

    Args:
        model: From `resolve_model`.
        cache_dir: Where exports are kept.
        report: Told what takes time, and what came of it.

    Raises:
        ModelError: sentence-transformers cannot load the original.
    """
    folder = export_folder(model, cache_dir)
    if (export := current_export(folder)) is not None:
        return export.usable
    report(f"Exporting {model.id} to ONNX, so that questions start without torch: once on this machine, 20 seconds …")
    from index._export import make_export

    return make_export(model, folder, report=report)


def export_folder(model: ModelFiles, cache_dir: Path) -> Path:
    """Where a model's export is kept."""
    return cache_dir / "encoders" / model.sha256[:16]


def read_export(folder: Path) -> Export | None:
    """Read what is known of an export; None when there is none, or none that this release can read."""
    meta = read_json(folder / "meta.json")
    if meta.pop("format", None) != _EXPORT_FORMAT:
        return None
    try:
        files = {name: FileStamp(**stamp) for name, stamp in meta.pop("files").items()}
        return Export(**{**meta, "inputs": tuple(meta["inputs"]), "files": files})
    except (AttributeError, KeyError, TypeError):
        return None


def write_export(folder: Path, export: Export) -> None:
    """Write `meta.json`, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    write_json(folder / "meta.json", {"format": _EXPORT_FORMAT, **asdict(export)})


def checked_export(folder: Path, export: Export) -> Export:
    """Make sure that the files of an export are those that were made; files that only moved are stamped anew.

    Raises:
        ModelError: one is missing or altered.
    """
    stamps = {}
    for name, known in export.files.items():
        stamps[name] = expected_stamp(folder / name, known, known.sha256, remedy="`qa index` makes it again")
    if stamps != export.files:
        export = replace(export, files=stamps)
        with suppress(OSError):
            write_export(folder, export)
    return export


def current_export(folder: Path) -> Export | None:
    """Read an export that need not be made again: whole, and by the versions that are installed."""
    export = read_export(folder)
    if export is None or export.versions != installed_versions():
        return None
    try:
        return checked_export(folder, export)
    except ModelError:
        return None


def installed_versions() -> dict[str, str]:
    """Versions of the packages that an export depends on."""
    from importlib import metadata  # 20 ms, which asking does not need

    found = {}
    for package in _EXPORTERS:
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found
