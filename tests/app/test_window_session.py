"""The parts connected: options in, a filled window out, whatever backend runs the sessions."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from podium.app.paths import log_folder, settings_path, state_path
from podium.app.startup.arguments import RunOptions, WindowOptions
from podium.app.startup.window_access import WindowAccess
from podium.app.startup.window_session import WindowSession
from podium.app.state.outcome import Outcome
from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import AgentLaunch, InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.requests import Start
from podium.workspace.arrangement import Layout
from podium.workspace.saved_state import FurtherWindow, SavedState, load, save
from podium.workspace.views import InstanceState
from tests.app.conftest import PATIENCE, Open
from tests.workspace.doubles import FakeBackend


def run(*command: str) -> RunOptions:
    return RunOptions(command=command, name="job", theme=ThemeName.ROSE, folder=Path("/"))


@pytest.mark.parametrize(("pool", "isolated"), [(True, True), (False, False)])
def test_a_backend_is_made_as_the_options_say(
    open_session: Open, qtbot: QtBot, pool: bool, isolated: bool
) -> None:
    session = open_session(
        RunOptions(pool, command=("sh", "-c", "echo out; exit 5"), name="job", folder=Path("/"))
    )
    workspace = session.workspace
    assert workspace.isolated is isolated
    qtbot.waitUntil(lambda: bool(workspace.ids()), timeout=PATIENCE)
    [instance] = workspace.ids()
    qtbot.waitUntil(lambda: workspace.view(instance).state is InstanceState.EXITED, timeout=PATIENCE)
    assert workspace.view(instance).exit_code == 5
    texts: list[str] = []
    workspace.request_text(instance, texts.append)
    qtbot.waitUntil(lambda: bool(texts), timeout=PATIENCE)
    assert texts[0].startswith("out")


def test_a_backend_from_outside_is_used(open_session: Open, qtbot: QtBot) -> None:
    backend = FakeBackend()
    session = open_session(run("make", "test"), backend)
    session.fake = backend
    qtbot.waitUntil(lambda: bool(session.workspace.ids()), timeout=PATIENCE)
    backend.become("job", WorkerState.RUNNING)
    [start] = backend.requests("job", Start)
    assert (start.argv, start.folder) == (("make", "test"), "/")
    assert session.workspace.view(InstanceId("job")).spec.theme is ThemeName.ROSE


def test_an_agents_tool_is_run_with_its_first_prompt(open_session: Open, qtbot: QtBot) -> None:
    backend = FakeBackend()
    session = open_session(
        RunOptions(name="mend", agent="claude", prompt="Mend it", folder=Path("/")), backend
    )
    session.fake = backend
    qtbot.waitUntil(lambda: bool(session.workspace.ids()), timeout=PATIENCE)
    backend.become("mend", WorkerState.RUNNING)
    [start] = backend.requests("mend", Start)
    agent = session.workspace.view(InstanceId("mend")).spec.agent
    assert agent == AgentLaunch("claude", agent.session if agent is not None else "", first_prompt="Mend it")
    assert start.argv == ("claude", "--session-id", agent.session, "--", "Mend it")


def test_an_agents_tool_that_no_adapter_knows_is_told(open_session: Open, qtbot: QtBot) -> None:
    session = open_session(RunOptions(name="x", agent="command", folder=Path("/")), FakeBackend())
    qtbot.waitUntil(lambda: bool(session.window.toasts.texts()), timeout=PATIENCE)
    assert "There is no agent's tool “command”" in session.window.toasts.texts()[0]
    assert not session.workspace.ids()


def test_what_was_saved_comes_back_stopped_and_is_saved_again(open_session: Open, qtbot: QtBot) -> None:
    specs = tuple(
        InstanceSpec(InstanceId(f"i{n}"), f"Shell {n}", Kind.SHELL, ThemeName.AMBER, "/") for n in range(6)
    )
    save(
        state_path(),
        SavedState(instances=specs, current=InstanceId("i4"), layout=Layout.GRID, demo_seen=True),
    )
    session = open_session(WindowOptions())
    workspace = session.workspace
    qtbot.waitUntil(lambda: len(workspace.ids()) == 6, timeout=PATIENCE)
    assert workspace.arrangement.current == "i4"
    assert workspace.arrangement.visible == ("i4", "i5")
    assert not workspace.busy()
    workspace.rename(InstanceId("i5"), "Renamed")
    workspace.arrangement.set_layout(Layout.TABS)
    qtbot.waitUntil(lambda: load(state_path()).state.layout is Layout.TABS, timeout=PATIENCE)
    assert load(state_path()).state.instances[5].name == "Renamed"


def test_who_does_not_want_to_be_disturbed_is_not_after_a_restart(open_session: Open, qtbot: QtBot) -> None:
    save(state_path(), SavedState(demo_seen=True, undisturbed_until=None))
    session = open_session(WindowOptions())
    quiet = session.workspace.alerts.do_not_disturb
    qtbot.waitUntil(lambda: quiet.active, timeout=PATIENCE)
    quiet.turn_off()
    qtbot.waitUntil(lambda: load(state_path()).state.undisturbed_until == 0.0, timeout=PATIENCE)


def test_a_demo_that_an_older_version_saved_does_not_come_back(open_session: Open, qtbot: QtBot) -> None:
    mine = InstanceSpec(InstanceId("mine"), "mine", Kind.SHELL, ThemeName.AMBER, "/")
    folder = f"{tempfile.gettempdir()}/podium-demo-abcdefgh/harbor"
    demo = InstanceSpec(InstanceId("harbor"), "harbor", Kind.MISSION, ThemeName.INDIGO, folder)
    save(
        state_path(),
        SavedState(instances=(demo, mine), current=demo.id, demo_seen=True, running=(demo.id,)),
    )
    session = open_session(WindowOptions())
    qtbot.waitUntil(lambda: load(state_path()).state.instances == (mine,), timeout=PATIENCE)
    assert session.workspace.ids() == ("mine",)
    assert session.workspace.arrangement.current == "mine"
    assert session.window.sheets == []


def test_a_demo_is_not_saved_and_its_folder_goes_with_the_window(
    alone: WindowSession, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mine = InstanceSpec(InstanceId("mine"), "mine", Kind.SHELL, ThemeName.AMBER, "/")
    save(state_path(), SavedState(instances=(mine,), demo_seen=True))
    alone.open()
    qtbot.waitUntil(lambda: alone.workspace.ids() == ("mine",), timeout=PATIENCE)
    alone.window.run(CommandId.WATCH_DEMO, None)
    qtbot.waitUntil(lambda: len(alone.workspace.ids()) == 5, timeout=PATIENCE)
    alone.workspace.rename(mine.id, "still mine")
    qtbot.waitUntil(lambda: load(state_path()).state.instances[0].name == "still mine", timeout=PATIENCE)
    saved = load(state_path()).state
    assert ([spec.id for spec in saved.instances], saved.current, saved.running) == (["mine"], None, ())
    assert len(list(tmp_path.glob("podium-demo-projects-*"))) == 1
    ended: list[int] = []
    monkeypatch.setattr(
        "podium.app.startup.window_session.QApplication.exit", lambda status=0: ended.append(status)
    )
    alone.quit()
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE)
    assert alone.finish() == 0
    assert list(tmp_path.glob("podium-demo-*")) == []


def test_a_second_window_that_can_not_ask_the_first_gives_up(
    open_session: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("podium.app.startup.window_session.offer_again", lambda _options: Outcome.NEVER)
    save(state_path(), SavedState(demo_seen=True))
    first = open_session(WindowOptions())
    qtbot.waitUntil(first.window.isVisible, timeout=PATIENCE)
    second = WindowSession(run("make"), connect=FakeBackend().connect)
    with qtbot.waitSignal(second.saved.given_up, timeout=PATIENCE):
        second.open()
    assert not second.window.isVisible()
    assert second.workspace.ids() == ()
    assert second.finish() == 1
    assert "Podium is open already" in capsys.readouterr().err
    second.deleteLater()
    first.workspace.create(InstanceSpec(InstanceId("y"), "y", Kind.SHELL, ThemeName.ROSE, "/"), start=False)
    qtbot.waitUntil(lambda: bool(load(state_path()).state.instances), timeout=PATIENCE)
    assert [spec.id for spec in load(state_path()).state.instances] == ["y"]


def test_a_folder_that_can_not_be_written_shows_what_was_saved(
    open_session: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ReadOnly(QLockFile):
        def tryLock(self, _timeout: int = 0) -> bool:
            return False

        def error(self) -> QLockFile.LockError:
            return QLockFile.LockError.PermissionError

    monkeypatch.setattr("podium.app.state.saved_window.QLockFile", ReadOnly)
    state = SavedState(instances=(InstanceSpec(InstanceId("a"), "a", Kind.SHELL, ThemeName.ROSE, "/"),))
    save(state_path(), state)
    before = state_path().read_bytes()
    session = open_session(WindowOptions())
    qtbot.waitUntil(lambda: session.workspace.ids() == ("a",), timeout=PATIENCE)
    assert any("can't be written to" in text for text in session.window.toasts.texts())
    session.workspace.arrangement.set_layout(Layout.GRID)
    qtbot.wait(600)
    assert state_path().read_bytes() == before


def test_an_unreadable_state_is_set_aside_and_the_window_opens(open_session: Open, qtbot: QtBot) -> None:
    state_path().parent.mkdir(parents=True)
    state_path().write_text("{broken")
    session = open_session(WindowOptions())
    qtbot.waitUntil(session.window.isVisible, timeout=PATIENCE)
    assert session.workspace.ids() == ()
    assert state_path().with_name("workspace.json.unreadable").read_text() == "{broken"


def test_the_windows_menu_checks_for_updates_at_the_feed_of_the_settings(
    open_session: Open, qtbot: QtBot
) -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text('[updates]\nfeed = "ftp://example.org/"\n')
    backend = FakeBackend()
    session = open_session(run("make"), backend)
    session.fake = backend
    qtbot.waitUntil(lambda: session.updates.feed != "", timeout=PATIENCE)
    session.window.run(CommandId.CHECK_FOR_UPDATES, None)
    qtbot.waitUntil(lambda: bool(session.window.toasts.texts()), timeout=PATIENCE)
    [text] = session.window.toasts.texts()
    assert text.startswith("The check for updates failed ftp://example.org/: That is no address of a feed.")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[WindowSession]:
    """A session whose end is the test's own."""
    monkeypatch.setattr("podium.app.startup.window_session.QApplication.exit", lambda *_: None)
    session = WindowSession(WindowOptions())
    yield session
    session.window.hide()
    session.deleteLater()


def test_a_quit_before_the_saved_state_is_read_leaves_it_as_it_was(alone: WindowSession) -> None:
    spec = InstanceSpec(InstanceId("a"), "a", Kind.SHELL, ThemeName.ROSE, "/")
    save(state_path(), SavedState(instances=(spec,)))
    alone.open()
    alone.quit()
    assert alone.finish() == 0
    assert load(state_path()).state.instances == (spec,)


def test_a_state_that_can_not_be_replaced_is_left_alone(alone: WindowSession, qtbot: QtBot) -> None:
    state_path().mkdir(parents=True)
    alone.open()
    qtbot.waitUntil(alone.window.isVisible, timeout=PATIENCE)
    alone.workspace.create(InstanceSpec(InstanceId("x"), "x", Kind.SHELL, ThemeName.ROSE, "/"), start=False)
    assert alone.finish() == 0
    assert state_path().is_dir()


def test_a_session_leaves_a_log_of_its_run(open_session: Open, qtbot: QtBot) -> None:
    backend = FakeBackend()
    session = open_session(run("make"), backend)
    session.fake = backend
    qtbot.waitUntil(lambda: bool(session.workspace.ids()), timeout=PATIENCE)
    backend.run("job")
    backend.exit("job", code=2)
    assert session.workspace.view(InstanceId("job")).state is InstanceState.EXITED
    log = log_folder() / "instances" / "job.log"
    qtbot.waitUntil(lambda: log.exists() and "program:exited" in log.read_text(), timeout=PATIENCE)


def test_the_windows_menu_copies_diagnostics(open_session: Open, qtbot: QtBot) -> None:
    backend = FakeBackend()
    session = open_session(run("make"), backend)
    session.fake = backend
    qtbot.waitUntil(lambda: bool(session.workspace.ids()), timeout=PATIENCE)
    session.window.run(CommandId.COPY_DIAGNOSTICS, None)
    qtbot.waitUntil(lambda: "clipboard" in " ".join(session.window.toasts.texts()), timeout=PATIENCE)
    assert "job: starting" in QGuiApplication.clipboard().text()


def spec(id: str) -> InstanceSpec:
    return InstanceSpec(InstanceId(id), id, Kind.SHELL, ThemeName.ROSE, "/")


def shown(session: WindowSession) -> list[tuple[str, ...]]:
    """What each window has."""
    return [one.order for one in session.workspace.arrangements.all]


def test_all_windows_come_back_with_what_they_had(open_session: Open, qtbot: QtBot) -> None:
    further = FurtherWindow(
        instances=tuple(map(InstanceId, ("b", "gone", "d"))),
        current=InstanceId("d"),
        layout=Layout.GRID,
        geometry=b"no geometry",
    )
    save(
        state_path(),
        SavedState(
            instances=tuple(map(spec, "abcd")),
            current=InstanceId("c"),
            windows=(further, FurtherWindow()),
        ),
    )
    session = open_session(WindowOptions())
    qtbot.waitUntil(lambda: len(session.windows.all) == 3, timeout=PATIENCE)
    first, second, third = session.windows.all
    qtbot.waitUntil(third.isVisible, timeout=PATIENCE)
    assert first.isVisible()
    assert second.isVisible()
    assert shown(session) == [("a", "c"), ("b", "d"), ()]
    arrangements = session.workspace.arrangements.all
    assert [one.current for one in arrangements] == ["c", "d", None]
    assert [one.layout for one in arrangements] == [Layout.TABS, Layout.GRID, Layout.TABS]
    assert session.window is first


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_what_changes_in_any_window_is_saved(open_session: Open, qtbot: QtBot) -> None:
    save(state_path(), SavedState(instances=tuple(map(spec, "abc")), demo_seen=True))
    session = open_session(WindowOptions())
    qtbot.waitUntil(lambda: session.workspace.ids() == ("a", "b", "c"), timeout=PATIENCE)
    session.window.run(CommandId.MOVE_TO_NEW_WINDOW, InstanceId("b"))
    second = session.windows.all[1]
    session.workspace.arrangements.of(InstanceId("b")).set_layout(Layout.GRID)

    def saved() -> SavedState:
        return load(state_path()).state

    qtbot.waitUntil(lambda: bool(saved().windows), timeout=PATIENCE)
    [window] = saved().windows
    assert [one.id for one in saved().instances] == ["a", "c", "b"]
    assert (window.instances, window.current, window.layout) == (("b",), "b", Layout.GRID)
    assert window.geometry
    assert list(window.places.values()) == [window.geometry]
    second.resize(700, 610)
    qtbot.waitUntil(lambda: saved().windows[0].geometry != window.geometry, timeout=PATIENCE)
    session.window.run(CommandId.NEW_WINDOW, None)
    qtbot.waitUntil(lambda: len(saved().windows) == 2, timeout=PATIENCE)
    second.close()
    qtbot.waitUntil(lambda: len(saved().windows) == 1, timeout=PATIENCE)
    assert [one.id for one in saved().instances] == ["a", "c", "b"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_windows_are_saved_as_they_are_when_podium_ends(alone: WindowSession, qtbot: QtBot) -> None:
    save(state_path(), SavedState(instances=tuple(map(spec, "ab")), demo_seen=True))
    alone.open()
    qtbot.waitUntil(lambda: alone.workspace.ids() == ("a", "b"), timeout=PATIENCE)
    alone.windows.move_to_new(InstanceId("b"))
    first, second = alone.windows.all
    second.run(CommandId.QUIT, None)
    assert alone.workspace.closing
    for window in (second, first):  # As Qt does when it quits.
        window.close()
    assert not first.isVisible()
    assert alone.finish() == 0
    assert [window.instances for window in load(state_path()).state.windows] == [("b",)]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_api_reaches_the_window_that_has_the_instance(open_session: Open, qtbot: QtBot) -> None:
    save(state_path(), SavedState(instances=tuple(map(spec, "ab")), demo_seen=True))
    session = open_session(WindowOptions())
    qtbot.waitUntil(lambda: session.workspace.ids() == ("a", "b"), timeout=PATIENCE)
    b = InstanceId("b")
    session.windows.move_to_new(b)
    first, second = session.windows.all
    qtbot.waitUntil(second.isActiveWindow, timeout=PATIENCE)
    first.activateWindow()
    qtbot.waitUntil(first.isActiveWindow, timeout=PATIENCE)
    access = WindowAccess(session.windows.of, session.runs.run, lambda *_: None)
    assert access.refusal(CommandId.MOVE_TO_NEW_WINDOW, b) == "It is the only instance of its window."
    access.run(CommandId.RENAME, b)
    assert (len(first.sheets), len(second.sheets)) == (0, 1)
    assert access.refusal(CommandId.RENAME, b) == "A dialog is open."
    assert access.refusal(CommandId.RENAME, InstanceId("a")) == ""
    second.sheets[0].reject()
    first.activateWindow()
    qtbot.waitUntil(first.isActiveWindow, timeout=PATIENCE)
    session.workspace.arrangements.reveal(b)
    assert session.window is first, "a program that shows an instance takes no keyboard"
    session.desktop.tray.show_requested.emit(b)
    qtbot.waitUntil(second.isActiveWindow, timeout=PATIENCE)
    assert session.window is second
