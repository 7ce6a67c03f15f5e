"""A real worker with real programs: requests in, screens and ends out."""

import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import psutil
import ptyprocess
import pytest

from podium.core.protocol.frames import Frame, ScreenMode
from podium.core.protocol.reports import (
    ErrorReport,
    EventReport,
    LinesReport,
    NoticeReport,
    Pong,
    ProgramState,
    Ready,
    StatusReport,
)
from podium.core.protocol.requests import (
    Control,
    ControlCommand,
    KeyInput,
    LinesWanted,
    Modifier,
    Paste,
    Ping,
    RawInput,
    Resize,
    Shutdown,
    Stop,
    TreePolicy,
)
from podium.core.system.reexec import podium_command
from podium.worker.program.pty import TerminalSize, open_pty
from tests.worker.harness import PATIENCE, WorkerHarness


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_gone(*pids: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not all(map(gone, pids)):
        assert time.monotonic() < deadline, f"still there: {[pid for pid in pids if not gone(pid)]}"
        time.sleep(0.02)


def read_pids(path: Path, count: int) -> list[int]:
    deadline = time.monotonic() + PATIENCE
    while True:
        pids = [int(word) for word in path.read_text().split()] if path.exists() else []
        if len(pids) >= count:
            return pids
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_says_ready_and_answers_pings() -> None:
    with WorkerHarness() as worker:
        assert worker.wait_for(Ready).pid == worker.process.pid
        worker.send(Ping(7))
        assert worker.wait_for(Pong).number == 7


def test_a_program_has_a_terminal_of_the_right_size_and_kind() -> None:
    with WorkerHarness(100, 30) as worker:
        worker.shell(
            'stty size; echo "$TERM $COLORTERM $PODIUM_INSTANCE"; tty -s && echo tty; pwd', LINES="x"
        )
        assert worker.exit().code == 0
        assert worker.screen().split("\n")[:4] == ["30 100", "xterm-256color truecolor test", "tty", "/"]


def test_resize_reaches_the_program_and_is_never_below_2_by_1() -> None:
    with WorkerHarness() as worker:
        worker.shell('trap "stty size" WINCH; echo up; while :; do sleep 0.02; done')
        worker.wait_screen("up")
        worker.send(Resize(93, 41))
        worker.wait_screen("41 93")
        worker.send(Resize(0, 0))
        worker.send(Resize(60, 20))
        worker.wait_screen("20 60")


def test_the_program_can_know_the_size_in_pixels() -> None:
    look = "import fcntl,termios,struct;print(struct.unpack('HHHH',fcntl.ioctl(0,termios.TIOCGWINSZ,b'.'*8)))"
    with WorkerHarness() as worker:
        worker.send(Resize(90, 20, 9, 18))
        worker.shell(f'{sys.executable} -c "{look}"; read _; {sys.executable} -c "{look}"')
        worker.wait_screen("(20, 90, 810, 360)")
        worker.send(Resize(90, 20, 10, 20), KeyInput("Return", "\r"))
        worker.wait_screen("(20, 90, 900, 400)")


@pytest.mark.skipif(sys.platform == "win32", reason="a console has no size in pixels")
def test_a_terminal_has_all_of_its_size_before_its_program_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(*_: object) -> None:
        raise AssertionError("the program runs by now, and has seen another size")

    monkeypatch.setattr(ptyprocess.PtyProcess, "setwinsize", too_late)
    pty = open_pty(("cat",), "/", dict(os.environ), TerminalSize(90, 20, 810, 360), ())
    try:
        seen = fcntl.ioctl(pty.fileno(), termios.TIOCGWINSZ, bytes(8))
        assert struct.unpack("HHHH", seen) == (20, 90, 810, 360)
    finally:
        pty.signal(signal.SIGKILL)
        os.waitpid(pty.pid, 0)
        pty.close()


def test_keys_paste_and_raw_input_reach_the_program() -> None:
    with WorkerHarness() as worker:
        worker.start("cat", "-v")
        worker.send(KeyInput("A", "a"), KeyInput("Up"), KeyInput("F", "\x06", Modifier.CONTROL))
        worker.send(RawInput("ż".encode()), Paste("p\x1b[201~q"), KeyInput("Return", "\r"))
        worker.wait_screen("a^[[A^FM-EM-<pq")
        worker.send(KeyInput("D", "\x04", Modifier.CONTROL))
        assert worker.exit().code == 0


@pytest.mark.parametrize(("script", "code", "number"), [("exit 3", 3, None), ("kill -9 $$", None, 9)])
def test_how_a_program_ended_is_told(script: str, code: int | None, number: int | None) -> None:
    with WorkerHarness() as worker:
        worker.shell(f"echo last words; {script}")
        ended = worker.exit()
        assert (ended.code, ended.signal, ended.reason) == (code, number, "")
        assert "last words" in worker.screen()


@pytest.mark.fault(8)
@pytest.mark.parametrize(
    ("argv", "folder", "said"),
    [
        (("no-such-program-here",), "/", "“no-such-program-here” was not found"),
        (("/no/such/program",), "/", "no program /no/such/program"),
        (("/etc/passwd",), "/", "not an executable"),
        (("true",), "/no/such/folder", "/no/such/folder is gone"),
        (("true",), "/etc/passwd", "not a folder"),
        (("a\0b",), "/", "NUL"),
        ((), "/", "No command"),
    ],
)
def test_what_cannot_start_says_why(argv: tuple[str, ...], folder: str, said: str) -> None:
    with WorkerHarness() as worker:
        worker.start(*argv, folder=folder)
        ended = worker.exit()
        assert said in ended.reason
        assert (ended.code, ended.signal) == (None, None)
        assert said[:20] in worker.screen().replace("\n", "")
        worker.shell("echo alive")
        assert worker.exit().code == 0


def test_a_script_without_an_interpreter_says_so(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("echo x\n")
    script.chmod(0o755)
    with WorkerHarness() as worker:
        worker.start(str(script))
        assert "“#!”" in worker.exit().reason


def test_the_worker_outlives_its_program_and_runs_another() -> None:
    with WorkerHarness() as worker:
        worker.shell("printf one")
        worker.exit()
        worker.shell("echo two")
        worker.exit()
        assert worker.screen().split("\n") == ["one", "two"]


def test_a_second_start_while_it_runs_is_refused() -> None:
    with WorkerHarness() as worker:
        worker.start("cat")
        worker.wait_for(StatusReport)
        worker.start("cat")
        assert "still running" in worker.wait_for(ErrorReport).message


OPEN_DESCRIPTORS = """
import os, resource

def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True

# Asked one by one: a listing of /proc would be one more, and so would a pipe to what counts it.
print(*filter(is_open, range(min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 4096))))
print(os.getpriority(os.PRIO_PROCESS, 0))
"""


def test_only_its_own_descriptors_reach_a_program() -> None:
    read, write = os.pipe()
    os.set_inheritable(write, True)
    try:
        with WorkerHarness() as worker:
            worker.start(sys.executable, "-c", OPEN_DESCRIPTORS)
            worker.exit()
            descriptors, priority = worker.screen().split("\n")[:2]
            channels = {int(number) for number in descriptors.split()} - {0, 1, 2}
            assert len(channels) == 2
            assert write not in channels
            # The person's own priority, not the worker's.
            assert int(priority) == os.getpriority(os.PRIO_PROCESS, 0)
    finally:
        os.close(read)
        os.close(write)


def test_signals_python_ignores_are_not_ignored_in_programs() -> None:
    with WorkerHarness() as worker:
        worker.shell("yes | head -n 1")
        assert worker.exit().code == 0
        assert worker.screen() == "y"


def test_events_and_control_pass_both_ways() -> None:
    program = (
        'printf \'{"event": "round:start", "data": {"round": 2}}\\n not json \\n\' >&$PODIUM_EVENTS_FD; '
        'read line <&$PODIUM_CONTROL_FD; echo "got $line"'
    )
    with WorkerHarness() as worker:
        worker.start("bash", "-c", program)
        event = worker.wait_for(EventReport)
        assert (event.name, event.data) == ("round:start", {"round": 2})
        assert "makes no sense" in worker.wait_for(ErrorReport).message
        worker.send(Control(5, ControlCommand.FINISH_ROUND))
        worker.wait_screen('got {"id":5,"command":"finish-round"')


def test_a_grandchild_that_holds_everything_open_delays_no_exit() -> None:
    with WorkerHarness() as worker:
        worker.start("/bin/sh", "-c", "sleep 60 & echo $!; exit 0", tree=TreePolicy.SESSION)
        assert worker.exit().code == 0


def test_stop_ends_the_tree_of_a_command(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f"""
        echo $$ >> {pids}
        (trap '' TERM HUP INT; echo $BASHPID >> {pids}; while :; do sleep 0.05; done) &
        setsid bash -c 'echo $$ >> {pids}; trap "" TERM HUP; while :; do sleep 0.05; done' &
        wait
    """
    with WorkerHarness() as worker:
        worker.start("bash", "-c", script)
        found = read_pids(pids, 3)
        worker.send(Stop(grace=0.4))
        worker.wait_for(StatusReport, lambda report: report.state is ProgramState.STOPPING)
        worker.exit()
        wait_gone(*found)
        worker.send(Ping(1))
        worker.wait_for(Pong)


def test_a_stopping_program_is_named(tmp_path: Path) -> None:
    with WorkerHarness() as worker:
        worker.start("bash", "-c", "trap '' TERM; echo up; while :; do read -t 1; done")
        worker.wait_screen("up")
        worker.send(Stop(grace=1.0))
        assert "bash" in worker.wait_for(StatusReport, lambda report: bool(report.waiting_for)).waiting_for
        assert worker.exit().signal == signal.SIGKILL


def test_shutdown_ends_the_tree_and_exits_0(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with WorkerHarness() as worker:
        worker.shell(f"trap '' TERM; sleep 60 & echo $$ $! > {pids}; wait; sleep 60")
        found = read_pids(pids, 2)
        worker.send(Shutdown(grace=0.3))
        assert worker.process.wait(PATIENCE) == 0
        wait_gone(*found)


@pytest.mark.parametrize("end", ["eof", "term"])
def test_a_worker_whose_window_is_gone_ends_its_tree_and_exits_1(end: str, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with WorkerHarness() as worker:
        worker.shell(f"trap '' HUP TERM; setsid sleep 60 & echo $$ $! > {pids}; wait; sleep 60")
        found = read_pids(pids, 2)
        if end == "eof":
            worker._stdin.close()
        else:
            worker.process.terminate()
        assert worker.process.wait(PATIENCE) == 1
        wait_gone(*found)


def test_a_shell_ends_its_session_and_leaves_what_left_it(tmp_path: Path) -> None:
    inside_file, outside_file = tmp_path / "inside", tmp_path / "outside"
    with WorkerHarness() as worker:
        worker.start("bash", "--norc", "-i", tree=TreePolicy.SESSION)
        # The setsid of a job's shell forks first, so the one that stays tells its own number.
        script = (
            f"sleep 60 & echo $! > {inside_file}; setsid sh -c 'echo $$ > {outside_file}; exec sleep 60' &\n"
        )
        worker.send(RawInput(script.encode()))
        [inside], [outside] = read_pids(inside_file, 1), read_pids(outside_file, 1)
        try:
            worker.send(Stop(grace=1.0))
            worker.exit()
            wait_gone(inside)
            assert not gone(outside)
        finally:
            os.kill(outside, signal.SIGKILL)


@pytest.mark.fault(28)
def test_ctrl_c_ends_a_flood() -> None:
    with WorkerHarness() as worker:
        worker.start("yes")
        worker.wait_screen("y\ny")
        worker.send(KeyInput("C", "\x03", Modifier.CONTROL))
        assert worker.exit().signal == signal.SIGINT


@pytest.mark.fault(27)
def test_in_a_flood_pings_are_answered_and_one_frame_waits_for_its_acknowledgement() -> None:
    with WorkerHarness(acknowledge=False) as worker:
        worker.start("yes")
        first = worker.wait_for(Frame)
        for number in range(20):
            worker.send(Ping(number))
            assert worker.wait_for(Pong).number == number
        frames = [report for report in worker.reports if isinstance(report, Frame)]
        assert [frame.number for frame in frames] == [first.number]


@pytest.mark.fault(30)
def test_input_nobody_reads_is_refused_with_a_message() -> None:
    with WorkerHarness() as worker:
        worker.shell("stty raw -echo; echo up; sleep 60")
        worker.wait_screen("up")
        worker.send(RawInput(b"x" * 1_000_000), RawInput(b"x" * 1_000_000))
        assert "not reading" in worker.wait_for(ErrorReport).message
        worker.send(Ping(1))
        worker.wait_for(Pong)


def test_scrollback_is_served_after_the_end() -> None:
    with WorkerHarness(20, 5) as worker:
        worker.shell("seq 1 50")
        worker.exit()
        worker.send(LinesWanted(9, 0, 10))
        lines = worker.wait_for(LinesReport)
        assert [run.text.strip() for line in lines.lines for run in line.runs][:3] == ["1", "2", "3"]


def test_a_flood_that_nobody_saw_is_in_the_scrollback() -> None:
    with WorkerHarness() as worker:
        worker.wait_for(Ready)
        worker.shell("seq -f 'line %g of the log that goes by unseen' 200000; printf 'the end'")
        worker.wait_screen("line 200000 of", "the end")
        worker.exit()
        # 200,001 lines were printed, and the last 24 of them are the screen.
        first = 200_001 - 24 - 5_000
        worker.send(LinesWanted(7, first, 3))
        lines = worker.wait_for(LinesReport).lines
        assert [line.runs[0].text for line in lines] == [
            f"line {number} of the log that goes by unseen" for number in range(first + 1, first + 4)
        ]


def test_what_a_program_left_on_is_off_after_its_end() -> None:
    with WorkerHarness() as worker:
        worker.shell(
            "echo main; printf '\\033[?1049h\\033[?25l\\033[?1000h\\033[?2004h\\033[41mother'; read line"
        )
        worker.wait_for(Frame, lambda frame: bool(frame.modes & ScreenMode.ALTERNATE_SCREEN))
        worker.send(RawInput(b"\n"))
        worker.exit()
        frame = worker.wait_for(Frame, lambda frame: not frame.modes & ScreenMode.ALTERNATE_SCREEN)
        assert frame.cursor.visible
        assert frame.modes == ScreenMode.ALTERNATE_SCROLL
        assert worker.screen().startswith("main")


def test_notifications_of_the_program_come_through() -> None:
    with WorkerHarness() as worker:
        worker.shell("printf '\\033]777;notify;Build;it is done\\007'")
        notice = worker.wait_for(NoticeReport)
        assert (notice.title, notice.body) == ("Build", "it is done")


def test_garbage_on_the_terminal_and_on_stdin() -> None:
    with WorkerHarness() as worker:
        worker.shell("head -c 300000 /dev/urandom; printf '\\033c\\377\\376'; echo; echo alive")
        assert worker.exit().code == 0
        assert "alive" in worker.screen()
        worker._stdin.write(b"\xff" * 64)
        worker._stdin.flush()
        assert worker.process.wait(PATIENCE) == 1


def test_started_by_hand_it_says_what_to_run_instead() -> None:
    result = subprocess.run(
        podium_command("worker", "x"), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert result.returncode == 2
    assert "run `podium`" in result.stderr
