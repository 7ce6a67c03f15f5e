"""Text that outlives its session, its worker and its window: real shells, real workers, real windows killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from podium.app.paths import screens_path, state_path
from podium.app.startup.arguments import WindowOptions
from podium.app.startup.window_session import WindowSession
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.frames import Style
from podium.core.protocol.requests import RawInput
from podium.core.protocol.saved_screen import kept_path, read
from podium.ui.terminal.view import TerminalView
from podium.workspace.saved_state import SavedState, save
from podium.workspace.views import InstanceState
from tests.app.conftest import PATIENCE, Open

ROOT = Path(__file__).parents[2]
A = InstanceId("a")
SHELL = InstanceSpec(A, "a", Kind.SHELL, ThemeName.AMBER, "/", ("/bin/sh",), environment={"PS1": "$ "})

HOST = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from podium.app.startup.arguments import WindowOptions
from podium.app.startup.window_session import WindowSession
from podium.core.protocol.requests import RawInput
from podium.workspace.views import InstanceState

application = QApplication(["podium"])
session = WindowSession(WindowOptions())
session.open()
prompted = typed = False

def answer(text):
    global prompted
    prompted = prompted or "$" in text
    if "done." in text:
        print("ready", flush=True)

def look():
    global typed
    workspace = session.workspace
    if not workspace.ids():
        return
    if not workspace.busy():
        workspace.start("a")
    elif not typed:
        typed = prompted and workspace.send("a", RawInput(sys.argv[1].encode() + b"\\n"))
    if workspace.state("a") is InstanceState.RUNNING:
        workspace.request_text("a", answer)

timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
application.exec()
"""


def terminal(session: WindowSession) -> TerminalView:
    found = session.window.terminal(A)
    assert found is not None
    return found


def shown(session: WindowSession) -> list[tuple[str, bool]]:
    """What the pane's rows say, and whether every run of them is dim."""
    rows = [row.line for row in terminal(session)._state.rows() if row.line is not None]
    return [
        (
            "".join(run.text for run in row.line.runs),
            all(
                row.table[run.attribute].style & Style.DIM if run.attribute else False
                for run in row.line.runs
            ),
        )
        for row in rows
        if row.line.runs
    ]


def texts(session: WindowSession) -> list[str]:
    return [text for text, _ in shown(session)]


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE)


def wait_prompt(qtbot: QtBot, session: WindowSession) -> None:
    """What is typed before the shell asks is echoed above its prompt, and the prompt then stands before its output."""
    wait(qtbot, lambda: any(text.startswith("$") and not dim for text, dim in shown(session)))


def workers_of(pid: int) -> list[psutil.Process]:
    def works(child: psutil.Process) -> bool:
        try:
            return "worker" in child.cmdline()
        except psutil.Error:  # It has just ended.
            return False

    return [child for child in psutil.Process(pid).children() if works(child)]


def test_after_a_killed_window_the_pane_shows_the_text_and_the_shell_its_folder(
    open_session: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    place = tmp_path / "in here"
    place.mkdir()
    save(state_path(), SavedState(instances=(SHELL,), current=A, demo_seen=True))
    window = subprocess.Popen(
        [sys.executable, "-c", HOST, f"cd '{place}'; echo do''ne."],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert window.stdout is not None
    assert window.stdout.readline() == b"ready\n"
    workers = workers_of(window.pid)
    window.send_signal(signal.SIGKILL)
    window.wait()
    window.stdout.close()
    _, alive = psutil.wait_procs(workers, PATIENCE / 1000)
    assert not alive

    session = open_session(WindowOptions())
    workspace = session.workspace
    wait(qtbot, lambda: "done." in (texts(session) if workspace.ids() else ()))
    assert all(dim for _, dim in shown(session))
    assert workspace.view(A).state is InstanceState.IDLE
    if sys.platform.startswith("linux"):
        wait(qtbot, lambda: workspace.last_folder(A) == str(place))

    workspace.resume(A)
    wait_prompt(qtbot, session)
    workspace.send(A, RawInput(b"pwd\n"))
    wait(qtbot, lambda: str(place) in texts(session))
    rule = next(n for n, text in enumerate(texts(session)) if text.startswith("── before "))
    assert "done." in texts(session)[:rule]
    assert str(place) in texts(session)[rule:]


@pytest.mark.parametrize("pool", [True, False])
def test_after_a_quit_and_a_start_the_old_text_is_above(open_session: Open, qtbot: QtBot, pool: bool) -> None:
    save(state_path(), SavedState(instances=(SHELL,), current=A, demo_seen=True))
    first = open_session(WindowOptions(pool))
    wait(qtbot, lambda: first.workspace.ids() == (A,))
    first.workspace.start(A)
    wait_prompt(qtbot, first)
    first.workspace.send(A, RawInput(b"echo do''ne.\n"))
    wait(qtbot, lambda: "done." in texts(first))
    over: list[bool] = []
    first.workspace.shutdown(lambda: over.append(True))
    wait(qtbot, lambda: bool(over))
    first.saved._lock.unlock()

    second = open_session(WindowOptions(pool))
    wait(qtbot, lambda: "done." in (texts(second) if second.workspace.ids() else ()))
    assert all(dim for _, dim in shown(second))
    second.workspace.start(A)
    wait(qtbot, lambda: any(text.startswith("── before ") for text in texts(second)))
    wait_prompt(qtbot, second)
    assert texts(second).index("done.") < len(texts(second)) - 2


def test_after_a_workers_crash_and_a_restart_the_text_above_is_kept(open_session: Open, qtbot: QtBot) -> None:
    save(state_path(), SavedState(instances=(SHELL,), current=A, demo_seen=True))
    session = open_session(WindowOptions())
    workspace = session.workspace
    wait(qtbot, lambda: workspace.ids() == (A,))
    workspace.start(A)
    wait_prompt(qtbot, session)
    workspace.send(A, RawInput(b"seq 200; echo do''ne.\n"))
    path = kept_path(screens_path(), A)

    def on_disk() -> bool:
        screen, _ = read(path)
        return screen is not None and any(
            "".join(run.text for run in line.runs) == "done." for line in screen.lines
        )

    wait(qtbot, on_disk)
    wait(qtbot, lambda: "done." in texts(session))
    [worker] = workers_of(os.getpid())
    worker.kill()
    wait(qtbot, lambda: workspace.state(A) is InstanceState.FAILED)
    assert ("done.", False) in shown(session), "what was in sight stays as it was"
    terminal(session).scroll_to(0)
    wait(qtbot, lambda: "3" in texts(session))
    terminal(session).scroll_to_bottom()
    workspace.restart(A)
    wait(qtbot, lambda: ("done.", True) in shown(session))
    wait_prompt(qtbot, session)
    assert any(text.startswith("── before ") for text in texts(session))
