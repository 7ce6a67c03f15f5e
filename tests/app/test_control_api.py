"""The API as the app connects it: what programs are told of it, and what becomes of that when it can't be served."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.app.startup.control_api import ControlApi
from podium.control.http_server.runtime_folder import claim, prepare_folder
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.requests import Start
from podium.core.system.processes import SOCKET_VARIABLE
from podium.history.writer import HistoryThread
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend


class Setup:
    def __init__(self, folder: Path) -> None:
        self.backend = FakeBackend()
        self.workspace = Workspace(self.backend.hub, {})
        self.background = Background()
        self.history = HistoryThread(folder / "history.db", lambda _: None)
        self.api = ControlApi(self.workspace, self.backend.hub, self.background, self.history)
        self.failures: list[str] = []
        self.served: list[object] = []
        self.api.failed.connect(self.failures.append)
        self.api.served.connect(self.served.append)

    def told(self, id: str) -> str | None:
        """What socket a program that starts now is told of."""
        self.workspace.create(InstanceSpec(InstanceId(id), id, Kind.COMMAND, ThemeName.ROSE, "/", ("x",)))
        self.backend.run(id)
        (start,) = self.backend.requests(id, Start)
        assert isinstance(start, Start)
        return start.environment.get(SOCKET_VARIABLE)


@pytest.fixture
def setup(tmp_path: Path, qtbot: QtBot) -> Iterator[Setup]:
    made = Setup(tmp_path)
    yield made
    made.background.close()
    made.api.close()


def test_programs_know_their_socket_before_it_is_there(setup: Setup, runtime_folder: Path) -> None:
    assert setup.told("before") is None
    setup.api.announce()
    assert setup.told("one") == str(runtime_folder / "podium" / f"instances-{os.getpid()}" / "one.sock")


def test_it_is_there_soon(setup: Setup, qtbot: QtBot) -> None:
    setup.api.announce()
    path = setup.told("one")
    setup.api.open()
    qtbot.waitUntil(lambda: bool(setup.served), timeout=60_000)
    assert path is not None
    qtbot.waitUntil(Path(path).exists, timeout=60_000)
    setup.workspace.close(InstanceId("one"))
    qtbot.waitUntil(lambda: not Path(path).exists(), timeout=60_000)
    setup.api.close()
    assert not Path(path).parent.exists()


def test_what_is_not_wanted_is_not_told(setup: Setup, runtime_folder: Path) -> None:
    setup.api.announce()
    setup.api.decline()
    assert setup.told("one") is None
    assert not list((runtime_folder / "podium").iterdir())


def test_a_second_podium_says_why_it_has_none(setup: Setup, qtbot: QtBot) -> None:
    held = claim(prepare_folder())
    setup.api.announce()
    setup.api.open()
    qtbot.waitUntil(lambda: bool(setup.failures), timeout=60_000)
    assert str(os.getpid()) in setup.failures[0]
    assert setup.told("one") is None
    held.release()
