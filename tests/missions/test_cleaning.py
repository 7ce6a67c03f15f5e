"""Which worktrees can go: folders, owners and states in, what is stale and what is kept out. No mission runs."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.repositories.git_shell import git, opened, repository

from podium.core.missions.state import KeptWork, MissionState, RoundState, WorktreesState, state_path
from podium.core.system.private_files import write_private
from podium.core.system.process_identity import ProcessIdentity, own_identity
from podium.missions.run_lock import RunLock
from podium.missions.worktrees.cleaning import Kept, Stale, stale_of, survey
from podium.missions.worktrees.ownership import OWN_FOLDER, Owner, own, owner_of, worktrees_folder
from podium.missions.worktrees.root_folder import clear_root, ready_root, running_branches

GONE = ProcessIdentity(2**22 + 1, "1")
REUSED = ProcessIdentity(os.getpid(), "1")
RUN = "1130-0800-abcdef"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mission.toml"


def owned(file: Path, run: str = RUN, process: ProcessIdentity = GONE) -> Path:
    root = worktrees_folder() / run
    own(root, Owner(run, process, str(file.parent), str(file)))
    return root


def state(file: Path, run: str = RUN, **fields: Any) -> MissionState:
    trees = WorktreesState(
        str(file.parent), str(worktrees_folder() / run), f"podium/m/{run}/result", "0" * 40, "0" * 40
    )
    trees.kept = fields.pop("kept", [])
    made = MissionState(run, str(file), worktrees=trees, round=RoundState(1), **{"owner": GONE, **fields})
    write_private(state_path(file), msgspec.json.encode(made), durable=False)
    return made


def why(root: Path, given_up: Path | None = None) -> str:
    """Why the worktrees are kept, or "" when they can go."""
    (found,) = [item for item in survey(given_up) if item.root == root]
    return found.why if isinstance(found, Kept) else ""


def test_worktrees_of_a_run_that_ended_can_go(file: Path) -> None:
    root = owned(file)
    assert why(root) == ""
    state(file, outcome="done")
    (found,) = survey()
    assert isinstance(found, Stale)
    assert (found.root, found.state is not None) == (root, True)


@pytest.mark.parametrize("where", ["owner", "state"])
def test_worktrees_of_a_process_that_lives_are_kept(file: Path, where: str) -> None:
    for process, kept in ((own_identity(), True), (REUSED, False), (GONE, False)):
        root = owned(file, process=process if where == "owner" else GONE)
        state(file, outcome="done", owner=process if where == "state" else GONE)
        assert why(root) == (f"its mission runs (process {os.getpid()})" if kept else "")


def test_worktrees_of_a_run_whose_lock_is_held_are_kept(file: Path) -> None:
    root = owned(file)
    state(file, outcome="done")
    lock = RunLock.take(state_path(file))
    lock.name(RUN)
    assert why(root) == "its mission runs"
    assert why(root, state_path(file)) == "", "this process holds that lock itself"
    lock.close()
    assert why(root) == ""


def test_worktrees_of_a_run_that_can_go_on_are_kept_until_it_is_given_up(file: Path, tmp_path: Path) -> None:
    root = owned(file)
    state(file)
    assert why(root) == f"it can be resumed: podium mission resume {file}"
    assert why(root, tmp_path / "another.json") != ""
    assert why(root, state_path(file)) == ""
    other = owned(tmp_path / "other.toml", "1130-0801-abcdef")
    assert [found.root for found in stale_of(state_path(file))] == [root]
    assert why(other) == ""


def test_work_that_git_could_not_take_is_kept_while_it_is_there(file: Path, tmp_path: Path) -> None:
    root = owned(file)
    place = root / "ann"
    place.mkdir()
    state(file, outcome="done", kept=[KeptWork(str(place), "ann", "too big")])
    assert f"lies in {place}" in why(root)
    place.rmdir()
    assert why(root) == ""


def test_what_nobody_owns_or_can_tell_is_kept(file: Path, tmp_path: Path) -> None:
    nameless = worktrees_folder() / "nameless"
    nameless.mkdir(parents=True)
    assert "owner.json" in why(nameless)
    link = worktrees_folder() / "1130-0802-abcdef"
    link.symlink_to(owned(file))
    assert why(link) == "it is a link; Podium removes only folders that it made"
    root = owned(file, "1130-0803-abcdef")
    write_private(state_path(file), b"{", durable=False)
    assert "state can’t be used" in why(root)
    assert why(root, state_path(file)) == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"run": "another"},
        {"run": "../x"},
        {"repository": "relative"},
        {"file": "relative"},
        {"file": "/a\0b"},
    ],
)
def test_an_owner_that_does_not_fit_is_none(file: Path, fields: dict[str, str]) -> None:
    root = worktrees_folder() / RUN
    good = Owner(RUN, GONE, "/r", "/m.toml")
    own(root, good)
    assert owner_of(root) == good
    own(root, msgspec.structs.replace(good, **fields))
    assert owner_of(root) is None


# The folder of a run


def test_the_folder_is_made_ours_and_a_link_in_its_place_is_not_followed(file: Path, tmp_path: Path) -> None:
    root = worktrees_folder() / RUN
    owner = Owner(RUN, own_identity(), "/r", str(file))
    assert ready_root(root, owner) == ""
    assert owner_of(root) == owner
    again = msgspec.structs.replace(owner, file=str(tmp_path / "other.toml"))
    assert ready_root(root, again) == ""
    assert owner_of(root) == again
    (root / "owner.json").unlink()
    root.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root.symlink_to(elsewhere)
    assert ready_root(root, owner) == f"A link stood at {root}; the folder is made anew"
    assert (root.is_symlink(), list(elsewhere.iterdir())) == (False, [])


def test_at_the_end_only_what_podium_made_goes(file: Path) -> None:
    root = owned(file)
    trees = state(file).worktrees
    assert trees is not None
    (root / OWN_FOLDER).mkdir()
    (root / OWN_FOLDER / "git-ann").touch()
    (root / "empty").mkdir()
    (root / "full").mkdir()
    (root / "full" / "work").touch()
    (root / "file").touch()
    (root / "link").symlink_to(file)
    (root / "kept").mkdir()
    (root / "kept" / "work").touch()
    trees.kept = [KeptWork(str(root / "kept"), "ann", "too big")]
    found = clear_root(root, trees)
    assert [Path(work.path).name for work in found] == ["file", "full"]
    assert sorted(path.name for path in root.iterdir()) == ["file", "full", "kept", "owner.json"]
    for path in (root / "full" / "work", root / "file"):
        path.unlink()
    assert clear_root(root, trees) == []
    assert sorted(path.name for path in root.iterdir()) == ["kept", "owner.json"]
    trees.kept = []
    (root / "kept" / "work").unlink()
    assert clear_root(root, trees) == []
    assert not root.exists()
    assert clear_root(root, trees) == []


def test_branches_of_other_missions_that_run_are_theirs(file: Path, tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "a\n"})
    for run, process in (("own", own_identity()), ("live", own_identity()), ("dead", GONE)):
        owned(file, run, process)
        git(project, "branch", f"podium/m/{run}/result")
    assert list(running_branches("own", opened(project))) == ["podium/m/live"]
    assert list(running_branches("live", opened(project))) == ["podium/m/own"]
