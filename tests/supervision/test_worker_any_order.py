"""A worker's supervisor, whatever comes in whatever order."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.supervision.worker_time import CRASH, Time

from podium.core.protocol.backend import WorkerState
from podium.supervision.policy import Policy
from podium.supervision.worker_supervisor import (
    Exit,
    IllegalTransition,
    Spawn,
    WorkerSupervisor,
)


class AnyOrder(RuleBasedStateMachine):
    """Whatever comes in whatever order: one live process at most, none after stop or quit, no exception."""

    def __init__(self) -> None:
        super().__init__()
        self.time = Time()
        self.supervisor = WorkerSupervisor(Policy(), self.time, random=lambda: 0.5)
        self.live: set[int] = set()
        self.was_ready = 0
        """The last generation that said ready: what ran can't fail to start any more."""
        self.over = False

    def carry_out(self, actions: list) -> None:
        for action in actions:
            if isinstance(action, Spawn):
                assert not self.over
                self.live.add(action.generation)

    @rule()
    def spawn(self) -> None:
        try:
            self.carry_out(self.supervisor.spawn())
        except IllegalTransition:
            pass

    @rule()
    def restart(self) -> None:
        try:
            self.carry_out(self.supervisor.restart())
        except IllegalTransition:
            assert self.over

    @rule()
    def stop(self) -> None:
        self.carry_out(self.supervisor.stop())

    @rule()
    def quit(self) -> None:
        self.over = True
        self.carry_out(self.supervisor.quit())

    @rule(exit=st.sampled_from([CRASH, Exit(code=0), Exit(code=1)]))
    def exit(self, exit: Exit) -> None:
        for generation in tuple(self.live):
            self.live.discard(generation)
            self.carry_out(self.supervisor.on_exit(generation, exit))

    @rule()
    def spawn_failed(self) -> None:
        for generation in self.live - {self.was_ready}:
            self.live.discard(generation)
            self.carry_out(self.supervisor.on_spawn_failed(generation, "No such file."))
        if self.over and not self.live:
            assert self.supervisor.state is WorkerState.STOPPED

    @rule(age=st.integers(0, 2))
    def ready(self, age: int) -> None:
        self.carry_out(self.supervisor.on_ready(self.supervisor.generation - age))
        if self.supervisor.state is WorkerState.RUNNING:
            self.was_ready = self.supervisor.generation

    @rule(age=st.integers(0, 2), number=st.integers(0, 5))
    def pong(self, age: int, number: int) -> None:
        self.carry_out(self.supervisor.on_pong(self.supervisor.generation - age, number))

    @rule(seconds=st.sampled_from([0.1, 1.0, 7.0, 31.0, 4000.0]))
    def wait(self, seconds: float) -> None:
        self.time.now += seconds
        self.carry_out(self.supervisor.tick())

    @invariant()
    def one_process_at_most(self) -> None:
        assert len(self.live) <= 1
        if self.supervisor.state in (WorkerState.STOPPED, WorkerState.FAILED, WorkerState.BACKOFF):
            assert not self.live


class AnyOrderAtLength(AnyOrder):
    pass


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.pytestmark = [pytest.mark.fault(19), pytest.mark.lengthy]
TestAnyOrder.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
TestAnyOrderAtLength = AnyOrderAtLength.TestCase
TestAnyOrderAtLength.pytestmark = [pytest.mark.fault(19), pytest.mark.slow, pytest.mark.timeout(600)]
TestAnyOrderAtLength.settings = settings(max_examples=1000, stateful_step_count=60, deadline=None)
