"""Processes and ledger in, what the last look at the end makes of them out. Processes are real."""

import os
import queue
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.app.state import history_service as records_module
from podium.app.state.history_service import HistoryService
from podium.core.config.settings import Leftovers, Settings, Workers
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import WorkerState, WorkerStatus
from podium.core.runs import Run
from podium.core.system.processes import WORKER_VARIABLE
from podium.history import costs, ledger, retention, runs
from podium.history.database import Database, open_database
from tests.history.test_long_use import a_history

Left = dict[Kind, "subprocess.Popen[bytes]"]


@pytest.fixture
def left() -> Iterator[Left]:
    """What a shell, a command and a mission have left, each under the marker of its own worker."""
    code = "print(flush=True); import time; time.sleep(60)"
    started: Left = {}
    for kind in Kind:
        started[kind] = subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, WORKER_VARIABLE: uuid.uuid4().hex},
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        started[kind].stdout.readline()
    yield started
    for process in started.values():
        process.kill()
        process.wait()


def marker_of(process: "subprocess.Popen[bytes]") -> str:
    variables = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    return (
        next(one for one in variables if one.startswith(WORKER_VARIABLE.encode())).decode().partition("=")[2]
    )


@pytest.mark.parametrize(
    ("policy", "ended", "remembered"),
    [
        (Leftovers.ASK, {Kind.COMMAND, Kind.MISSION}, {Kind.SHELL}),
        (Leftovers.END, set(Kind), set()),
        (Leftovers.LEAVE, {Kind.COMMAND, Kind.MISSION}, set()),
    ],
)
def test_the_last_look_ends_what_may_not_stay_and_remembers_what_is_to_be_asked(
    qapp: object, tmp_path: Path, left: Left, policy: Leftovers, ended: set[Kind], remembered: set[Kind]
) -> None:
    markers = {kind: marker_of(process) for kind, process in left.items()}
    service = HistoryService(tmp_path / "history.db", Background())
    service.open(msgspec.structs.replace(Settings(), workers=Workers(leftovers=policy)))
    for kind, marker in (*markers.items(), (Kind.SHELL, "nothing-is-left-of-this-one")):
        spec = InstanceSpec(InstanceId(f"a-{marker[:8]}"), "a", kind, ThemeName.ROSE, "/")
        status = WorkerStatus(spec.id, WorkerState.RUNNING, 1, os.getpid(), marker=marker)
        service.journal.record_worker(spec, status, 0)
    assert service.close()
    assert {kind for kind, process in left.items() if process.poll() is not None} == ended
    database = open_database(tmp_path / "history.db").database
    kept = {entry.marker for entry in ledger.abandoned(database, lambda *_: False)}
    database.close()
    assert kept == {markers[kind] for kind in remembered}


@pytest.mark.fault("F1")
@pytest.mark.parametrize("policy", Leftovers)
def test_what_could_not_be_ended_is_remembered_whatever_a_shell_may_leave(
    qapp: object, tmp_path: Path, left: Left, policy: Leftovers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records_module, "end_traces", lambda _traces, _grace: ())
    marker = marker_of(left[Kind.COMMAND])
    service = HistoryService(tmp_path / "history.db", Background())
    service.open(msgspec.structs.replace(Settings(), workers=Workers(leftovers=policy)))
    spec = InstanceSpec(InstanceId("a"), "a", Kind.COMMAND, ThemeName.ROSE, "/")
    service.journal.record_worker(
        spec, WorkerStatus(spec.id, WorkerState.RUNNING, 1, os.getpid(), marker=marker), 0
    )
    assert service.close()
    database = open_database(tmp_path / "history.db").database
    kept = {entry.marker for entry in ledger.abandoned(database, lambda *_: False)}
    database.close()
    assert kept == {marker}


@pytest.mark.fault("H4")
@pytest.mark.parametrize("tidy", [True, False])
def test_what_is_too_old_goes_in_the_background_unless_the_settings_can_not_be_read(
    qapp: object, tmp_path: Path, tidy: bool
) -> None:
    path = tmp_path / "history.db"
    a_history(path, 60_000, days=800, version=2)
    before = path.stat().st_size
    service = HistoryService(path, Background())
    service.open(Settings(), tidy=tidy)
    answers: queue.Queue[object] = queue.Queue()
    deadline = time.monotonic() + 60
    entries = 60_000
    while time.monotonic() < deadline:
        service.history.ask(_state_of_maintenance, answers.put, answers.put)
        entries, checked = answers.get(timeout=60)  # type: ignore[misc]
        if checked or not tidy:
            break
        time.sleep(0.05)
    assert checked is tidy
    assert (entries < 30_000) is tidy
    assert service.close()
    assert (path.stat().st_size < before * 0.6) is tidy
    database = open_database(path).database
    assert costs.usage(database).real.usd == pytest.approx(600.0)
    database.close()


def _state_of_maintenance(database: Database) -> tuple[int, bool]:
    with database.reading() as connection:
        entries = connection.execute("SELECT count(*) FROM costs").fetchone()[0]
    return entries, not retention.due(database, "check", 3600)


@pytest.mark.fault("H4")
def test_damage_that_the_check_finds_is_set_aside(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    a_history(path, 60_000, days=10)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 64] = b"\xff" * 64
    path.write_bytes(data)
    service = HistoryService(path, Background())
    troubles: list[str] = []
    service.history_failed.connect(troubles.append, Qt.ConnectionType.DirectConnection)
    service.open(Settings())
    deadline = time.monotonic() + 60
    while not troubles and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "is kept as history.db.unreadable" in troubles[0]
    assert service.close()


def test_the_last_run_of_an_instance_is_found(qtbot: QtBot, tmp_path: Path) -> None:
    owner = QObject()
    background = Background(owner)
    service = HistoryService(tmp_path / "history.db", background, owner)
    service.open(Settings())
    for number, instance in enumerate(("a", "a", "b")):
        run = Run(
            id=f"{number:032x}",
            instance=InstanceId(instance),
            name=instance,
            kind=Kind.MISSION,
            what="/m.toml",
            folder="/",
            theme="rose",
            started_at=1_000.0 + number,
            owner_pid=os.getpid(),
            owner_identity="",
        )
        service.history.submit(lambda database, run=run: runs.begin(database, run))
    found: dict[str, Run | None] = {}

    def ask(instance: str) -> None:
        service.find_last_run(InstanceId(instance), lambda run: found.update({instance: run}))

    for instance in ("a", "b", "none"):
        ask(instance)
    qtbot.waitUntil(lambda: len(found) == 3)
    started = {instance: run and run.started_at for instance, run in found.items()}
    assert started == {"a": 1_001.0, "b": 1_002.0, "none": None}
    assert service.close()
    background.close()
    shiboken6.delete(owner)
