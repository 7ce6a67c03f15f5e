"""The mission's own commands for its worktrees: setting one up, and before it goes."""

from collections.abc import Sequence
from pathlib import Path

from podium.core.missions.spec import Mission
from podium.missions.gate import LastLines
from podium.missions.processes import run_program
from podium.missions.stopping import StopSignal
from podium.missions.turns.environment import mission_environment, start_failure


async def run_command(
    mission: Mission, command: Sequence[str], folder: Path, round_number: int, stop: StopSignal, run: str
) -> tuple[str, tuple[str, ...]]:
    """Run it in ``folder``. Returns why it failed ("" if it did not) and its last lines."""
    output = LastLines()
    timeout = mission.workspace.setup_timeout
    try:
        environment = mission_environment(mission, round_number, folder, run)
        ending = await run_program(command, folder, environment, timeout, stop, output)
    except (OSError, ValueError) as error:
        return f"could not start: {start_failure(error, folder, command[0])}", ()
    return "" if ending.succeeded else ending.failure_text(timeout), tuple(output.lines)
