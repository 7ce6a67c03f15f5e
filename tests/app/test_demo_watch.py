"""What becomes of the demo that is played to its end when a person removes one of its instances."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from podium.app.startup.arguments import DemoOptions
from podium.app.startup.demo_watch import DemoWatch
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend

pytestmark = pytest.mark.fault("H7")


class Screen:
    def screenshot(self) -> QPixmap:
        return QPixmap(1, 1)


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def play(qapp: object, backend: FakeBackend, tmp_path: Path) -> Callable[..., tuple[Workspace, list[int]]]:
    kept: list[object] = []

    def begin(**options: object) -> tuple[Workspace, list[int]]:
        workspace = Workspace(backend.hub, {})
        ends: list[int] = []
        watch = DemoWatch(
            workspace, Screen(), DemoOptions(until_done=True, **options), ends.append, workspace
        )
        for name, kind in (("harbor", Kind.MISSION), ("shell", Kind.SHELL), ("lantern", Kind.MISSION)):
            mission = "mission.toml" if kind is Kind.MISSION else ""
            workspace.create(
                InstanceSpec(InstanceId(name), name, kind, ThemeName.ROSE, str(tmp_path), mission=mission)
            )
            backend.run(name)
        watch.watch(workspace.ids())
        kept.extend((workspace, watch))
        return workspace, ends

    return begin


@pytest.mark.parametrize("removed", ["harbor", "shell", "lantern"])
def test_the_demo_ends_once_and_nothing_is_raised(
    qtbot: QtBot, backend: FakeBackend, play: Callable[..., tuple[Workspace, list[int]]], removed: str, capsys
) -> None:
    workspace, ends = play()
    workspace.close(InstanceId(removed))
    for name in workspace.ids():
        backend.exit(name)
    qtbot.wait(150)  # Changes are told 50 ms later: an exception in a slot fails the test.
    workspace.close(workspace.ids()[0])
    qtbot.wait(100)
    assert ends == [1]
    assert capsys.readouterr().err == f"podium: {removed} was closed before the demo had ended.\n"


def test_one_is_removed_while_the_screens_are_asked_for(
    qtbot: QtBot, backend: FakeBackend, play: Callable[..., tuple[Workspace, list[int]]], tmp_path: Path
) -> None:
    workspace, ends = play(screenshot=tmp_path / "pictures", summary=tmp_path / "summary.json")
    for name in ("harbor", "lantern"):
        backend.exit(name)
    qtbot.wait(150)
    workspace.close(InstanceId("shell"))
    qtbot.wait(100)
    assert ends == [1]
    assert not (tmp_path / "summary.json").exists()
