"""What happens to workers and programs in, events out: every name of the contract, each with its payload."""

import asyncio
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.events import EVENTS, NAMES
from podium.control.bridge.event_hub import EventHub, StoredEvent
from podium.control.operations.events.event_bridge import EventBridge, worker_events
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import WorkerState, WorkerStatus
from podium.core.protocol.reports import (
    EventReport,
    ExitedReport,
    NoticeReport,
    OutputReport,
    ProgramState,
    StatusReport,
)
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend

ONE = InstanceId("one")
REPORTED: dict[str, dict[str, Any]] = {
    "orchestrator:started": {"name": "n", "maxRounds": 3, "agents": 2},
    "orchestrator:stopped": {"outcome": "done", "rounds": 3, "exitCode": 0, "costUsd": 1.5},
    "orchestrator:log": {"text": "words"},
    "orchestrator:waiting": {"question": "Run it?"},
    "orchestrator:working": {},
    "round:start": {"round": 1, "maxRounds": 3},
    "round:complete": {"round": 1, "gates": [{"name": "g", "passed": True}], "costUsd": 0.5},
    "agent:start": {"agent": "a", "round": 1, "name": "A"},
    "agent:complete": {"agent": "a", "round": 1, "seconds": 2.0, "costUsd": 0.1, "summary": "s"},
    "agent:error": {"agent": "a", "round": 1, "reason": "r"},
    "agent:continuation": {"agent": "a", "round": 1},
    "project:files-changed": {"files": ["x.py"]},
}
STATES = WorkerState


class Bridged:
    """A workspace with a worker that does what a test says, and what the hub makes of it."""

    def __init__(self) -> None:
        self.backend = FakeBackend()
        self.workspace = Workspace(self.backend.hub, {})
        self.hub = EventHub()
        self.bridge = EventBridge(self.hub, self.workspace, self.backend.hub)
        self.events: list[dict[str, Any]] = []
        self.hub.listen(self._on_event)
        self.workspace.create(InstanceSpec(ONE, "One", Kind.SHELL, ThemeName.ROSE, "/"), start=False)

    def _on_event(self, event: StoredEvent) -> None:
        self.events.append(msgspec.json.decode(event.message))

    def named(self, name: str) -> list[dict[str, Any]]:
        self.hub.drain()
        return [event["data"] for event in self.events if event["event"] == name]


@pytest.fixture
def bridged(qtbot: QtBot) -> Bridged:
    return Bridged()


@pytest.mark.parametrize("name", REPORTED)
def test_what_a_program_reports(bridged: Bridged, name: str) -> None:
    bridged.backend.run("one")
    bridged.backend.report("one", EventReport(name, REPORTED[name]))
    (data,) = bridged.named(name)
    assert data.pop("workerId") == "one"
    # The documented type reads what was sent.
    assert msgspec.convert(data, EVENTS[name]) == msgspec.convert(REPORTED[name], EVENTS[name])
    assert set(REPORTED[name]) <= set(data)


def test_a_program_can_not_speak_for_its_worker(bridged: Bridged) -> None:
    bridged.backend.run("one")
    for name in ("worker:exit", "session:output", "instance:removed", "made:up"):
        bridged.backend.report("one", EventReport(name, {"generation": 1}))
    bridged.backend.report("one", EventReport("round:start", {"round": "x"}))
    for name in ("worker:exit", "session:output", "instance:removed", "made:up", "round:start"):
        assert bridged.named(name) == []


def test_a_workers_life(bridged: Bridged) -> None:
    become = bridged.backend.become
    become("one", STATES.STARTING, generation=1, pid=7)
    become("one", STATES.RUNNING, generation=1, pid=7)
    bridged.bridge.worker_printed("one", ("a", "b"))
    become("one", STATES.RUNNING, generation=1, pid=7, reason="It missed 3 pings.")
    become("one", STATES.BACKOFF, generation=1, reason="Ended by SIGKILL.", retry_in=4.0, breaker="open")
    become("one", STATES.STARTING, generation=2, pid=8, restart_count=1, breaker="half-open")
    become("one", STATES.RUNNING, generation=2, pid=8, restart_count=1)
    become("one", STATES.FAILED, generation=2, restart_count=5, reason="Enough.")
    assert bridged.named("worker:spawned") == [
        {"generation": 1, "pid": 7, "restartCount": 0, "workerId": "one"},
        {"generation": 2, "pid": 8, "restartCount": 1, "workerId": "one"},
    ]
    assert [data["generation"] for data in bridged.named("worker:ready")] == [1, 2]
    assert [data["lines"] for data in bridged.named("worker:log")] == [["a", "b"]]
    assert [data["reason"] for data in bridged.named("worker:unhealthy")] == ["It missed 3 pings."]
    assert [data["reason"] for data in bridged.named("worker:exit")] == ["Ended by SIGKILL.", "Enough."]
    assert [data["retryIn"] for data in bridged.named("worker:error")] == [4.0, None]
    assert bridged.named("worker:circuit-open") == [{"retryIn": 4.0, "workerId": "one"}]
    assert bridged.named("worker:circuit-half-open") == [{"generation": 2, "workerId": "one"}]
    assert bridged.named("worker:restarted") == [{"generation": 2, "restartCount": 1, "workerId": "one"}]
    assert bridged.named("worker:max-restarts") == [
        {"restartCount": 5, "reason": "Enough.", "workerId": "one"}
    ]


def test_a_stop_is_an_exit_without_a_reason() -> None:
    running = WorkerStatus(ONE, STATES.RUNNING, 1)
    stopped = WorkerStatus(ONE, STATES.STOPPED, 1)
    (event,) = worker_events(running, stopped)
    assert NAMES[type(event)] == "worker:exit"
    assert worker_events(stopped, stopped) == []


def test_programs_output_and_notices(bridged: Bridged, qtbot: QtBot) -> None:
    bridged.backend.run("one")
    bridged.backend.report("one", StatusReport(ProgramState.RUNNING, 42, title="new"))
    bridged.backend.report("one", OutputReport(17, "last"))
    bridged.backend.report("one", NoticeReport("t", "b"))
    bridged.backend.report("one", ExitedReport(3))
    assert bridged.named("program:started") == [{"pid": 42, "workerId": "one"}]
    assert bridged.named("session:output") == [{"bytes": 17, "line": "last", "workerId": "one"}]
    assert bridged.named("instance:notice") == [{"title": "t", "text": "b", "state": "", "workerId": "one"}]
    assert bridged.named("program:exited") == [
        {"exitCode": 3, "exitSignal": None, "reason": "", "workerId": "one"}
    ]
    qtbot.waitUntil(lambda: bool(bridged.named("instance:changed")))
    assert bridged.named("instance:changed")[-1]["word"] == "Exited 3"
    bridged.backend.become("one", STATES.STOPPED)
    bridged.workspace.remove(ONE)
    assert bridged.named("instance:removed") == [{"workerId": "one"}]


def test_every_name_of_the_contract_is_proven_above() -> None:
    proven = {
        *REPORTED,
        "session:output",
        "instance:added",
        "instance:changed",
        "instance:removed",
        "instance:notice",
    }
    proven |= {"program:started", "program:exited"} | {name for name in EVENTS if name.startswith("worker:")}
    assert set(EVENTS) == proven | {"attention:changed"}, "attention: test_attention.py"


def test_the_instance_that_is_added_is_told(bridged: Bridged) -> None:
    assert bridged.named("instance:added") == [{"name": "One", "kind": "shell", "workerId": "one"}]


def test_publishing_wakes_the_servers_loop() -> None:
    async def scenario() -> list[str]:
        hub = EventHub()
        heard: list[str] = []
        hub.listen(lambda event: heard.append(event.name))
        hub.attach(asyncio.get_running_loop())
        hub.publish("one", EVENTS["instance:removed"]())
        while not heard:
            await asyncio.sleep(0)
        return heard

    assert asyncio.run(scenario()) == ["instance:removed"]
