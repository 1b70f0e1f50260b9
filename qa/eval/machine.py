"""What the figures were measured on: processor, cores, system, Python. No host name, no path [I/O]."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Machine", "read_machine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Enough to judge a time by."""

    cpu: str
    """Model as the system names it; the architecture where it names none."""
    cores: int
    """Logical cores that this process may use."""
    system: str
    python: str
    """Version, "3.11.7"."""


def read_machine() -> Machine:
    """The machine this runs on."""
    return Machine(
        cpu=_linux_cpu(Path("/proc/cpuinfo")) or platform.processor() or platform.machine(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        system=platform.system(),
        python=platform.python_version(),
    )


def _linux_cpu(cpuinfo: Path) -> str:
    """The first model name in Linux's list of processors; empty elsewhere."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
