"""What goes wrong in and around a worker: fault in, an answer or an orderly end out."""

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from podium.core.protocol.reports import ErrorReport, EventReport, ExitedReport, Pong, Report, TextReport
from podium.core.protocol.requests import (
    Control,
    ControlCommand,
    Init,
    Ping,
    Request,
    Shutdown,
    Start,
    TreePolicy,
)
from podium.core.system.pipes.streams import DescriptorStream
from podium.ipc.framing import report_decoder
from podium.worker.loop import SessionLoop
from podium.worker.program.pty import CannotStart, Pty, TerminalSize, open_pty
from podium.worker.stdio import StdioTransport
from tests.worker.harness import WorkerHarness
from tests.worker.test_worker import gone, read_pids, wait_gone

SLEEP = Start(("sleep", "60"), "/", {"PATH": os.environ["PATH"]})


class ScriptedTransport:
    """A window that says its lines one step after the other; what it hears it remembers."""

    write_descriptor = None
    unsent = False

    def __init__(self, *steps: list[Request]) -> None:
        self.read_descriptor, wake = os.pipe()
        os.close(wake)  # At its end a pipe is always readable: the loop never waits.
        self.steps = list(steps)
        self.reports: list[Report] = []

    def receive(self) -> list[Request]:
        return self.steps.pop(0) if self.steps else []

    def send(self, report: Report) -> None:
        self.reports.append(report)

    def flush(self) -> bool:
        return True

    def close(self) -> None:
        os.close(self.read_descriptor)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('{"n": 123456789012345678901234567890}', "64 bits"),
        ('{"n": ' + "[" * 3000 + "]" * 3000 + "}", "nested"),
        ('{"n": ' + "[" * 100 + "]" * 100 + "}", "nested"),
    ],
)
def test_an_event_no_message_can_carry_is_refused_and_the_next_is_told(data: str, said: str) -> None:
    lines = f'{{"event": "x", "data": {data}}}\n{{"event": "y"}}\n'
    with WorkerHarness() as worker:
        worker.start("sh", "-c", 'printf %s "$LINES_OUT" >&$PODIUM_EVENTS_FD; sleep 60', LINES_OUT=lines)
        assert said in worker.wait_for(ErrorReport).message
        assert worker.wait_for(EventReport).name == "y"


def test_many_events_all_arrive_also_those_written_just_before_the_end() -> None:
    with WorkerHarness() as worker:
        worker.start("sh", "-c", 'seq 3000 | sed \'s/.*/{"event":"x","data":{"n":&}}/\' >&$PODIUM_EVENTS_FD')
        worker.exit()
        told = [report.data["n"] for report in worker.reports if isinstance(report, EventReport)]
        assert told == list(range(1, 3001))


def test_a_flood_of_rubbish_events_is_complained_about_now_and_then() -> None:
    with WorkerHarness() as worker:
        worker.start("sh", "-c", "seq 2000 | sed 's/^/rubbish/' >&$PODIUM_EVENTS_FD")
        worker.exit()
        assert 0 < len([report for report in worker.reports if isinstance(report, ErrorReport)]) < 100


def test_a_program_that_reads_its_commands_late_gets_all_that_were_accepted(tmp_path: Path) -> None:
    go = tmp_path / "go"
    script = f"while ! [ -e {go} ]; do sleep 0.02; done; timeout 60 grep -c . <&$PODIUM_CONTROL_FD"
    with WorkerHarness() as worker:
        worker.start("sh", "-c", f"({script}) & echo; wait")
        for number in range(2000):
            worker.send(Control(number, ControlCommand.COMMENT, "x" * 100))
        worker.send(Ping(1))
        worker.wait_for(Pong)
        refused = [report.request for report in worker.reports if isinstance(report, ErrorReport)]
        assert 0 < len(refused) < 2000
        go.touch()
        # The last one ends the program's reading: it comes behind everything that waited.
        worker.wait_until(lambda: _accepted(worker, Control(5000, ControlCommand.COMMENT)), "a free channel")


def _accepted(worker: WorkerHarness, control: Control) -> bool:
    before = len(worker.reports)
    worker.send(control, Ping(2))
    worker.wait_until(lambda: any(isinstance(r, Pong) for r in worker.reports[before:]), "pong")
    return not any(isinstance(r, ErrorReport) for r in worker.reports[before:])


def test_only_programs_that_end_as_a_tree_are_marked() -> None:
    with WorkerHarness() as worker:
        for tree in TreePolicy:
            worker.start("sh", "-c", "echo ${PODIUM_RUN:+marked}.", tree=tree)
            worker.exit()
        assert worker.screen().split("\n") == ["marked.", "."]


@pytest.mark.fault(9)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of another process are Linux's")
def test_without_descriptors_a_program_cannot_start_and_nothing_leaks() -> None:
    with WorkerHarness() as worker:
        worker.shell("true")
        worker.exit()
        process = psutil.Process(worker.process.pid)
        before = process.num_fds()
        limit = process.rlimit(psutil.RLIMIT_NOFILE)
        for free in range(8):
            process.rlimit(psutil.RLIMIT_NOFILE, (before + free, limit[1]))
            worker.shell("true")
            ended = worker.exit()
            assert ended.code == 0 or "out of resources" in ended.reason
            if free == 0:
                assert ended.reason
        process.rlimit(psutil.RLIMIT_NOFILE, limit)
        worker.shell("true")
        assert worker.exit().code == 0
        assert process.num_fds() <= before


def test_what_no_program_can_be_given_is_refused_before_the_fork() -> None:
    with pytest.raises(CannotStart, match="character"):
        open_pty(("true", "\ud800"), "/", {"PATH": os.environ["PATH"]}, TerminalSize(80, 24), ())


def test_an_end_asked_for_in_the_middle_of_a_start_ends_that_program_too() -> None:
    transport = ScriptedTransport([Init("a"), SLEEP])
    pids: list[int] = []

    def spawn_interrupted(spawn) -> Pty:
        loop.end()  # As a signal handler does.
        pty = spawn()
        pids.append(pty.pid)
        return pty

    loop = SessionLoop(transport, os.getpid(), "test", spawner=spawn_interrupted)
    assert loop.run() == 1
    assert gone(pids[0])
    transport.close()


def test_a_start_behind_a_shutdown_starts_nothing() -> None:
    transport = ScriptedTransport([Init("a"), Shutdown(), SLEEP])
    assert SessionLoop(transport, os.getpid(), "test").run() == 0
    assert not any(isinstance(report, ExitedReport) for report in transport.reports)
    transport.close()


def test_a_loop_that_fails_takes_its_program_along(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f"trap '' HUP TERM; setsid sleep 60 & echo $$ $! > {pids}; while :; do sleep 0.05; done"
    start = Start(("sh", "-c", script), "/", {"PATH": os.environ["PATH"]})

    class Broken(ScriptedTransport):
        def receive(self) -> list[Request]:
            if self.steps:
                return super().receive()
            if pids.exists() and len(pids.read_text().split()) == 2:
                raise RuntimeError("a fault of ours")
            return []

    transport = Broken([Init("a"), start])
    with pytest.raises(RuntimeError):
        SessionLoop(transport, os.getpid(), "test").run()
    found = read_pids(pids, 2)
    wait_gone(found[1])
    os.waitpid(found[0], 0)
    transport.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_worker_that_is_asked_to_end_ends_its_tree(number: signal.Signals, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with WorkerHarness() as worker:
        worker.shell(f"trap '' HUP TERM; setsid sleep 60 & echo $$ $! > {pids}; wait; sleep 60")
        found = read_pids(pids, 2)
        worker.process.send_signal(number)
        worker.process.wait(20)
        wait_gone(*found)


def test_a_stuck_window_misses_news_but_no_answer_and_no_end() -> None:
    read, write = os.pipe()
    nothing, _ = ends = os.pipe()
    transport = StdioTransport(DescriptorStream(nothing), DescriptorStream(write))
    news = EventReport("x", {"text": "x" * 60_000})
    for _ in range(400):
        transport.send(news)
    text = TextReport(1, "y" * 900_000)
    transport.send(text)
    transport.send(ExitedReport(0))
    os.set_blocking(read, False)
    decoder, received = report_decoder(), []
    while transport.unsent:
        assert transport.flush()
        decoder.feed(os.read(read, 1 << 20))
        received += list(iter(decoder.next_message, None))
    assert 100 < received.count(news) < 200
    assert received.index(ExitedReport(0)) < received.index(received[-1])  # Control first, output second.
    assert "".join(report.text for report in received if isinstance(report, TextReport)) == text.text
    for descriptor in (read, write, *ends):
        os.close(descriptor)


def test_a_window_that_wakes_up_is_not_flooded_with_old_news() -> None:
    read, write = os.pipe()
    nothing, _ = ends = os.pipe()
    transport = StdioTransport(DescriptorStream(nothing), DescriptorStream(write))
    for number in range(50_000):
        transport.send(EventReport("x", {"n": number}))
    transport.send(ExitedReport(0))
    os.set_blocking(read, False)
    decoder, received = report_decoder(), []
    while transport.unsent:
        assert transport.flush()
        decoder.feed(os.read(read, 1 << 20))
        received += list(iter(decoder.next_message, None))
    assert len(received) <= 10_001
    assert received[-1] == ExitedReport(0)
    for descriptor in (read, write, *ends):
        os.close(descriptor)


def test_a_screen_has_a_possible_size_from_the_start() -> None:
    with WorkerHarness(5000, 5000) as worker:
        worker.shell("stty size")
        worker.exit()
        assert worker.screen() == "1000 1000"
