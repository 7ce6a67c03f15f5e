"""What tests of crashes share: a workspace to begin with, and what is left and written when all is over."""

import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.bench.framebuffer import Display
from tests.e2e.display import MARK, RealWindow

IN_THE_RAIL = (54, 500)
"""A point of the window with nothing on it, which an open dialog darkens."""


def state_folder(home: Path) -> Path:
    return home / ".local" / "state" / "podium"


def remember(home: Path, *instances: dict[str, object]) -> None:
    """A workspace from an earlier time, as it is saved."""
    folder = state_folder(home)
    folder.mkdir(parents=True)
    state = {"instances": instances, "layout": "tabs", "demo_seen": True, "current": instances[0]["id"]}
    (folder / "workspace.json").write_text(json.dumps(state))


def an_instance(id: str, kind: str, folder: Path, *command: str) -> dict[str, object]:
    return {"id": id, "name": id, "kind": kind, "theme": "rose", "folder": str(folder), "command": command}


def saved(home: Path) -> dict:
    return json.loads((state_folder(home) / "workspace.json").read_text())


def outcomes(home: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(f"file:{state_folder(home) / 'history.db'}?mode=ro", uri=True) as database:
        return database.execute("SELECT instance, outcome FROM runs ORDER BY started_at").fetchall()


def workers(window: RealWindow) -> list[psutil.Process]:
    children = psutil.Process(window.process.pid).children()
    return [child for child in children if "worker" in child.cmdline()]


def marked(home: Path) -> list[int]:
    """Every process that a window with this home was, or has started."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(home) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


def darker(display: Display, plain: int) -> bool:
    """Whether a dialog lies over the window."""
    now = display.pixel(*IN_THE_RAIL)
    return all((now >> shift) & 255 < (plain >> shift) & 255 for shift in (0, 8, 16))


def wait_until(look: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not look():
        assert time.monotonic() < deadline, f"{what} never came"
        time.sleep(0.05)
