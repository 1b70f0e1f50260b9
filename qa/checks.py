"""What `qa doctor` looks at beside the index: the reader's files and the history, each check one `Finding` [I/O]."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from index.checks.finding import Finding, fault, ok, warning
from index.errors import ModelError
from qa.errors import HistoryError
from qa.history.file import reading
from qa.history.records import decode
from qa.reader.shipped import REINSTALL, WEIGHTS, check_files, load_calibration
from qa.report.kept_passage import decoded

__all__ = ["check_history", "check_reader"]


def check_reader(folder: Path = WEIGHTS) -> Finding:
    """Every file of the reader is there with the hash expected; all of them are read, no model is loaded."""
    try:
        faults = check_files(folder)
        load_calibration(folder)
    except ModelError as error:
        return fault(str(error).partition("; ")[0], REINSTALL)
    return fault("; ".join(faults), REINSTALL) if faults else ok(f"the reader's files in {folder} have their hashes")


def check_history(file: Path) -> Finding:
    """Every kept answer and pin can be read, and by nobody else."""
    if not file.exists():
        return ok(f"nothing was kept yet; answers would be in {file}")
    try:
        with reading(file) as connection:
            problems = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
            answers = [decode(text) for (text,) in connection.execute("SELECT answer FROM turns")]
            pins = [decoded(text) for (text,) in connection.execute("SELECT record FROM pins")]
    except HistoryError as error:
        detail, _, remedy = str(error).rpartition("; ")
        return fault(detail, remedy)
    if problems:
        return fault(f"{file} is damaged ({', '.join(problems)})", "move it away to begin a new history")
    mode = stat.S_IMODE(file.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        return warning(f"{file} can be read by others (mode {mode:04o})", f"chmod 600 {file}")
    return ok(f"{len(answers)} answers and {len(pins)} pins in {file}, for your eyes only")
