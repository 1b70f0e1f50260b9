"""What the index stands on: the articles' folders, the disk, the file system, the processor [I/O]."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

from index.checks.finding import Finding, fault, ok, warning
from index.errors import InputError, MissingFolderError
from index.store import Store
from index.sync import SyncOptions, check

__all__ = [
    "check_disk_space",
    "check_file_system",
    "check_files",
    "check_processor",
    "check_writable",
    "mounted_type",
]

_LEAST_FREE_BYTES = 500_000_000
_NETWORK = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "davfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4"}
    | {"ocfs2", "smb3", "smbfs"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.davfs2", "fuse.glusterfs", "fuse.ceph", "fuse.gvfsd-fuse"}
)


def check_files(store: Store, options: SyncOptions) -> Finding:
    """The folders are as they were when they were indexed."""
    try:
        report = check(store, [], options)
    except MissingFolderError as error:
        return warning(f"{error}".partition("; nothing was removed")[0], "mount or restore it, or: qa rm FOLDER")
    except InputError as error:
        return fault(str(error), "qa index FOLDER")
    skipped = f", {len(report.skipped)} skipped (qa status lists them)" if report.skipped else ""
    if report.differs:
        kinds = ("new", "changed", "moved", "removed")
        counts = ", ".join(f"{getattr(report, kind)} {kind}" for kind in kinds if getattr(report, kind))
        return warning(f"{counts} since they were indexed{skipped}", "qa index")
    return ok(f"{report.unchanged} files are as they were indexed{skipped}")


def check_writable(folder: Path) -> Finding:
    """The index can be changed."""
    blocked = [path for path in (folder, *folder.glob("*.sqlite")) if not os.access(path, os.W_OK)]
    if blocked:
        return warning(f"{blocked[0]} is read-only: it can be asked, not changed", f"chmod -R u+w {folder}")
    return ok("the index can be changed")


def check_disk_space(folder: Path) -> Finding:
    """There is room for a new generation."""
    free = shutil.disk_usage(folder).free
    if free < _LEAST_FREE_BYTES:
        return warning(f"{free / 1e6:.0f} MB are free on the disk of {folder}", "free some space before qa index")
    return ok(f"{free / 1e9:.1f} GB are free")


def check_file_system(folder: Path) -> Finding:
    """SQLite's write-ahead log needs shared memory and locks, which network file systems do not keep."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ok(f"not looked at on {platform.system()}")
    kind = mounted_type(folder.resolve(), mounts)
    if kind in _NETWORK:
        return warning(
            f"{folder} lies on a network file system ({kind}); with two computers at once the index can be damaged",
            "qa index --index LOCAL_FOLDER FOLDER",
        )
    return ok(f"a local file system ({kind or 'unknown'})")


def check_processor() -> Finding:
    """What the processor has for vectors; for information."""
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ok(f"{os.cpu_count()} x {platform.machine()}")
    flags = {flag for line in info.splitlines() if line.startswith(("flags", "Features")) for flag in line.split()}
    wanted = {"avx2": "AVX2", "avx512f": "AVX-512", "avx512_bf16": "bf16", "amx_bf16": "AMX", "asimd": "NEON"}
    has = ", ".join(name for flag, name in wanted.items() if flag in flags) or "no vector instructions known to us"
    return ok(f"{os.cpu_count()} x {platform.machine()}: {has}")


def mounted_type(path: Path, mounts: str) -> str | None:
    """File system type of a path, by the text of /proc/mounts; None when no line fits."""
    best: tuple[int, str] | None = None
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _unescape(fields[1])
        inside = point == "/" or path.as_posix() == point or path.as_posix().startswith(f"{point}/")
        if inside and (best is None or len(point) >= best[0]):  # a later mount covers an earlier one
            best = len(point), fields[2]
    return best[1] if best else None


def _unescape(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text
