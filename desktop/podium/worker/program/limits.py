"""The platform seam for limits: how much memory and CPU a program and all it starts may use.

On Linux a systemd scope of the person's own does it: ``systemd-run --scope`` makes it, moves itself into it and then
becomes the program, so pid, terminal and descriptors stay what they are. Elsewhere there are none yet.
"""

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from podium.core.protocol.reports import ErrorReport
from podium.core.protocol.requests import Start
from podium.worker.program.pty import find_program

_TRIAL_SECONDS: Final = 3.0
_MANAGER: Final = "systemd-run"
_CGROUPS: Final = Path("/sys/fs/cgroup")
_PROC: Final = Path("/proc")
_KILL: Final = "cgroup.kill"
_SCOPE: Final = re.compile(r"run-.+\.scope")
"""Names of the scopes that systemd-run makes."""


@dataclass(frozen=True, slots=True)
class Limited:
    """The command to run, and the reason it runs without the limits ("" when they hold)."""

    argv: tuple[str, ...]
    notice: str = ""


def limited(
    argv: Sequence[str], memory_max_mib: int, cpu_percent: int, environment: Mapping[str, str]
) -> Limited:
    """``argv`` so that it gets at most ``memory_max_mib`` MiB of memory and ``cpu_percent`` % of one CPU (200: two).

    0 or less is no limit. The program must be there: a missing one would be systemd-run's to report. May wait
    a moment for an answer of the person's service manager.
    """
    properties = (
        *((f"MemoryMax={memory_max_mib}M",) if memory_max_mib > 0 else ()),
        *((f"CPUQuota={cpu_percent}%",) if cpu_percent > 0 else ()),
    )
    if not properties:
        return Limited(tuple(argv))
    if not sys.platform.startswith("linux"):
        return _unlimited(argv, "only Linux with systemd has them")
    program = shutil.which(_MANAGER, path=environment.get("PATH", os.defpath))
    if program is None:
        return _unlimited(argv, f"{_MANAGER} is not installed")
    options = tuple(word for text in properties for word in ("-p", text))
    command = (program, "--user", "--scope", "--quiet", "--collect", *options, "--")
    refusal = _refusal(command, environment)
    return _unlimited(argv, refusal) if refusal else Limited((*command, *argv))


class StartLimits:
    """Puts limits on starts, and says on the screen, and once to the person, where there are none."""

    def __init__(self, show: Callable[[bytes], object], emit: Callable[[ErrorReport], None]) -> None:
        self._show = show
        self._emit = emit
        self._told = False

    def put_on(self, start: Start) -> Start:
        """``start`` with its limits made part of the command. Raises CannotStart."""
        if start.memory_max_mib <= 0 and start.cpu_percent <= 0:
            return start
        program = find_program(start.argv, start.folder, start.environment)
        found = limited(
            (program, *start.argv[1:]), start.memory_max_mib, start.cpu_percent, start.environment
        )
        if found.notice:
            self._show(f"\x1b[2m{found.notice}\x1b[0m\r\n".encode(errors="replace"))
            if not self._told:
                self._told = True
                self._emit(ErrorReport(found.notice))
        return msgspec.structs.replace(start, argv=found.argv)


def own_scope(pid: int, root: Path = _CGROUPS, proc: Path = _PROC) -> Path | None:
    """The control group that systemd made for ``pid`` alone; None where it is in a group with others, this process
    among them, or there are none.
    """
    program, own = _group_of(proc / str(pid)), _group_of(proc / "self")
    if program == own or not _SCOPE.fullmatch(PurePosixPath(program).name):
        return None
    folder = root / program.lstrip("/")
    return folder if (folder / _KILL).is_file() else None


def kill_scope(scope: Path) -> None:
    """Kill all that is in the control group: also what may not be signalled, and what forks meanwhile."""
    with contextlib.suppress(OSError):  # It is gone with the last process in it.
        (scope / _KILL).write_text("1")


def _group_of(process: Path) -> str:
    """Its place below the control groups' root; "" where that is not to be known."""
    with contextlib.suppress(OSError):
        for line in (process / "cgroup").read_text().splitlines():
            if line.startswith("0::"):
                return line.removeprefix("0::")
    return ""


def _unlimited(argv: Sequence[str], why: str) -> Limited:
    return Limited(tuple(argv), f"Memory and CPU limits are not available here: {why}. It runs without them.")


def _refusal(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Why a scope can't be had; "" when one could be made just now.

    Tried, not guessed from sockets: a manager that answers may still refuse, and then nothing would run at all.
    """
    import subprocess  # Only here: few instances have limits.

    try:
        done = subprocess.run(
            [*command, "true"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_TRIAL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "systemd does not answer"
    except (OSError, ValueError) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    return said.rstrip(".")[:200] or f"{_MANAGER} ended with {done.returncode}"
