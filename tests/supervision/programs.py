"""A program's supervisor with a clock, and what it wants done."""

from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ProgramState
from podium.supervision.policy import Policy
from podium.supervision.program_states import (
    Action,
    KillWorker,
    Order,
    Running,
)
from podium.supervision.program_supervisor import ProgramSupervisor


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Program:
    """A supervisor and its time; ``became`` tells it of its worker."""

    def __init__(self, policy: Policy | None = None, *, reruns: bool = True) -> None:
        self.time = Time()
        self.supervisor = ProgramSupervisor(policy, self.time, random=lambda: 0.0)
        self.reruns = reruns

    @property
    def state(self) -> object:
        return self.supervisor.state

    def became(self, *states: WorkerState) -> list[Action]:
        actions: list[Action] = []
        for state in states:
            actions += self.supervisor.on_worker(state, reruns=self.reruns)
        return actions

    def wait(self, seconds: float) -> list[Action]:
        self.time.now += seconds
        return self.supervisor.tick()

    def until_due(self) -> list[Action]:
        assert self.supervisor.next_deadline is not None
        return self.wait(self.supervisor.next_deadline - self.time.now)

    def until_killed(self) -> float:
        """How long until its worker is ended, by somebody who is never late."""
        before = self.time.now
        assert self.until_due() == []
        assert self.until_due() == [KillWorker()]
        assert self.supervisor.next_deadline is None
        return self.time.now - before

    def hears(self, state: ProgramState) -> None:
        self.supervisor.on_status(state)


def at_work(reruns: bool = True, order: Order | None = None) -> Program:
    program = Program(reruns=reruns)
    program.supervisor.start(order)
    program.became(WorkerState.STARTING, WorkerState.RUNNING)
    program.hears(ProgramState.RUNNING)
    assert isinstance(program.state, Running)
    return program


def kinds(actions: list[Action]) -> list[type]:
    return [type(action) for action in actions]
