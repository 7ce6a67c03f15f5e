"""A mission's file of state that is damaged, missing or lies."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.missions.killed_mission import Killed
from tests.variants import rarely

from podium.core.missions.state import UnusableState, load_state, resumable, state_path
from podium.missions.rounds.store import StateStore

pytestmark = pytest.mark.fault("A5")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def newer(path: Path) -> None:
    state = json.loads(path.read_bytes()) | {"version": 2, "run": {"of": "another shape"}}
    path.write_text(json.dumps(state))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def no_text(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Try", b"\xff\xfe\xfd"))


@pytest.mark.parametrize("damage", [empty, folder, no_text, cut_short, newer])
def test_a_file_that_is_no_state_is_set_aside_under_a_free_name(
    state: dict[str, object], tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    file = tmp_path / "mission.toml"
    path = state_path(file)
    store = StateStore.claim(file)
    for _ in range(2):
        path.write_text(json.dumps(state | {"name": "Try"}))
        damage(path)
        with pytest.raises(UnusableState, match=re.escape(str(path))) as problem:
            store.interrupted()
        store.set_unusable_aside(problem.value)
    store.close()
    name = path.name + (".newer" if damage is newer else ".unreadable")
    found = {item.name for item in path.parent.iterdir() if item.suffix != ".lock"}
    assert found == {name, f"{name}-2"}


def test_a_pipe_in_place_of_the_state_does_not_hang(tmp_path: Path) -> None:
    path = state_path(tmp_path / "mission.toml")
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert resumable(tmp_path / "mission.toml") is None
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UnusableState):
        load_state(path)


@pytest.mark.parametrize("damage", [cut_short, *rarely(newer)])
def test_a_state_that_cannot_be_used_loses_nothing(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    killed = Killed(tmp_path)
    state = state_path(killed.file)
    damage(state)
    with pytest.raises(UnusableState) as problem:
        load_state(state)
    assert problem.value.newer is (damage is newer)
    content = state.read_bytes() if state.is_file() else None
    resumed = killed.mission("resume", killed.file)
    assert resumed.code == 2
    assert f"{state} " in resumed.log
    assert str(killed.root) in resumed.log
    assert "nothing to resume" not in resumed.log
    assert ("newer Podium" in resumed.log) is (damage is newer)
    cleaned = killed.mission("clean")
    assert cleaned.code == 0
    assert f"kept {killed.root}: its mission’s state can’t be used" in cleaned.log
    assert (killed.root / "a" / "new" / "b.txt").exists()
    assert (state.read_bytes() if state.is_file() else None) == content
    done = killed.mission("run", "--yes", killed.file)
    assert done.code == 0, done.log
    aside = state.with_name(state.name + (".newer" if damage is newer else ".unreadable"))
    assert aside.name in done.log
    assert (aside.read_bytes() if aside.is_file() else None) == content
    assert killed.show("new/b.txt") == "new"
    assert "1 stale run removed" in killed.mission("clean").log
    assert killed.show("new/b.txt") == "new"


def test_clean_with_a_file_gives_a_run_up_whose_state_cannot_be_used(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    cut_short(state_path(killed.file))
    done = killed.mission("clean", killed.file)
    assert done.code == 0, done.log
    assert "is kept as" in done.log
    assert not killed.root.exists()
    assert killed.show("new/b.txt") == "new"


def test_a_state_never_names_another_folder_to_remove(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    precious = tmp_path / "precious" / killed.run_id
    precious.mkdir(parents=True)
    (precious / "letter").write_text("dear")
    state = json.loads(state_path(killed.file).read_bytes())
    state["worktrees"]["root"] = str(precious)
    state_path(killed.file).write_text(json.dumps(state))
    for action in (
        ["resume", "--yes", killed.file],
        ["clean"],
        ["clean", killed.file],
        ["run", "--yes", killed.file],
    ):
        done = killed.mission(*action)
        assert (precious / "letter").read_text() == "dear", done.log
    assert killed.show("new/b.txt") == "new"


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("run",), "../../precious"),
        (("run",), ""),
        (("run",), ".."),
        (("file",), "relative.toml"),
        (("file",), "/other/mission.toml"),
        (("file",), "/nul\0"),
        (("started_at",), 1e300),
        (("round", "number"), -1),
        (("worktrees", "root"), "/"),
        (("worktrees", "root"), "relative"),
        (("worktrees", "branch"), "main"),
        (("worktrees", "branch"), "podium/try/../result"),
        (("worktrees", "repository"), "p"),
        (("worktrees", "subfolder"), "../.."),
        (("worktrees", "subfolder"), "/etc"),
        (("worktrees", "head"), "--upload-pack=x"),
        (("worktrees", "base"), "HEAD"),
        (("round", "turns", "a", "branch"), "main"),
        (("round", "turns", "a", "start"), "-x"),
    ],
)
def test_a_state_is_believed_only_where_it_makes_sense(
    state: dict[str, object], tmp_path: Path, keys: tuple[str, ...], value: object
) -> None:
    file = tmp_path / "mission.toml"
    path = state_path(file)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(state))
    assert load_state(path) is not None
    place: dict[str, object] = state
    for key in keys[:-1]:
        place = place[key]  # type: ignore[assignment]
    place[keys[-1]] = value
    path.write_text(json.dumps(state))
    with pytest.raises(UnusableState):
        load_state(path)
    assert resumable(file) is None
