"""What each command loads, seen from outside: a fresh interpreter that lists its modules."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

PARSERS = {"trafilatura", "lxml", "pypdfium2", "docx", "py3langid"}
"""Of article formats; loaded with the first file that needs one, in a process of its own."""
HEAVY = {"torch", "sentence_transformers", "transformers", "faiss", "onnxruntime", "textual", "numpy", "rich"} | PARSERS

_LISTING = """
import json, sys
from qa.cli import run
code = run(json.loads(sys.argv[1]))
print(json.dumps([code, sorted(name for name in sys.modules if "." not in name)]), file=sys.stderr)
"""


def modules_after(*arguments: str, environment: Mapping[str, str] | None = None) -> tuple[int, set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", _LISTING, json.dumps(arguments)],
        env=dict(environment) if environment else None,
        capture_output=True,
        text=True,
        check=True,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["index", "--help"], ["ask", "--help"], []])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code, modules = modules_after(*arguments)
    assert code == 0
    assert not modules & HEAVY


def test_every_help_text_loads_nothing_heavy() -> None:
    from qa.cli import _COMMANDS

    for name in _COMMANDS:
        code, modules = modules_after(name, "--help")
        assert code == 0, name
        assert not modules & (HEAVY - {"numpy"}), name


def test_asking_loads_no_torch(seeds_index: Path, cli_environment: Mapping[str, str]) -> None:
    code, modules = modules_after(
        "ask", "--index", str(seeds_index), "How many US troops are in Japan?", environment=cli_environment
    )
    assert code == 0
    assert "onnxruntime" in modules
    assert not modules & {"torch", "sentence_transformers", "transformers", "textual", *PARSERS}


def test_lexical_search_loads_no_model(seeds_index: Path, cli_environment: Mapping[str, str]) -> None:
    code, modules = modules_after(
        "search", "--index", str(seeds_index), "--mode", "lexical", "Okinawa", environment=cli_environment
    )
    assert code == 0
    assert not modules & {"torch", "sentence_transformers", "onnxruntime", "tokenizers", "faiss"}


def test_an_index_that_is_up_to_date_loads_no_model(seeds_index: Path, cli_environment: Mapping[str, str]) -> None:
    code, modules = modules_after("index", "--index", str(seeds_index), environment=cli_environment)
    assert code == 0
    assert not modules & {"torch", "sentence_transformers", "onnxruntime", "faiss", *PARSERS}


def test_articles_of_text_load_no_parser_and_pages_load_theirs_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The port closed.")
    (tmp_path / "b.html").write_text("<!doctype html><p>The port closed on Monday, its operator said.")
    (tmp_path / "c.pdf").write_text("%PDF-1.7 cut")
    code, modules = modules_after("index", "--index", str(tmp_path / ".qa"), "--check", str(tmp_path))
    assert code == 5
    assert not modules & {"torch", "sentence_transformers", "onnxruntime", *PARSERS}


_FIRST_PAINT = """
import json, sys
from qa.cli.chat import chat_services
from qa.cli.context import Context
from qa.tui.app import ChatApp

def painted():
    print(json.dumps(sorted(name for name in sys.modules if "." not in name)), file=sys.stderr)
    app.exit()

app = ChatApp(chat_services(Context(options={"index": sys.argv[1]}), keep=True), on_first_paint=painted)
app.run(headless=True)
"""


def test_the_first_paint_of_the_chat_waits_for_no_model(seeds_index: Path, cli_environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_PAINT, str(seeds_index)],
        env=dict(cli_environment),
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(json.loads(done.stderr.splitlines()[-1]))
    assert "textual" in modules
    assert not modules & {
        "torch",
        "sentence_transformers",
        "transformers",
        "faiss",
        "onnxruntime",
        "numpy",
        "tokenizers",
    }
