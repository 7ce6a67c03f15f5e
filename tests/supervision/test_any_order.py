"""Both machines, a worker, its session and its program, whatever happens in whatever order.

Nothing here is real but the machines, so a sequence takes no time.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ProgramState
from podium.supervision import program_states, worker_supervisor
from podium.supervision.policy import Policy
from podium.supervision.program_states import (
    AwaitingWorker,
    Backoff,
    Forget,
    Forgotten,
    KillWorker,
    NewRun,
    Order,
    RespawnWorker,
    Running,
    SendFinishRound,
    SendStart,
    SendStop,
    SpawnWorker,
    Starting,
    StopFor,
    Stopping,
)
from podium.supervision.program_supervisor import ProgramSupervisor
from podium.supervision.worker_supervisor import (
    Exit,
    KillTree,
    SendPing,
    SendShutdown,
    Spawn,
    WorkerSupervisor,
)

GRACE = 5.0
LONG = 600.0
"""Longer than anything that is still under way takes to come to its end."""


@dataclass
class Session:
    """A worker and its session: what it was asked, and what it said that the window has not read yet."""

    generation: int
    inbox: deque[object] = field(default_factory=deque)
    outbox: deque[tuple[object, ...]] = field(default_factory=deque)
    ready: bool = False
    hangs: bool = False
    program: int | None = None
    """The number of the start that it came from."""
    kill_at: float | None = None


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class World(RuleBasedStateMachine):
    """What a window with one instance lives through."""

    def __init__(self) -> None:
        super().__init__()
        self.time = Time()
        policy = Policy()
        self.worker = WorkerSupervisor(policy, self.time, random=lambda: 0.5)
        self.program = ProgramSupervisor(policy, self.time, random=lambda: 0.5)
        self.reruns = True
        self.session: Session | None = None
        self.dead: deque[tuple[object, ...]] = deque()
        """The last words of sessions that are gone."""
        self.told = WorkerState.STOPPED
        self.quitting = self.closed = self.forgotten = False
        self.starts = 0
        self.started = 0
        """The newest start that a session has carried out."""
        self.owed: int | None = None
        """A person asked for a run: a start after this one has to be carried out."""
        self.acknowledged: set[tuple[int, int]] = set()
        """Start and request, as the window has read them."""
        self.requests = 0

    # The window: it obeys both machines

    def obey_worker(self, actions: Sequence[worker_supervisor.Action]) -> None:
        for action in actions:
            match action:
                case Spawn(generation=generation):
                    assert self.session is None
                    assert not self.quitting
                    self.session = Session(generation)
                case SendPing() | SendShutdown() if self.session is not None:
                    self.session.inbox.append(action)
                case KillTree() if self.session is not None:
                    self.die(Exit(signal=9))
        if self.worker.state is not self.told:
            self.told = self.worker.state
            self.obey(self.program.on_worker(self.told, reruns=self.reruns))

    def obey(self, actions: Sequence[program_states.Action]) -> None:
        for action in actions:
            assert not self.forgotten
            match action:
                case NewRun():
                    assert not self.quitting
                    assert not self.closed
                case SpawnWorker():
                    self.obey_worker(self.worker.spawn())
                case RespawnWorker():
                    assert self.worker.state is WorkerState.BACKOFF
                    self.obey_worker(self.worker.restart())
                case KillWorker():
                    self.obey_worker(self.worker.stop())
                case SendStart():
                    assert not self.quitting
                    assert not self.closed
                    self.starts += 1
                    self.send(("start", self.starts))
                case SendStop():
                    self.send("stop")
                case SendFinishRound(request=request):
                    self.send(("finish", request))
                case Forget():
                    assert self.worker.state in (WorkerState.STOPPED, WorkerState.FAILED)
                    self.forgotten = True

    def send(self, message: object) -> None:
        assert self.worker.state is WorkerState.RUNNING
        if self.session is not None:  # Else it is dead, and the window has not heard yet.
            self.session.inbox.append(message)

    def read(self) -> None:
        """The window reads all that was said."""
        while self.dead or (self.session is not None and self.session.outbox):
            mail = self.dead or (self.session.outbox if self.session is not None else self.dead)
            self.hear(*mail.popleft())

    def hear(self, generation: int, kind: str, value: object = None) -> None:
        match kind, value:
            case "ended", Exit():
                if (
                    value.clean
                    and self.worker.state is WorkerState.RUNNING
                    and self.program.stop_asked is False
                ):
                    self.owed = None  # A worker that ends well though nobody asked it to ends for good.
                self.obey_worker(self.worker.on_exit(generation, value))
            case _ if generation != self.worker.generation:
                pass
            case "ready", _:
                self.obey_worker(self.worker.on_ready(generation))
            case "pong", int():
                self.obey_worker(self.worker.on_pong(generation, value))
            case "status", ProgramState():
                self.program.on_status(value)
            case "exited", bool():
                self.obey(self.program.on_exited(crashed=value))
            case "acknowledged", (int() as start, int() as request):
                self.acknowledged.add((start, request))
                before = self.program.run
                self.program.on_acknowledged(request)
                if before is not None and before.finish_request == request:
                    assert isinstance(self.program.state, Stopping) or self.finishing

    @property
    def finishing(self) -> bool:
        run = self.program.run
        return run is not None and run.finishing

    def tick(self) -> None:
        judged = isinstance(self.program.state, Stopping)
        actions = self.program.tick()
        if judged and actions == [KillWorker()]:
            assert self.session is None or self.session.hangs  # No healthy worker is killed.
        self.obey(actions)
        self.obey_worker(self.worker.tick())

    # The session

    def say(self, kind: str, value: object = None) -> None:
        assert self.session is not None
        self.session.outbox.append((self.session.generation, kind, value))

    def die(self, exit: Exit) -> None:
        assert self.session is not None
        self.say("ended", exit)
        self.dead += self.session.outbox
        self.session = None

    def end_program(self, crashed: bool) -> None:
        assert self.session is not None
        self.session.program = self.session.kill_at = None
        self.say("exited", crashed)

    def work(self) -> None:
        """The session does what it was asked, if it lives."""
        while self.session is not None and not self.session.hangs and self.session.inbox:
            session = self.session
            match session.inbox.popleft():
                case SendPing(number=number):
                    self.say("pong", number)
                case SendShutdown():
                    if session.program is not None:
                        self.say("status", ProgramState.STOPPING)
                        self.end_program(crashed=True)
                    self.die(Exit(code=0))
                case "start", int() as number:
                    assert session.program is None  # Two at once would be one too many.
                    session.program = self.started = number
                    self.say("status", ProgramState.RUNNING)
                case "stop" if session.program is not None:
                    session.kill_at = session.kill_at or self.time.now + GRACE
                    self.say("status", ProgramState.STOPPING)
                case "finish", int() as request if session.program is not None:
                    self.say("acknowledged", (session.program, request))
        if self.kill_at is not None and self.time.now >= self.kill_at:
            self.end_program(crashed=True)

    def pass_time(self, seconds: float) -> None:
        """All are awake."""
        end = self.time.now + seconds
        while True:
            self.work()
            self.read()
            self.tick()
            self.work()
            self.read()
            if self.time.now >= end:
                return
            due = (self.program.next_deadline, self.worker.next_deadline, self.kill_at, end)
            first = min(time for time in due if time is not None)
            self.time.now = max(first, self.time.now + 0.001)

    @property
    def kill_at(self) -> float | None:
        return self.session.kill_at if self.session is not None and not self.session.hangs else None

    # What may happen

    @initialize(reruns=st.booleans())
    def kind(self, reruns: bool) -> None:
        self.reruns = reruns

    def ask(self, actions: list[program_states.Action]) -> None:
        """A person asked for a run."""
        if not self.quitting and not self.closed:
            self.owed = self.starts
        self.obey(actions)

    @rule(resume=st.booleans(), agreed=st.booleans())
    def start(self, resume: bool, agreed: bool) -> None:
        if self.program.active:
            assert self.program.start() == []
        else:
            self.ask(self.program.start(Order(resume, agreed)))

    @rule()
    def restart(self) -> None:
        waiting = isinstance(self.program.state, AwaitingWorker)
        owed = self.owed
        self.ask(self.program.restart())
        if waiting and owed is not None and self.owed is not None:
            self.owed = min(owed, self.owed)  # The start that waits is the one that was asked for.

    @rule()
    def stop(self) -> None:
        self.owed = None
        self.obey(self.program.stop())
        if not isinstance(self.program.state, Stopping):
            assert not self.program.active
            assert self.program.next_deadline is None

    @rule()
    def finish_round(self) -> None:
        self.requests += 1
        self.obey(self.program.finish_round(self.requests))

    @rule(request=st.integers(0, 3))
    def lie(self, request: int) -> None:
        """The program acknowledges what it was not asked."""
        if self.session is not None and self.session.program is not None:
            self.say("acknowledged", (self.session.program, request))

    @rule()
    def close(self) -> None:
        self.owed = None
        self.closed = True
        self.obey(self.program.close())

    @rule(sure=st.integers(0, 3))
    def quit(self, sure: int) -> None:
        if sure:
            return  # Else it would be all that most sequences are about.
        self.owed = None
        self.quitting = True
        self.program.quit()
        self.obey_worker(self.worker.quit())

    @rule()
    def get_ready(self) -> None:
        if self.session is not None and not self.session.ready:
            self.session.ready = True
            self.say("ready")

    @rule()
    def hang(self) -> None:
        if self.session is not None:
            self.session.hangs = True

    @rule(exit=st.sampled_from([Exit(signal=11), Exit(signal=9), Exit(code=1), Exit(code=0)]))
    def crash(self, exit: Exit) -> None:
        if self.session is not None:
            self.die(exit)

    @rule(crashed=st.booleans())
    def exit(self, crashed: bool) -> None:
        if self.session is not None and self.session.program is not None:
            self.end_program(crashed)

    @rule()
    def sweep(self) -> None:
        """The program has ended, what it left is being ended."""
        if self.session is not None and self.session.program is not None and not self.session.hangs:
            self.session.kill_at = self.session.kill_at or self.time.now + GRACE
            self.say("status", ProgramState.STOPPING)

    @rule()
    def retitle(self) -> None:
        """A title of the session, told together with the state of its program."""
        if self.session is not None and self.session.ready and not self.session.hangs:
            state = ProgramState.IDLE
            if self.session.program is not None:
                state = ProgramState.RUNNING if self.session.kill_at is None else ProgramState.STOPPING
            self.say("status", state)

    @rule(what=st.sampled_from(["work", "read", "tick"]))
    def turn(self, what: str) -> None:
        getattr(self, what)()

    @rule(seconds=st.sampled_from([0.4, 1.6, 2.1, 7.0, 31.0, 61.0]))
    def wait(self, seconds: float) -> None:
        self.pass_time(seconds)

    @rule(seconds=st.sampled_from([0.4, 1.6, 2.1, 2.9, 12.0, 4000.0]), sent=st.booleans())
    def stand_still(self, seconds: float, sent: bool) -> None:
        """The window stands still, the session does not. Unless ``sent``, what it was asked last comes after that."""
        if sent:
            self.work()
        self.time.now += seconds
        if sent:
            self.work()
        self.tick()
        self.read()
        self.work()

    # What must be

    @invariant()
    def what_shows_is_true(self) -> None:
        state = self.program.state
        if isinstance(state, Starting | Running) and state.run.finishing:
            assert any(request == state.run.finish_request for _, request in self.acknowledged)
        if self.quitting:
            assert not isinstance(state, AwaitingWorker | Starting | Running | Backoff)
        assert self.forgotten == isinstance(state, Forgotten)
        assert self.closed == self.program.closed
        if isinstance(state, Stopping):
            assert state.purpose is not StopFor.CLOSE or self.program.next_deadline is None

    def teardown(self) -> None:
        """All that is under way comes to its end."""
        for _ in range(20):
            if self.session is not None and not self.session.ready and not self.session.hangs:
                self.get_ready()
            self.pass_time(LONG / 20)
        state = self.program.state
        assert not isinstance(state, Stopping | Starting | AwaitingWorker | Backoff), state
        assert not self.closed or self.forgotten
        if self.worker.state is WorkerState.FAILED:
            return  # It was tried often enough.
        assert self.owed is None or self.started > self.owed, "A run that was asked for was lost."


class WorldAtLength(World):
    pass


TestWorld = World.TestCase
TestWorld.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
TestWorld.pytestmark = [pytest.mark.fault("B4"), pytest.mark.lengthy]
TestWorldAtLength = WorldAtLength.TestCase
TestWorldAtLength.settings = settings(max_examples=2000, stateful_step_count=40, deadline=None)
TestWorldAtLength.pytestmark = [pytest.mark.fault("B4"), pytest.mark.slow, pytest.mark.timeout(600)]

_EXITS = (Exit(signal=11), Exit(signal=9), Exit(code=1), Exit(code=0))
_STEPS: list[Callable[[World, Random], None]] = [
    lambda world, rng: world.start(resume=rng.random() < 0.5, agreed=rng.random() < 0.5),
    lambda world, _: world.restart(),
    lambda world, _: world.stop(),
    lambda world, _: world.finish_round(),
    lambda world, rng: world.lie(request=rng.randrange(4)),
    lambda world, _: world.close(),
    lambda world, rng: world.quit(sure=rng.randrange(4)),
    lambda world, _: world.get_ready(),
    lambda world, _: world.get_ready(),
    lambda world, _: world.hang(),
    lambda world, rng: world.crash(exit=rng.choice(_EXITS)),
    lambda world, rng: world.exit(crashed=rng.random() < 0.5),
    lambda world, _: world.sweep(),
    lambda world, _: world.retitle(),
    lambda world, rng: world.turn(what=rng.choice(("work", "read", "tick"))),
    lambda world, rng: world.wait(seconds=rng.choice((0.4, 1.6, 2.1, 7.0, 31.0, 61.0))),
    lambda world, rng: world.wait(seconds=rng.choice((0.4, 1.6, 2.1, 7.0, 31.0, 61.0))),
    lambda world, rng: world.stand_still(
        seconds=rng.choice((0.4, 1.6, 2.1, 2.9, 12.0, 4000.0)), sent=rng.random() < 0.5
    ),
]


@pytest.mark.fault("B4")
def test_2000_sequences() -> None:
    """The same rules in another dress: without shrinking, a sequence takes less than a thousandth of a second."""
    for seed in range(2000):
        rng = Random(seed)
        world = World()
        world.reruns = rng.random() < 0.5
        try:
            for _ in range(25):
                rng.choice(_STEPS)(world, rng)
                world.what_shows_is_true()
            world.teardown()
        except AssertionError as error:
            raise AssertionError(f"sequence {seed}") from error
