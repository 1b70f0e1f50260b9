"""`qa config show|path|init`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.errors import SettingsError


@click.group("config", epilog="Examples:  qa config show   qa config path   qa config path --all   qa config init")
def command() -> None:
    """Show the settings and where they come from."""


@command.command("show")
@json_option
@command_options
@pass_context
def show(context: Context, *, as_json: bool) -> None:
    """Print every setting, its value and where that comes from."""
    values, origin = asdict(context.settings), context.origin
    if as_json:
        values["keys"] = dict(context.settings.keys)
        rows = {key: {"value": value, "origin": origin[key]} for key, value in values.items()}
        click.echo(json.dumps({"schema_version": 1, "settings": rows}, indent=2, ensure_ascii=False))
        return
    width = max(map(len, values))
    for key, value in values.items():
        if key == "keys":
            value = tuple(f"{name}={pressed}" for name, pressed in value)
        shown = ", ".join(value) if isinstance(value, tuple) else value
        click.echo(f"{key:<{width}}  {'(not set)' if shown is None else shown}  [{origin[key]}]")


@command.command("path")
@click.option("--all", "all_paths", is_flag=True, help="Every path in use, and whether something is there.")
@json_option
@command_options
@pass_context
def path(context: Context, *, all_paths: bool, as_json: bool) -> None:
    """Print the path of your settings file, or of everything that qa reads and writes."""
    from qa.cli.render import to_json
    from qa.visible import name_in_line

    paths = _paths(context) if all_paths else {"settings": context.user_file}
    if as_json:
        click.echo(to_json({"paths": {name: {"path": str(p), "exists": p.exists()} for name, p in paths.items()}}))
    elif not all_paths:
        click.echo(context.user_file)
    else:
        width = max(map(len, paths))
        for name, found in paths.items():
            click.echo(f"{name:<{width}}  {name_in_line(str(found))}{'' if found.exists() else '  (not there)'}")


def _paths(context: Context) -> dict[str, Path]:
    return {
        "settings": context.user_file,
        "project settings": context.project_file,
        "index": context.index_folder,
        "cache": context.cache_dir,
        "history": context.history_file,
        "state": context.state_dir,
    }


@command.command("init")
@command_options
@pass_context
def init(context: Context) -> None:
    """Write a settings file with every setting explained; an existing one stays."""
    from qa.settings import write_template

    file = context.user_file
    if file.exists():
        raise SettingsError(f"{file} exists; edit it, or move it away first")
    write_template(file)
    click.echo(file)
