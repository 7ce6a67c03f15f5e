"""The environment programs get: the person's own, without what Podium, its freezer or its launcher put there.

Started from a terminal, Podium passes on that terminal's environment. Started from an icon it asks the login shell for
its own, because what a desktop gives lacks what the start-up files add, such as PATH. Both without the variables of
``launcher_variables``; what the login shell itself says is the person's and stays.
"""

import contextlib
import os
import selectors
import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from podium.core.system.launcher_variables import without_launcher
from podium.core.system.signals import KILL
from podium.workspace.launch import login_shell

if TYPE_CHECKING:
    import subprocess

_LOGIN_SHELL_SECONDS: Final = 5.0
_INTERACTIVE_SHARE: Final = 0.6
"""Of that, for the shell with the start-up files of interactive shells, where many set PATH."""
_OURS: Final = ("PODIUM_", "_PYI", "_MEIPASS", "PYSIDE6_OPTION_", "PYSIDE_", "SHIBOKEN_")
_OF_SHELLS: Final = ("OLDPWD", "PWD", "SHLVL", "TERM", "_")
_LIBRARY_PATHS: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")
"""A freezer sets them for the frozen program and keeps the person's own under …_ORIG."""
_KILL_SECONDS: Final = 1.0
_BETWEEN_LOOKS: Final = 0.01
_MARK: Final = b"\0podium-environment\0"
_MOST_PRINTED: Final = 4 << 20
"""Bytes: twice what the system takes for an environment."""
_NO_SHELLS: Final = ("false", "nologin", "true", "sync")
_NO_TERMINALS: Final = ("", "dumb", "linux", "unknown")
"""The value of TERM where no terminal emulator set it."""


def added_by_python() -> tuple[str, ...]:
    """LC_CTYPE, where this process was started without a locale: Python sets it for itself then (PEP 538), and over a
    LANG that a login shell tells it would win. Linux only; elsewhere nothing tells who set it.
    """
    try:
        given = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:
        return ()
    return () if any(variable.startswith(b"LC_CTYPE=") for variable in given) else ("LC_CTYPE",)


def program_environment(own: Mapping[str, str], added: Collection[str] = ()) -> dict[str, str]:
    """``own`` minus Podium's variables, those it ``added`` for itself and those of whatever it was started from; the
    library path as before freezing.

    Variables that are not UTF-8 are left out: messages carry text, and one such value would keep all programs
    from starting.
    """
    return _without_own(without_launcher(own), added)


def login_environment(own: Mapping[str, str], added: Collection[str] = ()) -> dict[str, str]:
    """The same for a start from an icon, asking the login shell. Takes five seconds at most: not for the window."""
    cleaned = program_environment(own, added)
    found = read_login_environment(cleaned)
    return {name: value for name, value in _without_own(found, ()).items() if name not in _OF_SHELLS}


def needs_login_shell(own: Mapping[str, str]) -> bool:
    """True for a start from an icon, where PATH is what the desktop made it; a terminal has the real one."""
    return sys.platform != "win32" and own.get("TERM", "") in _NO_TERMINALS


def read_login_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Ask the login shell for its environment; ``own`` when it does not answer in 5 s. Blocks: not for the window."""
    shell = login_shell(own)
    if Path(shell).name in _NO_SHELLS:
        return dict(own)
    # Many set PATH where only interactive shells read it; there others start another shell, or wait for an answer.
    until = time.monotonic() + _LOGIN_SHELL_SECONDS
    first = time.monotonic() + _LOGIN_SHELL_SECONDS * _INTERACTIVE_SHARE
    return _ask(shell, ("-l", "-i"), own, first) or _ask(shell, ("-l",), own, until) or dict(own)


def _ask(shell: str, options: tuple[str, ...], own: Mapping[str, str], until: float) -> dict[str, str]:
    """The environment of a shell started like this, read by ``until``; empty when it prints nothing."""
    import subprocess  # Only here: a start from a terminal never asks.

    # The whole path: env may be an alias or a function there.
    command = "printf '\\0podium-environment\\0'; /usr/bin/env -0; printf '\\0podium-environment\\0'"
    argv = [shell, *options, "-c", command]
    if Path(shell).name in (
        "csh",
        "tcsh",
    ):  # Their -l stands alone; they know a login shell by its name, too.
        argv = [f"-{Path(shell).name}", "-c", command]
    try:
        process = subprocess.Popen(
            argv,
            executable=shell,
            env={"TERM": "dumb", **own, "PODIUM_READS_ENVIRONMENT": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return {}
    with process:
        answer = _read_answer(process, until)
        try:
            # It may still do what a person wants done at a logout.
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            _kill_tree(process.pid)
    # What start-up files print around the marks is not ours to read.
    parts = answer.split(_MARK)
    if len(parts) < 3:
        return {}
    pairs = (entry.partition(b"=") for entry in parts[1].split(b"\0") if b"=" in entry)
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}


def _read_answer(process: "subprocess.Popen[bytes]", until: float) -> bytes:
    """The shell's output, up to the second mark: an agent that a start-up file left behind may hold the pipe open,
    and a start-up file that never stops printing may not fill the memory.
    """
    assert process.stdout is not None
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while answer.count(_MARK) < 2 and len(answer) < _MOST_PRINTED:
            if not selector.select(max(0.0, until - time.monotonic())):
                break
            piece = os.read(process.stdout.fileno(), 1 << 16)
            if not piece:
                break
            answer += piece
    return bytes(answer)


def _kill_tree(pid: int) -> None:
    """End the shell and what is below it, wherever a start-up file has put that; all of it has ended afterwards, but
    for what takes longer than a second to die.
    """
    from podium.core.system.process_table import (  # As subprocess above.
        descendants,
        process_entry,
        process_table,
        signal_entries,
        still_running,
        stop_entries,
    )

    with contextlib.suppress(OSError):
        shell = process_entry(pid)
        found = [shell] if shell is not None else []
        # Stopped before it is looked below them: nothing that was seen starts a process that was not.
        new = found
        while new:
            stop_entries(new)
            known = {entry.pid for entry in found}
            new = [entry for entry in descendants((pid,), process_table()) if entry.pid not in known]
            found = [*found, *new]
        signal_entries(found, KILL)
        until = time.monotonic() + _KILL_SECONDS
        while still_running(found) and time.monotonic() < until:
            time.sleep(_BETWEEN_LOOKS)


def _without_own(environment: Mapping[str, str], added: Collection[str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(_OURS) and name not in added and _is_text(value)
    }
    for name in _LIBRARY_PATHS:
        before = kept.pop(f"{name}_ORIG", None)
        if before is not None:
            kept[name] = before
        elif getattr(sys, "frozen", False):
            kept.pop(name, None)
    return kept


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
