"""A program's end in, what becomes of the instance out."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from podium.core.clock import monotonic
from podium.core.ids import InstanceId
from podium.core.instances import (
    InstancePolicy,
    InstanceSpec,
    Kind,
    RestartWhen,
    StopBy,
    StopMethod,
    ThemeName,
)
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.exits import crashed, restarts_by_itself
from podium.core.protocol.reports import ErrorReport, ExitedReport
from podium.core.protocol.requests import Control, Start
from podium.core.runs import Run, RunOutcome
from podium.supervision.policy import Policy
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend

QUICK = Policy(first_delay=0.01, longest_delay=0.02, breaker_cooldown=0.02)


class Time:
    """Goes on by itself, as the timers do; tests may let more of it pass."""

    passed = 0.0

    def __call__(self) -> float:
        return monotonic() + self.passed


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def workspace(backend: FakeBackend, time: Time, qapp: object) -> Iterator[Workspace]:
    made = Workspace(backend.hub, {"SHELL": "/bin/sh"}, time, policy=QUICK)
    yield made
    made.deleteLater()


def spec(kind: Kind = Kind.COMMAND, **policy: object) -> InstanceSpec:
    return InstanceSpec(
        "a", "a", kind, ThemeName.ROSE, "/", ("make",), "/m.toml", policy=InstancePolicy(**policy)
    )


@pytest.mark.parametrize(
    ("kind", "policy", "code", "signal", "expected"),
    [
        (Kind.COMMAND, {}, 0, None, False),
        (Kind.COMMAND, {}, 1, None, False),
        (Kind.COMMAND, {}, 127, None, False),
        (Kind.COMMAND, {}, 134, None, True),  # a shell's way to say SIGABRT
        (Kind.COMMAND, {}, None, 11, True),
        (Kind.COMMAND, {}, None, 2, False),  # Ctrl+C
        (Kind.COMMAND, {}, 130, None, False),
        (Kind.COMMAND, {"success_codes": (0, 5), "failure_codes": (1,)}, 5, None, False),
        (Kind.COMMAND, {"success_codes": (0, 5), "failure_codes": (1,)}, 1, None, False),
        (Kind.COMMAND, {"success_codes": (0, 5), "failure_codes": (1,)}, 3, None, True),
        (Kind.MISSION, {}, 1, None, False),
        (Kind.MISSION, {}, 2, None, False),
        (Kind.MISSION, {}, 130, None, False),
        (Kind.MISSION, {}, 70, None, True),
        (Kind.MISSION, {}, None, 9, True),
    ],
)
def test_what_counts_as_a_crash(
    kind: Kind, policy: dict[str, object], code: int | None, signal: int | None, expected: bool
) -> None:
    assert crashed(spec(kind, **policy), ExitedReport(code, signal)) is expected


def test_what_could_not_start_has_not_crashed() -> None:
    assert not crashed(spec(), ExitedReport(reason="There is no program make."))


def test_who_restarts_by_itself() -> None:
    assert [restarts_by_itself(spec(kind)) for kind in Kind] == [False, True, True]
    assert not restarts_by_itself(spec(Kind.MISSION, restart=RestartWhen.NEVER))
    assert not restarts_by_itself(spec(Kind.SHELL, restart=RestartWhen.ON_CRASH))


def test_a_crashed_command_waits_says_so_and_runs_again(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot
) -> None:
    workspace.create(spec())
    backend.run("a")
    backend.exit("a", None, 11)
    view = workspace.view("a")
    assert (view.state, view.reason) == (InstanceState.RESTARTING, "Ended by SIGSEGV.")
    assert (view.attempt, view.attempts, view.busy) == (1, 5, True)
    qtbot.waitUntil(lambda: len(backend.requests("a", Start)) == 2)
    assert workspace.view("a").state is InstanceState.STARTING


def test_after_five_restarts_it_has_failed_until_somebody_starts_it(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot
) -> None:
    workspace.create(spec())
    backend.run("a")
    for runs in range(2, 7):
        backend.exit("a", None, 6)
        qtbot.waitUntil(lambda runs=runs: len(backend.requests("a", Start)) == runs)
    backend.exit("a", None, 6)
    view = workspace.view("a")
    assert (view.state, view.busy) == (InstanceState.FAILED, False)
    assert view.reason == "Stopped restarting after 5 restarts. Ended by SIGABRT. The text above is kept."
    workspace.restart("a")
    assert len(backend.requests("a", Start)) == 7
    backend.exit("a", None, 6)
    assert workspace.view("a").attempt == 1


def test_a_stable_run_starts_the_count_anew(
    workspace: Workspace, backend: FakeBackend, time: Time, qtbot: QtBot
) -> None:
    workspace.create(spec())
    backend.run("a")
    for runs in (2, 3):
        backend.exit("a", None, 6)
        qtbot.waitUntil(lambda runs=runs: len(backend.requests("a", Start)) == runs)
    time.passed += 61
    backend.exit("a", None, 6)
    assert workspace.view("a").attempt == 1


@pytest.mark.parametrize("end", ["stop", "close", "quit"])
def test_what_was_told_to_stop_never_runs_again(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot, end: str
) -> None:
    workspace.create(spec())
    backend.run("a")
    backend.exit("a", None, 6)
    if end == "stop":
        workspace.stop("a")
        assert workspace.view("a").label == "Ended by SIGABRT"
    elif end == "close":
        workspace.close("a")
    else:
        workspace.shutdown(lambda: None)
    qtbot.wait(60)  # longer than any wait of this policy
    assert len(backend.requests("a", Start)) == 1


def test_restart_now_does_not_wait(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec())
    backend.run("a")
    backend.exit("a", None, 6)
    workspace.restart("a")
    assert len(backend.requests("a", Start)) == 2


def test_a_worker_that_dies_while_its_program_waits_runs_it_once(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot
) -> None:
    workspace.create(spec())
    backend.run("a")
    backend.exit("a", None, 6)
    backend.become("a", WorkerState.BACKOFF, retry_in=4.0, attempt=2, max_attempts=5)
    view = workspace.view("a")
    assert (view.label, view.attempt) == ("Restarting in 4 s", 2)
    backend.become("a", WorkerState.STARTING)
    backend.become("a", WorkerState.RUNNING)
    qtbot.wait(60)
    assert len(backend.requests("a", Start)) == 2


def test_how_it_is_stopped_goes_with_the_start(workspace: Workspace, backend: FakeBackend) -> None:
    stop = StopMethod(StopBy.TEXT, "/exit")
    workspace.create(spec(stop=stop))
    backend.run("a")
    assert backend.requests("a", Start)[0].stop == stop


class Past:
    """What is known of earlier runs."""

    def __init__(
        self,
        find_resumable: Callable[[str, Callable[[bool], None]], None] = lambda _mission, then: then(False),
        last: Run | None = None,
    ) -> None:
        self.find_resumable = find_resumable
        self.last = last

    def find_last_run(self, instance: InstanceId, then: Callable[[Run | None], None]) -> None:
        then(self.last)


def past_run(outcome: RunOutcome, what: str = "/m.toml") -> Run:
    return Run(
        id="0" * 32,
        instance=InstanceId("a"),
        name="a",
        kind=Kind.MISSION,
        what=what,
        folder="/",
        theme="indigo",
        started_at=1.0,
        owner_pid=1,
        owner_identity="",
        seconds=62.0,
        outcome=outcome,
        rounds=3,
        agents=2,
        cost_usd=1.42,
        reason="So it was.",
    )


@pytest.mark.parametrize(
    ("outcome", "state", "label"),
    [
        (RunOutcome.DONE, InstanceState.DONE, "Done"),
        (RunOutcome.PARTIAL, InstanceState.EXITED, "Done in part"),
        (RunOutcome.FAILED, InstanceState.EXITED, "Failed"),
        (RunOutcome.CRASHED, InstanceState.EXITED, "Crashed"),
        (RunOutcome.STOPPED, InstanceState.IDLE, "Idle"),
        (RunOutcome.INTERRUPTED, InstanceState.IDLE, "Idle"),
    ],
)
def test_a_mission_comes_back_as_it_ended(
    backend: FakeBackend, qapp: object, outcome: RunOutcome, state: InstanceState, label: str
) -> None:
    workspace = Workspace(backend.hub, {}, past=Past(last=past_run(outcome)))
    workspace.create(spec(Kind.MISSION), start=False)
    view = workspace.view("a")
    assert (view.state, view.label) == (state, label)
    if state is not InstanceState.IDLE:
        assert (view.round, view.cost_usd, view.seconds, view.reason) == (3, 1.42, 62.0, "So it was.")
    workspace.start("a")
    assert workspace.view("a").state is InstanceState.STARTING
    backend.run("a")
    assert workspace.view("a").cost_usd is None


def test_a_run_of_another_mission_with_this_id_is_none_of_it(backend: FakeBackend, qapp: object) -> None:
    workspace = Workspace(backend.hub, {}, past=Past(last=past_run(RunOutcome.DONE, "/other.toml")))
    workspace.create(spec(Kind.MISSION), start=False)
    assert workspace.view("a").state is InstanceState.IDLE


def test_a_mission_that_can_go_on_says_so_and_goes_on(backend: FakeBackend, qapp: object) -> None:
    found = {"/m.toml": True}
    past = Past(lambda mission, then: then(found.get(mission, False)))
    workspace = Workspace(backend.hub, {}, past=past)
    workspace.create(spec(Kind.MISSION))
    backend.run("a")
    assert not workspace.view("a").resumable
    backend.exit("a", 130)
    assert workspace.view("a").resumable
    workspace.resume("a")
    assert backend.requests("a", Start)[-1].argv[-2:] == ("resume", "/m.toml")
    assert not workspace.view("a").resumable
    found.clear()
    backend.exit("a", 0)
    assert not workspace.view("a").resumable


def test_what_is_found_too_late_is_not_said_of_the_next_run(backend: FakeBackend, qapp: object) -> None:
    answers: list[Callable[[bool], None]] = []
    workspace = Workspace(backend.hub, {}, past=Past(lambda _, then: answers.append(then)))
    workspace.create(spec(Kind.MISSION))
    backend.run("a")
    backend.exit("a", 130)
    workspace.start("a")
    for answer in answers:
        answer(True)
    backend.exit("a", 130)
    assert not workspace.view("a").resumable, "that was of the run before"
    answers[-1](True)
    assert workspace.view("a").resumable


def test_each_instance_gets_what_is_its_own_on_top(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.set_instance_environment(lambda instance: {"OWN": instance, "SHELL": "/bin/own"})
    workspace.create(spec())
    backend.run("a")
    [start] = backend.requests("a", Start)
    assert isinstance(start, Start)
    assert (start.environment["OWN"], start.environment["SHELL"]) == ("a", "/bin/own")


def test_what_a_closed_mission_answers_is_told_to_nobody(workspace: Workspace, backend: FakeBackend) -> None:
    told: list[str] = []
    workspace.error_reported.connect(told.append)
    workspace.create(spec(Kind.MISSION))
    backend.run("a")
    workspace.finish_round("a")
    [asked] = backend.requests("a", Control)
    assert isinstance(asked, Control)
    workspace.close("a")
    backend.report("a", ErrorReport("It does not listen.", asked.request))
    assert told == []
