"""Files given at the start or by the desktop in, a window that asks about them out."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile, QUrl
from PySide6.QtGui import QFileOpenEvent
from pytestqt.qtbot import QtBot

from podium.app.paths import state_path
from podium.app.startup import window_session
from podium.app.startup.application import PodiumApplication
from podium.app.startup.arguments import OpenOptions, RunOptions, WindowOptions
from podium.app.startup.window_access import WindowAccess
from podium.app.startup.window_session import WindowSession
from podium.app.state import saved_window
from podium.app.state.outcome import NotTaken, Outcome
from podium.control.api.window import RunInWindow
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.workspace.saved_state import SavedState, save
from tests.app.conftest import PATIENCE, Open

SPEC = InstanceSpec(InstanceId("a"), "a", Kind.SHELL, ThemeName.ROSE, "/")


def asked(qtbot: QtBot, session: WindowSession) -> None:
    qtbot.waitUntil(lambda: len(session.window.sheets) == 1, timeout=PATIENCE)


def test_the_window_opens_with_what_was_saved_and_asks(
    open_session: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    save(state_path(), SavedState(instances=(SPEC,), demo_seen=True))
    session = open_session(OpenOptions(paths=(tmp_path,)))
    asked(qtbot, session)
    assert session.window.isVisible()
    assert session.workspace.ids() == ("a",)


def test_at_the_very_first_start_a_file_takes_the_place_of_the_demo(
    open_session: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    session = open_session(OpenOptions(paths=(tmp_path,)))
    asked(qtbot, session)
    assert session.workspace.ids() == ()
    assert not session.saved.demo_seen


def _refused(_options: object) -> Outcome:
    raise NotTaken("There is no room for it.")


def _failing(_options: object) -> Outcome:
    raise OSError("nothing works")


@pytest.mark.parametrize(
    ("offer_again", "said"),
    [
        (lambda _options: Outcome.NEVER, "Podium is open already"),
        (_refused, "There is no room for it."),
        (_failing, "Podium is open already"),
        (lambda _options: Outcome.NOT_YET, "Podium is open already"),
    ],
    ids=["silent", "refused", "failing", "never ready"],
)
def test_while_another_window_is_open_none_is_opened_that_remembers_nothing(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    offer_again: Callable[[object], Outcome],
    said: str,
) -> None:
    monkeypatch.setattr(window_session, "offer_again", offer_again)
    monkeypatch.setattr(saved_window, "_HAND_OVER_MS", 1)
    state_path().parent.mkdir(parents=True)
    other = QLockFile(str(state_path().with_suffix(".lock")))
    assert other.tryLock(0)
    session = WindowSession(OpenOptions(paths=(tmp_path,)))
    monkeypatch.setattr(session, "_end_with", lambda _status: None)
    with qtbot.waitSignal(session.saved.given_up, timeout=PATIENCE) as told:
        session.open()
    assert told.args is not None
    assert told.args[0].startswith(said)
    assert not session.window.isVisible()
    session.finish()
    session.deleteLater()
    other.unlock()


def test_a_window_that_is_about_to_end_is_waited_for(
    open_session: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_window, "_HAND_OVER_MS", 1)
    save(state_path(), SavedState(instances=(SPEC,), demo_seen=True))
    other = QLockFile(str(state_path().with_suffix(".lock")))
    assert other.tryLock(0)
    offers: list[int] = []

    def offer_again(_paths: object) -> Outcome:
        offers.append(len(offers))
        if len(offers) == 3:
            other.unlock()
        return Outcome.NOT_YET

    monkeypatch.setattr(window_session, "offer_again", offer_again)
    session = open_session(OpenOptions(paths=(tmp_path,)))
    assert not session.window.isVisible()
    asked(qtbot, session)
    assert len(offers) == 3
    assert session.workspace.ids() == ("a",)
    other.unlock()


def test_while_another_window_is_asked_this_one_serves_nothing_and_asks_for_no_update(
    open_session: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would take the socket of the window that it waits for, and tell of an update where nobody sees it."""
    opened: list[object] = []
    monkeypatch.setattr(window_session, "_CONTROL_DELAY_MS", 0)
    session = WindowSession(OpenOptions())
    monkeypatch.setattr(session, "_open_control", opened.append)
    monkeypatch.setattr(session.updates, "begin", opened.append)
    with qtbot.waitSignal(session.maintenance.settings_loaded, timeout=PATIENCE):
        session.maintenance.start()
    qtbot.wait(1)
    assert opened == []
    session._on_shown()
    qtbot.waitUntil(lambda: len(opened) == 2, timeout=PATIENCE)
    session.window.hide()
    session.finish()
    session.deleteLater()


class Application:
    """Stands for the application object: there is one of another class already."""

    def __init__(self) -> None:
        self.opened: list[Path] = []
        self.file_opened = self

    def emit(self, path: Path) -> None:
        self.opened.append(path)


@pytest.mark.parametrize(
    ("url", "path"),
    [("file:///a%20b/x.toml", "/a b/x.toml"), ("https://elsewhere/x.toml", "")],
    ids=["file", "elsewhere"],
)
def test_a_double_click_on_macos_is_an_event(qapp: object, url: str, path: str) -> None:
    application = Application()
    taken = PodiumApplication.event(application, QFileOpenEvent(QUrl(url)))  # type: ignore[arg-type]
    assert application.opened == ([Path(path)] if path else [])
    assert taken is bool(path)


def test_a_file_that_comes_before_the_window_waits_for_it(
    open_session: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(state_path(), SavedState(demo_seen=True))
    session = open_session(WindowOptions())
    with monkeypatch.context() as patch:
        patch.setattr(session.window, "open_paths", lambda _paths: pytest.fail("it is not shown yet"))
        session.open_path(tmp_path)
    asked(qtbot, session)
    session.window.sheets[0].reject()
    session.open_path(tmp_path)
    asked(qtbot, session)


def test_the_api_brings_the_window_forward_with_the_token_of_the_desktop(
    open_session: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(RunOptions(command=("true",), name="job"))
    tokens: list[str | None] = []
    monkeypatch.setattr(
        session.window, "come_forward", lambda: tokens.append(os.environ.get("XDG_ACTIVATION_TOKEN"))
    )
    access = WindowAccess(session.windows.of, session.runs.run, lambda *_: None)
    access.open_paths((tmp_path,), "token-1")
    access.run_program(RunInWindow(name="build", command=("make",), folder="/", activation="token-2"))
    assert tokens == ["token-1", "token-2"]
    qtbot.waitUntil(lambda: "build" in session.workspace.ids(), timeout=PATIENCE)
    assert "XDG_ACTIVATION_TOKEN" not in os.environ
    asked(qtbot, session)
