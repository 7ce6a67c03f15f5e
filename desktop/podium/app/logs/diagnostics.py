"""Diagnostics to send along with a report of a fault: all that helps, nothing that is the person's own."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from podium.app.logs.log_files import last_lines
from podium.app.paths import crash_folder, log_folder, settings_path, state_path, with_tilde
from podium.app.version import version_text
from podium.core.config.declared import declared_sections
from podium.core.config.settings import Settings
from podium.core.protocol.backend import WorkerStatus

LOG_LINES: Final = 50


class WindowFacts(msgspec.Struct, frozen=True):
    """The part that is read on the window's thread."""

    display: str
    isolated: bool
    workers: tuple[WorkerStatus, ...]
    settings: Settings
    faults: tuple[str, ...] = ()
    """Of the settings file."""
    notes: tuple[str, ...] = ()
    """More lines for the first section: how sleep, logs and crash reports fare."""


def diagnostics_text(facts: WindowFacts) -> str:
    """The whole text, the home folder written as ``~``. Touches the disk; raises nothing."""
    sections = (
        ("Podium", (*version_text(verbose=True).splitlines(), f"Display: {facts.display}", *facts.notes)),
        ("Paths", _paths()),
        ("Settings", (*_settings(facts.settings), *facts.faults)),
        ("Workers", _workers(facts)),
        (f"Last {LOG_LINES} lines of the log", last_lines(log_folder(), LOG_LINES) or ("none",)),
    )
    return with_tilde("\n\n".join(_section(title, lines) for title, lines in sections)) + "\n"


def _section(title: str, lines: Iterable[str]) -> str:
    return "\n".join((title, "-" * len(title), *lines))


def _paths() -> Sequence[str]:
    state = state_path().parent
    return (
        f"Settings: {settings_path()}",
        f"State: {state} ({_free(state)})",
        f"Logs: {log_folder()}",
        f"Crash reports: {crash_folder()}",
        f"Folder Podium runs in: {_here()}",
    )


def _free(folder: Path) -> str:
    try:
        return f"{shutil.disk_usage(folder).free >> 20} MiB free"
    except OSError as error:
        return str(error.strerror)


def _here() -> str:
    try:
        return str(Path.cwd())
    except OSError:
        return "gone"


def _settings(settings: Settings) -> Iterable[str]:
    """Every setting as it counts. None of them is a secret; one that will be must be left out here."""
    values = msgspec.to_builtins(settings)
    for section in declared_sections():
        for row in section.rows:
            value = values[section.name][row.key]
            usual = "" if value == row.default else " (changed)"
            yield f"{section.name}.{row.key} = {msgspec.json.encode(value).decode()}{usual}"


def _workers(facts: WindowFacts) -> Iterable[str]:
    yield "Each in a process of its own" if facts.isolated else "All in the window's process (--no-pool)"
    for status in facts.workers:
        reason = f": {status.reason}" if status.reason else ""
        yield f"{status.instance}: {status.state}, generation {status.generation}, {_restarts(status)}{reason}"


def _restarts(status: WorkerStatus) -> str:
    return "1 restart" if status.restart_count == 1 else f"{status.restart_count} restarts"
