"""When this process began [I/O]: what the operating system says, where it says it without another package."""

from __future__ import annotations

import os
import time
from pathlib import Path

__all__ = ["ms_since_process_start"]

_IMPORTED_S = time.perf_counter()
_STARTTIME_FIELD = 22
"""Of /proc/PID/stat, from 1: clock ticks after boot (proc_pid_stat(5))."""


def ms_since_process_start() -> float:
    """Milliseconds since the process was started, to 10 ms on Linux.

    Elsewhere since this module was imported, which leaves out the start of Python itself.
    """
    try:
        stat = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace")
        ticks = int(stat.rpartition(")")[2].split()[_STARTTIME_FIELD - 3])
        now_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        return (now_s - ticks / os.sysconf("SC_CLK_TCK")) * 1000
    except (OSError, AttributeError, ValueError, IndexError):
        return (time.perf_counter() - _IMPORTED_S) * 1000
