"""Sessions of the window, and workers that misbehave on command, as the pool's tests have them."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from podium.app.startup.arguments import WindowOptions
from podium.app.startup.window_session import WindowSession
from tests.pool.conftest import misbehaving
from tests.workspace.doubles import FakeBackend

__all__ = ["misbehaving"]

PATIENCE = 60_000
Open = Callable[..., WindowSession]


@pytest.fixture
def open_session(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    ended: list[int] = []
    monkeypatch.setattr(
        "podium.app.startup.window_session.QApplication.exit", lambda status=0: ended.append(status)
    )
    sessions: list[WindowSession] = []

    def open_one(options: WindowOptions, backend: FakeBackend | None = None) -> WindowSession:
        session = WindowSession(options, connect=backend.connect if backend is not None else None)
        sessions.append(session)
        session.open()
        return session

    yield open_one
    for session in sessions:
        ended.clear()
        session.quit()
        if isinstance(getattr(session, "fake", None), FakeBackend):
            session.fake.done()
        qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE)
        session.finish()
        # Not closed: closing quits, and a real QApplication.exit would end every later event loop of this run.
        session.window.hide()
        session.deleteLater()
