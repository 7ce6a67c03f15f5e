"""The plan of a start, without running it."""

from pathlib import Path

import msgspec

from podium.control.api.errors import ApiError
from podium.control.api.instances import StartPlan
from podium.control.api.missions import MissionChecked
from podium.control.bridge.gateway import Later
from podium.control.operations.context import Background
from podium.control.operations.mission_check import check_failed, checked
from podium.core.instances import InstanceSpec, Kind
from podium.core.missions.state import MODEL_VARIABLE
from podium.workspace.new_instances import MAX_INSTANCES
from podium.workspace.workspace import Workspace


def plan(workspace: Workspace, background: Background, spec: InstanceSpec, *, new: bool) -> Later[StartPlan]:
    """Raises ApiError 409 when there is no room for a ``new`` instance."""
    if new and len(workspace.ids()) >= MAX_INSTANCES:
        raise ApiError(409, "refused", f"{MAX_INSTANCES} instances are the most; remove one first.")
    start = workspace.start_of(spec)
    mission = spec.kind is Kind.MISSION
    found = StartPlan(
        id=spec.id,
        new=new,
        name=spec.name,
        kind=spec.kind.value,
        theme=spec.theme.value,
        argv=start.argv,
        folder=start.folder,
        model=start.environment.get(MODEL_VARIABLE, "") if mission else "",
    )
    later: Later[StartPlan] = Later()
    if not mission:
        later.settle(found)
        return later

    def settle(check: MissionChecked) -> None:
        later.settle(msgspec.structs.replace(found, check=check))

    background.run(
        lambda: checked(Path(spec.mission)), settle, lambda error: later.settle(check_failed(error))
    )
    return later
