"""The demo's four instances, one for each theme."""

import os
from pathlib import Path

from podium.core.ids import instance_id
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.system.reexec import OWN_PROGRAM
from podium.demo.agent import SPEED
from podium.demo.folders import AURORA, HARBOR, HARBOR_SHELL, LANTERN
from podium.demo.projects import MISSION_FILE, make_project


def make_demo(folder: Path) -> tuple[InstanceSpec, ...]:
    """Make the projects below ``folder`` (created if need be) and return the instances that work on them.

    Raises GitError (its message is for a person) or OSError.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    harbor = make_project(HARBOR, folder)
    lantern = make_project(LANTERN, folder)
    return (
        _mission(HARBOR, ThemeName.INDIGO, harbor),
        InstanceSpec(
            id=instance_id("harbor-shell"),
            name=HARBOR_SHELL,
            kind=Kind.SHELL,
            theme=ThemeName.EMERALD,
            folder=str(harbor),
        ),
        _mission(LANTERN, ThemeName.AMBER, lantern),
        InstanceSpec(
            id=instance_id(AURORA),
            name=AURORA,
            kind=Kind.COMMAND,
            theme=ThemeName.ROSE,
            folder=str(folder),
            command=(OWN_PROGRAM, "demo-show"),
        ),
    )


def _mission(name: str, theme: ThemeName, project: Path) -> InstanceSpec:
    return InstanceSpec(
        id=instance_id(name),
        name=name,
        kind=Kind.MISSION,
        theme=theme,
        folder=str(project),
        mission=str(project / MISSION_FILE),
        # Podium's own variables do not reach programs by themselves.
        environment={SPEED: os.environ[SPEED]} if SPEED in os.environ else {},
    )
