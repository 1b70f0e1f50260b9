from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long runs are left out unless they are asked for with `-m fault`."""
    if "fault" in config.option.markexpr:
        return
    long_runs = [item for item in items if item.get_closest_marker("fault")]
    if long_runs:
        config.hook.pytest_deselected(items=long_runs)
        items[:] = [item for item in items if not item.get_closest_marker("fault")]
