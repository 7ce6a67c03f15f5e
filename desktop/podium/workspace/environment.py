"""The environment programs get: the person's own, without what Podium or its freezer put there."""

import os
import subprocess
from collections.abc import Collection, Mapping
from typing import Final

_LOGIN_SHELL_SECONDS: Final = 5.0
_OURS: Final = ("PODIUM_", "_PYI", "_MEIPASS")
_FROZEN_ORIGINAL: Final = "LD_LIBRARY_PATH_ORIG"
_MARK: Final = b"\0podium-environment\0"


def program_environment(own: Mapping[str, str], added: Collection[str] = ()) -> dict[str, str]:
    """``own`` minus Podium's variables and those it ``added`` for itself; the library path as before freezing."""
    environment = {
        name: value
        for name, value in own.items()
        if not name.startswith(_OURS) and name not in added and name != _FROZEN_ORIGINAL
    }
    if _FROZEN_ORIGINAL in own:
        environment["LD_LIBRARY_PATH"] = own[_FROZEN_ORIGINAL]
    return environment


def needs_login_shell(own: Mapping[str, str]) -> bool:
    """True for a start from an icon, where PATH is what the desktop made it; a terminal has the real one."""
    return os.name == "posix" and "TERM" not in own and bool(own.get("SHELL"))


def read_login_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Ask the login shell for its environment; ``own`` when it does not answer in 5 s. Blocks: not for the window."""
    shell = own["SHELL"]
    command = "printf '\\0podium-environment\\0'; command env -0; printf '\\0podium-environment\\0'"
    try:
        answer = subprocess.run(
            [shell, "-l", "-i", "-c", command],
            env=dict(own),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_LOGIN_SHELL_SECONDS,
            start_new_session=True,
            check=False,
        ).stdout
        # What start-up files print around the marks is not ours to read.
        block = answer.split(_MARK)[1]
    except (OSError, subprocess.TimeoutExpired, IndexError):
        return dict(own)
    pairs = (entry.partition(b"=") for entry in block.split(b"\0") if b"=" in entry)
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs} or dict(own)
