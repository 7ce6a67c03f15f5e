"""Starts missions for tests and clears up after them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mission_process import MissionProcess


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
