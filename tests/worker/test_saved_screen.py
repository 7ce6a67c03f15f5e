"""What a session leaves on disk, and what the next one makes of it: real workers, programs and files."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from podium.core.protocol.frames import Frame, Line, Run
from podium.core.protocol.reports import ErrorReport, LinesReport, ProgramState, StatusReport
from podium.core.protocol.requests import (
    Acknowledge,
    ClearScrollback,
    Init,
    KeepScreen,
    LinesWanted,
    RawInput,
    Request,
    Shutdown,
    Start,
    TreePolicy,
)
from podium.core.protocol.saved_screen import KeptScreen, encode, read
from podium.core.system.private_files import write_private
from podium.worker.loop import SessionLoop
from tests.worker.harness import PATIENCE, WorkerHarness
from tests.worker.test_worker import wait_gone
from tests.worker.test_worker_faults import ScriptedTransport

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "screens" / "test.screen"


def kept(path: Path) -> KeptScreen | None:
    return read(path)[0]


def text(path: Path) -> str:
    screen = kept(path)
    if screen is None:
        return ""
    return "\n".join("".join(run.text for run in line.runs) for line in screen.lines)


def wait(condition: Callable[[], bool], what: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)


def wait_text(path: Path, *wanted: str) -> str:
    wait(lambda: all(one in text(path) for one in wanted), f"{wanted} in {path}")
    return text(path)


def without_shells_words(path: Path) -> list[str]:
    """What a shell says of a ``sleep`` that was ended with it left out."""
    return [line for line in text(path).split("\n") if line.strip() not in ("Terminated", "Hangup")]


def shut_down(worker: WorkerHarness) -> None:
    worker.send(Shutdown(5.0))
    worker.process.wait(PATIENCE)


# Out


@pytest.mark.lengthy
def test_what_was_printed_is_on_disk_a_moment_after_it_came(path: Path) -> None:
    with WorkerHarness(keep=str(path), marker="m1") as worker:
        worker.shell("seq 2000; printf '\\033[31mred\\033[0m'; exec sleep 60")
        assert wait_text(path, "red").split("\n")[0] == str(2001 - 1000 - 23)
        screen = kept(path)
        assert screen is not None
        assert screen.marker == "m1"
        assert screen.lines[-1].runs[0].attribute in screen.table()


def test_it_is_the_persons_alone_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        with WorkerHarness(keep=str(path)) as worker:
            worker.shell("echo secret")
            wait_text(path, "secret")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_end_of_a_program_is_kept_at_once(path: Path) -> None:
    with WorkerHarness(keep=str(path)) as worker:
        worker.shell("echo last words; exit 3")
        worker.exit()
        # Sooner than any pause in the output would have it.
        wait_text(path, "last words")


def test_a_shutdown_keeps_the_last_words(path: Path) -> None:
    with WorkerHarness(keep=str(path)) as worker:
        worker.shell("trap 'echo farewell; exit' TERM; echo up; while :; do sleep 0.05; done")
        worker.wait_screen("up")
        shut_down(worker)
        assert without_shells_words(path) == ["up", "farewell"]
    assert list(path.parent.iterdir()) == [path]


def test_a_window_that_is_killed_loses_nothing(path: Path) -> None:
    host = (
        "import sys, time\n"
        "from tests.worker.harness import WorkerHarness\n"
        "worker = WorkerHarness(keep=sys.argv[1])\n"
        "worker.shell('trap \"echo farewell; exit\" TERM; seq 500; echo up; while :; do sleep 0.05; done')\n"
        "worker.wait_screen('up')\n"
        "print(worker.process.pid, flush=True)\n"
        "time.sleep(100)\n"
    )
    window = subprocess.Popen(
        [sys.executable, "-c", host, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert window.stdout is not None
    worker = int(window.stdout.readline())
    window.send_signal(signal.SIGKILL)
    window.wait()
    window.stdout.close()
    wait_gone(worker)
    assert without_shells_words(path) == [*map(str, range(1, 501)), "up", "farewell"]


@pytest.mark.lengthy
def test_a_worker_that_is_killed_leaves_what_was_there_before_the_last_moments(path: Path) -> None:
    with WorkerHarness(keep=str(path)) as worker:
        worker.shell("seq 300; echo up; exec sleep 60")
        wait_text(path, "up")
        worker.process.kill()
        worker.process.wait(PATIENCE)
    assert text(path).endswith("300\nup")


@pytest.mark.lengthy
def test_what_a_full_screen_program_showed_outlives_the_end_that_takes_it_away(path: Path) -> None:
    script = (
        "echo before; printf '\\033[?1049h\\033[2J\\033[Hpicture';"
        "trap 'printf \"\\033[?1049l\"; echo bye; exit' TERM; while :; do sleep 0.05; done"
    )
    with WorkerHarness(keep=str(path)) as worker:
        worker.shell(script)
        wait_text(path, "before\npicture")
        shut_down(worker)
    assert without_shells_words(path) == ["before", "bye", "picture"]
    screen = kept(path)
    assert screen is not None
    assert screen.picture == 1


def test_what_a_full_screen_program_took_away_itself_is_gone(path: Path) -> None:
    with WorkerHarness(keep=str(path)) as worker:
        worker.shell("echo before; printf '\\033[?1049hpicture\\033[?1049l'; echo after")
        worker.exit()
        assert wait_text(path, "after").split("\n") == ["before", "after"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the system may not tell")
def test_the_folder_of_a_shell_is_kept_and_that_of_a_command_is_not(path: Path, tmp_path: Path) -> None:
    place = tmp_path / "in here"
    place.mkdir()
    for tree, folder in ((TreePolicy.SESSION, str(place)), (TreePolicy.TREE, "")):
        with WorkerHarness(keep=str(path)) as worker:
            worker.start("/bin/sh", "-c", f"cd '{place}'; echo up; sleep 60; :", tree=tree)
            worker.wait_screen("up")
            shut_down(worker)
        screen = kept(path)
        assert screen is not None
        assert screen.folder == folder


def test_off_means_that_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "screens"
    folder.mkdir()
    with WorkerHarness() as worker:
        worker.start("/bin/sh", "-c", "echo password hunter2", folder=str(folder))
        worker.exit()
        shut_down(worker)
    assert list(folder.iterdir()) == []


@pytest.mark.lengthy
def test_switched_off_what_was_kept_is_deleted_and_stays_so(path: Path) -> None:
    with WorkerHarness(keep=str(path)) as worker:
        worker.shell("echo password hunter2; read line; echo more; exec sleep 60")
        wait_text(path, "hunter2")
        worker.send(KeepScreen(""))
        wait(lambda: not path.exists(), "deleted")
        worker.send(RawInput(b"\n"))
        worker.wait_screen("more")
        shut_down(worker)
    assert list(path.parent.iterdir()) == []


def test_switched_on_what_is_there_already_is_kept(path: Path) -> None:
    with WorkerHarness() as worker:
        worker.shell("echo early; exec sleep 60")
        worker.wait_screen("early")
        worker.send(KeepScreen(str(path)))
        wait_text(path, "early")


@pytest.mark.lengthy
def test_what_a_person_clears_is_cleared_on_disk(path: Path) -> None:
    with WorkerHarness(keep=str(path)) as worker:
        worker.shell("echo secret; exec sleep 60")
        wait_text(path, "secret")
        worker.send(ClearScrollback(reset=True))
        wait(lambda: kept(path) is not None and not text(path), "cleared")


def test_a_disk_that_refuses_is_told_once_and_the_session_goes_on(path: Path) -> None:
    path.parent.write_text("a file where the folder should be")
    with WorkerHarness(keep=str(path)) as worker:
        for _ in range(3):
            worker.shell("echo on")
            worker.exit()

        def errors() -> list[str]:
            return [report.message for report in worker.reports if isinstance(report, ErrorReport)]

        worker.wait_until(lambda: bool(errors()), "an error")
        assert worker.screen().split("\n") == ["on"] * 3
        shut_down(worker)
        [message] = errors()
        assert "can't be kept on disk" in message


def test_a_session_that_fails_keeps_what_it_had(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = ScriptedTransport([Init("a", keep=str(path)), _start("echo up; sleep 60")])

    def receive() -> list[Request]:
        if "up" in str(transport.reports):
            raise RuntimeError("a fault")
        frames = [Acknowledge(report.number) for report in transport.reports if isinstance(report, Frame)]
        return transport.steps.pop(0) if transport.steps else frames[-1:]

    monkeypatch.setattr(transport, "receive", receive)
    loop = SessionLoop(transport, os.getpid(), "test")
    with pytest.raises(RuntimeError, match="a fault"):
        loop.run()
    assert text(path) == "up"
    transport.close()


def _start(script: str) -> Start:
    return Start(("/bin/sh", "-c", script), "/", {"PATH": os.environ["PATH"]})


# In


def all_text(worker: WorkerHarness) -> tuple[list[str], LinesReport]:
    worker.send(LinesWanted(99, 0, 2000))
    report = worker.wait_for(LinesReport)
    lines = ["".join(run.text for run in line.runs).rstrip() for line in report.lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines, report


def test_the_next_session_prints_it_again_dimmed_above_its_own(path: Path) -> None:
    with WorkerHarness(keep=str(path)) as worker:
        worker.shell("seq 200; printf '\\033[1;31mred\\033[0m\\n'")
        worker.exit()
        shut_down(worker)
    with WorkerHarness(keep=str(path), restore=True) as worker:
        worker.shell("echo new; exec sleep 60")
        worker.wait_screen("new")
        lines, report = all_text(worker)
        assert lines[:201] == [*map(str, range(1, 201)), "red"]
        assert lines[201].startswith("── before ")
        assert lines[202:] == ["new"]
        looks = {entry.number: entry.attributes for entry in report.attributes}
        dim = [
            bool(looks[run.attribute].style & 2) if run.attribute else False
            for line in report.lines
            for run in line.runs
        ]
        assert dim == [True] * 202 + [False]
        assert looks[report.lines[200].runs[0].attribute].foreground == 1


@pytest.mark.lengthy
def test_a_worker_that_is_killed_is_followed_by_one_that_shows_its_text(path: Path) -> None:
    for number in range(3):
        with WorkerHarness(keep=str(path), restore=True) as worker:
            worker.shell(f"echo run {number}; exec sleep 60")
            wait_text(path, f"run {number}")
            lines, _ = all_text(worker)
            assert [line for line in lines if line.startswith("run")] == [
                f"run {n}" for n in range(number + 1)
            ]
            worker.process.kill()
            worker.process.wait(PATIENCE)


def test_only_the_first_program_of_a_session_comes_after_old_text(path: Path) -> None:
    write_private(path, encode(KeptScreen(80, kept_lines("old"), saved_at=1_700_000_000.0)), durable=False)
    with WorkerHarness(keep=str(path), restore=True) as worker:
        for _ in range(2):
            worker.shell("echo new")
            worker.exit()
        lines, _ = all_text(worker)
        assert lines[0] == "old"
        assert " 2023, " in lines[1]
        assert lines[2:] == ["new", "new"]


def kept_lines(*texts: str) -> tuple[Line, ...]:
    return tuple(Line((Run(text),)) for text in texts)


@pytest.mark.parametrize("data", [b"", b"rubbish", encode(KeptScreen(80, ())), b"\0" * (3 << 20)])
def test_a_file_that_holds_no_text_leaves_the_screen_blank(path: Path, data: bytes) -> None:
    write_private(path, data, durable=False)
    with WorkerHarness(keep=str(path), restore=True) as worker:
        worker.shell("echo new; exec sleep 60")
        assert worker.wait_screen("new") == "new"


def test_a_session_that_never_ran_anything_leaves_the_file_of_the_last_one(path: Path) -> None:
    write_private(path, encode(KeptScreen(80, kept_lines("old"))), durable=False)
    before = path.read_bytes()
    with WorkerHarness(keep=str(path), restore=True) as worker:
        worker.screen()
        shut_down(worker)
    assert path.read_bytes() == before


@pytest.mark.lengthy
def test_a_quiet_session_rests(path: Path) -> None:
    with WorkerHarness(keep=str(path)) as worker:
        worker.shell("echo up; exec sleep 60")
        worker.wait_for(StatusReport, lambda report: report.state is ProgramState.RUNNING)
        wait_text(path, "up")
        written = path.stat().st_mtime_ns
        process = psutil.Process(worker.process.pid)
        worker.pump(0.5)
        before = process.num_ctx_switches().voluntary
        worker.pump(4.0)
        assert process.num_ctx_switches().voluntary - before < 5
        assert path.stat().st_mtime_ns == written
