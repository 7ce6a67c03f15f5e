"""The state machine of one instance's program: what happened goes in, what to do comes out.

::

    idle ─start→ awaiting worker ─ready→ starting ─status→ running ─stop→ stopping ─exit→ exited
                        ↑                                     │
                        └──────── due ── backoff ←── crash ───┴─→ after too many: failed

A stop is for its own sake, for a restart, or for a close, which always ends as forgotten. The worker has a machine of
its own (``worker_supervisor``); here its state is what happens. Each deadline is a part of the state that waits for
it: a late timer finds another state and does nothing.
"""

import random as random_module
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from podium.core.clock import Clock, monotonic
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ProgramState
from podium.supervision.policy import Policy
from podium.supervision.program_states import (
    Action,
    AwaitingWorker,
    Backoff,
    EndedBy,
    Exited,
    Failed,
    Forget,
    Forgotten,
    Idle,
    KillWorker,
    NewRun,
    Order,
    RespawnWorker,
    Run,
    Running,
    SendFinishRound,
    SendStart,
    SendStop,
    SpawnWorker,
    Starting,
    State,
    StopFor,
    Stopping,
)
from podium.supervision.restarts import Restarts, Wait

_AFTER_CRASH: Final = Order(resume=True, unasked=True)


class ProgramSupervisor:
    """One program's life, over all its runs. Not thread-safe; the caller carries out the returned actions in order,
    and may be told of what they cause while it does.
    """

    def __init__(
        self,
        policy: Policy | None = None,
        clock: Clock = monotonic,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self.policy = policy or Policy()
        self._clock = clock
        self._restarts = Restarts(self.policy, random)
        self._quitting = False
        self.state: State = Idle()
        self.worker = WorkerState.STOPPED

    @property
    def next_deadline(self) -> float | None:
        """The clock's time at which ``tick`` is due; None when it need not be called."""
        match self.state:
            case Stopping(deadline=deadline):
                return deadline
            case Backoff(wait=wait):
                return wait.at
        return None

    @property
    def run(self) -> Run | None:
        """The run that a session has: it runs, is being ended, or was sent and not answered yet."""
        match self.state:
            case Starting(run=run) | Running(run=run) | Stopping(run=run):
                return run
        return None

    @property
    def active(self) -> bool:
        """A program runs, is being ended, or is on its way: no other can start."""
        return self.run is not None or isinstance(self.state, AwaitingWorker)

    @property
    def stop_asked(self) -> bool:
        """The run that is there, or was there last, was to end."""
        match self.state:
            case Stopping(purpose=purpose):
                return purpose is not StopFor.ITSELF
            case Exited(by=by):
                return by is EndedBy.REQUEST
        return False

    @property
    def closed(self) -> bool:
        """It was closed: nothing starts in it any more."""
        match self.state:
            case Stopping(purpose=StopFor.CLOSE) | Forgotten():
                return True
        return False

    # Commands

    def start(self, order: Order | None = None) -> list[Action]:
        """Run it as a person asked: no earlier failure counts. Does nothing while it is active."""
        if self.active or self.closed or self._quitting:
            return []
        self._restarts.forget()
        return self._begin(order or Order())

    def stop(self) -> list[Action]:
        """End it, and what waits to be run; in back-off or while its worker starts this ends the worker."""
        match self.state:
            case Starting() | Running() | Stopping():
                return self._stop(StopFor.STOP)
            case Forgotten():
                return []
            case AwaitingWorker():
                self.state = Idle()
            case Backoff():
                self.state = Exited(EndedBy.ITSELF)
        return [KillWorker()] if self.worker not in (WorkerState.STOPPED, WorkerState.RUNNING) else []

    def restart(self) -> list[Action]:
        """End it and run it again; in back-off or after a failure it is run at once."""
        if self._quitting:
            return []
        match self.state:
            case Starting() | Running() | Stopping():
                # Also while its worker is being ended, because it hangs: the next one runs it.
                return self._stop(StopFor.RESTART)
            case AwaitingWorker(order=order) if self.worker is WorkerState.BACKOFF:
                self._restarts.forget()
                return self._begin(Order() if order.unasked else order)
        return self.start()

    def close(self) -> list[Action]:
        """End it with its worker, then forget it."""
        if self.closed:
            return []
        self._restarts.forget()
        if self.worker in (WorkerState.STOPPED, WorkerState.FAILED):
            self.state = Forgotten()
            return [Forget()]
        self.state = Stopping(StopFor.CLOSE, self.run, self._clock())
        return [KillWorker()]

    def quit(self) -> None:
        """Start nothing after this. The workers are ended elsewhere, all together."""
        self._quitting = True
        match self.state:
            case AwaitingWorker():
                self.state = Idle()
            case Backoff():
                self.state = Exited(EndedBy.ITSELF)
            case Starting(run=run) | Running(run=run):
                self.state = Stopping(StopFor.QUIT, run, self._clock())
            case Stopping(purpose=purpose) as stopping if purpose is not StopFor.CLOSE:
                self.state = replace(stopping, purpose=StopFor.QUIT, deadline=None)

    def finish_round(self, request: int) -> list[Action]:
        """Ask it to end after this round, under ``request``, or once more under the number it was asked under."""
        match self.state:
            case Starting(run=run) | Running(run=run) as state:
                if run.finish_request is None:
                    run = replace(run, finish_request=request)
                    self.state = replace(state, run=run)
                return [SendFinishRound(run.finish_request or request)]
        return []

    # What happened

    def on_worker(self, worker: WorkerState, *, reruns: bool) -> list[Action]:
        """Its worker is in another state. ``reruns``: a crash of this instance is followed by another run."""
        before, self.worker = self.worker, worker
        match worker:
            case _ if worker is before:
                return []
            case WorkerState.RUNNING:
                return self._on_ready()
            case WorkerState.STOPPING:
                if isinstance(self.state, Stopping):
                    self.state = replace(self.state, deadline=None)
                return []
        return self._on_worker_gone(before, reruns)

    def on_spawn_refused(self) -> None:
        """There is no worker to be had."""
        if isinstance(self.state, AwaitingWorker):
            self.state = Idle()

    def on_status(self, program: ProgramState) -> None:
        """The session reported its program's state."""
        match program, self.state:
            case ProgramState.RUNNING, Starting(run=run):
                self.state = Running(run)
            case ProgramState.RUNNING, Idle() | Exited() | Failed() if not self._quitting:
                # A session that outlived its window, or tells lies. Either way there is something to stop.
                self.state = Running(Run(Order(), self._clock()))
            case ProgramState.STOPPING, Starting(run=run) | Running(run=run):
                self.state = Stopping(StopFor.ITSELF, run, self._clock(), heard=True)
            case ProgramState.STOPPING, Stopping(heard=False, deadline=deadline) as stopping:
                # From now on: it may have got the stop late, when the window stood still before that was sent.
                limit = (
                    self._first_check(self._clock() + self.policy.stop_limit)
                    if deadline is not None
                    else None
                )
                self.state = replace(stopping, heard=True, deadline=limit, overdue=False)

    def on_exited(self, *, crashed: bool) -> list[Action]:
        """Its program has ended, or could not be started. ``crashed``: that calls for another run."""
        match self.state:
            case Stopping(purpose=StopFor.RESTART):
                self._restarts.forget()
                return self._begin(Order())
            case Stopping(purpose=StopFor.STOP | StopFor.QUIT):
                self.state = Exited(EndedBy.REQUEST)
            case Stopping(purpose=StopFor.CLOSE) as closing:
                self.state = replace(closing, run=None)
            case Starting(run=run) | Running(run=run) | Stopping(run=run) if run is not None:
                self.state = self._after_crash(run) if crashed else Exited(EndedBy.ITSELF)
        return []

    def on_acknowledged(self, request: int) -> None:
        """Its program has understood this request, and is carrying it out."""
        match self.state:
            case Starting(run=run) | Running(run=run) as state if run.finish_request == request:
                self.state = replace(state, run=replace(run, finishing=True))

    def tick(self) -> list[Action]:
        """Time has passed. Does nothing before ``next_deadline``."""
        now = self._clock()
        match self.state:
            case Stopping(deadline=float(deadline), overdue=overdue) as stopping if now >= deadline:
                late = now - deadline > self._check_interval
                if late or not overdue:
                    # A window that stood still has not read the session's answer yet: another check follows.
                    self.state = replace(stopping, deadline=now + self._check_interval, overdue=True)
                    return []
                self.state = replace(stopping, deadline=None)
                return [KillWorker()]
            case Backoff(wait=wait) if now >= wait.at:
                self._restarts.tried()
                return self._begin(_AFTER_CRASH)
        return []

    # Inside

    def _begin(self, order: Order) -> list[Action]:
        """Run it in the worker there is, or in the next one."""
        begun: list[Action] = [NewRun(order)]
        if self.worker is WorkerState.RUNNING:
            return [*begun, self._send_start(order)]
        self.state = AwaitingWorker(order, announced=True)
        return [*begun, *self._call_worker()]

    def _call_worker(self) -> list[Action]:
        """See to it that a worker will be ready. One that starts will be; one that stops is waited for first."""
        match self.worker:
            case WorkerState.STOPPED | WorkerState.FAILED:
                return [SpawnWorker()]
            case WorkerState.BACKOFF:
                return [RespawnWorker()]
        return []

    def _send_start(self, order: Order) -> SendStart:
        run = Run(order, self._clock())
        self.state = Starting(run)
        return SendStart(run)

    def _stop(self, purpose: StopFor) -> list[Action]:
        now = self._clock()
        match self.state:
            case Stopping(purpose=StopFor.CLOSE):
                return []
            case Stopping(purpose=StopFor.ITSELF) as stopping if self.worker is WorkerState.RUNNING:
                limit = self._first_check(now + self.policy.stop_limit)
                self.state = replace(stopping, purpose=purpose, deadline=limit)
                return [SendStop()]
            case Stopping(heard=heard) as stopping:
                self.state = replace(stopping, purpose=purpose)
                return [SendStop()] if self.worker is WorkerState.RUNNING and not heard else []
            case Starting(run=run) | Running(run=run):
                if self.worker is not WorkerState.RUNNING:  # It is being ended.
                    self.state = Stopping(purpose, run, now)
                    return []
                patience = self._first_check(now + self.policy.stop_patience)
                self.state = Stopping(purpose, run, now, deadline=patience)
                return [SendStop()]
        return []

    @property
    def _check_interval(self) -> float:
        return self.policy.stop_patience / 4

    def _first_check(self, end: float) -> float:
        """The time of the first check, so that the second one is at ``end``."""
        return end - self._check_interval

    def _on_ready(self) -> list[Action]:
        match self.state:
            case AwaitingWorker(order=order, announced=announced):
                start = self._send_start(order)
                return [start] if announced else [NewRun(order), start]
            case Stopping(purpose=StopFor.CLOSE):
                return [KillWorker()]
        return []

    def _on_worker_gone(self, before: WorkerState, reruns: bool) -> list[Action]:
        """No worker is there, or one without a program: it starts, backs off, has stopped or has failed."""
        over = self.worker in (WorkerState.STOPPED, WorkerState.FAILED)
        match self.state:
            case Stopping(purpose=StopFor.CLOSE):
                if not over:
                    return [KillWorker()]
                self.state = Forgotten()
                return [Forget()]
            case Stopping(purpose=StopFor.RESTART):
                self._restarts.forget()
                return self._begin(Order())
            case Stopping(purpose=StopFor.STOP | StopFor.QUIT):
                self.state = Exited(EndedBy.REQUEST)
            case Stopping(purpose=StopFor.ITSELF):
                self.state = Idle()
            case Starting(run=run):
                # Whether it ran at all is not known, but that it was wanted is.
                again = AwaitingWorker(replace(run.order, unasked=True), announced=False)
                self.state = Idle() if over else again
            case Running():
                self.state = self._after_loss(reruns)
            case AwaitingWorker():
                return self._await_next(before)
            case Backoff() if self.worker is WorkerState.BACKOFF:
                self.state = self._after_loss(reruns)
            case Backoff() if self.worker is WorkerState.FAILED:
                self.state = Exited(EndedBy.ITSELF)
        return []

    def _await_next(self, before: WorkerState) -> list[Action]:
        """The worker it was waiting for, or the end of, is gone."""
        if before is WorkerState.STOPPING:
            return self._call_worker()
        if self.worker in (WorkerState.STOPPED, WorkerState.FAILED):
            self.state = Idle()  # That one will not get ready.
        return []

    def _after_loss(self, reruns: bool) -> State:
        """It went down with its worker: what of its work goes on in the next one."""
        if self.worker is not WorkerState.BACKOFF:
            return Idle()
        return AwaitingWorker(_AFTER_CRASH, announced=False) if reruns else Exited(EndedBy.WORKER)

    def _after_crash(self, run: Run) -> State:
        now = self._clock()
        delay = self._restarts.failed(now - run.sent_at)
        if delay is None:
            return Failed(self._restarts.used)
        return Backoff(Wait(now + delay, self._restarts.attempt, self.policy.max_restarts))
