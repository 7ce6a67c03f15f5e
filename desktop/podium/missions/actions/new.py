"""``podium mission new TEMPLATE [FILE]``."""

import difflib
import tomllib
from pathlib import Path
from typing import Final

from podium.core.missions.faults import MissionFileError
from podium.core.missions.file import load_mission
from podium.core.missions.spec import Isolation, Mission
from podium.core.missions.terms import terms_of
from podium.core.missions.trust import trust
from podium.core.resources import resource
from podium.core.visible_text import safe_to_print
from podium.missions.actions.faults import complain
from podium.missions.rounds.exits import BAD_FILE, DONE
from podium.missions.worktrees.isolation import CannotIsolate, find_repository

_FOLDER: Final = "mission_templates"
_SUFFIX: Final = ".toml"
DEFAULT_FILE: Final = "mission.toml"


def templates() -> dict[str, str]:
    """The shipped templates and what each is for."""
    found = {}
    for entry in resource(_FOLDER).iterdir():
        if entry.name.endswith(_SUFFIX):
            text = entry.read_text(encoding="utf-8")
            found[entry.name.removesuffix(_SUFFIX)] = str(tomllib.loads(text).get("description", ""))
    return dict(sorted(found.items()))


def new(template: str, file: str | None) -> int:
    """Write a mission file from a template; return the exit code. Never writes over a file. "" lists the templates."""
    known = templates()
    if not template:
        print("\n".join(f"{name:<10} {about}" for name, about in known.items()))
        return DONE
    if template not in known:
        near = difflib.get_close_matches(template, known, n=1) or [
            name for name in known if name.startswith(template)
        ]
        hint = f" Did you mean “{near[0]}”?" if near else ""
        complain(f"There is no template “{template}”.{hint} The templates are {', '.join(known)}.")
        return BAD_FILE
    path = Path(file or DEFAULT_FILE)
    try:
        with path.open("x", encoding="utf-8") as target:
            target.write(resource(_FOLDER, f"{template}{_SUFFIX}").read_text(encoding="utf-8"))
    except FileExistsError:
        complain(f"{path} is there already. Give another name: podium mission new {template} FILE")
        return BAD_FILE
    except OSError as error:
        complain(f"{path} can’t be written: {error.strerror}.")
        return BAD_FILE
    print(safe_to_print(f"{path} is written. Look at it, then: podium mission run {path}"))
    try:
        mission = load_mission(path)
        # What the repository makes git run comes from no template, and is asked about.
        trust(mission, terms_of(mission, _isolation(mission)))
    except MissionFileError as error:
        for fault in error.faults:
            print(f"Still to do: {fault.key}: {fault.reason} {fault.fix}")
    except OSError:
        pass  # It will ask once before the first run.
    return DONE


def _isolation(mission: Mission) -> Isolation:
    """The place its agents will work in."""
    try:
        return Isolation.SHARED if find_repository(mission) is None else Isolation.WORKTREE
    except CannotIsolate:
        return Isolation.WORKTREE
