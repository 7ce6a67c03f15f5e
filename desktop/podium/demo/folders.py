"""The demo's folders: temporary ones, which go with the demo unless a person works in one."""

import contextlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from podium.core.instances import InstanceSpec
from podium.core.system.scratch import ScratchFolder, remove_left_behind, remove_tree

HARBOR: Final = "harbor"
HARBOR_SHELL: Final = "harbor shell"
LANTERN: Final = "lantern"
AURORA: Final = "aurora"
_NAMES: Final = frozenset({HARBOR, HARBOR_SHELL, LANTERN, AURORA})
_PREFIX: Final = "podium-demo-projects-"
_FOLDER: Final = re.compile(r"podium-demo-(projects-)?[a-z0-9_]{8}")
"""Until 0.1.0 was released, its folders had the shorter name, and their instances were saved."""
_KEPT: Final = "kept"
"""A file in a folder in which a person has an instance of their own."""


def folder_of(spec: InstanceSpec) -> Path | None:
    """The demo's folder that the instance works in, if it works in one: among the temporary files, where a person may
    have come by a link.
    """
    place = Path(spec.folder)
    temporary = Path(tempfile.gettempdir())
    for path in (place, *place.parents):
        if _FOLDER.fullmatch(path.name) and path.parent in (temporary, temporary.resolve()):
            return temporary / path.name
    return None


def is_demo(spec: InstanceSpec) -> bool:
    """Whether it is the demo's and goes with it. One with another name is the person's: they renamed or made it."""
    return spec.name in _NAMES and folder_of(spec) is not None


def new_folder() -> ScratchFolder:
    """A folder for a demo. Raises OSError."""
    return ScratchFolder(_PREFIX, _remove)


def remove_unused() -> None:
    """Remove what demos left whose Podium was killed. Touches the disk; raises nothing."""
    remove_left_behind(_PREFIX, _remove)


def set_kept(folder: Path, kept: bool) -> None:
    """Say whether ``folder`` stays for a person. Raises OSError."""
    if kept:
        (folder / _KEPT).touch()
    else:
        (folder / _KEPT).unlink(missing_ok=True)


def _remove(folder: Path) -> None:
    """Remove it with the state of its missions, unless it is a person's or something runs in it."""
    if (folder / _KEPT).exists() or _in_use(folder):
        return
    for state in _states(folder):
        with contextlib.suppress(OSError):
            state.unlink(missing_ok=True)
    remove_tree(folder)


def _states(folder: Path) -> Iterator[Path]:
    from podium.core.missions.state import state_path

    place = folder.parent.resolve() / folder.name
    for name in (HARBOR, LANTERN):
        mission = place / name / "mission.toml"
        if mission.resolve() == mission:  # By a link it would be a mission of somewhere else.
            state = state_path(mission)
            yield from (state, state.with_suffix(".lock"))


def _in_use(folder: Path) -> bool:
    import psutil

    place = folder.resolve()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if Path(process.cwd()).is_relative_to(place):
                return True
    return False
