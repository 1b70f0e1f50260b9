"""`qa` and `qa chat` as commands: in a real terminal, line by line, and without a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pexpect
import pyte
import pytest

from tests.conftest import RunQa

QUESTION = "How many US troops are in Japan?"
PATIENCE_S = 120
ESCAPE_S = 0.5
"""A terminal sends an escape sequence faster than that; a person's next key comes later."""


class Terminal:
    """A command in a pseudo terminal of 100 by 30, and what a person would see there."""

    def __init__(self, command: list[str], environment: Mapping[str, str], cwd: Path) -> None:
        self.screen = pyte.Screen(100, 30)
        self._stream = pyte.Stream(self.screen)
        self.process = pexpect.spawn(
            command[0], command[1:], env={**environment, "TERM": "xterm-256color"}, cwd=str(cwd), dimensions=(30, 100)
        )
        self.raw = ""

    def read(self) -> None:
        try:
            text = self.process.read_nonblocking(65_536, timeout=0.1).decode("utf-8", "replace")
        except (pexpect.TIMEOUT, pexpect.EOF):
            return
        self.raw += text
        # pyte takes queries of the keyboard protocol for text
        self._stream.feed(re.sub(r"\x1b\[[<>=?][\d;]*[ucqp$]+|\x1b\[\?[\d;]*\$p", "", text))

    @property
    def shown(self) -> str:
        return "\n".join(self.screen.display)

    def until(self, words: str) -> str:
        end_s = time.monotonic() + PATIENCE_S
        while words not in self.shown:
            assert time.monotonic() < end_s, f"{words!r} did not come:\n{self.shown}"
            assert self.process.isalive() or words in self.shown, self.shown
            self.read()
        return self.shown

    def end(self) -> int | None:
        """Read to the end; the exit code."""
        self.process.expect(pexpect.EOF, timeout=PATIENCE_S)
        self.raw += (self.process.before or b"").decode("utf-8", "replace")
        self.process.close()
        code: int | None = self.process.exitstatus
        return code

    def press(self, keys: str) -> None:
        self.process.send(keys)
        end_s = time.monotonic() + ESCAPE_S
        while time.monotonic() < end_s:
            self.read()


_SHELL = """
stty -g >before
sh -c 'echo $$ >pid; exec "$@"' sh "$@"
code=$?
stty -g >after
exit $code
"""


@pytest.fixture
def terminal(seeds_index: Path, cli_environment: Mapping[str, str], tmp_path: Path) -> Iterator[Terminal]:
    environment = {
        **cli_environment,
        "QA_INDEX": str(seeds_index),
        "QA_CLIPBOARD": "file",
        "XDG_DATA_HOME": str(tmp_path),
    }
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    opened = Terminal(["/bin/sh", "-c", _SHELL, "sh", sys.executable, "-m", "qa"], environment, tmp_path)
    yield opened
    opened.process.close(force=True)


def test_from_the_start_to_a_cited_answer_its_article_a_copy_and_a_clean_end(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.until("Ask the articles")
    terminal.press(QUESTION)
    terminal.press("\r")
    terminal.until("54,000")
    assert "[1]" in terminal.shown
    terminal.until("answered · confidence")
    terminal.press("\x1b")
    terminal.press("1")
    terminal.press("\r")
    terminal.until("citation 1 of")
    terminal.until("The United States has about 54,000 troops in Japan")
    terminal.press("y")
    terminal.until("last-copy.txt")
    terminal.press("\x11")
    assert terminal.end() == 0
    assert_sane(terminal, tmp_path)


def test_terminated_from_elsewhere_it_leaves_the_terminal_as_it_was(terminal: Terminal, tmp_path: Path) -> None:
    terminal.until("ready · 19 articles")
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGTERM)
    assert terminal.end() == 143
    assert_sane(terminal, tmp_path)


def test_a_chat_whose_window_is_closed_ends_though_nobody_tells_it(
    seeds_index: Path, cli_environment: Mapping[str, str], tmp_path: Path
) -> None:
    """A command such as make, which started it, keeps the hangup to itself."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    command = [sys.executable, "-m", "qa", "--index", str(seeds_index), "chat"]
    environment = {**cli_environment, "TERM": "xterm-256color", "XDG_DATA_HOME": str(tmp_path)}
    # of a session of its own it has no controlling terminal, hence no hangup
    chat = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment, start_new_session=True)
    os.close(its)
    painted = b""
    while b"Ask the articles" not in painted:
        painted += os.read(ours, 65_536)
    os.close(ours)
    try:
        assert chat.wait(PATIENCE_S) != 0
    finally:
        chat.kill()


def assert_sane(terminal: Terminal, folder: Path) -> None:
    """The screen, the cursor, the mouse and the modes of the line are given back."""
    for switched_on, switched_off in (
        ("\x1b[?1049h", "\x1b[?1049l"),
        ("\x1b[?25l", "\x1b[?25h"),
        ("\x1b[?1000h", "\x1b[?1000l"),
    ):
        assert terminal.raw.rindex(switched_on) < terminal.raw.rindex(switched_off)
    assert (folder / "after").read_text() == (folder / "before").read_text()


def test_what_is_typed_before_the_first_paint_is_not_lost(terminal: Terminal) -> None:
    terminal.process.send(f"{QUESTION}\r")
    terminal.until("54,000")
    assert QUESTION in terminal.shown


def test_without_a_terminal_there_is_help_and_no_error(run_qa: RunQa) -> None:
    for arguments in ([], ["chat"]):
        done = run_qa(*arguments)
        assert done.returncode == 0
        assert "Usage: qa" in done.stdout


def test_the_plain_chat_answers_every_line_and_knows_the_commands(run_qa: RunQa, seeds_index: Path) -> None:
    lines = [QUESTION, "/read 1", "/since 2025-05", "/histroy", "/help", "", "/quit", "never asked"]
    done = run_qa("--index", str(seeds_index), "chat", "--plain", "--no-history", stdin="\n".join(lines))
    assert done.returncode == 0
    assert "us-forces-in-japan.txt" in done.stdout
    assert re.search(r"^[> ] +\d+  \S", done.stdout, re.MULTILINE), "the sentences that /read prints"
    assert "/explain" in done.stdout
    assert "Asking the articles since 2025-05-01: 1 of 19" in done.stderr
    assert "There is no command /histroy. Did you mean /history?" in done.stderr
    assert "\x1b" not in done.stdout


def test_the_plain_chat_without_an_index_names_the_command_that_makes_one(run_qa: RunQa, tmp_path: Path) -> None:
    done = run_qa("--index", str(tmp_path / ".qa"), "chat", "--plain", stdin=QUESTION)
    assert done.returncode == 3
    assert "qa index" in done.stderr


def test_the_plain_chat_keeps_its_answers_and_goes_on_with_an_earlier_conversation(
    run_qa: RunQa, seeds_index: Path, tmp_path: Path
) -> None:
    data = {"QA_DATA_DIR": str(tmp_path)}
    run_qa("--index", str(seeds_index), "chat", "--plain", stdin=QUESTION, **data)
    later = "/history\n/history 1\nWhere is Okinawa?\n"
    done = run_qa("--index", str(seeds_index), "chat", "--plain", stdin=later, **data)
    assert f"{QUESTION}  (1)" in done.stdout
    listed = run_qa("history", "--json", **data)
    assert '"questions": 2' in listed.stdout


def test_the_picture_of_the_chat_holds_the_question(run_qa: RunQa, seeds_index: Path, tmp_path: Path) -> None:
    file = tmp_path / "chat.svg"
    done = run_qa("--index", str(seeds_index), "chat", "--screenshot", str(file), QUESTION)
    assert done.returncode == 0, done.stderr
    svg = file.read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert "troops" in svg


def test_the_time_to_the_first_paint_is_printed(run_qa: RunQa, seeds_index: Path) -> None:
    done = run_qa("--index", str(seeds_index), "chat", "--startup-time")
    assert re.fullmatch(r"\d+ ms from process start to first paint\n", done.stdout)
