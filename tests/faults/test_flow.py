"""Too much of something, in either direction: rows 27 to 30."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from podium.app.paths import state_path
from podium.app.startup.arguments import WindowOptions
from podium.app.startup.window_session import WindowSession
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import SessionConfig, WorkerState
from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import ErrorReport, ExitedReport
from podium.core.protocol.requests import KeyInput, Modifier, Paste, Start, TextWanted
from podium.pool.worker_pool import WorkerPool
from podium.ui.terminal.view import TerminalView
from podium.workspace.saved_state import SavedState, save
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace
from tests.conftest import Figure
from tests.faults.hosted import Host
from tests.faults.timing import best
from tests.pool.conftest import PATIENCE, Listener, hub_over, shut_down

MakePool = Callable[..., tuple[WorkerPool, Listener]]
A = InstanceId("a")
MIB = 2**20
COLOURS = """
import sys
pieces = (f"\\x1b[{n % 9 + 1};{n % 200 + 1}H\\x1b[3{n % 8}m{n}" for n in range(4000))
screen = "".join(pieces)
while True:
    sys.stdout.write(screen)
"""


@pytest.mark.fault(27)
@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(300)])])
@pytest.mark.parametrize("seen", [False, True], ids=["hidden", "seen"])
def test_memory_stays_flat_in_a_flood_and_pongs_come(seconds: int, seen: bool, figure: Figure) -> None:
    with Host() as host:
        host.run("a", "cat")
        worker = psutil.Process(host.wait_state("a", "running")["pid"])
        window = psutil.Process(host.pid)
        host.pings("a", 1)
        host.tell("acknowledge", seen)
        before = worker.memory_info().rss, window.memory_info().rss
        host.tell("stop", "a", 0.0)
        host.wait("report", lambda said: said["kind"] == "ExitedReport")
        host.tell("start", "a", ["yes"], {})
        until = time.monotonic() + seconds
        most, pongs = [0, 0], []
        while time.monotonic() < until:
            pongs += host.pings("a", 5)
            time.sleep(0.1)
            most = [max(most[0], worker.memory_info().rss), max(most[1], window.memory_info().rss)]
        grown = [(after - start) / MIB for after, start in zip(most, before, strict=True)]
        assert worker.is_running()
    pongs.sort()
    figure("worker grew by", grown[0], "MiB", limit=32)
    figure("window grew by", grown[1], "MiB", limit=32)
    figure("pong, median", pongs[len(pongs) // 2], "ms", limit=100)
    figure("pong, slowest", pongs[-1], "ms")
    assert max(grown) < 64
    assert len(pongs) >= 5


@pytest.mark.fault(28)
@pytest.mark.parametrize(
    "flood", [("yes",), (sys.executable, "-c", COLOURS)], ids=["lines", "colours all over the screen"]
)
def test_control_c_in_a_flood_is_quiet_soon(
    flood: tuple[str, ...], make_pool: MakePool, figure: Figure
) -> None:
    pool, listener = make_pool()
    pool.spawn(A, SessionConfig(120, 40))
    listener.wait_state("a", WorkerState.RUNNING)

    def milliseconds() -> float:
        frames, ends = len(listener.of("a", Frame)), len(listener.of("a", ExitedReport))
        pool.send_to(A, Start(flood, "/", {"PATH": os.environ["PATH"]}))
        listener.wait(lambda: len(listener.of("a", Frame)) > frames + 20)
        start = time.monotonic()
        pool.send_to(A, KeyInput("C", "\x03", Modifier.CONTROL))
        last = start
        heard = len(listener.reports)

        def quiet() -> bool:
            """Its end was told, and no frame has come for a while."""
            nonlocal last, heard
            now = time.monotonic()
            if len(listener.reports) > heard:
                last, heard = now, len(listener.reports)
            return len(listener.of("a", ExitedReport)) > ends and now - last > 0.2

        listener.wait(quiet)
        assert listener.of("a", ExitedReport)[-1].signal == signal.SIGINT
        return (last - start) * 1000

    figure("quiet after", best(milliseconds, 100, tries=5), "ms", limit=100)


@pytest.fixture
def session(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowSession]:
    ended: list[int] = []
    monkeypatch.setattr(
        "podium.app.startup.window_session.QApplication.exit", lambda status=0: ended.append(status)
    )
    save(state_path(), SavedState(demo_seen=True))
    made = WindowSession(WindowOptions())
    made.open()
    yield made
    ended.clear()
    made.quit()
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE)
    made.finish()
    made.window.hide()
    made.deleteLater()


@pytest.mark.fault(29)
def test_a_pane_closed_in_a_flood_takes_nobody_with_it(session: WindowSession, qtbot: QtBot) -> None:
    workspace = session.workspace
    qtbot.waitUntil(session.window.isVisible, timeout=PATIENCE)
    for name in "abc":
        spec = InstanceSpec(InstanceId(name), name, Kind.COMMAND, ThemeName.ROSE, "/", ("yes", name))
        workspace.create(spec)
    frames = dict.fromkeys("abc", 0)

    def count(instance: InstanceId, _frame: Frame) -> None:
        frames[instance] += 1

    session._hub.subscribe(Frame, count)

    def all_run() -> bool:
        return all(workspace.state(name) is InstanceState.RUNNING for name in workspace.ids())

    qtbot.waitUntil(all_run, timeout=PATIENCE)
    qtbot.waitUntil(lambda: max(frames.values()) > 10, timeout=PATIENCE)
    closed = max(frames, key=lambda name: frames[name])
    workspace.close(InstanceId(closed))
    others = sorted(set("abc") - {closed})
    for name in others:
        workspace.arrangement.select(InstanceId(name))
        before = frames[name]
        qtbot.waitUntil(lambda name=name, before=before: frames[name] > before + 10, timeout=PATIENCE)
    backend = workspace._backend
    qtbot.waitUntil(lambda: InstanceId(closed) not in backend.statuses(), timeout=PATIENCE)
    assert workspace.ids() == tuple(others)
    assert [backend.status(InstanceId(name)).generation for name in others] == [1, 1]


@pytest.mark.fault(30)
@pytest.mark.timeout(240)
def test_a_paste_of_200_mb_is_refused_in_words(qtbot: QtBot, figure: Figure) -> None:
    huge = "x\n" * 100_000_000
    own = psutil.Process()
    hub, pool = hub_over()
    workspace = Workspace(hub, {"PATH": os.environ["PATH"]})
    said: list[str] = []
    workspace.error_reported.connect(said.append)
    workspace.create(InstanceSpec(A, "a", Kind.COMMAND, ThemeName.ROSE, "/", ("sleep", "600")))
    qtbot.waitUntil(lambda: workspace.state(A) is InstanceState.RUNNING, timeout=PATIENCE)
    view = TerminalView()
    qtbot.addWidget(view)
    view.requested.connect(lambda request: workspace.send(A, request))
    asked: list[str] = []
    view.paste_requested.connect(asked.append)
    before = own.memory_info().rss
    start = time.monotonic()
    view._copy_paste.paste_text(huge)
    figure("refused after", (time.monotonic() - start) * 1000, "ms", limit=1000)
    figure("memory grew by", (own.memory_info().rss - before) / MIB, "MiB")
    assert asked == []  # Nobody has to look through 100,000,000 lines.
    [message] = said
    assert "190.7 MiB are too much at once, so nothing was sent; 1 MiB is the most." in message
    assert not pool.send_to(A, Paste(huge))  # Nor does whoever asks the pool itself get it through.
    # The way is free for what is not too much: the session answers.
    answers: list[object] = []
    assert hub.ask(A, answers.append, TextWanted(1))
    qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
    shut_down(pool, qtbot)
    workspace.deleteLater()


@pytest.mark.fault(30)
def test_what_a_program_does_not_read_is_refused_at_1_mib(make_pool: MakePool, figure: Figure) -> None:
    pool, listener = make_pool()
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    pool.send_to(A, Start(("sh", "-c", "stty raw -echo; sleep 600"), "/", {"PATH": os.environ["PATH"]}))
    piece = Paste("x" * 100_000)
    accepted = 0
    until = time.monotonic() + PATIENCE / 1000
    while not listener.of("a", ErrorReport) and time.monotonic() < until:
        accepted += pool.send_to(A, piece)
        QApplication.processEvents()
    assert "not reading its input; more than 1 MiB can't wait" in listener.of("a", ErrorReport)[0].message
    worker = pool.status(A).pid
    assert worker is not None
    figure("worker holds", psutil.Process(worker).memory_info().rss / MIB, "MiB", limit=100)
    assert accepted > 5
