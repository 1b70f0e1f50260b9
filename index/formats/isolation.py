"""Readers that might hang or die, in a process of their own [I/O].

Parsers of PDF, HTML and Word files are written in C and meet files made by anybody. One that takes too long is ended,
one that takes too much memory or dies is reported, and the run goes on with the next file in a new process.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from index.formats.entities import Extracted, FormatError, ReadOptions

__all__ = ["ReaderProcess"]

_LENGTH = struct.Struct(">Q")
_START = (
    "import sys; sys.path[:] = sys.argv[1:]; from index.formats.isolation import serve; "
    "serve(sys.stdin.buffer, sys.stdout.buffer)"
)


class ReaderProcess:
    """Reads one file after the other in a process that is started with the first; a context manager that ends it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._too_late = False

    def __enter__(self) -> ReaderProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read(self, format_name: str, data: bytes, *, options: ReadOptions) -> Extracted:
        """Return what the reader of a format finds in `data`.

        Raises:
            FormatError: Nothing, or not within the limits of `options`.
        """
        process = self._running()
        self._too_late = False
        timer = threading.Timer(options.seconds, self._give_up, [process])
        timer.start()
        try:
            assert process.stdin is not None  # both are pipes
            assert process.stdout is not None
            _send(process.stdin, pickle.dumps((format_name, data, options)))
            answer = pickle.loads(_receive(process.stdout))  # from our own process
        except (OSError, EOFError) as error:
            self._end()
            raise FormatError(self._why_it_ended(process, options)) from error
        except BaseException:  # interrupted: what the process would answer belongs to nobody
            self._end()
            raise
        finally:
            timer.cancel()
        if isinstance(answer, Extracted):
            return answer
        raise FormatError(answer)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            package = str(Path(__file__).resolve().parents[2])
            paths = [package, *(path for path in sys.path if os.path.isabs(path) and path != package)]  # noqa: PTH117
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, *paths],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=os.name != "nt",  # Ctrl-C is for the run, which then ends this process
            )
        return self._process

    def _give_up(self, process: subprocess.Popen[bytes]) -> None:
        self._too_late = True
        process.kill()

    def _why_it_ended(self, process: subprocess.Popen[bytes], options: ReadOptions) -> str:
        if self._too_late:
            return (
                f"not read within the {options.seconds:g} seconds that read_seconds allows; "
                "leave it out with --exclude, or raise the setting"
            )
        return f"damaged: its reader died of it (exit status {process.returncode}); get the file again"

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not sent yet
                pipe.close()  # type: ignore[union-attr]  # both are pipes


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until the pipe is closed: the main function of the process."""
    answers = os.fdopen(os.dup(answers.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not answer for us
    limited = False
    while True:
        try:
            format_name, data, options = pickle.loads(_receive(requests))  # from the process that started this one
        except EOFError:
            return
        if not limited:
            _limit_memory(options.memory_bytes)
            limited = True
        _send(answers, pickle.dumps(_answer(format_name, data, options)))


def _answer(format_name: str, data: bytes, options: ReadOptions) -> Extracted | str:
    from index.formats.registry import FORMATS

    try:
        return FORMATS[format_name].reader()(data, options=options)
    except FormatError as error:
        return error.reason
    except MemoryError:
        allowed = f"the {options.memory_bytes / 1e6:g} MB that read_memory_mb allows"
        return f"takes more memory than {allowed}; leave it out with --exclude, or raise the setting"
    except RecursionError:
        return "nested too deeply to be read; leave it out with --exclude"
    except Exception as error:  # parsers raise anything for damaged files; this is the outer edge
        return f"damaged ({type(error).__name__}: {' '.join(str(error).split())[:200]}); get the file again"


def _limit_memory(most: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    with suppress(ValueError, OSError):  # the system's own limit is lower, or it has none
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data
