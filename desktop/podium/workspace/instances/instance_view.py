"""The view of an instance: its worker's state and its program's in one, and the words for it."""

import shlex
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from msgspec import structs

from podium.attention.signals import Attention
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.exits import INTERRUPTED, PARTLY_DONE
from podium.core.protocol.reports import ExitedReport, ProgressReport
from podium.core.runs import Run, RunOutcome
from podium.core.system.signals import signal_name
from podium.core.visible_text import visible
from podium.supervision.program_states import (
    AwaitingWorker,
    Backoff,
    EndedBy,
    Exited,
    Failed,
    Running,
    Starting,
    Stopping,
)
from podium.supervision.restarts import Wait
from podium.workspace.instances.instance import Instance, in_sight, printable, restarts_text, worker_reason
from podium.workspace.progress import Progress
from podium.workspace.views import InstanceState, InstanceView

_NOTHING_YET = Progress()
_PREVIEW = 60
_ENDS = {
    RunOutcome.DONE: (InstanceState.DONE, "Done"),
    RunOutcome.PARTIAL: (InstanceState.EXITED, "Done in part"),
    RunOutcome.FAILED: (InstanceState.EXITED, "Failed"),
    RunOutcome.CRASHED: (InstanceState.EXITED, "Crashed"),
}
"""How an end is shown that was before this Podium was started. All others were asked for, or can go on."""


def view_of(record: Instance, number: int, now: float, *, marks_prompts: bool = False) -> InstanceView:
    """``number`` is its place in the order, ``now`` the workspace's clock; ``marks_prompts``: it is a shell that is
    made to mark its prompts.
    """
    state = state_of(record)
    run = record.run
    past = record.last_run
    if state is InstanceState.IDLE and run is None and past is not None and past.outcome in _ENDS:
        return _view_of_past(record, number, past)
    progress = run.progress if run is not None else _NOTHING_YET
    exited = run.exited if run is not None else None
    wait = _wait(record) if state is InstanceState.RESTARTING else None
    attention = record.attention
    waits = state is InstanceState.WAITING
    return InstanceView(
        spec=record.spec,
        number=number,
        state=state,
        label=_label(record, state, now),
        reason=_reason(record, state),
        detail=_detail(record.spec.kind, record.spec.mission, record.spec.command),
        title=run.title if run is not None else "",
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
        seconds=run.seconds(now) if run is not None else None,
        resumable=record.resumable and not record.program.active,
        left_behind=tuple(f"{left.name} ({left.pid})" for left in record.left_behind),
        attention=attention,
        attention_seconds=now - attention.since if record.run is not None else 0.0,
        waiting_seconds=now - attention.since if waits else None,
        question=printable(attention.question) if waits else "",
        task=run.task if run is not None else ProgressReport(),
        clipboard_write=_preview(record.clipboard_write.text) if record.clipboard_write is not None else "",
        clipboard_size=len(record.clipboard_write.text) if record.clipboard_write is not None else 0,
        prompt_waits_for=record.prompt_waits_for,
        attempt=wait.attempt if wait is not None else 0,
        attempts=wait.attempts if wait is not None else 0,
        marks_prompts=marks_prompts,
    )


def _view_of_past(record: Instance, number: int, past: Run) -> InstanceView:
    """Of a mission that ended before this Podium was started, and has not run since."""
    spec = record.spec
    state, label = _ENDS[past.outcome]
    return InstanceView(
        spec=spec,
        number=number,
        state=state,
        label=label,
        reason=past.reason,
        detail=_detail(spec.kind, spec.mission, spec.command),
        round=past.rounds,
        agents_total=past.agents or 0,
        cost_usd=past.cost_usd,
        cost_simulated=past.cost_simulated,
        cost_estimated=past.cost_estimated,
        tokens_in=past.tokens_in,
        tokens_out=past.tokens_out,
        seconds=past.seconds,
        resumable=record.resumable,
    )


def attention_to_tell(records: Mapping[InstanceId, Instance], instance: InstanceId) -> Attention | None:
    """What a person is to be told of ``instance``, its question in one line; None when it is not in sight.

    Of a crash after which it is run again there is nothing to tell.
    """
    record = in_sight(records, instance)
    if record is None:
        return None
    if state_of(record) is InstanceState.RESTARTING:
        return Attention()
    return structs.replace(record.attention, question=printable(record.attention.question))


def _preview(text: str) -> str:
    """The beginning of a program's text in one line, every character visible."""
    return visible(" ".join(text[: 4 * _PREVIEW].split()))[:_PREVIEW] or "blanks"


def state_of(record: Instance) -> InstanceState:
    """The state that a person sees: the worker's where that says more, else the program's."""
    match record.worker_state:
        case WorkerState.FAILED:
            return InstanceState.FAILED
        case WorkerState.BACKOFF:
            return InstanceState.RESTARTING
        case WorkerState.STARTING:
            return InstanceState.STARTING
        case WorkerState.STOPPING:
            return InstanceState.STOPPING
    match record.program.state:
        case AwaitingWorker() | Starting():
            return InstanceState.STARTING
        case Running(run=run):
            if record.awaiting_user:
                return InstanceState.WAITING
            return InstanceState.FINISHING if run.finishing else InstanceState.RUNNING
        case Stopping():
            return InstanceState.STOPPING
        case Backoff():
            return InstanceState.RESTARTING
        case Failed() | Exited(by=EndedBy.WORKER):
            return InstanceState.FAILED
        case Exited(by=by) if record.run is not None and record.run.exited is not None:
            return _state_after_exit(record.spec, record.run.exited, by)
    return InstanceState.IDLE


def _state_after_exit(spec: InstanceSpec, exited: ExitedReport, by: EndedBy) -> InstanceState:
    if exited.reason:
        return InstanceState.FAILED
    if by is EndedBy.REQUEST or (spec.kind is Kind.MISSION and exited.code == INTERRUPTED):
        return InstanceState.IDLE
    return InstanceState.DONE if exited.code == 0 else InstanceState.EXITED


def _wait(record: Instance) -> Wait | None:
    if record.worker_wait is not None:
        return record.worker_wait
    match record.program.state:
        case Backoff(wait=wait):
            return wait
    return None


def _label(record: Instance, state: InstanceState, now: float) -> str:
    exited = record.run.exited if record.run is not None else None
    match state:
        case InstanceState.IDLE:
            return "Stopped" if exited is not None else "Idle"
        case InstanceState.STOPPING:
            stopping = record.program.state
            return f"Stopping {int(now - stopping.since)} s" if isinstance(stopping, Stopping) else "Stopping"
        case InstanceState.RESTARTING:
            wait = _wait(record)
            left = max(0, round(wait.at - now)) if wait is not None else 0
            return f"Restarting in {left} s"
        case InstanceState.EXITED if exited is not None:
            if record.spec.kind is Kind.MISSION and exited.code == PARTLY_DONE:
                return "Done in part"
            return _end_text(exited)
        case InstanceState.FINISHING:
            return "Finishing round"
    return state.value.capitalize()


def _reason(record: Instance, state: InstanceState) -> str:
    run = record.run
    if state is InstanceState.STOPPING and run is not None and run.waiting_for:
        return f"Waiting for {run.waiting_for} to end."
    if record.worker_state is WorkerState.FAILED:
        return worker_reason(record.worker)
    end = run.end if run is not None else None
    exited = end.exited if end is not None else None
    match record.program.state:
        case Exited(by=EndedBy.WORKER) if end is not None:
            sentences = (f"The worker ended, and this {record.spec.kind} with it.", end.worker_reason)
            return " ".join((*filter(None, sentences), "It is not run again unasked."))
        case Failed(restarts=restarts) if exited is not None:
            return f"Stopped restarting after {restarts_text(restarts)}. {_end_text(exited)}. The text above is kept."
        case Backoff() if exited is not None:
            return f"{_end_text(exited)}."
    if exited is not None:
        return exited.reason
    return worker_reason(record.worker) if state is InstanceState.RESTARTING else ""


def _end_text(exited: ExitedReport) -> str:
    if exited.signal is not None:
        return f"Ended by {signal_name(exited.signal)}"
    return f"Exited {exited.code}" if exited.code is not None else "Exited"


@lru_cache(maxsize=256)
def _detail(kind: Kind, mission: str, command: tuple[str, ...]) -> str:
    """The program of an instance, in short. Asked for at every repaint."""
    match kind:
        case Kind.MISSION:
            return Path(mission).name
        case Kind.COMMAND:
            return shlex.join(command)
    return "shell"
