"""The reader that travels with the package, its files checked by hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelError
from qa.abstain import Calibration
from qa.reader.extractive import ExtractiveReader

if TYPE_CHECKING:
    from qa.reader._onnx import OnnxSpanModel

__all__ = ["ABOUT", "REINSTALL", "WEIGHTS", "check_files", "load_calibration", "load_reader"]

ABOUT = "reader.json"
"""Id, longest window in tokens and hashes of a reader."""
CALIBRATION = "calibration.json"
WEIGHTS = Path(__file__).parent / "weights"
REINSTALL = "install qa-articles again: pip install --force-reinstall --no-deps qa-articles"


def load_reader(folder: Path = WEIGHTS, *, threads: int | None = None) -> ExtractiveReader:
    """The reader in a folder; its weights are loaded with the first question.

    Args:
        folder: Holds `reader.json`, `model.onnx` and `tokenizer.json`.
        threads: For onnxruntime; None: up to four.

    Raises:
        ModelError: `reader.json` is missing, or no such file. Missing weights are found with the first question.
    """
    about = _about(folder)

    def load() -> OnnxSpanModel:
        from qa.reader._onnx import OnnxSpanModel

        missing = [name for name in about["sha256"] if not (folder / name).is_file()]
        if missing:
            raise ModelError(f"the reader's {missing[0]} is missing in {folder}; {REINSTALL}")
        return OnnxSpanModel.load(folder, max_tokens=about["max_tokens"], threads=threads)

    return ExtractiveReader(about["id"], load)


def load_calibration(folder: Path = WEIGHTS) -> Calibration:
    """How sure the reader in a folder is; one without a calibration of its own is taken for the shipped one.

    Raises:
        ModelError: `calibration.json` is missing or damaged.
    """
    path = folder / CALIBRATION
    if not path.exists():
        path = WEIGHTS / CALIBRATION
    try:
        return Calibration.load(path)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path} cannot be read ({error}); {REINSTALL}") from error


def check_files(folder: Path = WEIGHTS) -> list[str]:
    """The files of a reader that are missing or not the ones expected, each with what is wrong.

    Raises:
        ModelError: `reader.json` is missing or damaged.
    """
    faults = []
    for name, expected in _about(folder)["sha256"].items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            faults.append(f"{folder / name} cannot be read ({error.strerror})")
            continue
        if found != expected:
            faults.append(f"{folder / name} has SHA-256 {found[:12]}…, expected {expected[:12]}…")
    return faults


def _about(folder: Path) -> dict[str, Any]:
    path = folder / ABOUT
    try:
        about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read ({error}); {REINSTALL}") from error
    return about
