"""Starts missions for tests and clears up after them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.missions.mission_process import MissionProcess

from podium.missions.worktrees.ownership import worktrees_folder


@pytest.fixture
def start_mission(tmp_path: Path) -> Iterator[Callable[[str], MissionProcess]]:
    started: list[MissionProcess] = []

    def start(text: str) -> MissionProcess:
        file = tmp_path / "mission.toml"
        file.write_text(text)
        started.append(MissionProcess(file))
        return started[-1]

    yield start
    for mission in started:
        mission.close()


@pytest.fixture
def state(tmp_path: Path) -> dict[str, object]:
    commit = "0123456789" * 4
    return {
        "run": "1125-1846-3f9a07",
        "file": str(tmp_path / "mission.toml"),
        "started_at": 1.7e9,
        "round": {
            "number": 1,
            "complete": False,
            "turns": {"a": {"branch": "podium/try/1125-1846-3f9a07/a-r1", "start": commit}},
        },
        "worktrees": {
            "repository": str(tmp_path),
            "root": str(worktrees_folder() / "1125-1846-3f9a07"),
            "branch": "podium/try/1125-1846-3f9a07/result",
            "base": commit,
            "head": commit,
            "subfolder": "src",
        },
    }
