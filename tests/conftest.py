"""What several test files share: the packaged model's export and an index of the sample articles, made once."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from unittest import mock

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

# No test depends on a clock, and a busy machine is slow to draw examples.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

SEEDS = Path(__file__).parent.parent / "seeds"

RunQa = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def model_cache(shared_folder: Path) -> Path:
    """A cache folder with the export of the packaged model; shared by the processes of one test run.

    `QA_TEST_CACHE` names a folder that keeps it from one run to the next, which saves half a minute.
    """
    from index.encode import ensure_export, resolve_model

    cache = Path(os.environ.get("QA_TEST_CACHE") or shared_folder / "model-cache")
    assert ensure_export(resolve_model(None, cache_dir=cache), cache_dir=cache, report=lambda message: None)
    return cache


@pytest.fixture(scope="session")
def cli_environment(model_cache: Path, shared_folder: Path) -> Mapping[str, str]:
    """Variables for `qa` as a subprocess: nothing of the person who runs the tests, no network."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("QA_", "XDG_"))}
    return kept | {
        "QA_CACHE_DIR": str(model_cache),
        "XDG_CONFIG_HOME": str(shared_folder / "config"),
        "XDG_DATA_HOME": str(shared_folder / "data"),
        "XDG_STATE_HOME": str(shared_folder / "state"),
        "HF_HUB_OFFLINE": "1",
        "PYTHONUTF8": "1",
    }


@pytest.fixture(scope="session")
def run_qa(cli_environment: Mapping[str, str]) -> RunQa:
    """Run the command as a subprocess: `run_qa("ask", "Who?", cwd=…, stdin=…)`.

    `index` runs in this process, because importing torch takes it some 9 s; with `fresh=True` it is a subprocess too.
    """

    def run(
        *arguments: str, cwd: Path | None = None, stdin: str | None = None, fresh: bool = False, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        if "index" in arguments[:3] and not fresh:
            return run_here(arguments, cwd or Path.cwd(), {**cli_environment, **environment})
        return subprocess.run(
            [sys.executable, "-m", "qa", *arguments],
            cwd=cwd,
            input=stdin if stdin is not None else "",
            env={**cli_environment, **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def run_here(arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, as a subprocess would with that folder and those variables."""
    from qa.cli import run

    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run(arguments)
    return subprocess.CompletedProcess(list(arguments), code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def seeds_index(run_qa: RunQa, shared_folder: Path) -> Path:
    """The sample articles, indexed with the real model. Tests read it and leave it as it is."""
    folder = shared_folder / "seeds" / ".qa"
    with FileLock(shared_folder / "seeds.lock"):
        if not (folder / "vectors" / "manifest.json").exists():
            done = run_qa("--index", str(folder), "index", str(SEEDS))
            assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def in_environment(cli_environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of `cli_environment` in this process."""
    for key, value in cli_environment.items():
        monkeypatch.setenv(key, value)
