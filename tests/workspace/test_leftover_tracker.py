"""A shell's end in, what becomes of what it left out. Processes are real."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from podium.core.config.settings import Leftovers
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ExitedReport, ProcessLeft
from podium.core.system.processes import WORKER_VARIABLE
from podium.workspace.leftover_tracker import LeftoverTracker
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend


@pytest.fixture
def marker() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def left(marker: str) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    processes = []

    def start() -> "subprocess.Popen[bytes]":
        code = "print(flush=True); import time; time.sleep(60)"
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, WORKER_VARIABLE: marker},
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()


class Desk:
    """A workspace with a shell that has run, and what it told."""

    def __init__(self, policy: Leftovers, marker: str, kind: Kind = Kind.SHELL) -> None:
        self.wait = False
        """For what is looked for in the background."""
        self.later: list[Callable[[], None]] = []
        self.forgotten: list[str] = []
        self.remembered: list[tuple[str, tuple[ProcessLeft, ...]]] = []
        self.backend = FakeBackend()
        looking = LeftoverTracker(
            self._now, self.forgotten.append, policy, remember=lambda *said: self.remembered.append(said)
        )
        self.tracker = looking
        self.workspace = Workspace(self.backend.hub, {"SHELL": "/bin/sh"}, left_behind=looking)
        self.workspace.create(InstanceSpec("a", "a", kind, ThemeName.ROSE, "/", ("sh",)))
        self.backend.become("a", WorkerState.RUNNING, marker=marker, pid=1)
        self.marker = marker

    def _now(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        if self.wait:
            self.later.append(lambda: then(work()))
        else:
            then(work())

    def exit(self) -> None:
        self.backend.exit("a", 0)

    def end_worker(self) -> None:
        self.backend.become("a", WorkerState.STOPPED, marker=self.marker)

    @property
    def shown(self) -> int:
        return len(self.workspace.view("a").left_behind)


def test_it_is_shown_and_ended_by_choice(qapp: object, marker: str, left: Callable) -> None:
    process = left()
    desk = Desk(Leftovers.ASK, marker)
    desk.exit()
    view = desk.workspace.view("a")
    assert view.state is InstanceState.DONE
    assert view.left_behind == (f"{psutil.Process(process.pid).name()} ({process.pid})",)
    desk.workspace.end_left_behind("a")
    assert (process.wait(10), desk.shown) == (-15, 0)
    desk.end_worker()
    assert desk.forgotten == [marker]


def test_what_may_stay_is_not_asked_about_again(qapp: object, marker: str, left: Callable) -> None:
    process = left()
    desk = Desk(Leftovers.ASK, marker)
    desk.exit()
    desk.workspace.leave_left_behind("a")
    assert (desk.shown, desk.forgotten) == (0, [])
    desk.end_worker()
    assert (desk.shown, desk.forgotten) == (0, [marker])
    assert process.poll() is None


def test_a_new_shell_is_never_taken_for_what_the_old_one_left(
    qapp: object, marker: str, left: Callable
) -> None:
    old = left()
    desk = Desk(Leftovers.ASK, marker)
    desk.exit()
    desk.workspace.start("a")
    new = left()
    desk.workspace.end_left_behind("a")
    assert (old.poll(), new.poll(), desk.shown) == (None, None, 0)


@pytest.mark.parametrize(("policy", "ended"), [(Leftovers.END, True), (Leftovers.LEAVE, False)])
def test_the_setting_decides_unasked(
    qapp: object, marker: str, left: Callable, policy: Leftovers, ended: bool
) -> None:
    process = left()
    desk = Desk(policy, marker)
    desk.exit()
    desk.end_worker()
    assert desk.shown == 0
    assert desk.forgotten == [marker]
    assert (process.poll() is not None) is ended


def test_a_command_leaves_nothing_whatever_the_setting(qapp: object, marker: str, left: Callable) -> None:
    process = left()
    desk = Desk(Leftovers.LEAVE, marker, Kind.COMMAND)
    desk.end_worker()
    assert process.wait(10) == -15
    assert desk.forgotten == [marker]


@pytest.mark.parametrize("kind", [Kind.COMMAND, Kind.MISSION])
def test_what_a_command_left_is_its_workers_to_end_while_that_lives(
    qapp: object, marker: str, left: Callable, kind: Kind
) -> None:
    process = left()
    looking = LeftoverTracker(lambda work, then: then(work()), lambda _: None, Leftovers.END)
    spec = InstanceSpec("a", "a", kind, ThemeName.ROSE, "/", ("make",), "/m.toml")
    looking.look(spec, marker, worker_ended=False)
    assert process.poll() is None
    looking.look(spec, "", worker_ended=True)
    assert process.poll() is None
    looking.look(spec, marker, worker_ended=True)
    assert process.wait(10) == -15


def test_of_a_living_workers_processes_only_those_found_are_ended(
    qapp: object, marker: str, left: Callable
) -> None:
    found = left()
    later: list[Callable[[], None]] = []
    looking = LeftoverTracker(lambda work, then: later.append(lambda: then(work())), lambda _: None)
    spec = InstanceSpec("a", "a", Kind.SHELL, ThemeName.ROSE, "/", ("sh",))
    looking.look(spec, marker, worker_ended=False)
    later.pop()()
    next_program = left()
    looking.end(spec.id)
    later.pop()()
    assert (found.wait(10), next_program.poll()) == (-15, None)


def test_what_a_worker_says_lives_on_is_remembered_until_nothing_of_it_is_left(
    qapp: object, marker: str
) -> None:
    desk = Desk(Leftovers.ASK, marker, Kind.COMMAND)
    said = ProcessLeft(2**22 + 1, "never")
    desk.backend.report("a", ExitedReport(0, left=(said,)))
    assert desk.remembered == [(marker, (said,))]
    assert desk.tracker.trace(marker).known == ((said.pid, said.started),)
    desk.end_worker()
    assert desk.forgotten == [marker]
    assert desk.tracker.trace(marker).known == ()


def test_what_is_found_too_late_is_not_said_of_the_next_run(
    qapp: object, marker: str, left: Callable
) -> None:
    left()
    desk = Desk(Leftovers.ASK, marker)
    desk.wait = True
    desk.exit()
    desk.workspace.start("a")
    assert desk.workspace.view("a").state is InstanceState.STARTING
    for answer in desk.later:
        answer()
    assert (len(desk.later), desk.shown) == (1, 0)


def test_at_the_end_there_is_one_look_for_all(qapp: object, marker: str, left: Callable) -> None:
    left()
    desk = Desk(Leftovers.ASK, marker)
    desk.workspace.shutdown(lambda: None)
    desk.exit()
    assert desk.shown == 0


def test_what_a_closed_shell_left_is_told_by_name(qapp: object, marker: str, left: Callable) -> None:
    process = left()
    desk = Desk(Leftovers.ASK, marker)
    told: list[tuple[str, str]] = []
    desk.workspace.leftovers_found.connect(lambda *said: told.append(said))
    desk.workspace.close("a")
    desk.exit()
    assert told == [], "its worker is asked no more than once"
    desk.end_worker()
    [(instance, text)] = told
    assert (instance, str(process.pid) in text) == ("a", True)
    desk.workspace.end_left_behind(instance)
    assert process.wait(10) == -15
