"""A plain or gzipped file -> numbered lines, JSON objects, checked fields [I/O].

Gzip is told by the first two bytes, not by the name.
"""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import InputError, PathNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["Record", "first_existing", "json_object", "read_json", "read_lines", "read_records"]

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object and where it was read, so that a wrong field can be named."""

    where: str
    """File and line, or file and place in it: "questions.jsonl, line 3"."""
    fields: Mapping[str, object]

    def text(self, key: str) -> str:
        """The text under `key`, which must be there and not blank."""
        value = self.fields.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, "expected a text that is not empty")
        return value

    def text_or(self, key: str, default: str) -> str:
        """The text under `key`, maybe empty; `default` where it is missing or null."""
        value = self.fields.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.error(key, "expected a text")
        return value

    def identifier(self, key: str) -> str:
        """The id under `key`: a text that is not blank, or a whole number, given as text."""
        value = self.fields.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text(key)

    def flag_or(self, key: str, default: bool) -> bool:
        """The truth value under `key`; `default` where it is missing or null."""
        value = self.fields.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.error(key, "expected true or false")
        return value

    def items(self, key: str, *, required: bool = True) -> list[object]:
        """The list under `key`; empty where it is missing or null and not required."""
        value = self.fields.get(key)
        if value is None and not required:
            return []
        if not isinstance(value, list):
            raise self.error(key, "expected a list")
        return value

    def records(self, key: str, *, required: bool = True) -> list[Record]:
        """The objects in the list under `key`, each knowing its place."""
        found = []
        for number, value in enumerate(self.items(key, required=required)):
            place = f"{self.where}, {key}[{number}]"
            found.append(Record(place, json_object(value, place)))
        return found

    def error(self, key: str, expected: str) -> InputError:
        """What to raise when `key` holds something else than `expected`."""
        if key not in self.fields:
            return InputError(f'{self.where}: no "{key}"; {expected}: add it')
        return InputError(f'{self.where}: "{key}" is {_shown(self.fields[key])}; {expected}: correct it')


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, without their line end, each with its number from 1."""
    number = 0
    with _explained(path), path.open("rb") as raw:
        magic = raw.read(2)
        raw.seek(0)
        with gzip.open(raw) if magic == _GZIP_MAGIC else raw as stream:
            for number, line in enumerate(stream, start=1):
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                except UnicodeDecodeError as error:
                    raise InputError(f"{path}, line {number}: not UTF-8 ({error.reason}); save it as UTF-8") from None
                if text.strip():
                    yield number, text


def read_records(path: Path) -> Iterator[Record]:
    """The JSON object on each line of a JSON lines file."""
    for number, line in read_lines(path):
        where = f"{path}, line {number}"
        yield Record(where, json_object(_parsed(line, path, number), where))


def read_json(path: Path) -> object:
    """The JSON value that a whole file holds."""
    with _explained(path):
        data = path.read_bytes()
        text = (gzip.decompress(data) if data.startswith(_GZIP_MAGIC) else data).decode("utf-8-sig")
    return _parsed(text, path, 1)


def json_object(value: object, where: str) -> dict[str, object]:
    """`value` itself when it is a JSON object. Raises InputError otherwise."""
    if not isinstance(value, dict):
        raise InputError(f"{where}: found {_shown(value)}; expected a JSON object in braces")
    return value


def first_existing(folder: Path, names: Sequence[str]) -> Path:
    """The first of `names` that `folder` holds, plain or with `.gz` added."""
    if not folder.is_dir():
        missing = "no such folder" if not folder.exists() else "is not a folder"
        raise PathNotFoundError(f"{folder}: {missing}; name one that holds {names[0]}")
    for name in names:
        for candidate in (folder / name, folder / f"{name}.gz"):
            if candidate.is_file():
                return candidate
    raise PathNotFoundError(f"{folder}: holds no {' or '.join(names)} (.gz is read too); add it")


def _parsed(text: str, path: Path, first_line: int) -> object:
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"{path}, line {first_line + error.lineno - 1}"
        raise InputError(f"{place}: not JSON ({error.msg}, column {error.colno}); correct it there") from None
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, a list 1,000 deep
        raise InputError(f"{path}, line {first_line}: JSON that cannot be read ({error}); simplify it") from None
    return value


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turns what can go wrong with the bytes of a file into a message about the file."""
    try:
        yield
    except FileNotFoundError:
        raise PathNotFoundError(f"{path}: no such file; check the path") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name a file in it") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path}: damaged gzip file ({error}); fetch it again") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}); check its permissions") from None


def _shown(value: object) -> str:
    """A JSON value in a message, shortened."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"
