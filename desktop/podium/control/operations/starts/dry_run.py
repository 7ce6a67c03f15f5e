"""The plan of a start, without running it."""

from concurrent.futures import Future
from pathlib import Path

import msgspec

from podium.control.api.errors import ApiError
from podium.control.api.instances import StartPlan
from podium.control.api.missions import MissionChecked
from podium.control.bridge.futures import settle, settled
from podium.control.operations.mission_check import check_failed, checked
from podium.core.background import RunInBackground
from podium.core.instances import MAX_INSTANCES, InstanceSpec, Kind
from podium.core.missions.state import MODEL_VARIABLE
from podium.workspace.workspace import Workspace


def plan(
    workspace: Workspace, background: RunInBackground, spec: InstanceSpec, *, new: bool
) -> Future[StartPlan]:
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
    if not mission:
        return settled(found)
    future: Future[StartPlan] = Future()

    def with_check(check: MissionChecked) -> None:
        settle(future, msgspec.structs.replace(found, check=check))

    background(
        lambda: checked(Path(spec.mission)), with_check, lambda error: settle(future, check_failed(error))
    )
    return future
