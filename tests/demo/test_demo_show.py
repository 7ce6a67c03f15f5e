"""The full-screen program: its rows fit every size, and it gives the terminal back."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator

import pyte
import pytest

from podium.core.text_width import text_columns
from podium.demo.picture import Picture

SGR = re.compile(r"\x1b\[[0-9;:]*m")


@pytest.mark.parametrize("columns", [2, 23, 24, 40, 60, 67, 69, 84, 120, 200])
@pytest.mark.parametrize("lines", [1, 4, 5, 7, 10, 13, 16, 24, 60])
def test_the_picture_fits(columns: int, lines: int) -> None:
    picture = Picture()
    for moment in range(3):
        rows = picture.rows(columns, lines, 1_700_000_000.0 + moment)
        assert len(rows) == lines
        assert max(text_columns(SGR.sub("", row)) for row in rows) < columns


def test_the_picture_moves_and_follows_a_new_size() -> None:
    picture = Picture()
    first = picture.rows(80, 24, 0.0)
    assert picture.rows(80, 24, 0.0) != first
    assert len(picture.rows(50, 12, 0.0)) == 12
    text = "".join(first)
    assert "\x1b[38;2;" in text
    assert "\x1b[38;5;" in text
    assert "港" in text
    assert "╭" in text


class Terminal:
    """The program in a PTY, its screen kept by a plain emulator."""

    def __init__(self, columns: int, lines: int) -> None:
        self.master, self.slave = pty.openpty()
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.output = b""
        self._set_size(columns, lines)
        self.settings = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "podium", "demo-show"],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
        )

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def resize(self, columns: int, lines: int) -> None:
        self.screen.resize(lines, columns)
        self._set_size(columns, lines)
        self.process.send_signal(signal.SIGWINCH)

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + 20
        while not any(text in row for row in self.screen.display):
            assert time.monotonic() < deadline, "\n".join(self.screen.display)
            self.read()

    def read(self) -> None:
        if select.select([self.master], [], [], 0.1)[0]:
            data = os.read(self.master, 65536)
            self.output += data
            self._stream.feed(data.replace(b"\x1b[4:3m", b""))

    def finish(self) -> int:
        code = self.process.wait(20)
        self.read()
        return code

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal(84, 24)
    yield terminal
    terminal.close()


def test_it_follows_the_size_and_q_gives_the_terminal_back(terminal: Terminal) -> None:
    terminal.wait_for("84×24")
    terminal.resize(60, 12)
    terminal.wait_for("60×12")
    os.write(terminal.master, b"q")
    assert terminal.finish() == 0
    assert terminal.output.startswith(b"\x1b[?1049h")
    assert terminal.output.endswith(b"\x1b[0m\x1b[?25h\x1b[?1049l")
    assert termios.tcgetattr(terminal.slave) == terminal.settings


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_gives_the_terminal_back(terminal: Terminal, number: signal.Signals) -> None:
    terminal.wait_for("84×24")
    terminal.process.send_signal(number)
    assert terminal.finish() == 0
    assert terminal.output.endswith(b"\x1b[?1049l")
    assert termios.tcgetattr(terminal.slave) == terminal.settings


def test_without_a_terminal_it_says_so() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "podium", "demo-show"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"needs a terminal" in done.stderr
