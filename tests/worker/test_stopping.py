"""A stop method in, what the program hears out."""

import os
import signal

import pytest

from podium.core.instances import StopBy, StopMethod
from podium.core.protocol.reports import ProgramState, StatusReport
from podium.core.protocol.requests import Start, Stop
from podium.worker.program.stopping import signal_of
from tests.worker.harness import WorkerHarness

_LISTENER = """
trap 'echo heard TERM; exit 15' TERM
trap 'echo heard INT; exit 2' INT
trap 'echo heard USR1; exit 10' USR1
echo ready
while :; do read line && { echo "heard line $line"; exit 7; }; done
"""


@pytest.mark.parametrize(
    ("method", "heard", "code"),
    [
        (StopMethod(), "heard TERM", 15),
        (StopMethod(StopBy.KEYS, "Ctrl+C"), "heard INT", 2),
        (StopMethod(StopBy.TEXT, "/exit"), "heard line /exit", 7),
        (StopMethod(StopBy.SIGNAL, "SIGUSR1"), "heard USR1", 10),
        (StopMethod(StopBy.KEYS, "no such key"), "heard TERM", 15),
        (StopMethod(StopBy.SIGNAL, "SIGNOPE"), "heard TERM", 15),
    ],
)
def test_how_it_is_asked_to_end(method: StopMethod, heard: str, code: int) -> None:
    with WorkerHarness() as worker:
        environment = {"PATH": os.environ["PATH"]}
        worker.send(Start(("/bin/sh", "-c", _LISTENER), "/", environment, stop=method))
        worker.wait_screen("ready")
        worker.send(Stop())
        assert worker.exit().code == code
        assert heard in worker.screen()


def test_who_does_not_hear_is_named_and_killed_after_the_grace() -> None:
    with WorkerHarness() as worker:
        environment = {"PATH": os.environ["PATH"]}
        script = "trap '' TERM INT HUP; echo ready; sleep 60 & while :; do wait; sleep 1; done"
        stop = StopMethod(StopBy.KEYS, "Ctrl+C")
        worker.send(Start(("/bin/sh", "-c", script), "/", environment, stop=stop))
        worker.wait_screen("ready")
        worker.send(Stop(grace=0.8))
        told = worker.wait_for(
            StatusReport,
            lambda report: report.state is ProgramState.STOPPING and "sh (" in report.waiting_for,
        )
        assert "sleep (" in told.waiting_for
        assert worker.exit().signal == signal.SIGKILL


def test_names_of_signals() -> None:
    assert signal_of("SIGINT") is signal_of("int") is signal_of("2") is signal.SIGINT
    assert signal_of("9999") is signal_of("nope") is signal_of("") is None
