"""A file that `qa export` made -> the report that it carries [I/O]."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from index.formats.decode import DecodeError, decode
from qa.errors import ExportError
from qa.report.export.entities import Export
from qa.report.export.record import from_exported_json, unpacked

__all__ = ["export_in", "read_export"]

_PROPERTIES = "docProps/custom.xml"
MAX_PROPERTIES_BYTES = 200_000_000


def read_export(path: Path, *, max_bytes: int) -> Export:
    """The report in a file of any format but PDF.

    Args:
        path: The file.
        max_bytes: Larger ones are refused.

    Raises:
        ExportError: it cannot be read, or carries no report.
    """
    shown = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except OSError as error:
        raise ExportError(f"{shown} cannot be read ({error.strerror}); name a report that can be") from error
    if len(data) > max_bytes:
        raise ExportError(f"{shown} is larger than the {max_bytes / 1e6:g} MB that max_file_mb allows")
    return export_in(data, shown)


def export_in(data: bytes, shown: str) -> Export:
    """The report in the bytes of a file.

    Raises:
        ExportError: they carry none.
    """
    if data.startswith(b"%PDF"):
        raise ExportError(f"{shown} is a PDF, which carries no record; name the basket, or an export in another format")
    if data.startswith(b"PK\x03\x04"):
        return unpacked(_properties(data, shown), shown)
    try:
        text = decode(data, encoding=None).text
    except DecodeError as error:
        raise ExportError(f"{shown} is no text ({error.reason}); name a file that qa export made") from error
    return from_exported_json(text, shown) if text.lstrip().startswith("{") else unpacked(text, shown)


def _properties(data: bytes, shown: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entry = archive.getinfo(_PROPERTIES)
            if entry.file_size > MAX_PROPERTIES_BYTES:
                raise ExportError(
                    f"{shown} is no export of qa: its properties would unpack to {entry.file_size:,} bytes"
                )
            return archive.read(entry).decode("utf-8", "replace")
    except KeyError as error:
        raise ExportError(f"{shown} carries no record of its quotations; name a file that qa export made") from error
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise ExportError(f"{shown} is damaged ({error}); export it again") from error
