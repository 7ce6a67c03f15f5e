"""The state of a mission's last run: it can begin, runs elsewhere, or is to be resumed.

It reads files and looks at a process: never on the main thread.
"""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from podium.control.api.errors import ApiError
from podium.core.join_names import first_few
from podium.core.missions.file import MissionFileError, load_mission
from podium.core.missions.state import read_state, resumable, state_path


class Standing(Enum):
    FRESH = auto()
    """Nothing of it is under way."""
    RUNNING = auto()
    INTERRUPTED = auto()


@dataclass(frozen=True, slots=True)
class MissionStanding:
    """``faults`` are what is wrong with its file, for a person; ``round`` is the one that was interrupted."""

    standing: Standing
    round: int = 0
    faults: str = ""


def standing_of(file: Path) -> MissionStanding:
    faults = _faults(file)
    interrupted = resumable(file)
    if interrupted is not None:
        return MissionStanding(Standing.INTERRUPTED, interrupted.round, faults)
    state = read_state(state_path(file))
    running = state is not None and not state.outcome and state.owner.alive
    return MissionStanding(Standing.RUNNING if running else Standing.FRESH, faults=faults)


def refusal(
    found: MissionStanding, file: str, who: str, *, resume: bool, anew: bool = False
) -> ApiError | None:
    """The reason why the mission can't begin, or with ``resume`` go on; None when it can.

    ``who`` is the argument of a client's command: the id, and the file of an instance that is new.
    """
    if found.faults:
        return ApiError(422, "bad-mission", found.faults, f"All errors: podium mission check {file}")
    match found.standing:
        case Standing.RUNNING:
            return ApiError(
                409,
                "running",
                f"A run of {file} is under way elsewhere.",
                "Wait for its end, or stop it there.",
            )
        case Standing.INTERRUPTED if not (resume or anew):
            return ApiError(
                409,
                "interrupted",
                f"A run of {file} was interrupted in round {found.round}. A start would do all of it again.",
                f"Go on with it: podium ctl resume {who}. Begin again: --anew.",
            )
        case Standing.FRESH if resume:
            return ApiError(
                409,
                "nothing-to-resume",
                f"No run of {file} was interrupted.",
                f"Begin one: podium ctl start {who}.",
            )
    return None


def _faults(file: Path) -> str:
    try:
        load_mission(file)
    except MissionFileError as error:
        texts = [
            f"{fault.file}{f', {fault.key}' if fault.key else ''}: {fault.reason} {fault.fix}".strip()
            for fault in error.faults
        ]
        return first_few(texts)
    return ""
