"""A mission overnight: its worker is killed, then the window; nothing is done twice, and history says what happened."""

import json
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.framebuffer import Display, mapped_display
from tests.e2e.crashes import (
    IN_THE_RAIL,
    an_instance,
    darker,
    marked,
    outcomes,
    remember,
    saved,
    state_folder,
    wait_until,
    workers,
)
from tests.e2e.display import RealWindow

pytestmark = [pytest.mark.e2e, pytest.mark.window]

AGENT = """
echo "$PODIUM_AGENT" >> {notes}
echo work > "$PODIUM_AGENT.txt"
[ "$PODIUM_AGENT" = quick ] || while [ ! -e {gate} ]; do sleep 0.1; done
printf '{{"event": "agent:complete", "data": {{"agent": "x", "costUsd": 0.25, "done": true}}}}\\n' >&"$PODIUM_EVENTS_FD"
"""
MISSION = """
name = "Night"
max_rounds = 2

[[agents]]
id = "quick"
command = ["sh", "-c", '''{script}''']

[[agents]]
id = "slow"
command = ["sh", "-c", '''{script}''']
depends_on = ["quick"]

[[gates]]
name = "both"
command = "test -e quick.txt && test -e slow.txt"
"""


@pytest.fixture
def display() -> Iterator[Display]:
    with mapped_display(1500, 950) as display:
        yield display


def test_a_mission_overnight(display: Display, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for command in (
        ["git", "init", "-q", "-b", "main"],
        [
            "git",
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "begin",
        ],
    ):
        subprocess.run(command, cwd=project, check=True)
    notes, gate = tmp_path / "notes", tmp_path / "gate"
    file = project / "night.toml"
    file.write_text(MISSION.format(script=AGENT.format(notes=notes, gate=gate)))
    remember(tmp_path, {**an_instance("night", "mission", project), "mission": str(file)})

    def agents() -> list[str]:
        return notes.read_text().split() if notes.exists() else []

    window = RealWindow(display.name, tmp_path)
    try:
        window.wait_title("night — Idle")
        window.key("ctrl+shift+s")
        window.wait_title("night — Running")
        # Whose mission it is nobody knows yet: it shows its commands and asks.
        window.press_until("y Return", lambda: agents() == ["quick", "slow"])
        plain = display.pixel(*IN_THE_RAIL)  # By now all is painted.
        [worker] = workers(window)
        worker.kill()
        window.wait(lambda: agents() == ["quick", "slow", "slow"])  # It goes on by itself, in its round.
        window.wait(lambda: saved(tmp_path).get("running") == ["night"])
        window.process.send_signal(signal.SIGKILL)
        window.process.wait()
        wait_until(lambda: not marked(tmp_path), "the end of all that ran")
    finally:
        window.close()

    again = RealWindow(display.name, tmp_path)
    try:
        again.wait_title("night — Idle")
        again.wait(lambda: darker(display, plain))
        # From Not now to Resume.
        again.press_until("Tab Return", lambda: agents() == ["quick", "slow", "slow", "slow"])
        gate.touch()
        again.wait_title("night — Done")
        again.wait(lambda: outcomes(tmp_path)[-1] == ("night", "done"))
    finally:
        again.close()
    assert [outcome for _, outcome in outcomes(tmp_path)] == ["crashed", "interrupted", "done"]
    with sqlite3.connect(f"file:{state_folder(tmp_path) / 'history.db'}?mode=ro", uri=True) as database:
        costs = database.execute("SELECT agent, instance, usd FROM costs ORDER BY agent").fetchall()
        [(told,)] = database.execute("SELECT cost_usd FROM runs WHERE outcome = 'done'").fetchall()
    assert costs == [("quick", "night", 0.25), ("slow", "night", 0.25)]
    assert told == 0.5
    # The person's own checkout has nothing of it.
    assert sorted(path.name for path in project.iterdir()) == [".git", "night.toml"]
    assert json.loads((state_folder(tmp_path) / "workspace.json").read_text())["running"] == []
