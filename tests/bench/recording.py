"""Full-screen programs recorded through our own PTY: what vim, less, htop and tmux really write."""

import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from podium.terminal import Emulator
from podium.worker.program.pty import open_pty
from tests.bench.corpora import COLUMNS, LINES, corpus

_STEP = 0.12
_PATIENCE = 6.0


class Session(NamedTuple):
    """A program and what is typed into it, one entry a step."""

    program: str
    arguments: tuple[str, ...]
    keys: tuple[str, ...]
    leave: str


def _sessions(code: Path, log: Path) -> tuple[Session, ...]:
    down, up = "\x06", "\x02"
    return (
        Session(
            "vim",
            ("-u", "NONE", "-N", "-c", "syntax on", "-c", "set number ruler", str(code)),
            (down,) * 8 + ("50%", "/return\r", *("n",) * 6, "dd", "O# a new line\x1b", ":vsplit\r", up, down),
            "\x1b:qa!\r",
        ),
        Session("less", ("-R", str(log)), (" ",) * 10 + ("j",) * 12 + ("k",) * 12 + ("b",) * 6, "q"),
        Session("htop", ("-d", "2"), ("",) * 8 + ("\x1b[B",) * 8 + ("t", "", "", "M", ""), "q"),
        Session(
            "tmux",
            ("-L", f"podium-bench-{os.getpid()}", "-f", "/dev/null", "new-session", f"less -R {log}"),
            (" ", " ", "\x02%", f"less -R {log}\r", *(" ",) * 4, '\x02"', "ls -l --color /usr/bin\r", "", ""),
            "\x02:kill-server\r",
        ),
    )


def record() -> tuple[bytes, list[str], list[str]]:
    """The bytes of all sessions, the programs in them, and those that are missing here."""
    pieces, there, missing = [], [], []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "log"
        log.write_bytes(corpus("SGR logs", 100_000))
        code = Path(folder) / "code.py"
        code.write_bytes(Path(shutil.__file__).read_bytes())
        for session in _sessions(code, log):
            if shutil.which(session.program) is None:
                missing.append(session.program)
                continue
            there.append(session.program)
            pieces.append(_record(session, folder))
    return b"".join(pieces), there, missing


def _record(session: Session, folder: str) -> bytes:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": folder,
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "SHELL": "/bin/sh",
    }
    pty = open_pty((session.program, *session.arguments), folder, environment, COLUMNS, LINES, ())
    emulator = Emulator(COLUMNS, LINES)
    output = bytearray()
    keys = [*session.keys, session.leave]
    deadline, next_key = time.monotonic() + _PATIENCE, time.monotonic() + 3 * _STEP
    try:
        while time.monotonic() < deadline:
            if keys and time.monotonic() >= next_key:
                os.write(pty.master, keys.pop(0).encode())
                next_key = time.monotonic() + _STEP
            if not select.select([pty.master], [], [], 0.02)[0]:
                continue
            try:
                data = os.read(pty.master, 65536)
            except BlockingIOError:
                continue
            except OSError:
                break
            if not data:
                break
            output += data
            emulator.feed(data)
            replies = emulator.take_replies()
            if replies:
                os.write(pty.master, replies)
    finally:
        with suppress(ProcessLookupError):
            os.kill(pty.pid, signal.SIGKILL)
        os.waitpid(pty.pid, 0)
        os.close(pty.master)
        if session.program == "tmux":  # Its server outlives it.
            subprocess.run(["tmux", *session.arguments[:2], "kill-server"], capture_output=True, check=False)
    return bytes(output)
