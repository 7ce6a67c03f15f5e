"""The state machine of one worker: what happened goes in, what to do comes out.

::

    stopped ─spawn→ starting ─ready→ running ─stop→ stopping ─exit→ stopped
                        │               │
                        └──── failure ──┴─→ backoff ─due→ starting …  after too many: failed

Every spawn has a generation; exits and pongs of an older one are ignored.
"""

import random as random_module
from collections.abc import Callable
from dataclasses import dataclass

from podium.core.clock import Clock, monotonic
from podium.core.protocol.backend import WorkerState
from podium.core.system.signals import signal_name
from podium.supervision.policy import Policy
from podium.supervision.restarts import Breaker, Restarts


@dataclass(frozen=True, slots=True)
class Spawn:
    """Start a process under this generation."""

    generation: int


@dataclass(frozen=True, slots=True)
class SendPing:
    number: int


@dataclass(frozen=True, slots=True)
class SendShutdown:
    grace: float


@dataclass(frozen=True, slots=True)
class KillTree:
    """Kill the process of this generation and everything below it."""

    generation: int


Action = Spawn | SendPing | SendShutdown | KillTree


@dataclass(frozen=True, slots=True)
class Exit:
    """The end of a process: with a status, or by a signal."""

    code: int | None = None
    signal: int | None = None

    @property
    def clean(self) -> bool:
        return self.code == 0 and self.signal is None


class IllegalTransition(Exception):
    """A command that makes no sense in the current state; the message is for a person."""


class WorkerSupervisor:
    """One worker's life. Not thread-safe; the caller carries out the returned actions in order."""

    def __init__(
        self,
        policy: Policy | None = None,
        clock: Clock = monotonic,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self.policy = policy or Policy()
        self._clock = clock
        self._restarts = Restarts(self.policy, random)
        self.state = WorkerState.STOPPED
        self.generation = 0
        self.restart_count = 0
        self.reason = ""
        self._respawn_after_exit = False
        self._quitting = False
        self._kill_sent = False
        self.forced = False
        """A stop had to be carried out by killing."""
        self._deadline: float | None = None
        self._ready_at: float | None = None
        self._ping_number = 0
        self._ping_answered = True
        self._missed = 0

    @property
    def next_deadline(self) -> float | None:
        """The clock's time at which ``tick`` is due; None when it need not be called."""
        return self._deadline

    @property
    def breaker(self) -> Breaker:
        return self._restarts.breaker

    @property
    def attempt(self) -> int:
        """In back-off: which restart is waited for, of ``policy.max_restarts``; else 0."""
        return self._restarts.attempt if self.state is WorkerState.BACKOFF else 0

    @property
    def retry_in(self) -> float | None:
        """Seconds until the next attempt, in back-off."""
        if self.state is not WorkerState.BACKOFF or self._deadline is None:
            return None
        return max(0.0, self._deadline - self._clock())

    # Commands

    def spawn(self) -> list[Action]:
        """Start from stopped or failed. Raises IllegalTransition in any other state."""
        if self.state not in (WorkerState.STOPPED, WorkerState.FAILED):
            raise IllegalTransition(f"it is {self.state} already")
        if self._quitting:
            raise IllegalTransition("Podium is closing")
        self._forget_failures()
        self.restart_count = 0
        return self._start()

    def restart(self) -> list[Action]:
        """End what runs and start again; counted. In back-off it starts at once."""
        if self._quitting:
            raise IllegalTransition("Podium is closing")
        self.restart_count += 1
        if self.state in (WorkerState.STARTING, WorkerState.RUNNING):
            self._respawn_after_exit = True
            return self._shut_down()
        if self.state is WorkerState.STOPPING:
            self._respawn_after_exit = True
            return []
        self._forget_failures()
        return self._start()

    def stop(self) -> list[Action]:
        """End for good: also in back-off, where nothing is left to end."""
        self._respawn_after_exit = False
        if self.state in (WorkerState.STARTING, WorkerState.RUNNING):
            return self._shut_down()
        if self.state in (WorkerState.BACKOFF, WorkerState.FAILED):
            self._enter(WorkerState.STOPPED, deadline=None)
        return []

    def quit(self) -> list[Action]:
        """As ``stop``, and nothing starts after it."""
        self._quitting = True
        return self.stop()

    # What happened

    def on_launched(self, generation: int) -> None:
        """The process of this generation starts only now: its time to get ready begins."""
        if generation == self.generation and self.state is WorkerState.STARTING:
            self._deadline = self._clock() + self.policy.start_timeout

    def on_ready(self, generation: int) -> list[Action]:
        if generation != self.generation or self.state is not WorkerState.STARTING or self._kill_sent:
            return []
        now = self._clock()
        self._ready_at = now
        self._missed = 0
        self._ping_answered = True
        self._enter(WorkerState.RUNNING, deadline=now + self.policy.ping_interval)
        return []

    def on_pong(self, generation: int, number: int) -> list[Action]:
        if generation == self.generation and number == self._ping_number:
            self._ping_answered = True
            self._missed = 0
        return []

    def on_unhealthy(self, generation: int, reason: str) -> list[Action]:
        """The worker broke the protocol or its limits: kill it; its exit then counts as a failure."""
        if generation != self.generation or self.state not in (WorkerState.STARTING, WorkerState.RUNNING):
            return []
        return self._kill(reason)

    def on_unusable(self, generation: int, reason: str) -> list[Action]:
        """The worker can't serve this Podium, nor can another one: kill it; its exit makes it fail for good."""
        if generation != self.generation or self.state is not WorkerState.STARTING:
            return []
        self._restarts.give_up()
        return self._kill(reason)

    def on_exit(self, generation: int, exit: Exit) -> list[Action]:
        if generation != self.generation or self.state in (WorkerState.STOPPED, WorkerState.FAILED):
            return []
        if self.state is WorkerState.BACKOFF:
            return []
        if self.state is WorkerState.STOPPING:
            return self._stopped()
        if exit.clean and self.state is WorkerState.STARTING:
            return self._failed("It ended before it was ready.")
        if exit.clean and not self._kill_sent:
            self._enter(WorkerState.STOPPED, deadline=None)
            return []
        return self._failed(self.reason if self._kill_sent else describe(exit))

    def on_spawn_failed(self, generation: int, reason: str) -> list[Action]:
        """The process could not be started at all; no exit will follow."""
        if generation != self.generation:
            return []
        if self.state is WorkerState.STOPPING:
            return self._stopped()
        return self._failed(reason) if self.state is WorkerState.STARTING else []

    def tick(self) -> list[Action]:
        """Time has passed. Does nothing before ``next_deadline``."""
        now = self._clock()
        if self._deadline is None or now < self._deadline:
            return []
        late = now - self._deadline
        if self.state in (WorkerState.STARTING, WorkerState.RUNNING) and self._kill_sent:
            self._deadline = now + self.policy.kill_margin
            return [KillTree(self.generation)]
        if self.state is WorkerState.STARTING:
            if late > self.policy.start_timeout / 2:
                # Who comes this late stood still itself, and may not have read yet that the worker is ready.
                self._deadline = now + self.policy.start_timeout
                return []
            return self._kill(f"It did not get ready within {self.policy.start_timeout:g} s.")
        if self.state is WorkerState.RUNNING:
            return self._heartbeat(now, late)
        if self.state is WorkerState.STOPPING:
            self.forced = True
            self._deadline = now + self.policy.kill_margin
            return [KillTree(self.generation)]
        if self.state is WorkerState.BACKOFF:
            self._restarts.tried()
            self.restart_count += 1
            return self._start()
        return []

    # Inside

    def _heartbeat(self, now: float, late: float) -> list[Action]:
        if self._ready_at is not None and now - self._ready_at >= self.policy.stable_after:
            self._forget_failures()
        # After a suspend or a stopped window all pongs are late at once, through no fault of a worker.
        suspended = late > self.policy.ping_interval / 2
        if not self._ping_answered and not suspended:
            self._missed += 1
            if self._missed >= self.policy.missed_pongs:
                return self._kill(f"It missed {self._missed} pings.")
        self._ping_number += 1
        self._ping_answered = False
        self._deadline = now + self.policy.ping_interval
        return [SendPing(self._ping_number)]

    def _start(self) -> list[Action]:
        self.generation += 1
        self._respawn_after_exit = False
        self._kill_sent = self.forced = False
        self._ready_at = None
        self._enter(WorkerState.STARTING, deadline=self._clock() + self.policy.start_timeout)
        return [Spawn(self.generation)]

    def _shut_down(self) -> list[Action]:
        self._enter(
            WorkerState.STOPPING, deadline=self._clock() + self.policy.grace + self.policy.kill_margin
        )
        return [SendShutdown(self.policy.grace)]

    def _kill(self, reason: str) -> list[Action]:
        self.reason = reason
        self._kill_sent = True
        self._deadline = self._clock() + self.policy.kill_margin
        return [KillTree(self.generation)]

    def _stopped(self) -> list[Action]:
        if self._respawn_after_exit:
            self._forget_failures()
            return self._start()
        self._enter(WorkerState.STOPPED, deadline=None)
        return []

    def _failed(self, reason: str) -> list[Action]:
        ran = self._clock() - self._ready_at if self._ready_at is not None else None
        delay = self._restarts.failed(ran)
        self.reason = reason
        if self._quitting:
            self._enter(WorkerState.STOPPED, deadline=None)
        elif delay is None:
            self._enter(WorkerState.FAILED, deadline=None)
        else:
            self._enter(WorkerState.BACKOFF, deadline=self._clock() + delay)
        return []

    def _forget_failures(self) -> None:
        self._restarts.forget()
        self.reason = ""
        if self._ready_at is not None and self.state is WorkerState.RUNNING:
            self.restart_count = 0

    def _enter(self, state: WorkerState, deadline: float | None) -> None:
        self.state = state
        self._deadline = deadline


def describe(exit: Exit) -> str:
    """``Exited with status 3.`` or ``Ended by SIGKILL.``"""
    if exit.signal is not None:
        return f"Ended by {signal_name(exit.signal)}."
    return f"Exited with status {exit.code}."
