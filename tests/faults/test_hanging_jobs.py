"""Whatever hangs, Podium leaves in seven seconds, and what it knew is on the disk: row F2."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from podium.app.background import (
    MOST_FOREIGN_THREADS,
    MOST_OWN_THREADS,
    MOST_WAITING,
    Background,
)
from podium.app.paths import state_path
from podium.app.state.state_keeper import StateKeeper
from podium.core.background import LaneFull, within
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.workspace.saved_state import SavedState, load, save
from tests.conftest import Figure
from tests.faults.hosted import PATIENCE

_ROOT = Path(__file__).parent.parent.parent
IN_A_WINDOW = [
    "own disk",
    "foreign folders",
    "kept screens",
    "state",
    "history",
    "last look",
    "log",
    "window thread",
    "question",
    "worker",
]
IN_SERVE = [
    "own disk",
    "foreign folders",
    "worker",
    *(pytest.param(what, marks=pytest.mark.slow) for what in ("history", "last look", "window thread")),
]


@pytest.fixture
def home() -> Path:
    """Of everything this test starts."""
    return Path(os.environ["HOME"])


def wait_for(path: Path, podium: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} never came"
        assert podium.poll() is None, podium.communicate()
        time.sleep(0.02)


def lives(home: Path) -> list[str]:
    """The processes whose home is this test's."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("HOME") == str(home) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except (psutil.Error, OSError):
            continue
    return found


def quit_with(what: str, folder: Path, *arguments: str) -> tuple[float, int, str]:
    """Run a Podium in which ``what`` hangs, with a program in it, and quit: seconds, exit status, last words."""
    fifo = folder / "fifo"
    os.mkfifo(fifo)
    podium = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.hanging", what, str(fifo), *arguments],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(folder / "fifo.up", podium)
        if what not in ("last look", "window thread", "worker"):
            wait_for(folder / "fifo.hangs", podium)
        began = time.monotonic()
        podium.send_signal(signal.SIGTERM)
        _, words = podium.communicate(timeout=PATIENCE)
        return time.monotonic() - began, podium.returncode, words
    finally:
        podium.kill()
        podium.communicate()


def everything_ends(home: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while left := lives(home):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


@pytest.mark.fault("F2")
@pytest.mark.parametrize("what", IN_A_WINDOW)
def test_a_window_quits_whatever_hangs(what: str, tmp_path: Path, home: Path, figure: Figure) -> None:
    command = ("/bin/sh", "-c", f'touch "{tmp_path / "fifo.up"}"; exec sleep 1000')
    spec = InstanceSpec(InstanceId("kept"), "kept", Kind.SHELL, ThemeName.ROSE, "/", command)
    state_path().parent.mkdir(parents=True, mode=0o700)
    # As after a crash: what was running then is news that must not be told again.
    save(state_path(), SavedState(instances=(spec,), running=(spec.id,), demo_seen=True))
    seconds, status, words = quit_with(what, tmp_path)
    figure(f"quit while {what} hangs", seconds, "s", limit=7.5)
    assert "Traceback" not in words
    assert status == (1 if what in ("state", "window thread") else 0)
    if what == "state":
        assert "the workspace could not be saved: the disk does not answer" in words
    else:
        state = load(state_path()).state
        assert (state.instances, state.running) == ((spec,), ())
    everything_ends(home)


@pytest.mark.fault("F2")
@pytest.mark.parametrize("what", IN_SERVE)
def test_serve_quits_whatever_hangs(what: str, tmp_path: Path, home: Path, figure: Figure) -> None:
    seconds, status, words = quit_with(what, tmp_path, "serve")
    figure(f"serve ended while {what} hangs", seconds, "s", limit=7.5)
    assert "Traceback" not in words
    assert status == (1 if what in ("window thread", "worker") else 0)
    everything_ends(home)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What jobs wait for as if a disk did not answer; opened at the end."""
    gate = threading.Event()
    yield gate
    gate.set()


@pytest.mark.fault("F2")
@pytest.mark.parametrize(("lane", "most"), [("own", MOST_OWN_THREADS), ("foreign", MOST_FOREIGN_THREADS)])
def test_jobs_that_hang_hold_up_no_other_job(
    qtbot: QtBot, gate: threading.Event, lane: str, most: int
) -> None:
    background = Background()
    run = getattr(background, lane).run
    done: list[int] = []
    for _ in range(most - 1):
        run(gate.wait)
    for number in range(5):
        run(lambda number=number: number, done.append)
    qtbot.waitUntil(lambda: done == [0, 1, 2, 3, 4], timeout=60_000)
    assert not background.close(0.01)
    gate.set()
    assert getattr(background, lane).wait(20)


@pytest.mark.fault("F2")
def test_folders_that_hang_hold_up_nothing_of_our_own(
    qtbot: QtBot, gate: threading.Event, tmp_path: Path
) -> None:
    """The foreign lane full and more waiting: the state is written, and quitting waits for none of it."""
    background, state = Background(), SavedState(shutdown_notice="written")
    for _ in range(3 * MOST_FOREIGN_THREADS):
        background.foreign.run(gate.wait)
    keeper = StateKeeper(tmp_path / "workspace.json", lambda: state, background.own.run, pytest.fail)
    keeper.save_soon()
    qtbot.waitUntil(lambda: (tmp_path / "workspace.json").exists(), timeout=60_000)
    assert background.own.wait(20)
    waited: list[float] = []
    background.foreign.wait = lambda seconds: bool(waited.append(seconds))  # type: ignore[method-assign]
    assert not background.close(20), "The process must be left at once: threads still stand in a system call."
    assert waited == [0.0]


@pytest.mark.fault("F2")
def test_the_last_state_waits_for_no_event_loop(qtbot: QtBot, tmp_path: Path) -> None:
    """The window's thread may hang as soon as the end begins, and an earlier state may be on its way to the disk."""
    path, states = tmp_path / "workspace.json", [SavedState(shutdown_notice=word) for word in ("one", "two")]
    jobs: list[tuple[Callable[[], object], Callable[[object], None]]] = []
    keeper = StateKeeper(
        path, lambda: states[0], lambda work, then=print, _failed=None: jobs.append((work, then)), pytest.fail
    )
    keeper.save_soon()
    keeper.save_soon()
    assert len(jobs) == 1  # The same state once.
    states.pop(0)
    keeper.save_soon()
    for work, _ in reversed(jobs):  # Two threads: either may be first.
        work()
    assert load(path).state.shutdown_notice == "two"
    for _, then in reversed(jobs):
        then(None)
    path.unlink()
    assert keeper.save_now()
    assert not path.exists()  # It is known to be written.


@pytest.mark.fault("F2")
def test_a_lane_that_hangs_takes_a_bounded_number_of_threads_and_jobs(
    qtbot: QtBot, gate: threading.Event
) -> None:
    background, refused, done = Background(), list[Exception](), list[object]()
    before = threading.active_count()
    for _ in range(MOST_FOREIGN_THREADS):
        background.foreign.run(gate.wait)
    qtbot.waitUntil(lambda: not background.foreign._waiting, timeout=60_000)
    for _ in range(MOST_WAITING + 3):
        background.foreign.run(gate.wait, done.append, refused.append)
    assert threading.active_count() - before <= MOST_FOREIGN_THREADS
    assert refused == []  # Never while it is asked: the caller may not be ready for it.
    qtbot.waitUntil(lambda: len(refused) == 3, timeout=60_000)
    assert {type(error) for error in refused} == {LaneFull}
    gate.set()
    qtbot.waitUntil(lambda: len(done) == MOST_WAITING, timeout=60_000)
    assert background.close(20)


@pytest.mark.fault("F2")
def test_after_the_end_nothing_is_handed_over(qtbot: QtBot, gate: threading.Event) -> None:
    background, heard = Background(), list[object]()
    background.foreign.run(gate.wait, heard.append)
    background.own.run(int, heard.append)
    background.close(20)
    gate.set()
    assert background.foreign.wait(20)
    QCoreApplication.processEvents()
    assert heard == []


@pytest.mark.fault("F2")
def test_background_work_needs_no_more_threads_than_there_is_work(qtbot: QtBot) -> None:
    background, threads = Background(), set[int]()
    seen: list[int] = []

    def one_after_another(count: int) -> None:
        if count:
            background.own.run(
                threading.get_ident, lambda ident: (threads.add(ident), one_after_another(count - 1))
            )
        else:
            seen.append(count)

    one_after_another(50)
    qtbot.waitUntil(lambda: bool(seen), timeout=60_000)
    # A busy machine may not let the first one wait in time; fifty would be one a job.
    assert len(threads) < 10
    assert background.close(20)


@pytest.mark.fault("F2")
def test_an_older_state_never_replaces_a_newer_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from podium.app.state import state_keeper

    file = state_keeper._LatestState(tmp_path / "workspace.json")
    older, newer = (
        file.job(SavedState(shutdown_notice="older")),
        file.job(SavedState(shutdown_notice="newer")),
    )
    newer()
    older()
    assert load(tmp_path / "workspace.json").state.shutdown_notice == "newer"


@pytest.mark.fault("F2")
def test_last_work_is_waited_for_and_its_error_is_heard() -> None:
    gate = threading.Event()
    assert not within(0.01, gate.wait)
    gate.set()
    assert within(20, lambda: None)

    def fail() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        within(20, fail)
