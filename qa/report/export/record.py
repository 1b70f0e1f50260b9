"""What a report carries so that it can be checked later: its JSON, packed into letters that no format acts on. Pure.

The folders that articles lay in stay out of it: where they are on this computer is nobody's business, and `qa refresh`
finds an article again by its path below the folder that was indexed.
"""

from __future__ import annotations

import base64
import json
import re
import textwrap
import zlib
from dataclasses import asdict, replace
from typing import Any

from qa.errors import ExportError
from qa.history.records import from_json
from qa.report.export.entities import Export, Quoted

__all__ = ["exported_json", "from_exported_json", "packed", "unpacked"]

SCHEMA_VERSION = 1
MAX_UNPACKED_BYTES = 200_000_000
_BEGIN, _END = "BEGIN QA EXPORT", "END QA EXPORT"
_PACKED = re.compile(rf"{_BEGIN}\s+([A-Za-z0-9+/=\s]+?)\s+{_END}")
_LINE_CHARS = 76


def exported_json(export: Export) -> dict[str, Any]:
    """The report as plain values, without the folders of this computer."""
    sections = tuple(replace(s, quotations=tuple(map(_anywhere, s.quotations))) for s in export.sections)
    return {"schema_version": SCHEMA_VERSION, **asdict(replace(export, sections=sections))}


def from_exported_json(text: str, shown: str) -> Export:
    """The report that `exported_json` gave.

    Args:
        text: JSON.
        shown: What error messages call the file.

    Raises:
        ExportError: it is something else.
    """
    try:
        fields = json.loads(text)
        version = fields.pop("schema_version")
        export = from_json(Export, json.dumps(fields))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ExportError(
            f"{shown} is no export of qa ({type(error).__name__}: {error}); make one with qa export"
        ) from error
    if version != SCHEMA_VERSION:
        raise ExportError(f"{shown} has schema version {version}, this release reads {SCHEMA_VERSION}; export it again")
    assert isinstance(export, Export)  # the kind asked for
    return export


def packed(export: Export) -> str:
    """The report in lines of letters and digits, between two marks."""
    data = json.dumps(exported_json(export), separators=(",", ":")).encode("ascii")
    letters = base64.b64encode(zlib.compress(data, 9)).decode("ascii")
    return "\n".join([_BEGIN, *textwrap.wrap(letters, _LINE_CHARS), _END])


def unpacked(text: str, shown: str) -> Export:
    """The report that a text carries; the last one, should it hold several.

    Raises:
        ExportError: it carries none, or a damaged one.
    """
    found = _PACKED.findall(text)
    if not found:
        raise ExportError(
            f"{shown} carries no record of its quotations; name a file that qa export made, its last lines included"
        )
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(base64.b64decode("".join(found[-1].split()), validate=True), MAX_UNPACKED_BYTES)
        record = data.decode("ascii")
    except (ValueError, zlib.error) as error:
        raise ExportError(f"{shown}: its record of quotations is damaged ({error}); export it again") from error
    if not reader.eof:
        raise ExportError(f"{shown}: its record of quotations is cut short; export it again")
    return from_exported_json(record, shown)


def _anywhere(quoted: Quoted) -> Quoted:
    citation = quoted.passage.citation
    place = replace(citation.place, root="", mtime_ns=0, ctime_ns=0)
    return replace(quoted, passage=replace(quoted.passage, citation=replace(citation, place=place)))
