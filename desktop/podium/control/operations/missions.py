"""The missions of the instances, and their files."""

from concurrent.futures import Future
from typing import Any

from podium.control.api.missions import CheckMission, ListMissions, MissionInfo, MissionsInfo
from podium.control.bridge.futures import settle
from podium.control.operations.context import OperationContext, absolute_file
from podium.control.operations.mission_check import check_failed, checked
from podium.control.operations.table import OperationTable
from podium.core.instances import Kind


class MissionOperations:
    def __init__(self, context: OperationContext) -> None:
        self._workspace = context.workspace
        self._background = context.background

    def register(self, table: OperationTable) -> None:
        table.add(ListMissions, self._list)
        table.add(CheckMission, self._check)

    def _list(self, _call: ListMissions) -> MissionsInfo:
        views = map(self._workspace.view, self._workspace.ids())
        return MissionsInfo(
            missions=tuple(
                MissionInfo(
                    instance=view.id, name=view.spec.name, file=view.spec.mission, state=view.state.value
                )
                for view in views
                if view.spec.kind is Kind.MISSION
            )
        )

    def _check(self, call: CheckMission) -> Future[Any]:
        path = absolute_file(call.file)
        future: Future[Any] = Future()
        self._background(
            lambda: checked(path),
            lambda found: settle(future, found),
            lambda error: settle(future, check_failed(error)),
        )
        return future
