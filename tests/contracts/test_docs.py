"""The README and the help texts keep up with the program."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from qa import __version__
from qa.cli import _COMMANDS, main
from qa.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[tuple[str, click.Command]]:
    context = click.Context(main)
    found = []
    for name in _COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", inner) for sub, inner in command.commands.items()]
    return found


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_is_explained_and_in_the_readme(name: str, command: click.Command) -> None:
    assert f"qa {name}" in README
    assert command.help
    if not isinstance(command, click.Group) and " " not in name:
        assert command.epilog, "examples"
        assert command.epilog.startswith("Examples:")


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_option_has_a_help_text(name: str, command: click.Command) -> None:
    silent = [
        param.opts[0]
        for param in command.params
        if isinstance(param, click.Option) and not param.hidden and not param.help
    ]
    assert silent == []


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_is_in_the_readme_s_table(setting: object) -> None:
    name, about = setting.name, setting.metadata["about"]  # type: ignore[attr-defined]  # a dataclasses.Field
    personal = " (personal)" if setting.metadata["personal"] else ""  # type: ignore[attr-defined]
    assert f"| `{name}` | `QA_{name.upper()}` | {about}{personal} |" in README


def test_every_exit_code_is_in_the_readme() -> None:
    for code in (0, 1, 2, 3, 4, 5, 6, 7, 130):
        assert re.search(rf"^\| {code} \|", README, re.MULTILINE), code


def test_the_changelog_names_this_version_or_what_is_not_released_yet() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in changelog or "## [Unreleased]" in changelog


def test_every_dependency_states_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("[project.scripts]")]
    lines = [line for line in block.splitlines() if re.match(r'\s+"', line)]
    assert lines
    assert [line for line in lines if "#" not in line and "types-" not in line] == []


def test_every_key_of_the_chat_is_in_the_readme() -> None:
    from qa.tui.keymap import every_binding

    written = {"escape": "esc", "slash": "/", "question_mark": "?"}
    shown = set(re.findall(r"`([^`\n]+)`", README))
    missing = {}
    for binding in every_binding():
        first = binding.key.split(",")[0]
        if written.get(first, first) not in shown and first not in set("2345678"):
            missing[binding.id] = first
    assert missing == {}


def test_every_option_of_the_chat_is_in_the_readme() -> None:
    from qa.cli.chat import command

    options = [param.opts[0] for param in command.params if isinstance(param, click.Option)]
    common = {"--index", "--model", "--quiet", "--verbose", "--debug", "-q", "-v"}
    assert [option for option in options if option not in common and f"qa chat {option}" not in README] == []
