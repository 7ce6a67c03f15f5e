"""Checks a mission file for the API. It reads files: never on the main thread."""

from pathlib import Path

from podium.control.api.errors import ApiError
from podium.control.api.missions import MissionChecked, MissionFault
from podium.core.background import LaneFull
from podium.core.missions.file import MissionFileError, load_mission
from podium.core.missions.terms import shown_terms, terms_of
from podium.core.missions.trust import is_trusted


def checked(path: Path) -> MissionChecked:
    try:
        mission = load_mission(path)
    except MissionFileError as error:
        return MissionChecked(
            ok=False,
            faults=tuple(
                MissionFault(file=str(fault.file), key=fault.key, reason=fault.reason, fix=fault.fix)
                for fault in error.faults
            ),
        )
    return MissionChecked(
        ok=True,
        name=mission.name,
        folder=str(mission.folder),
        agents=tuple(agent.id for agent in mission.agents),
        gates=tuple(gate.name for gate in mission.gates),
        max_rounds=mission.max_rounds,
        terms=tuple(shown_terms(terms_of(mission))),
        agreed=is_trusted(mission),
    )


def check_failed(error: Exception) -> ApiError:
    if isinstance(error, LaneFull):
        return ApiError(503, "busy", str(error), "Try again in a moment.")
    return ApiError(500, "internal", f"The file could not be checked: {error}")
