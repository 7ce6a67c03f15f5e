"""The commands of the guide's page for scripts, run in their order against a real window."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.control.running import Running
from tests.docs.commands import ROOT, fenced

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

NEVER_END = ("attach", "events")
TOOLS = {
    "npm": "echo 12 tests passed; echo expected 1 to equal 2",
    "claude": "printf '> '; while read -r line; do echo all passed; done",
}
MISSION = """
name = "Night"
max_rounds = 3

[[agents]]
id = "waiter"
command = ["sh", "-c", "while [ ! -e go ]; do sleep 0.1; done"]

[workspace]
isolation = "shared"
"""


def test_the_commands_of_the_page_for_scripts_work(
    run: Callable[..., Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, script in TOOLS.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src" / "atlas").mkdir(parents=True)
    (tmp_path / "night.toml").write_text(MISSION)
    (tmp_path / "shop.podium.toml").write_text("[[instances]]\nname = 'shell'\n")
    podium = run(window=True)
    podium.ctl("start", "claude", "--", "claude")
    ran = []
    for shown in fenced(ROOT / "docs" / "guide" / "scripting.md"):
        match shown.words:
            case ("ctl", command, *_) if command in NEVER_END:
                continue
            case ("ctl", "resume", *_):
                # The round that was to be the last one ends, and the mission with it.
                (tmp_path / "go").touch()
                podium.ctl("wait", "night", "--exit", "--any", "--timeout", "60")
            case ("ctl", *_):
                pass
            case _:
                continue
        podium.ctl(*(word.replace("~", str(tmp_path)) for word in shown.words[1:]))
        ran.append(shown.words[1])
    assert {"start", "wait", "screen", "send", "finish-round", "resume", "history", "usage", "open"} <= set(
        ran
    )
    assert (tmp_path / "window.png").stat().st_size > 0
