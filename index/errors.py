"""What can go wrong between a folder of articles and a hit.

CorpusError
├── InputError                a path, option or file that cannot be used
│   ├── PathNotFoundError     the path that was named does not exist
│   ├── MissingFolderError    a folder the index knows is not there (unmounted, mistyped)
│   └── UnreadableFileError   one file that cannot become an article; the others still can
├── NoIndexError              there is no index where one was looked for
│   ├── IndexFormatError      it was written in another format version
│   ├── IndexDamagedError     SQLite says the file is not sound
│   └── EncoderMismatchError  its vectors come from another encoder
├── IndexLockedError          another process is writing to it
└── ModelError                a model file is missing or is not the one expected

Every message names the thing, the value and the next step; messages are shown to people as they are.
"""

from __future__ import annotations

__all__ = [
    "CorpusError",
    "EncoderMismatchError",
    "IndexDamagedError",
    "IndexFormatError",
    "IndexLockedError",
    "InputError",
    "MissingFolderError",
    "ModelError",
    "NoIndexError",
    "PathNotFoundError",
    "UnreadableFileError",
]


class CorpusError(Exception):
    """Base of every error that `index` raises on purpose."""


class InputError(CorpusError):
    """A path, option or file cannot be used."""


class PathNotFoundError(InputError):
    """The path that was named does not exist."""


class MissingFolderError(InputError):
    """A folder that the index knows is not there; nothing was removed because of it."""


class UnreadableFileError(InputError):
    """One file cannot become an article. `reason` says why and what to do, without the file's name."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class NoIndexError(CorpusError):
    """No usable index; the message names the command that makes one."""


class IndexFormatError(NoIndexError):
    """The index was written in a format version that this release does not read."""


class IndexDamagedError(NoIndexError):
    """SQLite cannot read the index."""


class EncoderMismatchError(NoIndexError):
    """The index was embedded with another encoder than the one asked for."""


class IndexLockedError(CorpusError):
    """Another process is writing to the index."""


class ModelError(CorpusError):
    """A model file is missing or its hash is not the expected one."""
