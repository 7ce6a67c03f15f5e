"""One instance's record: what its worker and its program told, and what that amounts to. No Qt in here."""

import shlex
import uuid
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.backend import WorkerState, WorkerStatus
from podium.core.protocol.exits import INTERRUPTED, PARTLY_DONE
from podium.core.protocol.reports import ExitedReport, ProgramState, StatusReport
from podium.core.protocol.requests import Resize
from podium.core.system.leftovers import LeftProcess
from podium.core.system.signals import signal_name
from podium.supervision.restarts import Wait
from podium.workspace.launch import Resume
from podium.workspace.progress import Progress
from podium.workspace.run_report import RunReport, outcome_of
from podium.workspace.views import InstanceState, InstanceView

_MAX_QUESTION: Final = 1024
_BAD_MISSION_FILE: Final = 2
"""How ``podium mission run`` exits then, having listed the faults."""


class NextRun(Enum):
    """The run that is wanted but has not been sent to a session yet."""

    NONE = auto()
    WHEN_READY = auto()
    """As soon as its worker is ready."""
    AFTER_END = auto()
    """As soon as what runs now has ended, with or without its worker: a restart."""


class Instance:
    """State of one instance. Methods named ``on_…`` take what happened; ``view`` says how it looks."""

    def __init__(self, spec: InstanceSpec) -> None:
        self.spec = spec
        self.progress = Progress()
        self.next_run = NextRun.NONE
        self._start_sent = False
        """The session was told to start and has not said yet what came of it."""
        self._drawn_generation: int | None = None
        self.size = Resize(80, 24)
        """What its terminal was told last."""
        self._worker: WorkerStatus | None = None
        self._worker_wait: Wait | None = None
        self._program_wait: Wait | None = None
        self._gave_up_after: int | None = None
        self.resume: Resume | None = None
        """How this run goes on with the one before it; None: it does not."""
        self.agreed = False
        """The person agrees to what this run of a mission runs."""
        self._shell_folder = ""
        """Where its shell was at the end of its last run."""
        self._run_id = ""
        self._program_pid = 0
        self._lost = False
        self.resumable = False
        """Its mission was interrupted and can go on."""
        self.left_behind: tuple[LeftProcess, ...] = ()
        """What its shell left running and a person has not decided about."""
        self._restarts = 0
        """Runs that nobody asked for, since a person started it."""
        self._program = ProgramState.IDLE
        self._exited: ExitedReport | None = None
        self._killed = ""
        self._killed_at = 0.0
        self._stop_asked = False
        self._finishing = False
        self._stopping_since: float | None = None
        self._waiting_for = ""
        self._waits_since: float | None = None
        self._question = ""
        self._title = ""
        self._started_at: float | None = None
        self._ended_at: float | None = None

    @property
    def worker_state(self) -> WorkerState:
        return self._worker.state if self._worker is not None else WorkerState.STOPPED

    @property
    def program_state(self) -> ProgramState:
        return self._program

    @property
    def starting(self) -> bool:
        """A start is under way: wanted, or sent and not answered yet."""
        return self.next_run is NextRun.WHEN_READY or self._start_sent

    @property
    def occupied(self) -> bool:
        """A program runs, is being ended, or is on its way: no other can start."""
        return self.next_run is NextRun.WHEN_READY or self.has_program

    @property
    def has_program(self) -> bool:
        """A session has its program: it runs, is being ended, or was sent and not answered yet."""
        return self._start_sent or self._program in (ProgramState.RUNNING, ProgramState.STOPPING)

    @property
    def waits_to_restart(self) -> bool:
        """Its program crashed and will be run again unasked."""
        return self._program_wait is not None

    @property
    def _wait(self) -> Wait | None:
        return self._worker_wait or self._program_wait

    @property
    def stop_asked(self) -> bool:
        return self._stop_asked

    @property
    def stop_unheard(self) -> bool:
        """A stop was sent and the session has not even said that it is stopping."""
        return self._stop_asked and (self._start_sent or self._program is ProgramState.RUNNING)

    @property
    def draws(self) -> bool:
        """Whether the worker's session has been given a program. Until then its screen is blank, and the last
        screen of the worker before it stays in sight.
        """
        return self._generation == self._drawn_generation

    @property
    def _generation(self) -> int:
        return self._worker.generation if self._worker is not None else 0

    # What happened

    def on_start(
        self, now: float, *, unasked: bool = False, resume: Resume | None = None, agreed: bool = False
    ) -> None:
        """A run was asked for, or follows a crash ``unasked``; with ``resume`` it goes on with the one before."""
        self.agreed = agreed
        self.resume = resume or (Resume() if unasked else None)
        if self._shell_folder and self.spec.kind is Kind.SHELL:
            self.resume = Resume(self._shell_folder)
        self._restarts = self._restarts + 1 if unasked else 0
        self._run_id = ""
        self._lost = self.resumable = False
        self.left_behind = ()
        self.progress = Progress()
        self._exited = self._program_wait = self._gave_up_after = None
        self._stop_asked = self._finishing = False
        self._stopping_since = None
        self.on_working()
        self._title = ""
        self._started_at = now
        self._ended_at = None

    def on_start_sent(self, now: float) -> None:
        if self._ended_at is not None:
            # A run of its own, though nobody asked for it: the last went down with its worker.
            self.on_start(now, unasked=True)
        self._run_id = uuid.uuid4().hex
        self.next_run = NextRun.NONE
        self._start_sent = True
        self._drawn_generation = self._generation

    def on_stop(self, now: float) -> None:
        self._stop_asked = True
        self._stopping_since = now

    def on_waiting(self, question: str, now: float) -> None:
        """Its program says that it waits for a person; "" when it does not say what for."""
        if self._waits_since is None:
            self._waits_since = now
        # Programs write this: no control or bidi character of theirs gets any further.
        printable = "".join(char if char.isprintable() else " " for char in question[:_MAX_QUESTION])
        self._question = " ".join(printable.split())

    def on_working(self) -> None:
        """It does not wait for anybody (any more)."""
        self._waits_since = None
        self._question = ""

    @property
    def waits(self) -> bool:
        return self._waits_since is not None

    def on_finish_round(self) -> None:
        self._finishing = True

    def on_worker(self, status: WorkerStatus, now: float) -> None:
        if status.forced and not (self._worker is not None and self._worker.forced):
            self._killed, self._killed_at = "its worker", now
        if status.state in (WorkerState.FAILED, WorkerState.STOPPED):
            if self.next_run is NextRun.WHEN_READY:
                self.next_run = NextRun.NONE  # That worker will not get ready.
            if self._started_at is not None and self._ended_at is None:
                self._end(now)
        if status.state not in (WorkerState.RUNNING, WorkerState.STOPPING):
            self._start_sent = False
            if self._program in (ProgramState.RUNNING, ProgramState.STOPPING):
                self._program = ProgramState.IDLE
                self._program_pid = 0
                self._lost = True
                self._end(now)
        self._worker = status
        self._worker_wait = (
            Wait(now + status.retry_in, status.attempt, status.max_attempts)
            if status.retry_in is not None
            else None
        )

    def on_status(self, report: StatusReport, now: float) -> None:
        if report.state is ProgramState.STOPPING and self._stopping_since is None:
            self._stopping_since = now
        self._start_sent = False
        self._program = report.state
        self._program_pid = report.program_pid
        self._title = report.title
        self._waiting_for = report.waiting_for

    def on_exited(self, report: ExitedReport, now: float) -> None:
        self._start_sent = False
        self._program_pid = 0
        self._program = ProgramState.EXITED
        if self.spec.kind is Kind.MISSION and report.code == _BAD_MISSION_FILE:
            reason = "The mission could not run. What is wrong is listed above; put it right, then restart."
            report = msgspec.structs.replace(report, reason=reason)
        self._exited = report
        self._shell_folder = report.folder or self._shell_folder
        if report.killed:
            self._killed, self._killed_at = report.killed, now
        self._waiting_for = ""
        self._end(now)

    def ran(self, now: float) -> float:
        """Seconds its program has run, or ran."""
        if self._started_at is None:
            return 0.0
        return (self._ended_at if self._ended_at is not None else now) - self._started_at

    def killed_since(self, time: float) -> str:
        """What had to be killed at the clock's ``time`` or later, for a person; "" when all ended by themselves."""
        return self._killed if self._killed and self._killed_at >= time else ""

    @property
    def run_id(self) -> str:
        """Of the run that was sent to a session last; "" before that."""
        return self._run_id

    @property
    def program_pid(self) -> int:
        """0 while no program runs, as far as is known."""
        return self._program_pid

    def run_report(self, now: float) -> RunReport | None:
        """The current run, or the last; None before the first."""
        if not self._run_id or self._started_at is None:
            return None
        over = self._ended_at is not None
        exited = None if self._lost else self._exited
        progress = self.progress
        return RunReport(
            self._run_id,
            self._started_at,
            self.ran(now),
            outcome_of(self.spec, over, exited, self._stop_asked),
            exited.code if exited is not None else None,
            exited.signal if exited is not None else None,
            (exited.reason if exited is not None else self._worker_reason()) if over else "",
            progress.round,
            progress.agents_total or None,
            progress.cost,
            self._restarts,
        )

    def on_restart_planned(self, wait: Wait) -> None:
        """Its program crashed; it is run again after ``wait``."""
        self._program_wait = wait

    def on_restart_cancelled(self) -> None:
        self._program_wait = None

    def on_given_up(self, restarts: int) -> None:
        """Its program crashed once more than it may be restarted."""
        self._gave_up_after = restarts

    def on_lost(self) -> None:
        """The program went down with its worker, and is not run again unasked."""
        told = (f"The worker ended, and this {self.spec.kind} with it.", self._worker_reason())
        self._exited = ExitedReport(reason=" ".join((*filter(None, told), "It is not run again unasked.")))

    def _end(self, now: float) -> None:
        self.progress.running.clear()
        self.on_working()
        self._finishing = False
        self._stopping_since = None
        self._ended_at = now

    # How it looks

    def view(self, number: int, now: float) -> InstanceView:
        """``number`` is its place in the order, ``now`` the workspace's clock."""
        state = self.state
        progress, exited = self.progress, self._exited
        wait = self._wait if state is InstanceState.RESTARTING else None
        return InstanceView(
            spec=self.spec,
            number=number,
            state=state,
            word=self._word(state, now),
            reason=self._reason(state),
            detail=_detail(self.spec.kind, self.spec.mission, self.spec.command),
            title=self._title,
            exit_code=exited.code if exited else None,
            exit_signal=exited.signal if exited else None,
            round=progress.round,
            max_rounds=progress.max_rounds,
            agents_running=len(progress.running),
            agents_total=progress.agents_total,
            agents_worked=progress.agents_worked,
            cost_usd=progress.cost.usd,
            cost_simulated=progress.cost.simulated,
            cost_estimated=progress.cost.estimated,
            tokens_in=progress.cost.tokens_in,
            tokens_out=progress.cost.tokens_out,
            seconds=self.ran(now) if self._started_at is not None else None,
            resumable=self.resumable and not self.occupied,
            left_behind=tuple(f"{left.name} ({left.pid})" for left in self.left_behind),
            waiting_seconds=now - self._waits_since if self._waits_since is not None else None,
            question=self._question,
            attempt=wait.attempt if wait is not None else 0,
            attempts=wait.attempts if wait is not None else 0,
        )

    @property
    def state(self) -> InstanceState:
        """What a person sees: the worker's state and the program's in one."""
        match self.worker_state:
            case WorkerState.FAILED:
                return InstanceState.FAILED
            case WorkerState.BACKOFF:
                return InstanceState.RESTARTING
            case WorkerState.STARTING:
                return InstanceState.STARTING
            case WorkerState.STOPPING:
                return InstanceState.STOPPING
        if self.worker_state is WorkerState.RUNNING and self._program is ProgramState.RUNNING:
            if self._stop_asked:
                return InstanceState.STOPPING  # Also while a worker that hangs has not said so.
            if self._waits_since is not None:
                return InstanceState.WAITING
            return InstanceState.FINISHING if self._finishing else InstanceState.RUNNING
        if self.worker_state is WorkerState.RUNNING and self._program is ProgramState.STOPPING:
            return InstanceState.STOPPING
        if self.starting:
            return InstanceState.STARTING
        if self._program_wait is not None:
            return InstanceState.RESTARTING
        return self._state_after_exit()

    def _state_after_exit(self) -> InstanceState:
        if self._exited is None:
            return InstanceState.IDLE
        if self._exited.reason or self._gave_up_after is not None:
            return InstanceState.FAILED
        if self._stop_asked or self._stopped_itself():
            return InstanceState.IDLE
        return InstanceState.DONE if self._exited.code == 0 else InstanceState.EXITED

    def _stopped_itself(self) -> bool:
        """A mission that ended because somebody asked it to."""
        return (
            self.spec.kind is Kind.MISSION and self._exited is not None and self._exited.code == INTERRUPTED
        )

    def _word(self, state: InstanceState, now: float) -> str:
        match state:
            case InstanceState.IDLE:
                return "Stopped" if self._exited is not None else "Idle"
            case InstanceState.STOPPING:
                since = self._stopping_since
                return f"Stopping {int(now - since)} s" if since is not None else "Stopping"
            case InstanceState.RESTARTING:
                wait = self._wait
                left = max(0, round(wait.at - now)) if wait is not None else 0
                return f"Restarting in {left} s"
            case InstanceState.EXITED if self._exited is not None:
                if self.spec.kind is Kind.MISSION and self._exited.code == PARTLY_DONE:
                    return "Done in part"
                return _end_text(self._exited)
            case InstanceState.FINISHING:
                return "Finishing round"
        return state.value.capitalize()

    def _reason(self, state: InstanceState) -> str:
        if state is InstanceState.STOPPING and self._waiting_for:
            return f"Waiting for {self._waiting_for} to end."
        lost = self._exited is not None
        if self.worker_state is WorkerState.FAILED or (state is InstanceState.RESTARTING and not lost):
            return self._worker_reason()
        if self._exited is None:
            return ""
        if self._gave_up_after is not None:
            times = _times(self._gave_up_after)
            return f"Stopped restarting after {times}. {_end_text(self._exited)}. The text above is kept."
        if self._program_wait is not None:
            return f"{_end_text(self._exited)}."
        return self._exited.reason

    def _worker_reason(self) -> str:
        worker = self._worker
        if worker is None:
            return ""
        if worker.state is not WorkerState.FAILED or not worker.restart_count:
            return worker.reason
        said = f" It said: “{worker.last_output[-1]}”." if worker.last_output else ""
        if worker.diagnostics_dropped:
            said += f" {worker.diagnostics_dropped:,} lines before that were dropped."
        return (
            f"Stopped restarting after {_times(worker.restart_count)}. {worker.reason}{said}"
            " The text above is kept."
        )


def _end_text(exited: ExitedReport) -> str:
    if exited.signal is not None:
        return f"Ended by {signal_name(exited.signal)}"
    return f"Exited {exited.code}" if exited.code is not None else "Exited"


def _times(restarts: int) -> str:
    return f"{restarts} restart" + "s" * (restarts != 1)


@lru_cache(maxsize=256)
def _detail(kind: Kind, mission: str, command: tuple[str, ...]) -> str:
    """What an instance runs, in short. Asked for at every repaint."""
    match kind:
        case Kind.MISSION:
            return Path(mission).name
        case Kind.COMMAND:
            return shlex.join(command)
    return "shell"
