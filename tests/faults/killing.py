"""Runs a function in a forked child and kills it with SIGKILL at a chosen event.

An event is the start of an SQLite statement, a few thousand of its steps, or an operation on a file. Each belongs to
the stage of the sync in which it happens, so that kills can be spread over the stages.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import signal
import sqlite3
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import faiss
import pytest

from index import rebuild, schema, vector_files
from index.writer import Writer

STEPS = 3_000
"""Virtual machine steps of SQLite from one event to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KillPoint:
    """When a child dies."""

    stage: str
    event: int
    """From 0, within the stage."""
    by_parent: bool
    """The parent kills it a little later, in whatever it is doing then; otherwise it kills itself on the spot."""


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a forked child; return its exit status, negative for a signal."""
    pid = _fork(work)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def count_events(work: Callable[[], object]) -> Counter[str]:
    """How many events each stage of `work` has, run to its end in a child."""
    reading, writing = os.pipe()

    def counted() -> None:
        counts: Counter[str] = Counter()
        _trace(lambda stage: counts.update([stage]))
        work()
        os.write(writing, json.dumps(counts).encode())

    pid = _fork(counted)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    assert os.waitpid(pid, 0)[1] == 0, "the undisturbed run failed"
    return Counter(json.loads(answer))


def kill(work: Callable[[], object], at: KillPoint) -> bool:
    """Run `work` in a child that is killed at a point; False when it had finished before."""
    reading, writing = os.pipe()
    seen: Counter[str] = Counter()

    def event(stage: str) -> None:
        seen[stage] += 1
        if stage == at.stage and seen[stage] == at.event + 1:
            if at.by_parent:
                os.write(writing, b"!")
            else:
                os.kill(os.getpid(), signal.SIGKILL)

    def traced() -> None:
        _trace(event)
        work()

    pid = _fork(traced)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        if pipe.read(1):
            time.sleep(at.event % 7 / 10_000)  # 0 to 0.6 ms: inside writes and syncs, not only between them
            os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status in (0, -signal.SIGKILL), f"the child ended with {status}"
    return status != 0


def _fork(work: Callable[[], object]) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 and up warn of forks beside threads
        pid = os.fork()
    if pid == 0:
        _run(work)
    return pid


def _run(work: Callable[[], object]) -> NoReturn:
    status = 1
    try:
        faiss.omp_set_num_threads(1)  # OpenMP's threads do not survive a fork
        work()
        status = 0
    except BaseException:  # noqa: BLE001, RUF100  # the child must not return into the test runner
        traceback.print_exc()
    finally:
        os._exit(status)


class _Stages:
    """Names the innermost stage that is running."""

    def __init__(self, event: Callable[[str], None]) -> None:
        self.stack = ["sync"]
        self._event = event

    def event(self) -> None:
        self._event(self.stack[-1])

    def named(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def staged(*args: Any, **kwargs: Any) -> Any:
            self.stack.append(name)
            try:
                return function(*args, **kwargs)
            finally:
                self.stack.pop()

        return staged

    def counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def with_events(*args: Any, **kwargs: Any) -> Any:
            self.event()
            result = function(*args, **kwargs)
            self.event()
            return result

        return with_events


def _trace(event: Callable[[str], None]) -> None:
    """Call `event` with the stage at every event from now on. Never undone: the process is a child about to end."""
    stages, patch = _Stages(event), pytest.MonkeyPatch()
    connect = schema._connect

    def traced(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(lambda _: stages.event())
        connection.set_progress_handler(lambda: stages.event(), STEPS)
        return connection

    patch.setattr(schema, "_connect", traced)
    for owner, name, stage in (
        (schema, "create", "create"),
        (vector_files, "write_generation", "merge"),
        (Writer, "tidy", "tidy"),
        (rebuild, "_replace", "replace"),
    ):
        patch.setattr(owner, name, stages.named(stage, getattr(owner, name)))
    operations: tuple[tuple[Any, str], ...] = (
        (os, "fsync"),
        (os, "mkdir"),
        (os, "rmdir"),
        (os, "unlink"),
        (Path, "replace"),
        (Path, "write_text"),
        (shutil, "rmtree"),
        (faiss, "write_index"),
    )
    for owner, name in operations:
        patch.setattr(owner, name, stages.counted(getattr(owner, name)))
