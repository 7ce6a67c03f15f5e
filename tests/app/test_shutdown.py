"""Requests to end in, one end out."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from podium.app.startup.shutdown import Shutdown
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend


class Ending:
    """A shutdown of an empty workspace, whose backend says when all has ended."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.done: list[Callable[[], None]] = []
        backend = FakeBackend()
        backend.shutdown_all = self.done.append  # type: ignore[method-assign]
        self.workspace = Workspace(backend.hub, {})
        self.workspace.killed = lambda: (("a", "make (7)"),)  # type: ignore[method-assign]
        self.shutdown = Shutdown(self.workspace, lambda: self.told.append("end"), self.told.append)

    def finish(self) -> None:
        for done in self.done:
            done()


def test_who_is_asked_again_and_again_ends_once(qapp: object) -> None:
    """A service manager, an impatient person and the last window may all ask."""
    ending = Ending()
    for _ in range(3):
        ending.shutdown.begin()
    ending.finish()
    assert ending.told == ["When Podium closed it had to kill make (7) of a.", "end"]


def test_what_ends_after_its_time_is_told_once(qtbot: QtBot) -> None:
    ending = Ending()
    ending.shutdown.begin()
    ending.shutdown._patience.setInterval(0)
    qtbot.waitUntil(lambda: "end" in ending.told)
    ending.finish()
    assert ending.told == ["When Podium closed these did not end in time: closed instances.", "end"]
    assert ending.shutdown.late
