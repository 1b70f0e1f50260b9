"""A reader that hangs, dies or eats memory: real ones, put in the place of the reader of text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.formats import ReaderProcess, ReadOptions
from index.formats.entities import FormatError

# The process finds this module in front of the real one.
_BAD_READER = """
import os, time
from index.formats.entities import Extract, Extracted
from index.formats.header import Header

def read(data, *, options):
    if data == b"hang":
        time.sleep(600)
    if data == b"die":
        os._exit(139)
    if data == b"eat":
        bytearray(options.memory_bytes * 2)
    if data == b"print":
        print("noise" * 1000)
        os.write(1, b"noise")
    if data == b"deep":
        return read(data, options=options)
    if data == b"raise":
        raise ZeroDivisionError("by zero")
    return Extracted(extracts=(Extract(text=data.decode(), header=Header()),))
"""


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ReaderProcess]:
    module = tmp_path / "sitecustomize.py"
    module.write_text(
        "import sys, types\nmodule = types.ModuleType('index.formats.text')\n"
        f"exec({_BAD_READER!r}, module.__dict__)\nsys.modules['index.formats.text'] = module\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[4]}")
    monkeypatch.syspath_prepend(str(tmp_path))
    with ReaderProcess() as running:
        yield running


def read(process: ReaderProcess, data: bytes, *, seconds: float = 60) -> str:
    options = ReadOptions(seconds=seconds, memory_bytes=500_000_000)
    return process.read("text", data, options=options).extracts[0].text


def test_one_that_hangs_is_ended_and_the_next_file_is_read(process: ReaderProcess) -> None:
    assert read(process, b"fine") == "fine"
    with pytest.raises(FormatError, match=r"not read within the 0\.5 seconds that read_seconds allows"):
        read(process, b"hang", seconds=0.5)
    assert read(process, b"fine") == "fine"


def test_one_that_dies_is_told_and_the_next_file_is_read(process: ReaderProcess) -> None:
    with pytest.raises(FormatError, match=r"its reader died of it \(exit status 139\)"):
        read(process, b"die")
    assert read(process, b"fine") == "fine"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits it")
def test_one_that_takes_too_much_memory_is_told(process: ReaderProcess) -> None:
    with pytest.raises(FormatError, match="takes more memory than the 500 MB that read_memory_mb allows"):
        read(process, b"eat")
    assert read(process, b"fine") == "fine"


@pytest.mark.parametrize(
    ("data", "why"), [(b"deep", "nested too deeply"), (b"raise", r"damaged \(ZeroDivisionError: by zero\)")]
)
def test_whatever_a_reader_raises_is_a_line_about_the_file(process: ReaderProcess, data: bytes, why: str) -> None:
    with pytest.raises(FormatError, match=why):
        read(process, data)


def test_what_a_library_prints_is_no_answer(process: ReaderProcess) -> None:
    assert read(process, b"print") == "print"


def test_a_large_file_goes_through(process: ReaderProcess) -> None:
    assert len(read(process, b"a" * 20_000_000)) == 20_000_000
