"""The longest paste in, all of it read by the program: neither its head nor its end is lost."""

import hashlib
import sys
from pathlib import Path

import pytest

from podium.core.protocol.reports import ErrorReport
from podium.core.protocol.requests import MAX_INPUT_BYTES, Paste
from tests.worker.test_foreground import Terminal
from tests.worker.test_foreground import terminal as terminal

READER = """
import hashlib, os, sys, termios, tty
tty.setraw(0)
os.write(1, sys.argv[1].encode() + b"up")
data = b""
while not data.endswith(sys.argv[2].encode()):
    data += os.read(0, 4096)
os.write(1, b"\\r\\n" + hashlib.sha256(data).hexdigest().encode())
"""


@pytest.mark.parametrize(
    ("setup", "before", "after"), [("", "", ""), ("\x1b[?2004h", "\x1b[200~", "\x1b[201~")]
)
def test_the_longest_paste_arrives_whole(
    terminal: Terminal, tmp_path: Path, setup: str, before: str, after: str
) -> None:
    script = tmp_path / "reader.py"
    script.write_text(READER)
    text = "".join(f"line {number:07}\t" for number in range(MAX_INPUT_BYTES // 13))
    text = text.ljust(MAX_INPUT_BYTES - 3, ".") + "end"
    terminal.start(sys.executable, str(script), setup, after or "end")
    terminal.wait(lambda: "up" in terminal.session._emulator.text_between())
    terminal.session.handle(Paste(text))
    expected = hashlib.sha256(f"{before}{text}{after}".encode()).hexdigest()
    terminal.wait(lambda: expected in terminal.session._emulator.text_between())
    assert not [report for report in terminal.reports if isinstance(report, ErrorReport)]


def test_a_second_one_is_refused_whole_while_nothing_is_read(terminal: Terminal) -> None:
    terminal.start("sh", "-c", "stty raw -echo; echo up; sleep 600")
    terminal.wait(lambda: "up" in terminal.session._emulator.text_between())
    terminal.session.handle(Paste("x" * MAX_INPUT_BYTES))
    assert not [report for report in terminal.reports if isinstance(report, ErrorReport)]
    terminal.session.handle(Paste("y" * MAX_INPUT_BYTES))
    [refused] = [report for report in terminal.reports if isinstance(report, ErrorReport)]
    assert "Nothing was sent" in refused.message
