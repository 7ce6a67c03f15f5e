"""One instance's record: its spec, its program's supervisor, reports of worker and program. No Qt in here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from podium.attention.classifier import Classifier
from podium.attention.hook_sessions import HookSessions
from podium.attention.signals import Attention, AttentionState, Began, Claim, Ended, Said, Signal, Source
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.backend import WorkerState, WorkerStatus
from podium.core.protocol.events import ProgramEvent, ProgramWaiting, ProgramWorking
from podium.core.protocol.reports import ClipboardReport, ExitedReport, ProgressReport, StatusReport
from podium.core.protocol.requests import Resize
from podium.core.runs import Run
from podium.core.system.leftovers import LeftProcess
from podium.supervision.program_states import Order
from podium.supervision.program_supervisor import ProgramSupervisor
from podium.supervision.restarts import Wait
from podium.workspace.progress import Progress
from podium.workspace.run_report import RunReport, outcome_of

_MAX_QUESTION: Final = 1024
_BAD_MISSION_FILE: Final = 2
"""The exit status of ``podium mission run`` after it has listed the faults of a file."""


@dataclass(frozen=True, slots=True)
class RunEnd:
    """The end of a run. Without ``exited`` it went down with its worker, or never got one."""

    at: float
    exited: ExitedReport | None
    stopped: bool
    """It was asked to end."""
    worker_reason: str
    """Why its worker backed off or failed at that time, if it did."""


@dataclass(slots=True)
class RunRecord:
    """The record of one run, the current or the last. Times are of the workspace's clock."""

    order: Order
    asked_at: float
    restarts: int = 0
    """Runs up to this one that nobody asked for, since a person started it."""
    id: str = ""
    """A uuid; "" before it was sent to a session."""
    pid: int = 0
    """0 while no program runs, as far as is known."""
    title: str = ""
    waiting_for: str = ""
    """The processes that have not ended yet, while it stops."""
    progress: Progress = field(default_factory=Progress)
    task: ProgressReport = field(default_factory=ProgressReport)
    """How far the program says it is with what it does (OSC 9;4)."""
    end: RunEnd | None = None

    def seconds(self, now: float) -> float:
        """The time it has run, or ran."""
        return (self.end.at if self.end is not None else now) - self.asked_at

    @property
    def exited(self) -> ExitedReport | None:
        return self.end.exited if self.end is not None else None


@dataclass(frozen=True, slots=True)
class Killed:
    """Processes that had to be killed, in words for a person."""

    what: str
    at: float


class Instance:
    """Methods named ``on_…`` take what happened. ``instance_view`` makes the view."""

    def __init__(self, spec: InstanceSpec, program: ProgramSupervisor) -> None:
        self.spec = spec
        self.program = program
        self.size = Resize(80, 24)
        """The last size its terminal was given."""
        self.worker: WorkerStatus | None = None
        self.worker_wait: Wait | None = None
        """The pause before the next worker, in back-off."""
        self.run: RunRecord | None = None
        self.last_run: Run | None = None
        """Its last run before this Podium was started, as far as the history tells."""
        self.resumable = False
        """Its mission was interrupted and can go on, or the session of its agent's tool can."""
        self.session_gone = False
        """That session is not there any more, as far as was seen."""
        self.left_behind: tuple[LeftProcess, ...] = ()
        """Processes its shell left running that a person has not decided about."""
        self.clipboard_write: ClipboardReport | None = None
        """What its program wants to write to the clipboard, while a person has not decided."""
        self.clipboard_denied = False
        """A person has refused that in this run."""
        self.prompt_waits_for = ""
        """Why its tool's first prompt was not submitted yet, in words for a person."""
        self.shell_folder = ""
        """Its shell's folder at the end of its last run."""
        self._classifier = Classifier()
        self._hook_sessions = HookSessions()
        self._drawn_session: tuple[int, str] | None = None
        self._killed: Killed | None = None

    @property
    def worker_state(self) -> WorkerState:
        return self.worker.state if self.worker is not None else WorkerState.STOPPED

    @property
    def has_drawn(self) -> bool:
        """Whether the worker's session has been given a program. Until then its screen is blank, and the last
        screen of the worker before it stays in sight.
        """
        return self._session == self._drawn_session

    @property
    def _session(self) -> tuple[int, str]:
        """Which one its worker has: a worker that is spawned after another has ended counts from one again."""
        return (self.worker.generation, self.worker.marker) if self.worker is not None else (0, "")

    @property
    def program_pid(self) -> int:
        """0 while no program runs, as far as is known."""
        return self.run.pid if self.run is not None else 0

    @property
    def attention(self) -> Attention:
        """Whether its program needs a person; ``since`` is a time of the workspace's clock."""
        return self._classifier.attention

    @property
    def awaiting_user(self) -> bool:
        return self.attention.state is AttentionState.WAITING

    @property
    def hook_session(self) -> str:
        """The id of the conversation that hooks tell of, not those below it; "" while none is known."""
        return self._hook_sessions.outer

    @property
    def attention_deadline(self) -> float | None:
        """The time at which ``on_time`` may change what it needs."""
        return self._classifier.next_deadline()

    # What happened

    def on_new_run(self, order: Order, now: float) -> None:
        """A run was asked for, or follows a crash. What is known of the one before is history."""
        restarts = self.run.restarts + 1 if order.unasked and self.run is not None else 0
        self.run = RunRecord(order, now, restarts)
        self.resumable = False
        self.left_behind = ()
        self.clipboard_write = None
        self.clipboard_denied = False
        self.prompt_waits_for = ""
        self._hook_sessions.forget()
        self._classifier.on(Began(), now)

    def on_start_sent(self, run_id: str) -> None:
        if self.run is not None:
            self.run.id = run_id
        self._drawn_session = self._session

    def on_signal(self, signal: Signal, now: float) -> bool:
        """Something says what its program does. Returns whether that changes what it needs."""
        if self.run is None or self.run.end is not None:
            return False
        if isinstance(signal, Said) and signal.source is Source.PROMPT and signal.claim is not Claim.BUSY:
            self._hook_sessions.forget()  # The shell has its terminal back: the tool has ended.
        before = self.attention
        self._classifier.on(signal, now)
        return self.attention != before

    def on_hook(self, session: str, claim: Claim | None, question: str, now: float) -> bool:
        """A hook says what its conversation does; None: it exists. Returns whether that changes what is needed."""
        if self.run is None or self.run.end is not None:
            return False
        all_say = self._hook_sessions.on(session, claim)
        if all_say is None:
            return False
        return self.on_signal(Said(Source.HOOK, all_say, question if all_say is Claim.WAITING else ""), now)

    def on_time(self, now: float) -> bool:
        """Time has passed. Returns whether that changes what its program needs."""
        before = self.attention
        self._classifier.step(now)
        return self.attention != before

    def on_event(self, event: ProgramEvent, now: float) -> None:
        """Its program sent an event about itself."""
        match event:
            case ProgramWaiting(question=question):
                self.on_signal(Said(Source.EVENTS, Claim.WAITING, question[:_MAX_QUESTION]), now)
            case ProgramWorking():
                self.on_signal(Said(Source.EVENTS, Claim.BUSY), now)
            case _ if self.run is not None:
                self.run.progress.apply(event)

    def on_task(self, report: ProgressReport) -> None:
        if self.run is not None and self.run.end is None:
            self.run.task = report

    def on_worker(self, status: WorkerStatus, now: float) -> None:
        """To be called before its supervisor is: a run that goes down with the worker ends as it was just then."""
        if status.forced and not (self.worker is not None and self.worker.forced):
            self._killed = Killed("its worker", now)
        self.worker = status
        self.worker_wait = (
            Wait(now + status.retry_in, status.attempt, status.max_attempts)
            if status.retry_in is not None
            else None
        )
        if status.state not in (WorkerState.RUNNING, WorkerState.STOPPING) and self.program.run is not None:
            self.on_run_over(now)

    def on_status(self, report: StatusReport, now: float) -> None:
        """To be called after its supervisor is."""
        run = self.run
        if run is None or (run.end is not None and self.program.run is not None):
            self.run = run = RunRecord(Order(), now)
        run.pid = report.program_pid if self.program.run is not None else 0
        run.title = report.title
        run.waiting_for = report.waiting_for

    def on_exited(self, report: ExitedReport, now: float) -> None:
        """To be called before its supervisor is."""
        self.shell_folder = report.folder or self.shell_folder
        if self.spec.kind is Kind.MISSION and report.code == _BAD_MISSION_FILE:
            reason = "The mission could not run. What is wrong is listed above; put it right, then restart."
            report = msgspec.structs.replace(report, reason=reason)
        if report.killed:
            self._killed = Killed(report.killed, now)
        self.on_run_over(now, report)

    def on_run_over(self, now: float, exited: ExitedReport | None = None) -> None:
        """Nothing of the run is left, or nothing of it has been."""
        run = self.run
        if run is None or run.end is not None:
            return
        run.progress.running.clear()
        run.task = ProgressReport()
        run.pid = 0
        run.waiting_for = ""
        run.end = RunEnd(now, exited, self.program.stop_asked, worker_reason(self.worker))
        if run.end.stopped:
            self._classifier.on(Began(), now)
        else:
            well = exited is not None and exited.code == 0
            self._classifier.on(Ended(failed=not well), now)

    # What it amounts to

    def killed_since(self, time: float) -> str:
        """Everything killed at the clock's ``time`` or later, for a person; "" when all ended by themselves."""
        return self._killed.what if self._killed is not None and self._killed.at >= time else ""

    def run_report(self, now: float) -> RunReport | None:
        """The current run, or the last; None before the first was sent to a session."""
        run = self.run
        if run is None or not run.id:
            return None
        end, exited = run.end, run.exited
        progress = run.progress
        return RunReport(
            run.id,
            run.asked_at,
            run.seconds(now),
            outcome_of(self.spec, end is not None, exited, end is not None and end.stopped),
            exited.code if exited is not None else None,
            exited.signal if exited is not None else None,
            exited.reason if exited is not None else end.worker_reason if end is not None else "",
            progress.round,
            progress.agents_total or None,
            progress.cost,
            run.restarts,
            self.attention.since if self.awaiting_user and end is None else None,
        )


def printable(question: str) -> str:
    """A program's question in one line: no control or bidi character of it gets any further."""
    text = "".join(char if char.isprintable() else " " for char in question[:_MAX_QUESTION])
    return " ".join(text.split())


def in_sight(records: Mapping[InstanceId, Instance], instance: InstanceId) -> Instance | None:
    """Its record, unless it was closed: then it ends out of sight."""
    record = records.get(instance)
    return record if record is not None and not record.program.closed else None


def worker_reason(worker: WorkerStatus | None) -> str:
    """Why a worker backs off or has failed, in words for a person; "" when nothing is wrong with it."""
    if worker is None:
        return ""
    if worker.state is not WorkerState.FAILED or not worker.restart_count:
        return worker.reason
    said = f" It said: “{worker.last_output[-1]}”." if worker.last_output else ""
    if worker.diagnostics_dropped:
        said += f" {worker.diagnostics_dropped:,} lines before that were dropped."
    return (
        f"Stopped restarting after {restarts_text(worker.restart_count)}. {worker.reason}{said}"
        " The text above is kept."
    )


def restarts_text(restarts: int) -> str:
    """``1 restart``, ``5 restarts``."""
    return f"{restarts} restart" + "s" * (restarts != 1)
