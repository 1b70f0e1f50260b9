"""`__all__` says what a module offers, and nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import index
import qa


def modules() -> Iterator[str]:
    for package in (index, qa):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield found.name


@pytest.mark.parametrize("name", sorted(modules()))
def test_every_module_says_what_it_does_and_exports_what_it_has(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, "a module opens with what it turns into what"
    for exported in getattr(module, "__all__", ()):
        assert hasattr(module, exported)
