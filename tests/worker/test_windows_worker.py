"""A worker as it is on Windows, with the parts of it that run anywhere."""

import os
import sys

import pytest

import tests.worker.harness
from podium.core.clock import monotonic
from podium.core.finding.pattern_messages import Found
from podium.core.protocol.reports import ErrorReport, Ready
from podium.core.protocol.requests import Init, RawInput, Shutdown
from podium.core.system.pipes.threaded_streams import read_by_thread, written_by_thread
from podium.core.system.windows import job_object
from podium.worker import main
from podium.worker.loop import SessionLoop
from podium.worker.observers import pattern_search
from podium.worker.observers.pattern_search import PatternSearch
from tests.worker.harness import WorkerHarness
from tests.worker.test_patterns import answer
from tests.worker.test_worker_faults import ScriptedTransport

_BY_THREADS = """
import sys
from podium.core.system.pipes import descriptors, streams, threaded_streams
descriptors.new_poller = descriptors.SelectPoller
streams.reading_stream = threaded_streams.read_by_thread
streams.writing_stream = threaded_streams.written_by_thread
streams.wake_streams = threaded_streams.socket_streams
from podium.worker.main import main
sys.exit(main(()))
"""


def test_a_worker_whose_programs_may_outlive_it_says_so() -> None:
    transport = ScriptedTransport([Init("a"), Shutdown()])
    assert SessionLoop(transport, os.getpid(), "test", notice="They may go on.").run() == 0
    assert [type(report) for report in transport.reports[:2]] == [Ready, ErrorReport]
    transport.close()


def test_a_refused_job_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(5, "AssignProcessToJobObject: Access is denied")

    assert main._bind_children() == ""
    monkeypatch.setattr(job_object, "end_with_this_process", refuse)
    monkeypatch.setattr(sys, "platform", "win32")
    said = main._bind_children()
    assert said.endswith(
        "programs that it started may keep running: AssignProcessToJobObject: Access is denied."
    )


@pytest.fixture
def worker_by_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its streams and its loop wait as they do on Windows: for sockets, by select."""
    command = (sys.executable, "-P", "-c", _BY_THREADS)
    monkeypatch.setattr(tests.worker.harness, "podium_command", lambda _: command)


@pytest.mark.usefixtures("worker_by_threads")
def test_a_worker_serves_its_window_by_threads_and_ends_with_it() -> None:
    with WorkerHarness() as worker:
        worker.shell("read line; seq 20000; echo got $line; exit 7")
        worker.send(RawInput(b"this\r"))
        assert worker.exit().code == 7
        assert worker.screen().endswith("20000\ngot this")
        worker.send(Shutdown())
        assert worker.process.wait(60) == 0
    with WorkerHarness() as worker:
        worker.shell("sleep 60")
        worker.wait_for(Ready)
    assert worker.process.returncode == 1


def test_patterns_are_searched_for_by_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern_search, "reading_stream", read_by_thread)
    monkeypatch.setattr(pattern_search, "writing_stream", written_by_thread)
    patterns = PatternSearch(monotonic)
    assert answer(patterns, "a+b", "x" * 1_000_000 + "aab") == Found("aab")
    patterns.close()
