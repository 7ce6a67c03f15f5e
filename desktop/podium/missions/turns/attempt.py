"""Running an agent's program once, and combining what its output, its events and its end say."""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from podium.core.costs import Cost
from podium.core.missions.spec import AgentSpec
from podium.core.protocol.events import ProgramEvent
from podium.missions.processes import InactivityTimer, ReaderFault, run_program
from podium.missions.stopping import StopSignal
from podium.missions.turns.agent_channel import AgentChannel
from podium.missions.turns.agent_driver import AgentDriver, CommandError
from podium.missions.turns.agent_reports import AgentReports
from podium.missions.turns.environment import start_failure
from podium.missions.turns.low_descriptors import LowDescriptors
from podium.missions.turns.results import AttemptResult

_LONGEST_ENDING: Final = 30
"""Seconds; a process left behind may go on for ever."""


class Attempt(msgspec.Struct, frozen=True):
    """The outcome of one attempt. ``on_cost`` has got all costs already."""

    result: AttemptResult
    seconds: float = 0.0
    stopped: bool = False


async def run_attempt(
    agent: AgentSpec,
    driver: AgentDriver,
    folder: Path,
    environment: Mapping[str, str],
    stop: StopSignal,
    inactivity: InactivityTimer | None,
    forward: Callable[[ProgramEvent], None],
    on_cost: Callable[[Cost], None],
    descriptors: LowDescriptors,
    on_fault: Callable[[Exception], str],
    ask: Callable[[str | None], None] = lambda _: None,
) -> Attempt:
    """Run ``agent`` to its end. Never raises for what the agent does, nor for what happens while its output is read:
    ``on_fault`` is given that error and returns words for a person. ``ask`` gets what it asks a person, None when it
    asks nothing any more.
    """
    channel = AgentChannel(descriptors)
    reports = AgentReports(agent.id, forward, on_cost, simulates=lambda: driver.simulates, ask=ask)
    listening = asyncio.create_task(reports.listen(channel.chunks))
    # From here on the task owns its pipe and closes it, however early it is cancelled.
    await asyncio.sleep(0)
    program = ""
    try:
        start = driver.start()
        program = start.argv[0]
        inherited = {name: value for name, value in environment.items() if name not in start.unset}
        ending = await run_program(
            start.argv,
            folder,
            {**inherited, **start.environment, **channel.environment},
            agent.timeout,
            stop,
            driver.output,
            channel.inherited,
            errors=driver.errors,
            inactivity=inactivity,
        )
    except CommandError as error:
        channel.program_ended()
        return Attempt(AttemptResult(str(error)))
    except ReaderFault as fault:
        channel.program_ended()
        return Attempt(_faulty(on_fault(fault.cause)))
    except (OSError, ValueError) as error:
        channel.program_ended()
        return Attempt(AttemptResult(f"could not start: {start_failure(error, folder, program)}"))
    else:
        channel.program_ended()
        await _read_to_end(listening, reports)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        reports.end_question()
    if reports.fault is not None:
        return Attempt(_faulty(on_fault(reports.fault)), ending.seconds, ending.stopped)
    failure = "" if ending.succeeded else ending.failure_text(agent.timeout, agent.silence_timeout)
    try:
        result = driver.result(ending, failure)
    except Exception as error:
        return Attempt(_faulty(on_fault(error)), ending.seconds, ending.stopped)
    if result.cost.known:
        on_cost(result.cost)
    if ending.stopped:
        # A part that was stopped alone knows why better than “stopped”.
        result = msgspec.structs.replace(result, reason="stopped", transient=False)
    elif not ending.made_to:
        result = _with_reports(result, reports)
    return Attempt(
        msgspec.structs.replace(
            result,
            summary=result.summary or reports.summary,
            session=reports.session or result.session,
            done=(result.done or reports.done) and not result.reason,
        ),
        ending.seconds,
        ending.stopped,
    )


async def _read_to_end(listening: asyncio.Task[None], reports: AgentReports) -> None:
    """Read the pipe to its end: costs may stand in it. A pipe that a process left behind holds open never ends, so a
    second without a line is enough.
    """
    for _ in range(_LONGEST_ENDING):
        before = reports.lines
        await asyncio.wait({listening}, timeout=1.0)
        if listening.done() or reports.lines == before:
            return


def _faulty(words: str) -> AttemptResult:
    return AttemptResult(f"what it printed could not be read: {words}")


def _with_reports(result: AttemptResult, reports: AgentReports) -> AttemptResult:
    """``result`` with the agent's own report, which beats its exit status: many tools fail and exit with 0."""
    if not reports.reason:
        return result
    retry = reports.retry_after
    if retry is None or not 0 <= retry < 7 * 24 * 3600:
        return msgspec.structs.replace(result, reason=reports.reason)
    return msgspec.structs.replace(
        result, reason=reports.reason, transient=True, retry_at=time.time() + retry if retry else None
    )
