"""Another reader, by folder or hub name: exported when it is first used, kept in the cache folder [I/O]."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from index.model_files import resolve_model
from qa.reader.shipped import ABOUT

__all__ = ["prepare_reader"]


def prepare_reader(name: str, *, cache_dir: Path, report: Callable[[str], None]) -> Path:
    """The folder of a reader that `load_reader` opens.

    Args:
        name: A folder with `reader.json` (as `python -m qa.reader.export` writes it), or a Hugging Face
            question-answering model: a folder, or a name on the hub.
        cache_dir: Where exports are kept, by the hash of the model's files.
        report: Told that an export takes its time.

    Raises:
        ModelError: it is missing, or no such model.
    """
    if (Path(name).expanduser() / ABOUT).is_file():
        return Path(name).expanduser()
    model = resolve_model(name, cache_dir=cache_dir)
    folder = cache_dir / "readers" / model.sha256[:16]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not (folder / ABOUT).is_file():
            report(f"Exporting the reader {name} to ONNX: once on this machine, some 20 seconds …")
            from qa.reader.export import export_named

            export_named(model, folder)
    return folder
