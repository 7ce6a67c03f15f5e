"""Crashes in, what the next start finds, shows and does out: in a real window."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.bench.framebuffer import Display, mapped_display
from tests.conftest import Figure
from tests.e2e.display import RealWindow

pytestmark = [pytest.mark.e2e, pytest.mark.window]


@pytest.fixture
def display() -> Iterator[Display]:
    with mapped_display(1500, 950) as display:
        yield display


_IN_THE_RAIL = (24, 500)
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
    """Every process whose home is this test's, but for the window itself."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("HOME") == str(home) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


def darker(display: Display, plain: int) -> bool:
    """Whether a dialog lies over the window."""
    now = display.pixel(*_IN_THE_RAIL)
    return all((now >> shift) & 255 < (plain >> shift) & 255 for shift in (0, 8, 16))


def wait_until(look: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not look():
        assert time.monotonic() < deadline, f"{what} never came"
        time.sleep(0.05)


@pytest.mark.fault(46)
def test_after_the_window_was_killed_all_go_on_where_they_were(
    display: Display, tmp_path: Path, figure: Figure
) -> None:
    work = tmp_path / "work"
    (work / "deep").mkdir(parents=True)
    remember(tmp_path, an_instance("sh", "shell", work), an_instance("idle", "shell", work))
    window = RealWindow(display.name, tmp_path)
    try:
        window.wait_title("sh — Idle")
        window.key("ctrl+shift+s")
        window.wait_title("sh — Running")
        window.type("cd deep; echo said-before; touch there")
        window.key("Return")
        window.wait((work / "deep" / "there").exists)
        window.wait(lambda: saved(tmp_path).get("running") == ["sh"])
        plain = display.pixel(*_IN_THE_RAIL)
        window.process.send_signal(signal.SIGKILL)
        window.process.wait()
        wait_until(lambda: not marked(tmp_path), "the end of all that ran")
    finally:
        window.close()
    assert outcomes(tmp_path) == [("sh", "running")]

    again = RealWindow(display.name, tmp_path)
    try:
        again.wait_title("sh — Idle")
        again.wait(lambda: outcomes(tmp_path) == [("sh", "interrupted")])
        again.wait(lambda: darker(display, plain))
        again.key("Return")  # Resume
        again.wait_title("sh — Running")
        again.type("touch $(pwd)/resumed")
        again.key("Return")
        again.wait((work / "deep" / "resumed").exists)
        again.key("ctrl+2")
        again.wait_title("idle — Idle")
    finally:
        again.close()
    assert again.process.returncode == 0
    assert saved(tmp_path)["running"] == []
    assert outcomes(tmp_path) == [("sh", "interrupted"), ("sh", "stopped")]
    figure("interrupted runs", 1)
    figure("resumed", 1)


@pytest.mark.fault(4)
@pytest.mark.parametrize("kind", ["normal", "stubborn", "daemon", "tree"])
def test_killed_together_with_its_worker_what_is_left_is_listed_and_ended(
    display: Display, tmp_path: Path, kind: str, figure: Figure
) -> None:
    script = {
        "normal": "echo up; exec sleep 600",
        "stubborn": "trap '' TERM HUP; echo up; while :; do sleep 1; done",
        "daemon": "setsid sh -c 'sleep 600 & exit'; echo up; exec sleep 600",
        "tree": "for n in $(seq 50); do sleep 600 & done; echo up; wait",
    }[kind]
    remember(tmp_path, an_instance("job", "command", tmp_path, "sh", "-c", f"{script}"))
    window = RealWindow(display.name, tmp_path)
    try:
        window.wait_title("job — Idle")
        window.key("ctrl+shift+s")
        window.wait_title("job — Running")
        window.wait(lambda: saved(tmp_path).get("running") == ["job"])
        plain = display.pixel(*_IN_THE_RAIL)
        [worker] = workers(window)
        # The window first: it would see to what its worker left.
        os.kill(window.process.pid, signal.SIGSTOP)
        worker.kill()
        os.kill(window.process.pid, signal.SIGKILL)
        window.process.wait()
    finally:
        window.close()
    left = marked(tmp_path)

    again = RealWindow(display.name, tmp_path)
    try:
        again.wait_title("job — Idle")
        again.wait(lambda: darker(display, plain))
        again.key("Tab", "Tab", "space")  # From Resume over Close to End.
        again.wait(lambda: not set(left) & set(marked(tmp_path)))
    finally:
        again.close()
    assert marked(tmp_path) == []
    figure(f"{kind}: left, ended", f"{len(left)}, {len(left)}")
