"""A report as DOCX or PDF, which pandoc makes [I/O]."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from qa.errors import ExportError
from qa.report.export.entities import Export
from qa.report.export.markdown import for_conversion

__all__ = ["converted"]

# Article text is escaped; nothing of it is to become markup even so.
_READER = "markdown-raw_html-raw_tex-raw_attribute-tex_math_dollars"
SECONDS = 300
_SHOWN_LINES = 3


def converted(export: Export, suffix: str) -> bytes:
    """The file that pandoc makes of a report.

    Args:
        export: The report.
        suffix: `.docx` or `.pdf`.

    Raises:
        ExportError: pandoc is not installed, or cannot make the file.
    """
    program = shutil.which("pandoc")
    if program is None:
        raise ExportError(
            f"pandoc is not installed, and only it makes a {suffix}: install it (pandoc.org), or choose --format html"
        )
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"report{suffix}"
        try:
            done = subprocess.run(
                [program, "-f", _READER, "-s", "-o", str(made)],
                input=for_conversion(export).encode(),
                capture_output=True,
                check=False,
                timeout=SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ExportError(f"pandoc could not make a {suffix} ({error}); choose --format html") from error
        if done.returncode != 0 or not made.exists():
            raise ExportError(_refused(suffix, done.stderr.decode("utf-8", "replace")))
        return made.read_bytes()


def _refused(suffix: str, stderr: str) -> str:
    said = " ".join(line.strip() for line in stderr.splitlines()[:_SHOWN_LINES] if line.strip())
    remedy = (
        "install a PDF engine that pandoc knows, such as weasyprint or typst, or choose"
        if suffix == ".pdf"
        else "choose"
    )
    return f"pandoc could not make a {suffix} ({said or 'it said nothing'}); {remedy} --format html"
