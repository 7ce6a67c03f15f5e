"""``podium mission run FILE`` and ``podium mission resume FILE``."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

from podium.core.missions.spec import Mission
from podium.core.missions.state import MODEL_VARIABLE, MissionState, UnusableState
from podium.core.missions.trust import fingerprint
from podium.core.protocol.events import OrchestratorStopped
from podium.core.protocol.program_channels import ControlReader, EventWriter
from podium.core.system.app_dirs import history_path, settings_path
from podium.core.system.fault_reports import FaultReports
from podium.core.visible_text import visible
from podium.history.cost_ledger import HistoryLedger
from podium.missions.actions.consent import Consent, consent
from podium.missions.actions.earlier_run import set_earlier_aside, worktrees_of
from podium.missions.actions.faults import complain, read_mission
from podium.missions.costs.budget import day_budget
from podium.missions.log import MissionLog, terminal_columns
from podium.missions.paint import Paint, wants_colours
from podium.missions.rounds.exits import BAD_FILE, CRASHED, STOPPED
from podium.missions.rounds.mission_context import MissionServices
from podium.missions.rounds.mission_run import MissionRun
from podium.missions.rounds.run_settings import checked_model
from podium.missions.rounds.store import AlreadyRunning, StateStore
from podium.missions.rounds.survivors import end_survivors
from podium.missions.sink import Sink
from podium.missions.stopping import Listener, StopSignal
from podium.missions.turns.low_descriptors import LowDescriptors
from podium.missions.worktrees.names import new_run
from podium.repositories.git import GitError
from podium.repositories.repository import Repository, with_changes

_STDOUT: Final = 1


def run(file: str, yes: bool, model: str | None = None) -> int:
    """Run a mission from its beginning; return the exit code. ``model`` is for agents that name none; None asks the
    environment.
    """
    return _start(file, yes, model, resume=False)


def resume(file: str, yes: bool, model: str | None = None) -> int:
    """Go on with a mission that was interrupted; return the exit code. ``model`` None: with the one it had."""
    return _start(file, yes, model, resume=True)


def _start(file: str, yes: bool, model: str | None, resume: bool) -> int:
    descriptors = LowDescriptors()
    try:
        given = None if model is None else checked_model(model)
        usual = checked_model(os.environ.get(MODEL_VARIABLE, "")) if not given else ""
    except ValueError as error:
        complain(str(error))
        return BAD_FILE
    found = read_mission(file)
    if found is None:
        return BAD_FILE
    mission, repository = found
    try:
        day_usd = day_budget(settings_path())
        answer = consent(mission, repository, file, yes)
        if answer is not Consent.GIVEN:
            return STOPPED if answer is Consent.REFUSED else BAD_FILE
        if repository is not None:
            repository = with_changes(repository)
        store = StateStore.claim(mission.file)
    except (AlreadyRunning, GitError, ValueError) as error:
        complain(str(error))
        return BAD_FILE
    except OSError as error:
        complain(f"The mission’s state can’t be kept: {error.strerror or error}: {error.filename}.")
        return BAD_FILE
    ledger = HistoryLedger(history_path())
    with contextlib.suppress(OSError):  # What needs it says what is wrong.
        ledger.open()
    try:
        state = _state(store, mission, repository, file, resume)
        if state is None:
            return BAD_FILE
        # What the run was told before is newer than the environment, and older than this command line.
        state.settings.model = state.settings.model or usual if given is None else given
        store.save()
        # The loop that Windows has by default can't be told what to wait for.
        loop_factory = asyncio.SelectorEventLoop if sys.platform == "win32" else None
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(_run(mission, repository, file, store, state, ledger, day_usd, descriptors))
    except OSError as error:
        complain(f"The mission’s state can’t be kept: {error.strerror or error}: {error.filename}.")
        return BAD_FILE
    except KeyboardInterrupt:  # Before the signal handlers were in place.
        return STOPPED
    finally:
        store.close()


def _state(
    store: StateStore, mission: Mission, repository: Repository | None, file: str, resume: bool
) -> MissionState | None:
    """The state to run with, or None after saying why there is none. Raises OSError."""
    try:
        left = store.interrupted()
    except UnusableState as problem:
        if resume:
            complain(visible(_cannot_resume(store, problem, file)))
            return None
        set_earlier_aside(store, problem)
        left = None
    if left is not None:
        end_survivors(left.run)
    if resume:
        if left is None:
            complain(
                f"There is nothing to resume: no run of {file} was interrupted. Begin one: podium mission run {file}"
            )
            return None
        begun = left.round.number > 0 or left.worktrees is not None
        if begun and (left.worktrees is None) != (repository is None):
            complain(
                f"The run of {file} that was interrupted worked "
                + ("in the folder itself" if left.worktrees is None else "in worktrees")
                + ", and the file says otherwise now. Change isolation back, or begin anew: podium mission run "
                + file
            )
            return None
        state = left
    else:
        if left is not None:
            set_earlier_aside(store, left)
        now = time.time()
        # Resolved: a link that names the file may lead elsewhere tomorrow, the state is found by the file.
        state = MissionState(new_run(now), str(mission.file.resolve()), mission.name, started_at=now)
    state.max_rounds = mission.max_rounds
    state.commands = fingerprint(mission)
    store.begin(state)
    return state


def _cannot_resume(store: StateStore, problem: UnusableState, file: str) -> str:
    newer = "Resume it with the newer Podium, or begin" if problem.newer else "Begin"
    roots = [str(stale.root) for stale in worktrees_of(store, problem)]
    where = f" Its worktrees are in {', '.join(roots)}." if roots else ""
    return (
        f"The state of {file} can’t be used: {problem}.{where} {newer} anew: podium mission run {file} "
        "(this keeps the file under another name, and unsaved work on branches)"
    )


async def _run(
    mission: Mission,
    repository: Repository | None,
    file: str,
    store: StateStore,
    state: MissionState,
    ledger: HistoryLedger,
    day_usd: float | None,
    descriptors: LowDescriptors,
) -> int:
    stop = StopSignal()
    events = EventWriter.from_environment()
    loop = asyncio.get_running_loop()
    faults = FaultReports("mission")
    loop.set_exception_handler(lambda _, context: _on_loop_fault(faults, sink, context))
    listener = Listener(stop, ControlReader.from_environment(), events)

    def on_gone() -> None:
        loop.call_soon_threadsafe(stop.stop_now, "because the terminal has gone")

    sink = Sink(_STDOUT, on_gone)
    paint = Paint(wants_colours(os.isatty(_STDOUT)))
    log = MissionLog(sink.write, paint, lambda: terminal_columns(_STDOUT))
    services = MissionServices(log, sink, events, stop, store, descriptors, faults=faults)
    try:
        run = MissionRun(mission, state, services, ledger, repository, day_usd)
        listener.handle = run.handle
        store.save()  # It names the worktrees now: killed before its first round, it can go on.
        return await run.run(file)
    except Exception as error:
        words = services.faults.sentence(error)
        events.write(OrchestratorStopped("failed", exit_code=CRASHED, reason=words))
        sink.write(f"podium mission: the mission was ended by {words}\n")
        return CRASHED
    finally:
        sink.close()
        listener.close()
        events.close()


def _on_loop_fault(faults: FaultReports, sink: Sink, context: Mapping[str, Any]) -> None:
    """Report an exception that no task awaited. asyncio itself would print a traceback."""
    error = context.get("exception")
    if isinstance(error, Exception) and not faults.enough:
        sink.write(f"podium mission: {faults.sentence(error)}\n")
