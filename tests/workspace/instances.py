"""Instances and a clock for tests of the workspace."""

from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def spec(id: str = "a", kind: Kind = Kind.COMMAND, **more: object) -> InstanceSpec:
    values = {"name": id, "theme": ThemeName.ROSE, "folder": "/", "command": ("make",), **more}
    return InstanceSpec(id, kind=kind, **values)


def state(workspace: Workspace, id: str = "a") -> InstanceState:
    return workspace.view(id).state
