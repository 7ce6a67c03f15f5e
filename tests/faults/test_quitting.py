"""Quitting in everyday cases: nobody is killed, nobody is waited for that has ended, nothing is offered: row G3."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ExitedReport
from podium.core.protocol.requests import RawInput
from podium.supervision.policy import Policy
from podium.ui.commands.possible import refusal
from podium.ui.panes.bar_content import bar_buttons
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace
from tests.conftest import Figure
from tests.pool.conftest import PATIENCE, hub_over
from tests.workspace.doubles import FakeBackend

A = InstanceId("a")
ESC, CTRL_R = b"\x1b", b"\x12"


class Quitting:
    """An instance in which something was typed, under a Podium with the usual patience that quits."""

    def __init__(self, qtbot: QtBot, folder: Path, kind: Kind, command: tuple[str, ...]) -> None:
        self._qtbot = qtbot
        self.home = str(folder)
        hub, self.pool = hub_over(Policy())
        environment = {"PATH": os.environ["PATH"], "HOME": self.home, "PS1": "ready> ", "LC_ALL": "C.UTF-8"}
        self.workspace = Workspace(hub, environment)
        self.workspace.create(InstanceSpec(A, "a", kind, ThemeName.ROSE, str(folder), command))
        self.wait(lambda: self.workspace.state(A) is InstanceState.RUNNING)

    def wait(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=PATIENCE)

    def type(self, keys: bytes) -> None:
        self.workspace.send(A, RawInput(keys))

    def shows(self, text: str) -> None:
        """Wait until its screen shows ``text``."""
        found: list[str] = []

        def look() -> bool:
            if any(text in screen for screen in found):
                return True
            self.workspace.request_text(A, found.append)
            return False

        self.wait(look)

    def quit(self) -> ExitedReport | None:
        """Quit; how its program ended."""
        over: list[bool] = []
        self.workspace.shutdown(lambda: over.append(True))
        self.wait(lambda: bool(over))
        run = self.workspace._instances[A].run
        return run.exited if run is not None else None


Start = Callable[..., Quitting]


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    made: list[Quitting] = []

    def make(kind: Kind, *command: str) -> Quitting:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        made.append(Quitting(qtbot, tmp_path, kind, command))
        return made[-1]

    yield make
    for quitting in made:
        quitting.quit()
        quitting.workspace.deleteLater()


def ended_by_itself(quitting: Quitting) -> None:
    exited = quitting.quit()
    assert quitting.workspace.killed() == ()
    assert exited is not None
    assert exited.killed == ""
    assert exited.signal != signal.SIGKILL
    assert not quitting.pool.status(A).forced
    assert quitting.pool.status(A).state is WorkerState.STOPPED


@pytest.mark.fault("G3")
@pytest.mark.parametrize("kind", [Kind.SHELL, Kind.COMMAND])
@pytest.mark.parametrize("keys", [b"", ESC, CTRL_R, b"half a line"], ids=["idle", "Esc", "search", "typed"])
def test_a_bash_ends_whatever_was_typed_last(
    keys: bytes, kind: Kind, start: Start, qtbot: QtBot, figure: Figure
) -> None:
    quitting = start(kind, "bash", "--norc", "--noprofile")
    quitting.shows("ready>")
    if keys:
        quitting.type(b"echo so" + b"on\rec\x7f\x7f")
        quitting.shows("soon")
        quitting.type(keys)
        qtbot.wait(200)  # Nothing shows that Esc has been read.
    ended_by_itself(quitting)


@pytest.mark.fault("G3")
@pytest.mark.parametrize("shell", ["sh", "dash", "zsh", "fish"])
def test_other_shells_end(shell: str, start: Start, qtbot: QtBot) -> None:
    quitting = start(Kind.SHELL, shell)
    quitting.type(b"echo so" + b"on\r")
    quitting.shows("soon")
    quitting.type(ESC)
    qtbot.wait(200)
    ended_by_itself(quitting)


@pytest.mark.fault("G3")
@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("vim -u NONE -n new.txt", "new.txt"),
        ("cat", ""),
        ("python3 -q", ">>>"),
        ("bash --norc", ""),
        ("sleep 1000 & echo be''gun", "begun"),
        ("nohup sleep 1000 > /dev/null & echo be''gun", "begun"),
        ("(trap '' HUP; exec sleep 1000) & echo be''gun", "begun"),
    ],
)
def test_a_shell_ends_with_what_runs_in_it(line: str, shown: str, start: Start, qtbot: QtBot) -> None:
    if shutil.which(line.split()[0]) is None and line[0] != "(":
        pytest.skip("not installed")
    quitting = start(Kind.SHELL, "bash", "--norc", "--noprofile")
    quitting.shows("ready>")
    quitting.type(f"{line}\r".encode())
    if shown:
        quitting.shows(shown)
    else:
        qtbot.wait(400)
    quitting.type(b"iunsaved" if line.startswith("vim") else ESC)
    qtbot.wait(200)
    ended_by_itself(quitting)
    assert not [left for left in psutil.process_iter() if _variable(left, "HOME") == quitting.home]


TOOL = """
import signal, subprocess, time
kept = subprocess.Popen(["sleep", "1000"], {how})
signal.signal(signal.SIGTERM, lambda *_: exit(0))
print("ready", kept.pid, flush=True)
time.sleep(1000)
"""


@pytest.mark.fault("G3")
@pytest.mark.parametrize("how", ["process_group=0", "start_new_session=True"])
def test_a_tool_that_exits_at_once_is_not_waited_for_because_of_its_helpers(how: str, start: Start) -> None:
    quitting = start(Kind.COMMAND, sys.executable, "-c", TOOL.format(how=how))
    quitting.shows("ready")
    worker = psutil.Process(quitting.pool.status(A).pid)
    [helper] = [child for child in worker.children(recursive=True) if child.name() == "sleep"]
    asked: list[bool] = []
    quitting.workspace.shutdown(lambda: asked.append(True))
    # The helper has ended before the time at which it would have been killed, which is when the worker has.
    quitting.wait(lambda: not helper.is_running() or helper.status() == psutil.STATUS_ZOMBIE)
    quitting.wait(lambda: bool(asked))
    assert quitting.workspace.killed() == ()


GRACEFUL = """
import os, signal, time
if os.fork():
    signal.signal(signal.SIGTERM, lambda *_: exit(0))
    time.sleep(1000)
asked = []
signal.signal(signal.SIGHUP, signal.SIG_IGN)  # The kernel's, when the first process of a terminal ends.
signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
print("ready", flush=True)
while not asked:
    time.sleep(0.02)
time.sleep(0.7)
open("asked", "w").write(str(len(asked)))
"""


@pytest.mark.fault("G3")
def test_what_was_asked_already_is_not_asked_twice(start: Start, tmp_path: Path) -> None:
    """To many tools a second signal means at once."""
    quitting = start(Kind.COMMAND, sys.executable, "-c", GRACEFUL)
    quitting.shows("ready")
    ended_by_itself(quitting)
    assert (tmp_path / "asked").read_text() == "1"


@pytest.mark.fault("G3")
def test_while_podium_closes_nothing_is_offered_that_it_would_not_do(qapp: object) -> None:
    backend = FakeBackend()
    workspace = Workspace(backend.hub, {"PATH": "/bin", "SHELL": "/bin/sh"})
    for id, kind in (("ended", Kind.SHELL), ("failed", Kind.COMMAND), ("slow", Kind.COMMAND)):
        workspace.create(InstanceSpec(InstanceId(id), id, kind, ThemeName.ROSE, "/", ("x",)))
        backend.run(id)
    backend.exit("failed", reason="It can't.")
    workspace.shutdown(lambda: None)
    backend.exit("ended", None, signal.SIGHUP)
    for id in ("ended", "failed", "slow"):
        view = workspace.view(InstanceId(id))
        for command in (CommandId.START, CommandId.RESUME, CommandId.RESTART):
            assert refusal(command, view, workspace.arrangement)
        assert bar_buttons(view) == ()
    assert workspace.view(InstanceId("slow")).label.startswith("Stopping")
    workspace.deleteLater()


def _variable(process: psutil.Process, name: str) -> str:
    try:
        return process.environ().get(name, "")
    except (psutil.Error, OSError):
        return ""
