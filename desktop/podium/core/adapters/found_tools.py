"""The agents' tools on this machine: which are on PATH, in which version, and how their state will be known."""

import contextlib
import os
import re
import selectors
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from podium.core.adapters.model import Adapter
from podium.core.system.processes import NO_CONSOLE
from podium.core.system.signals import KILL

VERSION_SECONDS: Final = 3.0
_MOST_PRINTED: Final = 4096
"""Bytes of what a tool prints about its version."""
_MOST_KNOWN: Final = 64
_VERSION: Final = re.compile(r"\d+\.\d+[\w.+-]{0,24}")


class FoundTool(msgspec.Struct, frozen=True):
    """A tool that is there."""

    name: str
    """Its adapter's."""
    title: str
    path: str


class MissingTool(msgspec.Struct, frozen=True):
    """A tool that is not."""

    title: str
    install: str


class Tools(msgspec.Struct, frozen=True):
    """The tools that people work with in terminals, in the order of their adapters."""

    found: tuple[FoundTool, ...] = ()
    missing: tuple[MissingTool, ...] = ()


def find_tools(adapters: Iterable[Adapter], environment: Mapping[str, str]) -> Tools:
    """The tools on the PATH of ``environment``. Touches the disk."""
    search_path = _absolute(environment.get("PATH", os.defpath))
    found: list[FoundTool] = []
    missing: list[MissingTool] = []
    for adapter in adapters:
        if adapter.interactive is None:
            continue
        path = shutil.which(adapter.program, path=search_path)
        if path is not None:
            found.append(FoundTool(adapter.name, adapter.title, path))
        else:
            missing.append(MissingTool(adapter.title, adapter.install))
    return Tools(tuple(found), tuple(missing))


def state_source(adapter: Adapter, *, hooked: bool = False) -> str:
    """How the state of this tool is known, in words for a person, to follow its name. ``hooked``: its settings have our
    hooks.
    """
    if hooked:
        return "its hooks tell its state"
    if adapter.interactive is not None and adapter.interactive.tells:
        return "tells its state itself"
    return "its state is read from its screen" if adapter.marks.questions else "its state is guessed"


class ToolVersions:
    """The versions of programs, asked once for each file as it is. Every method may be called on any thread."""

    def __init__(self, seconds: float = VERSION_SECONDS) -> None:
        self._seconds = seconds
        self._known: dict[tuple[str, int, int], str] = {}
        self._lock = threading.Lock()

    def of(self, path: str, environment: Mapping[str, str]) -> str:
        """What ``PATH --version`` says, "" when it does not in 3 s. Blocks, and runs the program."""
        try:
            status = Path(path).stat()
        except OSError:
            return ""
        key = (path, status.st_mtime_ns, status.st_size)
        with self._lock:
            if key in self._known:
                return self._known[key]
        found = _VERSION.search(_first_output([path, "--version"], environment, self._seconds))
        version = found[0] if found is not None else ""
        with self._lock:
            while len(self._known) >= _MOST_KNOWN:
                del self._known[next(iter(self._known))]
            self._known[key] = version
        return version


def _absolute(search_path: str) -> str:
    """Without the folders that are relative: what lies there is a project's."""
    return os.pathsep.join(place for place in search_path.split(os.pathsep) if Path(place).is_absolute())


def _first_output(argv: list[str], environment: Mapping[str, str], seconds: float) -> str:
    """The beginning of what it prints in ``seconds``; it has ended afterwards, with all of its group."""
    until = time.monotonic() + seconds
    try:
        process = subprocess.Popen(
            argv,
            cwd=os.sep,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            creationflags=NO_CONSOLE,
        )
    except (OSError, ValueError):
        return ""
    with process:
        try:
            return _read(process, until)
        finally:
            _end(process)


def _read(process: "subprocess.Popen[bytes]", until: float) -> str:
    assert process.stdout is not None
    printed = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(printed) < _MOST_PRINTED and selector.select(max(0.0, until - time.monotonic())):
            piece = os.read(process.stdout.fileno(), _MOST_PRINTED)
            if not piece:
                break
            printed += piece
            if (found := _VERSION.search(printed.decode("utf-8", "replace"))) and found.end() < len(printed):
                break  # It is all that is wanted; some take long to end.
    return printed.decode("utf-8", "replace")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of its group: it was asked one thing, and has had its time."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.killpg(process.pid, KILL)
    process.kill()
