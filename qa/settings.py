"""Settings: user file, then `qa.toml` beside `.qa/`, then `QA_…` variables, then options [I/O].

Each overrides the one before. A `qa.toml` may have travelled with a folder, so it cannot name models or anything
outside that folder. Read by the command line only, and handed down from there.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from qa.errors import SettingsError

__all__ = ["FIELDS", "Origin", "Settings", "load_settings", "settings_template", "write_template"]

CHOICES = {
    "clipboard": ("auto", "native", "osc52", "file", "off"),
    "citation_style": ("plain", "footnote", "chicago", "apa", "mla", "inline"),
}
"""Setting -> the values it may have."""
FIELDS = ("text", "title", "date", "author", "outlet", "url", "language")
"""What a column of a table can be, as `index.formats.rows` has it."""
DEFAULT_EXCLUDE = (
    "README*",
    "LICENSE*",
    "CHANGELOG*",
    "CONTRIBUTING*",
    "SOURCES.md",
    "questions.jsonl",
    "node_modules",
)


def _setting(default: Any, about: str, *, personal: bool = False) -> Any:  # noqa: ANN401  # a field of any type
    return field(default=default, metadata={"about": about, "personal": personal})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. `personal` settings are not read from a `qa.toml`."""

    index: str | None = _setting(None, "the index folder; otherwise the nearest .qa/ here or above", personal=True)
    model: str | None = _setting(
        None, "encoder: a folder or a hub name; otherwise the packaged all-MiniLM-L6-v2", personal=True
    )
    reader: str | None = _setting(
        None,
        "reader: a folder or a hub name of a question-answering model; otherwise the one that ships",
        personal=True,
    )
    cache_dir: str | None = _setting(None, "where exported models are kept", personal=True)
    exclude: tuple[str, ...] = _setting(DEFAULT_EXCLUDE, "globs of files and folders that are not articles")
    encoding: str | None = _setting(None, "forced on every article; otherwise detected")
    fields: tuple[str, ...] = _setting((), "columns of tables that are named otherwise, such as text=Story")
    max_file_mb: float = _setting(20.0, "larger files, and larger ones in archives, are not read")
    max_unpacked_mb: float = _setting(200.0, "archives that unpack to more are not read")
    max_rows: int = _setting(50_000, "tables and archives with more articles are not read")
    read_seconds: float = _setting(60.0, "time to read one web page, PDF, Word file or mail")
    read_memory_mb: float = _setting(1000.0, "memory to read one of these (Linux)")
    threads: int = _setting(0, "processor threads for models; 0 leaves it to them")
    passages: int = _setting(12, "passages read for an answer")
    history: bool = _setting(True, "whether answers are kept", personal=True)
    history_days: int = _setting(0, "days that answers are kept; 0 keeps them until you delete them", personal=True)
    data_dir: str | None = _setting(None, "where answers are kept", personal=True)
    theme: str | None = _setting(None, "colours of the chat; otherwise the ones chosen last", personal=True)
    reduced_motion: bool = _setting(False, "nothing moves or fades in the chat", personal=True)
    clipboard: str = _setting("auto", "where copies go: auto, native, osc52, file or off", personal=True)
    citation_style: str | None = _setting(
        None, "plain, footnote, chicago, apa, mla or inline; otherwise the one chosen last in the chat", personal=True
    )
    keys: tuple[tuple[str, str], ...] = _setting(
        (), "keys of the chat, a table of actions; F1 in the chat names them", personal=True
    )


Origin = Mapping[str, str]
"""Key -> where its value comes from."""


def load_settings(
    *, user_file: Path, project_file: Path | None, environ: Mapping[str, str], options: Mapping[str, Any]
) -> tuple[Settings, Origin]:
    """Merge all layers; later ones win.

    Args:
        user_file: The person's own `config.toml`; need not exist.
        project_file: The `qa.toml` beside the index, if there is one.
        environ: Variables such as `QA_MODEL`.
        options: From the command line; None means not given.

    Raises:
        SettingsError: a file cannot be read, a key is unknown, or a value has the wrong type.
    """
    values: dict[str, Any] = {}
    origin = {name.name: "default" for name in fields(Settings)}
    for label, layer in _layers(user_file, project_file, environ, options):
        for key, value in layer.items():
            values[key] = _coerce(key, value, label)
            origin[key] = label
    return Settings(**values), origin


def settings_template() -> str:
    """A config.toml with every key commented out, its meaning and its default."""
    lines = ["# Settings of qa. A line that is commented out shows the default."]
    for setting in fields(Settings):
        shown = f"{setting.name} = {'{}' if setting.name == 'keys' else _toml(setting.default)}"
        lines += ["", f"# {setting.metadata['about']}", f"# {shown}"]
    return "\n".join(lines) + "\n"


def write_template(file: Path) -> None:
    """Write `settings_template` where the person's settings are to be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(settings_template(), encoding="utf-8")


def _layers(
    user_file: Path, project_file: Path | None, environ: Mapping[str, str], options: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield str(user_file), _read_toml(user_file)
    if project_file is not None:
        layer = _read_toml(project_file)
        for key in layer:
            if _known(key, str(project_file)).metadata["personal"]:
                raise SettingsError(
                    f"{project_file}: {key} cannot be set in a project's file, because such a file may come from "
                    f"somebody else; set it in {user_file}, with QA_{key.upper()} or with an option"
                )
        yield str(project_file), layer
    yield "environment", dict(_variables(environ))
    yield "option", {key: value for key, value in options.items() if value is not None}


def _variables(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    names = {f"QA_{setting.name.upper()}": setting.name for setting in fields(Settings)}
    for variable, value in environ.items():
        if variable in names:
            yield names[variable], value
        elif variable.startswith("QA_") and (near := difflib.get_close_matches(variable, names, n=1, cutoff=0.85)):
            # Other programs use QA_ too, so only what looks like a slip of the pen is an error.
            raise SettingsError(f"{variable} is no setting; did you mean {near[0]}?")


def _read_toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error


def _known(key: str, where: str) -> Any:  # noqa: ANN401  # dataclasses.Field is generic in its value
    by_name = {setting.name: setting for setting in fields(Settings)}
    if key in by_name:
        return by_name[key]
    near = difflib.get_close_matches(key, by_name, n=1, cutoff=0.0)[0]
    raise SettingsError(f"{where}: there is no setting {key!r}; did you mean {near!r}? (qa config show lists all)")


def _coerce(key: str, value: Any, where: str) -> Any:  # noqa: ANN401  # values of every type pass through
    where = {"environment": f"QA_{key.upper()}", "option": f"--{key}"}.get(where, where)
    default = _known(key, where).default
    if key == "encoding" and isinstance(value, str) and value and not _is_text_encoding(value):
        raise SettingsError(f"{where}: {value!r} is not a known text encoding; try utf-8, utf-16 or windows-1252")
    if key == "exclude":
        return _coerce_globs(key, value, where)
    if key == "keys":
        return _coerce_keys(key, value, where)
    if key == "fields":
        return _coerce_fields(key, value, where)
    if isinstance(default, bool):
        return _coerce_switch(key, value, where)
    if isinstance(default, (int, float)):
        return _coerce_number(key, value, where, default)
    if not isinstance(value, str):
        raise SettingsError(f"{where}: {key} = {value!r} must be a string")
    if key in CHOICES and value not in CHOICES[key] and (value or default is not None):
        near = difflib.get_close_matches(value, CHOICES[key], n=1, cutoff=0.0)[0]
        raise SettingsError(f"{where}: {key} = {value!r} is none of {', '.join(CHOICES[key])}; did you mean {near!r}?")
    return value or None


def _is_text_encoding(name: str) -> bool:
    try:
        "".encode(name)  # refuses hex, rot13 and other codecs that are not for text
    except LookupError:
        return False
    return True


def _coerce_globs(key: str, value: Any, where: str) -> tuple[str, ...]:  # noqa: ANN401  # as found in a file
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise SettingsError(f"{where}: {key} = {value!r} must be a list of globs, or one string with commas between them")


def _coerce_keys(key: str, value: Any, where: str) -> tuple[tuple[str, str], ...]:  # noqa: ANN401  # as found in a file
    if isinstance(value, str):  # of a variable: chat.new=ctrl+t answers.explain=x
        pairs = [part.partition("=") for part in value.split()]
        value = {name: keys if equals else None for name, equals, keys in pairs}
    if isinstance(value, Mapping):
        flat = dict(_flat(value))
        if all(isinstance(keys, str) for keys in flat.values()):
            return tuple(flat.items())
    raise SettingsError(f'{where}: {key} must be a table of strings, such as "chat.new" = "ctrl+t"')


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """TOML takes a dot in a bare key for a table of its own."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _coerce_fields(key: str, value: Any, where: str) -> tuple[str, ...]:  # noqa: ANN401  # as found in a file
    parts = tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
        raise SettingsError(f'{where}: {key} = {value!r} must be a list such as ["text=Story", "title=Headline"]')
    for part in parts:
        name, equals, column = part.partition("=")
        if name not in FIELDS or not equals or not column:
            raise SettingsError(f"{where}: {part!r} must be NAME=COLUMN, with one of {', '.join(FIELDS)} as NAME")
    return tuple(parts)


def _coerce_switch(key: str, value: Any, where: str) -> bool:  # noqa: ANN401  # as found in a file
    known = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if str(value).lower() not in known:
        raise SettingsError(f"{where}: {key} = {value!r} must be true or false")
    return known[str(value).lower()]


def _coerce_number(key: str, value: Any, where: str, default: float) -> float:  # noqa: ANN401  # as found in a file
    try:
        number = type(default)(str(value))  # str() keeps True and [] from passing for numbers
    except ValueError:
        kind = "a whole number" if isinstance(default, int) else "a number"
        raise SettingsError(f"{where}: {key} = {value!r} must be {kind}") from None
    least = 0 if key in {"threads", "history_days"} else 1 if isinstance(default, int) else 0.001
    if not least <= number < math.inf:
        raise SettingsError(f"{where}: {key} = {value!r} must be at least {least}, and finite")
    return number


def _toml(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{part}"' for part in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
