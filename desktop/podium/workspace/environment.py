"""The environment programs get: the person's own, without what Podium or its freezer put there."""

import contextlib
import os
import signal
from collections.abc import Collection, Mapping
from typing import Final

_LOGIN_SHELL_SECONDS: Final = 5.0
_OURS: Final = ("PODIUM_", "_PYI", "_MEIPASS")
_OF_THE_LAUNCHING_TERMINAL: Final = frozenset(
    {
        "COLUMNS",
        "LINES",
        "STY",
        "TERMCAP",
        "TERM_PROGRAM_VERSION",
        "TMUX",
        "TMUX_PANE",
        "VTE_VERSION",
        "WINDOWID",
    }
)
"""What belongs to the terminal Podium was started from, and would be wrong in one of Podium's own."""
_FROZEN_ORIGINAL: Final = "LD_LIBRARY_PATH_ORIG"
_MARK: Final = b"\0podium-environment\0"


def program_environment(own: Mapping[str, str], added: Collection[str] = ()) -> dict[str, str]:
    """``own`` minus Podium's variables, those it ``added`` for itself and those of the terminal it was started from;
    the library path as before freezing.

    Variables that are not UTF-8 are left out: messages carry text, and one such value would keep all programs
    from starting.
    """
    environment = {
        name: value
        for name, value in own.items()
        if not name.startswith(_OURS)
        and name not in added
        and name not in _OF_THE_LAUNCHING_TERMINAL
        and name != _FROZEN_ORIGINAL
        and _is_text(value)
    }
    if _FROZEN_ORIGINAL in own:
        environment["LD_LIBRARY_PATH"] = own[_FROZEN_ORIGINAL]
    return environment


def needs_login_shell(own: Mapping[str, str]) -> bool:
    """True for a start from an icon, where PATH is what the desktop made it; a terminal has the real one."""
    return os.name == "posix" and "TERM" not in own and bool(own.get("SHELL"))


def read_login_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Ask the login shell for its environment; ``own`` when it does not answer in 5 s. Blocks: not for the window."""
    import subprocess  # Only here: a start from a terminal never asks.

    shell = own["SHELL"]
    command = "printf '\\0podium-environment\\0'; command env -0; printf '\\0podium-environment\\0'"
    try:
        process = subprocess.Popen(
            [shell, "-l", "-i", "-c", command],
            env=dict(own),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return dict(own)
    with process:
        try:
            answer, _ = process.communicate(timeout=_LOGIN_SHELL_SECONDS)
        except subprocess.TimeoutExpired as late:
            # An agent that a start-up file left behind may hold the pipe open after the shell has answered.
            answer = late.output or b""
            if process.poll() is None:
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
    # What start-up files print around the marks is not ours to read.
    parts = answer.split(_MARK)
    if len(parts) < 3:
        return dict(own)
    pairs = (entry.partition(b"=") for entry in parts[1].split(b"\0") if b"=" in entry)
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs} or dict(own)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
