"""Processes of a tool: those of one run, and others that work in the same folder."""

import os
from collections.abc import Mapping
from typing import Final, NamedTuple

import psutil

from podium.core.adapters.tool_names import tool_names

_MOST: Final = 200
"""Processes of one run that are looked at."""


class ToolProcesses(NamedTuple):
    """The processes of a tool in one run; the first is the one that the others come from."""

    pids: tuple[int, ...]
    started: float
    """Seconds since 1970."""
    folder: str
    """Where it works, without links; "" when that can't be told."""
    words: tuple[str, ...]
    """Its arguments."""
    environment: Mapping[str, str]

    def open_files(self) -> list[str]:
        """The paths of plain files that they have open."""
        found: list[str] = []
        for pid in self.pids:
            try:
                found += [one.path for one in psutil.Process(pid).open_files()]
            except (psutil.Error, OSError):
                continue
        return found


def find_tool(tool: str, root: int) -> ToolProcesses | None:
    """The tool's processes among ``root`` and those below it; None when there are none."""
    try:
        top = psutil.Process(root)
        tree = [top, *top.children(recursive=True)[:_MOST]]
    except (psutil.Error, OSError):
        return None
    for process in tree:
        if _is(process, tool):
            return _processes(process)
    return None


def start_of_others(tool: str, folder: str, ours: ToolProcesses) -> list[float]:
    """When each other process of ``tool`` that works in ``folder`` was started, in seconds since 1970."""
    family = set(ours.pids)
    found: list[float] = []
    for process in psutil.process_iter():
        try:
            if process.pid in family or not _is(process, tool):
                continue
            if process.cwd() == folder and not family & {one.pid for one in process.parents()}:
                found.append(process.create_time())
        except (psutil.Error, OSError):
            continue
    return found


def _processes(top: psutil.Process) -> ToolProcesses | None:
    try:
        below = top.children(recursive=True)[:_MOST]
        return ToolProcesses(
            (top.pid, *(process.pid for process in below)),
            top.create_time(),
            os.path.realpath(top.cwd()),
            tuple(top.cmdline()[1:]),
            top.environ(),
        )
    except (psutil.Error, OSError):
        return None


def _is(process: psutil.Process, tool: str) -> bool:
    try:
        return tool in tool_names(process.cmdline())
    except (psutil.Error, OSError):
        return False
