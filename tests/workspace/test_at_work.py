"""What would be lost: asked of real sessions in real workers, and of some that do not answer."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.reports import EventReport, ExitedReport, ForegroundReport
from podium.core.protocol.requests import ForegroundWanted, RawInput, Start
from podium.pool.worker_pool import WorkerPool
from podium.supervision.policy import Policy
from podium.workspace.at_work import ANSWER_MS, AtWork, at_work
from podium.workspace.environment import program_environment
from podium.workspace.views import InstanceState, InstanceView
from podium.workspace.workspace import Workspace
from tests.pool.conftest import hub_over
from tests.workspace.doubles import FakeBackend

pytestmark = pytest.mark.fault("G2")

PATIENCE = 60_000
BASH = ("bash", "--norc", "--noprofile")


def spec(name: str, kind: Kind, folder: Path, *command: str) -> InstanceSpec:
    mission = "fix.toml" if kind is Kind.MISSION else ""
    return InstanceSpec(InstanceId(name), name, kind, ThemeName.INDIGO, str(folder), command, mission)


class Asked:
    """Asks a workspace what is at work and waits for the answer."""

    def __init__(self, workspace: Workspace, qtbot: QtBot) -> None:
        self.workspace = workspace
        self.qtbot = qtbot

    def now(self) -> dict[str, str]:
        answers: list[tuple[AtWork, ...]] = []
        self.workspace.find_at_work(self.workspace.ids(), answers.append)
        self.qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
        return {one.view.id: one.job for one in answers[0]}

    def wait(self, expected: dict[str, str]) -> None:
        self.qtbot.waitUntil(lambda: self.now() == expected, timeout=PATIENCE)

    def wait_state(self, instance: str, state: InstanceState) -> None:
        self.qtbot.waitUntil(
            lambda: self.workspace.view(InstanceId(instance)).state is state, timeout=PATIENCE
        )


@pytest.fixture
def real(qtbot: QtBot) -> Iterator[tuple[Workspace, WorkerPool, Asked]]:
    hub, pool = hub_over(Policy())
    workspace = Workspace(hub, {**program_environment(os.environ), "PS1": "$ "})
    yield workspace, pool, Asked(workspace, qtbot)
    over: list[bool] = []
    workspace.shutdown(lambda: over.append(True))
    qtbot.waitUntil(lambda: bool(over), timeout=PATIENCE)


def test_jobs_of_shells_and_commands_and_never_a_prompt(
    real: tuple[Workspace, WorkerPool, Asked], tmp_path: Path
) -> None:
    workspace, _, asked = real
    workspace.create(spec("sh", Kind.SHELL, tmp_path, *BASH))
    workspace.create(spec("cmd", Kind.COMMAND, tmp_path, "sleep", "1001"))
    workspace.create(spec("repl", Kind.COMMAND, tmp_path, *BASH))
    workspace.create(spec("idle", Kind.SHELL, tmp_path, *BASH), start=False)
    for name in ("sh", "cmd", "repl"):
        asked.wait_state(name, InstanceState.RUNNING)
    asked.wait({"cmd": "sleep 1001"})
    workspace.send(InstanceId("sh"), RawInput(b"sleep 1002\r"))
    asked.wait({"cmd": "sleep 1001", "sh": "sleep 1002"})
    workspace.send(InstanceId("repl"), RawInput(b"sleep 1003\r"))
    asked.wait({"cmd": "sleep 1001", "sh": "sleep 1002", "repl": "sleep 1003"})
    for name in ("sh", "repl"):
        workspace.send(InstanceId(name), RawInput(b"\x03"))
    workspace.stop(InstanceId("cmd"))
    asked.wait({})


def test_a_session_that_hangs_is_taken_for_one_at_work(
    real: tuple[Workspace, WorkerPool, Asked], tmp_path: Path
) -> None:
    workspace, pool, asked = real
    workspace.create(spec("sh", Kind.SHELL, tmp_path, *BASH))
    asked.wait_state("sh", InstanceState.RUNNING)
    pid = pool.status(InstanceId("sh")).pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        assert asked.now() == {"sh": ""}
    finally:
        os.kill(pid, signal.SIGCONT)
    asked.wait({})


def test_a_restarted_shell_keeps_its_folder(
    real: tuple[Workspace, WorkerPool, Asked], tmp_path: Path
) -> None:
    workspace, _, asked = real
    shell = InstanceId("sh")
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    workspace.create(spec("sh", Kind.SHELL, first, *BASH))
    asked.wait_state("sh", InstanceState.RUNNING)

    def where() -> str:
        file = tmp_path / "where"
        file.unlink(missing_ok=True)
        workspace.send(shell, RawInput(f"pwd > '{file}.new'; mv '{file}.new' '{file}'\r".encode()))
        asked.qtbot.waitUntil(file.exists, timeout=PATIENCE)
        return file.read_text().strip()

    assert where() == str(first)
    workspace.send(shell, RawInput(f"cd '{second}'\r".encode()))
    assert where() == str(second)
    runs: list[str] = []
    workspace.starting.connect(runs.append)
    workspace.restart(shell)
    asked.qtbot.waitUntil(lambda: runs == ["sh"], timeout=PATIENCE)
    asked.wait_state("sh", InstanceState.RUNNING)
    assert where() == str(second)
    # It ends by itself, and is started again.
    workspace.send(shell, RawInput(b"exit\r"))
    asked.wait_state("sh", InstanceState.DONE)
    workspace.start(shell)
    asked.wait_state("sh", InstanceState.RUNNING)
    assert where() == str(second)
    # Its folder goes while it is stopped.
    workspace.stop(shell)
    asked.wait_state("sh", InstanceState.IDLE)
    second.rmdir()
    workspace.start(shell)
    asked.wait_state("sh", InstanceState.RUNNING)
    assert where() == str(first)


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def workspace(backend: FakeBackend, qapp: object) -> Workspace:
    return Workspace(backend.hub, {})


def test_a_mission_is_at_work_while_it_runs_and_says_in_which_round(
    workspace: Workspace, backend: FakeBackend, tmp_path: Path
) -> None:
    found: list[tuple[AtWork, ...]] = []
    workspace.create(spec("m", Kind.MISSION, tmp_path))
    workspace.find_at_work(workspace.ids(), found.append)
    assert found == [()], "what starts has done nothing yet, and the answer is there at once"
    backend.run("m")
    backend.report("m", EventReport("round:start", {"round": 2, "maxRounds": 5}))
    workspace.find_at_work(workspace.ids(), found.append)
    [one] = found[1]
    assert one.text == "Round 2/5"
    assert backend.requests("m", ForegroundWanted) == []


def test_an_answer_for_another_question_or_too_late_is_of_no_use(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot, tmp_path: Path
) -> None:
    found: list[tuple[AtWork, ...]] = []
    for name in ("a", "b"):
        workspace.create(spec(name, Kind.SHELL, tmp_path))
        backend.run(name)
    workspace.find_at_work(workspace.ids(), found.append)
    [one] = backend.requests("a", ForegroundWanted)
    assert isinstance(one, ForegroundWanted)
    backend.report("a", ForegroundReport(one.request + 1000, "vim"))
    backend.report("a", ForegroundReport(one.request, ""))
    backend.report("a", ForegroundReport(one.request, "vim"))
    assert found == []
    qtbot.waitUntil(lambda: bool(found), timeout=ANSWER_MS + PATIENCE)
    assert [(work.view.id, work.job) for work in found[0]] == [("b", "")]
    assert found[0][0].text == "Did not answer"
    [late] = backend.requests("b", ForegroundWanted)
    assert isinstance(late, ForegroundWanted)
    backend.report("b", ForegroundReport(late.request, "vim"))
    assert len(found) == 1


def test_the_last_answer_ends_the_wait(workspace: Workspace, backend: FakeBackend, tmp_path: Path) -> None:
    found: list[tuple[AtWork, ...]] = []
    for name in ("a", "b"):
        workspace.create(spec(name, Kind.SHELL, tmp_path))
        backend.run(name)
    workspace.find_at_work(workspace.ids(), found.append)
    for name in ("b", "a"):
        assert found == []
        [wanted] = backend.requests(name, ForegroundWanted)
        assert isinstance(wanted, ForegroundWanted)
        backend.report(name, ForegroundReport(wanted.request, "vim"))
    assert [[work.view.id for work in told] for told in found] == [["a", "b"]]


def test_what_is_closed_while_it_is_asked_is_not_told(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot, tmp_path: Path
) -> None:
    found: list[tuple[AtWork, ...]] = []
    for name in ("a", "b"):
        workspace.create(spec(name, Kind.SHELL, tmp_path))
        backend.run(name)
    workspace.find_at_work(workspace.ids(), found.append)
    workspace.close(InstanceId("a"))
    for name in ("a", "b"):
        for wanted in backend.requests(name, ForegroundWanted):
            assert isinstance(wanted, ForegroundWanted)
            backend.report(name, ForegroundReport(wanted.request, "vim"))
    qtbot.waitUntil(lambda: bool(found), timeout=ANSWER_MS + PATIENCE)
    assert [work.view.id for work in found[0]] == ["b"]


def test_only_a_shell_goes_on_in_its_last_folder(
    workspace: Workspace, backend: FakeBackend, tmp_path: Path
) -> None:
    for name, kind, folder in (("s", Kind.SHELL, "/tmp"), ("c", Kind.COMMAND, str(tmp_path))):
        workspace.create(spec(name, kind, tmp_path, "bash"))
        backend.run(name)
        backend.report(name, ExitedReport(0, folder="/tmp"))
        workspace.start(InstanceId(name))
        start = backend.requests(name, Start)[-1]
        assert isinstance(start, Start)
        assert start.folder == folder


def seen(name: str, kind: Kind, state: InstanceState) -> InstanceView:
    return InstanceView(spec(name, kind, Path("/"), "bash"), 1, state, "Running", detail="the whole command")


def test_which_states_and_jobs_are_at_work() -> None:
    busy = (InstanceState.RUNNING, InstanceState.WAITING, InstanceState.FINISHING)
    for state in InstanceState:
        found = at_work([seen("m", Kind.MISSION, state)], {})
        assert [one.view.id for one in found] == (["m"] if state in busy else []), state
    views = [seen(name, Kind.SHELL, InstanceState.RUNNING) for name in ("silent", "prompt", "job", "itself")]
    jobs = {
        InstanceId("silent"): None,
        InstanceId("prompt"): ForegroundReport(1, ""),
        InstanceId("job"): ForegroundReport(2, "vim"),
        InstanceId("itself"): ForegroundReport(3, "bash", itself=True),
    }
    found = at_work(views, jobs)
    assert {one.view.id: one.job for one in found} == {
        "silent": "",
        "job": "vim",
        "itself": "the whole command",
    }
