"""Articles that came from standing input: kept as files in a folder of the index, so that they can be read again [I/O].

They are a source like any other; taken out of the index, they are deleted, since nobody else has put them there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.errors import UnreadableFileError
from index.formats import ReaderProcess, ReadOptions, read_article
from index.formats.registry import FORMATS
from index.locations import is_inside
from index.writer import Writer

__all__ = ["STDIN_FOLDER", "delete_kept", "keep_article", "kept_files"]

STDIN_FOLDER = "stdin"
"""Below the index folder."""
_NAME = "standard input"


def keep_article(index_folder: Path, data: bytes, *, options: ReadOptions) -> Path:
    """Write an article to the index folder, to be indexed from there; return the folder that is its source.

    Raises:
        UnreadableFileError: no article can be made of `data`; nothing was written.
    """
    if len(data) > options.max_bytes:
        allowed = f"the {options.max_bytes / 1e6:g} MB that max_file_mb allows"
        raise UnreadableFileError(_NAME, f"more than {allowed}; give one article, or raise the setting")
    suffix = ".md" if data.startswith((b"---\n", b"---\r\n", b"+++\n")) else ""
    with ReaderProcess() as process:
        parsed = read_article(_NAME + suffix, data, options=options, process=process)
    folder = index_folder / STDIN_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{hashlib.sha256(data).hexdigest()[:12]}{FORMATS[parsed.format].suffixes[0]}"
    (folder / name).write_bytes(data)
    return folder


def kept_files(writer: Writer, files: Iterable[int]) -> Iterator[Path]:
    """Yield those of some files of the store that are kept in the index folder."""
    wanted = set(files)
    folder = (writer.folder.absolute() / STDIN_FOLDER).as_posix()
    for file in writer.files():
        if file.key in wanted and is_inside(file.file, folder):
            yield Path(file.file)


def delete_kept(paths: Iterable[Path]) -> None:
    """Delete files that were kept; one that is gone already is no fault."""
    for path in paths:
        path.unlink(missing_ok=True)
