"""Real keys in a real window: what is typed ahead ends nothing, and a shell at its prompt ends without a question."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from podium.core.system.reexec import podium_command
from tests.e2e.display import RealWindow, virtual_display

pytestmark = [pytest.mark.e2e, pytest.mark.window]


@pytest.fixture
def display() -> Iterator[str]:
    with virtual_display() as name:
        yield name


def remember(home: Path, folder: Path) -> None:
    state = home / ".local" / "state" / "podium"
    state.mkdir(parents=True)
    shell = {"id": "sh", "name": "sh", "kind": "shell", "theme": "rose", "folder": str(folder)}
    shell["command"] = ["bash", "--norc", "--noprofile"]
    (state / "workspace.json").write_text(
        json.dumps({"version": 1, "instances": [shell], "current": "sh", "layout": "tabs", "demo_seen": True})
    )


def running(word: str) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if word in (process.info["cmdline"] or ()) and process.status() != psutil.STATUS_ZOMBIE
    ]


def states(window: RealWindow) -> str:
    command = podium_command("ctl", "instances")
    return subprocess.run(command, env=window.environment, capture_output=True, text=True, check=False).stdout


@pytest.mark.fault("G1")
@pytest.mark.fault("G2")
def test_a_job_is_asked_about_and_a_prompt_is_not(display: str, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "deep").mkdir(parents=True)
    seconds = f"{time.time_ns() % 10**6 + 100_000}.25"
    remember(tmp_path, work)
    window = RealWindow(display, tmp_path)
    try:
        window.wait_title("sh — Idle")
        window.key("ctrl+shift+s")
        window.wait_title("sh — Running")
        window.type("cd deep")
        window.key("Return")
        window.type(f"sleep {seconds}")
        window.key("Return")
        [job] = window.wait(lambda: running(seconds))
        # A space pressed and repeated, Enter, and the shortcut again: all of it ends nothing.
        for shortcut in ("ctrl+shift+r", "ctrl+shift+q"):
            window.key(shortcut, shortcut)
            time.sleep(0.5)
            window.xdotool("keydown", "Return")
            time.sleep(0.9)
            window.xdotool("keyup", "Return")
            assert job.is_running()
        assert "Running" in states(window)

        # With the action focused it is done; the shell keeps its folder.
        def restart() -> bool:
            window.key("ctrl+shift+r")
            time.sleep(0.5)
            window.key("Tab", "Return")
            time.sleep(0.3)
            return not job.is_running()

        window.wait(restart)
        window.wait_title("sh — Running")
        window.press_until("ctrl+u greater h e r e Return", (work / "deep" / "here").exists)
        # At its prompt nothing is asked.
        window.key("ctrl+shift+w")
        window.wait(lambda: window.title == "Podium")
    finally:
        window.close()
    assert window.log == ""
