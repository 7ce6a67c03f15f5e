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


class Rig:
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
    rig = Rig(Leftovers.ASK, marker)
    rig.exit()
    view = rig.workspace.view("a")
    assert view.state is InstanceState.DONE
    assert view.left_behind == (f"{psutil.Process(process.pid).name()} ({process.pid})",)
    rig.workspace.end_left_behind("a")
    assert (process.wait(60), rig.shown) == (-15, 0)
    rig.end_worker()
    assert rig.forgotten == [marker]


def test_what_may_stay_is_not_asked_about_again(qapp: object, marker: str, left: Callable) -> None:
    process = left()
    rig = Rig(Leftovers.ASK, marker)
    rig.exit()
    rig.workspace.leave_left_behind("a")
    assert (rig.shown, rig.forgotten) == (0, [])
    rig.end_worker()
    assert (rig.shown, rig.forgotten) == (0, [marker])
    assert process.poll() is None


def test_a_new_shell_is_never_taken_for_what_the_old_one_left(
    qapp: object, marker: str, left: Callable
) -> None:
    old = left()
    rig = Rig(Leftovers.ASK, marker)
    rig.exit()
    rig.workspace.start("a")
    new = left()
    rig.workspace.end_left_behind("a")
    assert (old.poll(), new.poll(), rig.shown) == (None, None, 0)


@pytest.mark.parametrize(("policy", "ended"), [(Leftovers.END, True), (Leftovers.LEAVE, False)])
def test_the_setting_decides_unasked(
    qapp: object, marker: str, left: Callable, policy: Leftovers, ended: bool
) -> None:
    process = left()
    rig = Rig(policy, marker)
    rig.exit()
    rig.end_worker()
    assert rig.shown == 0
    assert rig.forgotten == [marker]
    assert (process.poll() is not None) is ended


def test_a_command_leaves_nothing_whatever_the_setting(qapp: object, marker: str, left: Callable) -> None:
    process = left()
    rig = Rig(Leftovers.LEAVE, marker, Kind.COMMAND)
    rig.end_worker()
    assert process.wait(60) == -15
    assert rig.forgotten == [marker]


@pytest.mark.parametrize("kind", [Kind.COMMAND, Kind.MISSION])
def test_what_a_command_left_is_its_workers_to_end_while_that_lives(
    qapp: object, marker: str, left: Callable, kind: Kind
) -> None:
    process = left()
    looking = LeftoverTracker(lambda work, then: then(work()), lambda _: None, Leftovers.END)
    spec = InstanceSpec("a", "a", kind, ThemeName.ROSE, "/", ("make",), "/m.toml")
    looking.search(spec, marker, worker_ended=False)
    assert process.poll() is None
    looking.search(spec, "", worker_ended=True)
    assert process.poll() is None
    looking.search(spec, marker, worker_ended=True)
    assert process.wait(60) == -15


def test_of_a_living_workers_processes_only_those_found_are_ended(
    qapp: object, marker: str, left: Callable
) -> None:
    found = left()
    later: list[Callable[[], None]] = []
    looking = LeftoverTracker(lambda work, then: later.append(lambda: then(work())), lambda _: None)
    spec = InstanceSpec("a", "a", Kind.SHELL, ThemeName.ROSE, "/", ("sh",))
    looking.search(spec, marker, worker_ended=False)
    later.pop()()
    next_program = left()
    looking.end(spec.id)
    later.pop()()
    assert (found.wait(60), next_program.poll()) == (-15, None)


def test_what_a_worker_says_lives_on_is_remembered_until_nothing_of_it_is_left(
    qapp: object, marker: str
) -> None:
    rig = Rig(Leftovers.ASK, marker, Kind.COMMAND)
    said = ProcessLeft(2**22 + 1, "never")
    rig.backend.report("a", ExitedReport(0, left=(said,)))
    assert rig.remembered == [(marker, (said,))]
    assert rig.tracker.trace(marker).known == ((said.pid, said.started),)
    rig.end_worker()
    assert rig.forgotten == [marker]
    assert rig.tracker.trace(marker).known == ()


def test_what_is_found_too_late_is_not_said_of_the_next_run(
    qapp: object, marker: str, left: Callable
) -> None:
    left()
    rig = Rig(Leftovers.ASK, marker)
    rig.wait = True
    rig.exit()
    rig.workspace.start("a")
    assert rig.workspace.view("a").state is InstanceState.STARTING
    for answer in rig.later:
        answer()
    assert (len(rig.later), rig.shown) == (1, 0)


def test_at_the_end_there_is_one_look_for_all(qapp: object, marker: str, left: Callable) -> None:
    left()
    rig = Rig(Leftovers.ASK, marker)
    rig.workspace.shutdown(lambda: None)
    rig.exit()
    assert rig.shown == 0


def test_what_a_closed_shell_left_is_told_by_name(qapp: object, marker: str, left: Callable) -> None:
    process = left()
    rig = Rig(Leftovers.ASK, marker)
    told: list[tuple[str, str]] = []
    rig.workspace.leftovers_found.connect(lambda *said: told.append(said))
    rig.workspace.close("a")
    rig.backend.become("a", WorkerState.STOPPING, marker=marker, pid=1)
    rig.exit()
    assert told == [], "its worker is asked no more than once"
    rig.end_worker()
    [(instance, text)] = told
    assert (instance, str(process.pid) in text) == ("a", True)
    rig.workspace.end_left_behind(instance)
    assert process.wait(60) == -15
