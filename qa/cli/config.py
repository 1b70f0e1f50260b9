"""`qa config show|path|init`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.errors import SettingsError


@click.group("config", epilog="Examples:  qa config show   qa config path   qa config init")
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
        rows = {key: {"value": value, "origin": origin[key]} for key, value in values.items()}
        click.echo(json.dumps({"schema_version": 1, "settings": rows}, indent=2, ensure_ascii=False))
        return
    width = max(map(len, values))
    for key, value in values.items():
        shown = ", ".join(value) if isinstance(value, tuple) else value
        click.echo(f"{key:<{width}}  {'(not set)' if shown is None else shown}  [{origin[key]}]")


@command.command("path")
@command_options
@pass_context
def path(context: Context) -> None:
    """Print the path of your settings file."""
    click.echo(context.user_file)


@command.command("init")
@command_options
@pass_context
def init(context: Context) -> None:
    """Write a settings file with every setting explained; an existing one stays."""
    from qa.settings import settings_template

    file = context.user_file
    if file.exists():
        raise SettingsError(f"{file} exists; edit it, or move it away first")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(settings_template(), encoding="utf-8")
    click.echo(file)
