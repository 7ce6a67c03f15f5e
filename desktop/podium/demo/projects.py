"""Makes the demo's projects: real git repositories with failing tests and a mission to repair them."""

from importlib.resources.abc import Traversable
from pathlib import Path

from podium.core.missions.file import load_mission
from podium.core.missions.trust import trust
from podium.core.resources import resource
from podium.demo.git import make_repository

MISSION_FILE = "mission.toml"


def make_project(name: str, folder: Path) -> Path:
    """Make the project ``name`` below ``folder`` and return its own folder; one that is there already is kept.

    Raises GitError or OSError.
    """
    project = folder / name
    if (project / ".git").exists():
        return project
    source = resource("missions", name)
    _copy(source.joinpath("project"), project)
    (project / MISSION_FILE).write_bytes(source.joinpath(MISSION_FILE).read_bytes())
    make_repository(project, f"Begin {name}, with tests that fail")
    trust(load_mission(project / MISSION_FILE))  # It comes from Podium itself, so nobody is asked about it.
    return project


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())
