"""Processes and ledger in, what the last look at the end makes of them out. Processes are real."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from podium.app.background import Background
from podium.app.records import Records
from podium.core.backend import WorkerState, WorkerStatus
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.processes import WORKER_VARIABLE
from podium.core.settings import Leftovers, Settings, Workers
from podium.history import ledger
from podium.history.database import open_database

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
    records = Records(tmp_path / "history.db", Background())
    records.open(msgspec.structs.replace(Settings(), workers=Workers(leftovers=policy)))
    for kind, marker in (*markers.items(), (Kind.SHELL, "nothing-is-left-of-this-one")):
        spec = InstanceSpec(InstanceId(f"a-{marker[:8]}"), "a", kind, ThemeName.ROSE, "/")
        status = WorkerStatus(spec.id, WorkerState.RUNNING, 1, os.getpid(), marker=marker)
        records.journal.saw_worker(spec, status, 0)
    assert records.close()
    assert {kind for kind, process in left.items() if process.poll() is not None} == ended
    database = open_database(tmp_path / "history.db").database
    kept = {entry.marker for entry in ledger.abandoned(database, lambda *_: False)}
    database.close()
    assert kept == {markers[kind] for kind in remembered}
