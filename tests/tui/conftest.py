"""What the tests of the screens share: services over the sample articles, a fixed clock, no motion."""

from __future__ import annotations

import asyncio
import inspect
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qa.cli.chat_services import ChatServices
from qa.cli.context import Context
from qa.tui.services import Paths, Preferences
from tests.conftest import SEEDS
from tests.tui.answering import AnsweringServices
from tests.tui.hosts import PackagedDouble


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run coroutine tests, each in a loop of its own; no plugin is needed for that."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


NOW = datetime(2025, 6, 2, 9, 30, tzinfo=UTC)

MakeServices = Callable[..., ChatServices]


@pytest.fixture
def make_services(in_environment: None, tmp_path: Path) -> MakeServices:
    """Services of an index folder: `make_services(folder, clipboard="file")`."""

    def make(folder: Path, **preferences: object) -> ChatServices:
        context = Context(options={"index": str(folder)}, quiet=True)
        values = {"reduced_motion": True, "clipboard": "file", **preferences}
        return ChatServices(
            context=context,
            paths=Paths(index=folder, state=tmp_path / "state"),
            preferences=Preferences(**values),  # type: ignore[arg-type]  # the tests' own words
            now=lambda: NOW,
        )

    return make


@pytest.fixture
def make_answering(own_services: ChatServices) -> Callable[..., AnsweringServices]:
    """`own_services` with an assistant that answers at once: `make_answering(theme="nord")`."""

    def make(**preferences: Any) -> AnsweringServices:
        return AnsweringServices(
            context=own_services.context,
            paths=own_services.paths,
            preferences=replace(own_services.preferences, **preferences),
            now=own_services.now,
        )

    return make


@pytest.fixture
def answering(make_answering: Callable[..., AnsweringServices]) -> AnsweringServices:
    """With the preferences of `make_services`."""
    return make_answering()


@pytest.fixture
def services(make_services: MakeServices, seeds_index: Path) -> ChatServices:
    """Services over the sample articles, with the real model."""
    return make_services(seeds_index)


@pytest.fixture
def own_services(make_services: MakeServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChatServices:
    """Services over an own copy of the sample articles in `articles/`, which a test may change; no torch."""
    shutil.copytree(SEEDS, tmp_path / "articles", ignore=shutil.ignore_patterns("SOURCES.md", "*.jsonl"))
    services = make_services(tmp_path / ".qa")
    services.context.__dict__["encoder"] = PackagedDouble(services.context.model)
    monkeypatch.chdir(tmp_path)
    services.sync([tmp_path / "articles"], on_progress=lambda _: None, cancelled=lambda: False)
    return services
