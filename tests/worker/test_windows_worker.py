"""A worker as it is on Windows, with the parts of it that run anywhere."""

import os
import sys

import pytest

from podium.core.protocol.reports import ErrorReport, Ready
from podium.core.protocol.requests import Init, Shutdown
from podium.core.system import job_object
from podium.worker import main
from podium.worker.loop import SessionLoop
from tests.worker.test_worker_faults import ScriptedTransport


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
    assert said.endswith("programs that it started may go on: AssignProcessToJobObject: Access is denied.")
