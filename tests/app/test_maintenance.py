"""The window's maintenance as a whole: files on disk in, words for a person, logs and a clipboard out."""

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from podium.app import help_pages
from podium.app.background import Background
from podium.app.health.maintenance import Maintenance
from podium.app.logs.log_files import app_log, instance_log
from podium.app.paths import log_folder, settings_path, state_path, with_tilde
from podium.core.config.loading import load_settings
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ErrorReport, ProgramState, StatusReport
from podium.core.protocol.requests import Paste, RawInput
from podium.sessions.hub import SessionHub
from podium.workspace.workspace import Workspace
from tests.pool.conftest import QUICK, hub_over, shut_down
from tests.workspace.doubles import FakeBackend

PATIENCE = 60_000
SECRET = "hunter2-swordfish"


class Rig:
    def __init__(self, hub: SessionHub | None = None) -> None:
        hub = hub or FakeBackend().hub
        self.backend = hub.backend
        self.workspace = Workspace(hub, {"PATH": os.environ["PATH"], "API_TOKEN": SECRET})
        self.opened: list[QUrl] = []
        self.can_open = True
        self.background = Background()
        self.maintenance = Maintenance(self.workspace, hub, self.background, open_url=self.open_url)
        self.told: list[tuple[str, str]] = []
        self.maintenance.message_posted.connect(lambda title, text: self.told.append((title, text)))

    def open_url(self, url: QUrl) -> bool:
        self.opened.append(url)
        return self.can_open

    def add(self, name: str, *command: str, kind: Kind = Kind.COMMAND) -> InstanceId:
        spec = InstanceSpec(
            InstanceId(name), name, kind, ThemeName.ROSE, "/", command, environment={"KEY": SECRET}
        )
        self.workspace.create(spec)
        return spec.id

    def close(self) -> None:
        self.background.close()
        self.maintenance.finish(0)


@pytest.fixture
def make_rig(qtbot: QtBot) -> Iterator[Callable[..., Rig]]:
    rigs: list[Rig] = []

    def make(hub: SessionHub | None = None) -> Rig:
        rigs.append(Rig(hub))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    return make_rig()


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def write_settings(text: str) -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text(text)


def test_the_settings_of_the_file_count_and_their_faults_are_told_in_one_go(qtbot: QtBot, rig: Rig) -> None:
    write_settings(
        '[workers]\nkeep_awake = false\n[logs]\nlevel = "warning"\n[history]\nkeep_days = 0\nx = 1\n'
    )
    with qtbot.waitSignal(rig.maintenance.settings_loaded, timeout=PATIENCE) as waited:
        rig.maintenance.start()
    assert waited.args == [rig.maintenance.settings]
    assert rig.maintenance.sleep_guard.status == "off in the settings"
    [(title, text)] = rig.told
    assert title == "Not all of ~/.config/podium/settings.toml can be used"
    assert text.splitlines() == [
        "line 7: history.x: There is no such key. Take it out; the keys are keep_days, keep_runs.",
        "line 6: history.keep_days: 0 is out of range. Write a whole number from 1 to 36500, without quotes.",
    ]
    rig.close()
    assert [line["event"] for line in lines(app_log(log_folder()))] == ["settings:fault", "settings:fault"]


def test_a_fault_is_told_once_whatever_else_changes(qtbot: QtBot, rig: Rig) -> None:
    write_settings("[history]\nkeep_days = 0\n")
    with qtbot.waitSignal(rig.maintenance.message_posted, timeout=PATIENCE):
        rig.maintenance.start()
    with qtbot.waitSignal(rig.maintenance.settings_loaded, timeout=PATIENCE):
        rig.maintenance.store.change("links.ask", False, lambda _: None)
    assert len(rig.told) == 1
    with qtbot.waitSignal(rig.maintenance.message_posted, timeout=PATIENCE):
        settings_path().write_text("[history]\nkeep_days = 0\n[logs]\nlevel = 3\n")
    assert "logs.level" in rig.told[1][1]
    assert "keep_days" not in rig.told[1][1]
    rig.maintenance.store.reset("history.keep_days", lambda _: None)
    qtbot.waitUntil(lambda: len(rig.maintenance.store.current.faults) == 1, timeout=PATIENCE)
    with qtbot.waitSignal(rig.maintenance.message_posted, timeout=PATIENCE):
        settings_path().write_text("[history]\nkeep_days = 0\n[logs]\nlevel = 3\n")
    assert "keep_days" in rig.told[2][1]


def test_many_faults_are_counted(qtbot: QtBot, rig: Rig) -> None:
    write_settings("".join(f"x{number} = 1\n" for number in range(9)))
    with qtbot.waitSignal(rig.maintenance.message_posted, timeout=PATIENCE):
        rig.maintenance.start()
    assert len(rig.told[0][1].splitlines()) == 5
    assert rig.told[0][1].endswith("and 5 more; all are in the log.")


def test_the_settings_file_is_made_with_its_remarks_and_opened(qtbot: QtBot, rig: Rig) -> None:
    rig.maintenance.open_settings()
    qtbot.waitUntil(lambda: bool(rig.opened), timeout=PATIENCE)
    assert rig.opened == [QUrl.fromLocalFile(str(settings_path()))]
    assert "# Keep the machine from going to sleep" in settings_path().read_text()
    assert load_settings(settings_path()).faults == ()
    assert stat.S_IMODE(settings_path().stat().st_mode) == 0o600
    assert stat.S_IMODE(settings_path().parent.stat().st_mode) == 0o700
    settings_path().write_text("# mine\n")
    rig.can_open = False
    with qtbot.waitSignal(rig.maintenance.message_posted, timeout=PATIENCE):
        rig.maintenance.open_settings()
    assert settings_path().read_text() == "# mine\n"
    assert rig.told == [("No program opens the settings file", "It is ~/.config/podium/settings.toml.")]


def test_a_settings_file_that_can_not_be_made_is_told(qtbot: QtBot, rig: Rig) -> None:
    settings_path().parent.parent.mkdir(parents=True)
    settings_path().parent.touch()
    with qtbot.waitSignal(rig.maintenance.message_posted, timeout=PATIENCE):
        rig.maintenance.open_settings()
    assert rig.told[0][0] == "The settings file can't be made"
    assert rig.opened == []


def test_help_opens_the_page_that_fits_the_current_instance(
    qtbot: QtBot, rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_pages, "documentation_folders", lambda: (tmp_path / "none", tmp_path))
    for page in ("first-steps", "missions", "agents"):
        path = tmp_path / "guide" / f"{page}.html"
        path.parent.mkdir(exist_ok=True)
        path.touch()
        if page != "first-steps":
            rig.add(page, "true", kind=Kind.MISSION if page == "missions" else Kind.COMMAND)
            rig.workspace.arrangement.select(InstanceId(page))
        rig.maintenance.open_help()
        qtbot.waitUntil(lambda path=path: QUrl.fromLocalFile(str(path)) in rig.opened, timeout=PATIENCE)
    assert len(rig.opened) == 3
    rig.can_open = False
    with qtbot.waitSignal(rig.maintenance.message_posted, timeout=PATIENCE):
        rig.maintenance.open_help()
    assert rig.told == [("No program opens the documentation", f"It is {with_tilde(str(path))}.")]


def test_a_package_without_documentation_says_so(
    qtbot: QtBot, rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_pages, "documentation_folders", lambda: (tmp_path,))
    with qtbot.waitSignal(rig.maintenance.message_posted, timeout=PATIENCE):
        rig.maintenance.open_help()
    assert rig.told[0][0] == "The documentation is not installed"
    assert rig.opened == []


def test_a_run_is_logged_without_what_is_private(qtbot: QtBot, rig: Rig) -> None:
    backend = rig.backend
    assert isinstance(backend, FakeBackend)
    rig.maintenance.start()
    job = rig.add("job", "/usr/bin/claude", "--token", SECRET)
    backend.run("job")
    rig.workspace.send(job, Paste(SECRET))
    rig.workspace.send(job, RawInput(SECRET.encode()))
    backend.report("job", StatusReport(ProgramState.RUNNING, 42, title=SECRET))
    backend.report("job", ErrorReport("The program does not take commands."))
    backend.exit("job", code=3)
    backend.become(
        "job", WorkerState.FAILED, generation=2, restart_count=5, reason="It was ended by SIGKILL."
    )
    log = app_log(log_folder())
    qtbot.waitUntil(lambda: log.exists() and "app:versions" in log.read_text(), timeout=PATIENCE)
    rig.close()
    written = lines(instance_log(log_folder(), "job"))
    assert [(line["event"], line.get("text", "")) for line in written] == [
        ("worker:state", ""),
        ("worker:state", ""),
        ("program:started", "claude"),
        ("request:refused", "The program does not take commands."),
        ("program:exited", ""),
        ("worker:state", "It was ended by SIGKILL."),
    ]
    assert written[2]["fields"] == {"arguments": 2, "pid": 42}
    assert written[4]["fields"] == {"code": 3}
    assert written[5]["fields"]["generation"] == 2
    whole = app_log(log_folder()).read_text()
    events = [line["event"] for line in lines(app_log(log_folder()))]
    assert events[0] == "app:started"
    assert {"app:ended", "app:versions", "program:exited", "request:refused"} <= set(events)
    assert SECRET not in whole + instance_log(log_folder(), "job").read_text()


def test_what_a_real_worker_says_and_its_death_stand_in_its_log(
    qtbot: QtBot, make_rig: Callable[..., Rig], misbehaving: Callable[[str], tuple[str, ...]]
) -> None:
    body = (
        "os.read(0, 1 << 16); ready()\nprint('Traceback: lost', file=sys.stderr)\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "while True: time.sleep(1)\n"
    )
    hub, pool = hub_over(QUICK, misbehaving(body))
    rig = make_rig(hub)
    rig.maintenance.start()
    shell = rig.add("shell", kind=Kind.SHELL)
    qtbot.waitUntil(lambda: pool.status(shell).last_output == ("Traceback: lost",), timeout=PATIENCE)
    rig.workspace.close(shell)  # It does not mind, so it is killed.
    qtbot.waitUntil(lambda: not pool.active_count(), timeout=PATIENCE)
    shut_down(pool, qtbot)
    rig.close()
    written = lines(instance_log(log_folder(), "shell"))
    events = [(line["event"], line.get("fields", {}).get("state")) for line in written]
    assert ("worker:log", None) in events
    assert [line["text"] for line in written if line["event"] == "worker:log"] == ["Traceback: lost"]
    states = [state for event, state in events if event == "worker:state"]
    assert states == ["starting", "running", "stopping", "stopped"]
    assert ("worker:killed", None) in events
    assert "Traceback" not in app_log(log_folder()).read_text()


def test_diagnostics_are_put_on_the_clipboard_without_the_home_folder(qtbot: QtBot, rig: Rig) -> None:
    backend = rig.backend
    assert isinstance(backend, FakeBackend)
    write_settings('[history]\nkeep_days = 7\n[privacy]\nkeep_screens = "no"\n')
    with qtbot.waitSignal(rig.maintenance.settings_loaded, timeout=PATIENCE):
        rig.maintenance.start()
    rig.add("job", "make", SECRET)
    backend.run("job")
    backend.become(
        "job", WorkerState.BACKOFF, generation=3, restart_count=2, reason="It was ended by SIGSEGV."
    )
    rig.maintenance.logs.app.troubled("test", f"the last line, in {Path.home()}/work")
    log = app_log(log_folder())
    qtbot.waitUntil(lambda: log.exists() and "the last line" in log.read_text(), timeout=PATIENCE)
    rig.told.clear()
    with qtbot.waitSignal(rig.maintenance.message_posted, timeout=PATIENCE):
        rig.maintenance.copy_diagnostics()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Podium\n------\npodium ")
    for part in (
        "Display: offscreen, ",
        "Qt ",
        "Kept awake for missions: not needed now",
        "Settings: ~/.config/podium/settings.toml",
        "history.keep_days = 7 (changed)",
        "privacy.keep_screens = true\n",
        "privacy.keep_screens: This is text. Write true or false",
        "job: backoff, generation 3, 2 restarts: It was ended by SIGSEGV.",
        "the last line, in ~/work",
    ):
        assert part in text
    assert str(Path.home()) not in text
    assert SECRET not in text
    assert rig.told == [("The diagnostics are on the clipboard", "Read them before you give them to others.")]


def test_too_little_room_is_told(qtbot: QtBot, rig: Rig) -> None:
    rig.maintenance.disk_watch._low_bytes = 1 << 60
    with qtbot.waitSignal(rig.maintenance.message_posted, timeout=PATIENCE):
        rig.maintenance.start()
    assert rig.told[0][0].startswith("Only ")
    assert with_tilde(str(state_path().parent)) in rig.told[0][0]


def test_the_home_folder_is_a_tilde_only_where_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    text = "/home/ada /home/ada/x “/home/ada” /home/adam /srv/home/ada file:///home/ada/x /home/ada.old"
    assert with_tilde(text) == "~ ~/x “~” /home/adam /srv/home/ada file:///home/ada/x /home/ada.old"
    monkeypatch.setenv("HOME", "/")
    assert with_tilde("/srv") == "/srv"
