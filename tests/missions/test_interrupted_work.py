"""A mission is killed in a turn; whatever is run or cleaned then, its work is on a branch or where it was."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from mission_shell import Done, mission, mission_in_terminal, running, state_of, until
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

from podium.core.missions.state import MissionState, UnusableState, load_state, resumable, state_path
from podium.core.system.app_dirs import state_folder
from podium.core.system.process_identity import ProcessIdentity
from podium.core.system.scratch import remove_left_behind
from podium.missions.rounds.store import StateStore
from podium.missions.rounds.survivors import end_survivors
from podium.missions.run_lock import RunLock
from podium.missions.turns.environment import MISSION_RUN
from podium.missions.worktrees.ownership import Owner, own, worktrees_folder

pytestmark = pytest.mark.fault("A5")

WORK = "echo more >> a.txt; mkdir -p new; echo new > new/b.txt"
COMMIT = "git -c user.name=A -c user.email=a@example.invalid commit -q -m x"


class Killed:
    """A mission of one agent that did ``work`` and was killed with ``kill -9`` before its turn came to its end."""

    def __init__(self, folder: Path, work: str = WORK, kill: bool = True, more: str = "") -> None:
        self.folder = folder
        self.project = repository(folder / "p", {"a.txt": "one\n", ".gitignore": "*.log\n"})
        self.begun = folder / "begun"
        self.once = folder / "once"
        self.once.touch()
        script = f"if [ -e {self.once} ]; then {work}\ntouch {self.begun}; sleep 600; fi"
        self.file = self.project / "mission.toml"
        self.file.write_text(
            f"name = 'Try'\nmax_rounds = 1\n{more}\n"
            f"[[agents]]\nid = 'a'\ncommand = ['sh', '-c', '''{script}''']\n"
        )
        if kill:
            with running("run", "--yes", self.file, folder=folder) as process:
                until(self.begun.exists, "the agent's work")
                process.send_signal(signal.SIGKILL)
            self.once.unlink()
            self.run_id = state_of(self.file).run

    @property
    def root(self) -> Path:
        return worktrees_folder() / self.run_id

    def mission(self, *arguments: str | Path) -> Done:
        done = mission(*arguments, folder=self.folder)
        done.log = " ".join(done.log.split())
        return done

    @property
    def interrupted(self) -> list[str]:
        listed = git(self.project, "for-each-ref", "--format=%(refname:short)", "refs/heads/podium")
        return [name for name in listed.splitlines() if "-interrupted" in name]

    def show(self, name: str) -> str:
        (branch,) = self.interrupted
        return git(self.project, "show", f"{branch}:{name}")


def test_run_after_a_kill_keeps_the_work_on_a_branch(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    done = killed.mission("run", "--yes", killed.file)
    assert done.code == 0, done.log
    assert killed.interrupted == [f"podium/try/{killed.run_id}/a-r1-interrupted"]
    assert "unsaved work of a (2 files) is kept on " + killed.interrupted[0] in done.log
    assert killed.show("a.txt") == "one\nmore"
    assert killed.show("new/b.txt") == "new"
    assert (killed.root / "a" / "new" / "b.txt").exists()
    cleaned = killed.mission("clean")
    assert cleaned.code == 0, cleaned.log
    assert "1 stale run removed" in cleaned.log
    assert not killed.root.exists()
    assert len(killed.interrupted) == 1  # It was kept before: once is enough.
    assert killed.show("new/b.txt") == "new"
    assert len(git(killed.project, "worktree", "list").splitlines()) == 1


@pytest.mark.parametrize("lost_with", [*rarely("clean FILE"), "run, clean"])
def test_everything_an_agent_may_leave_is_kept(tmp_path: Path, lost_with: str) -> None:
    work = (
        "echo staged > s.txt; git add s.txt; echo later > s.txt\n"
        "git rm -q --cached a.txt; git update-index --add .gitignore\n"
        "printf 'x' > 'odd\tname '; ln -s nowhere link; touch note.log\n"
        "git update-index --assume-unchanged .gitignore; echo '#' >> .gitignore\n"
    )
    killed = Killed(tmp_path, work)
    if lost_with == "run, clean":
        assert killed.mission("run", "--yes", killed.file).code == 0
        done = killed.mission("clean")
    else:
        done = killed.mission("clean", killed.file)
        assert "1 ignored entry goes with it" in done.log
    assert done.code == 0, done.log
    assert not killed.root.exists()
    (branch,) = killed.interrupted
    assert killed.show("s.txt") == "later"
    assert git(killed.project, "show", f"{branch}~1:s.txt") == "staged"
    assert killed.show("a.txt") == "one"
    assert killed.show("odd\tname ") == "x"
    assert killed.show("link") == "nowhere"
    assert killed.show(".gitignore") == "*.log\n#"


@pytest.mark.parametrize("gone", ["", *rarely("rm -rf ../a", "git checkout -q -B x; git update-ref -d HEAD")])
def test_a_commit_that_is_on_no_branch_gets_one(tmp_path: Path, gone: str) -> None:
    work = f"git checkout -q --detach; echo loose > l.txt; git add l.txt\n{COMMIT}; {gone}"
    killed = Killed(tmp_path, work)
    done = killed.mission("clean", killed.file)
    assert done.code == 0, done.log
    assert not killed.root.exists()
    assert killed.show("l.txt") == "loose"
    assert killed.interrupted[0].startswith(f"podium/try/{killed.run_id}/a")


@pytest.mark.parametrize(
    ("work", "left", "action"),
    [
        ("echo '*.bin filter=zz' > .gitattributes; echo 1 > x.bin", "x.bin", "run"),
        ("echo '*.bin filter=zz' > .gitattributes; echo 1 > x.bin", "x.bin", "clean"),
        (f"git init -q nest; cd nest; echo 1 > f; git add f; {COMMIT}; cd ..", "nest", "clean"),
        *rarely(
            ("git init -q nest; echo 1 > nest/f", "nest", "run"),
            (f"rm .git; git init -q; git add .; {COMMIT}", ".git", "run"),
            ("mkdir it.log; git init -q it.log/nest; echo 1 > it.log/nest/f", "it.log/nest", "clean"),
        ),
    ],
    ids=["filter, run", "filter, clean", "commits", "files", "top", "ignored"],
)
def test_what_cannot_be_committed_stays_where_it_is(
    tmp_path: Path, work: str, left: str, action: str
) -> None:
    config = f"git -C {tmp_path}/p config filter.zz"
    killed = Killed(tmp_path, f"{config}.required true; {config}.clean false\n{work}\n{WORK}")
    lying = killed.root / "a" / left
    assert lying.exists()
    if action == "run":
        done = killed.mission("run", "--yes", killed.file)
        assert f"left in {killed.root / 'a'}: {left} (" in done.log
    else:
        done = killed.mission("clean", killed.file)
        assert done.code == 2
        assert "is not given up" in done.log
        assert resumable(killed.file) is not None
    assert killed.show("new/b.txt") == "new"  # One bad file costs no other.
    cleaned = killed.mission("clean")
    assert lying.exists(), cleaned.log
    assert str(killed.root) in cleaned.log


@pytest.mark.parametrize("changed", [*rarely(False), True])
def test_commits_in_a_submodule_are_kept(tmp_path: Path, changed: bool) -> None:
    local = "git -c protocol.file.allow=always submodule --quiet"
    repository(tmp_path / "sub", {"s.txt": "s\n"})
    work = f"{local} add {tmp_path}/sub s\n" + (
        f"cd s; echo x > x.txt; git add x.txt; {COMMIT}; git rev-parse HEAD > {tmp_path}/made; cd ..\n"
        if changed
        else ""
    )
    killed = Killed(tmp_path, work)
    done = killed.mission("clean", killed.file)
    assert len(killed.interrupted) == 1, done.log
    if changed:
        commit = (tmp_path / "made").read_text().strip()
        stores = [*killed.root.glob("a/s"), *killed.project.glob(".git/modules/s")]
        found = [
            subprocess.run(["git", "-C", store, "cat-file", "-e", commit], check=False) for store in stores
        ]
        assert any(done.returncode == 0 for done in found)
    else:
        assert not killed.root.exists()


def test_clean_lists_and_asks_before_it_touches_anything(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    listed = killed.mission("clean", "--list", killed.file)
    assert listed.code == 0
    assert f"2 files unsaved; first committed to podium/try/{killed.run_id}/a-r1-interrupted" in listed.log
    refused = mission_in_terminal("clean", killed.file, folder=tmp_path, keys=b"n\n")
    assert "Give up the interrupted run" in refused.log
    assert "Nothing was changed" in refused.log
    assert killed.interrupted == []
    assert resumable(killed.file) is not None
    agreed = mission_in_terminal("clean", killed.file, folder=tmp_path, keys=b"y\n")
    assert agreed.code == 0, agreed.log
    assert not killed.root.exists()
    assert killed.show("new/b.txt") == "new"
    assert resumable(killed.file) is None


def test_files_that_are_the_persons_own_are_not_committed(tmp_path: Path) -> None:
    killed = Killed(
        tmp_path, "cp -r ../../../../p/secret . 2>/dev/null; cp $ORIGINAL/secret .; " + WORK, kill=False
    )
    (killed.project / "secret").write_text("s\n")
    text = killed.file.read_text().replace("$ORIGINAL", str(killed.project))
    killed.file.write_text(text)
    with running("run", "--yes", killed.file, folder=tmp_path) as process:
        until(killed.begun.exists, "the agent's work")
        process.send_signal(signal.SIGKILL)
    assert killed.mission("clean", killed.file).code == 0
    (branch,) = killed.interrupted
    assert git(killed.project, "ls-tree", "-r", "--name-only", branch).split() == [
        ".gitignore",
        "a.txt",
        "new/b.txt",
    ]


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def newer(path: Path) -> None:
    state = json.loads(path.read_bytes()) | {"version": 2, "run": {"of": "another shape"}}
    path.write_text(json.dumps(state))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


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


@pytest.fixture
def state(tmp_path: Path) -> dict[str, object]:
    commit = "0123456789" * 4
    return {
        "run": "1125-1846-3f9a07",
        "file": str(tmp_path / "mission.toml"),
        "started_at": 1.7e9,
        "round": {
            "number": 1,
            "complete": False,
            "turns": {"a": {"branch": "podium/try/1125-1846-3f9a07/a-r1", "start": commit}},
        },
        "worktrees": {
            "repository": str(tmp_path),
            "root": str(worktrees_folder() / "1125-1846-3f9a07"),
            "branch": "podium/try/1125-1846-3f9a07/result",
            "base": commit,
            "head": commit,
            "subfolder": "src",
        },
    }


@pytest.mark.parametrize("content", [b"", *rarely(b"{", None)])
def test_worktrees_of_a_mission_that_runs_stay_whatever_their_owner_file_says(
    tmp_path: Path, content: bytes | None
) -> None:
    killed = Killed(tmp_path, kill=False)
    with running("run", "--yes", killed.file, folder=tmp_path):
        until(killed.begun.exists, "the agent's work")
        killed.run_id = state_of(killed.file).run
        owner = killed.root / "owner.json"
        if content is None:
            owner.unlink()
        else:
            owner.write_bytes(content)
        cleaned = killed.mission("clean")
        assert f"kept {killed.root}: its mission runs" in cleaned.log
        assert (killed.root / "a" / "new" / "b.txt").exists()
        assert len(git(killed.project, "worktree", "list").splitlines()) == 2


def test_a_lock_says_that_a_mission_runs_when_its_process_cannot_be_seen(tmp_path: Path) -> None:
    """As in another container, where a process has another number."""
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    root = worktrees_folder() / "1125-1846-3f9a07"
    own(root, Owner(root.name, ProcessIdentity(2**22 + 1, "1"), str(project), str(project / "m.toml")))
    lock = RunLock.take(state_path(project / "m.toml"))
    lock.name(root.name)
    assert "its mission runs" in mission("clean", folder=tmp_path).log
    assert root.exists()
    lock.close()
    assert mission("clean", folder=tmp_path).code == 0
    assert not root.exists()


def test_clean_keeps_and_names_what_it_does_not_understand(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    base = worktrees_folder()
    (base / "foreign").mkdir()
    (base / "foreign" / "letter").write_text("dear")
    other = base / "copied"
    other.mkdir()
    (other / "owner.json").write_bytes((killed.root / "owner.json").read_bytes())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "letter").write_text("dear")
    (base / "link").symlink_to(elsewhere)
    (killed.root / "notes").mkdir()
    (killed.root / "notes" / "letter").write_text("dear")
    done = killed.mission("clean", killed.file)
    for kept in (base / "foreign", other, base / "link", killed.root):
        assert f"kept {kept}: " in done.log
    letters = [base / "foreign" / "letter", elsewhere / "letter", killed.root / "notes" / "letter"]
    assert [path.read_text() for path in letters] == ["dear"] * 3
    assert (killed.root / "a" / "new" / "b.txt").exists()
    assert killed.show("new/b.txt") == "new"


def test_worktrees_of_a_repository_that_was_moved_are_kept(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    state_path(killed.file).unlink()
    end_survivors(killed.run_id)  # Its reaper may or may not have done so by now.
    with subprocess.Popen(["sleep", "600"], env={**os.environ, MISSION_RUN: killed.run_id}) as left:
        assert f"still runs (process {left.pid})" in killed.mission("clean").log
        left.kill()
    killed.project.rename(tmp_path / "moved")
    done = killed.mission("clean")
    assert "its repository can’t be used" in done.log
    assert (killed.root / "a" / "new" / "b.txt").exists()
    remove_left_behind()


def test_worktrees_that_were_moved_to_another_disk_are_saved_and_cleaned(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    place, disk = state_folder() / "worktrees", tmp_path / "disk"
    place.rename(disk)
    place.symlink_to(disk)
    assert resumable(killed.file) is not None
    done = killed.mission("clean", killed.file)
    assert done.code == 0, done.log
    assert killed.show("new/b.txt") == "new"
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize("where", ["setup", *rarely("gate")])
def test_killed_before_its_first_round_it_can_be_resumed(tmp_path: Path, where: str) -> None:
    waiting = tmp_path / "waiting"
    waits = f"test -e {tmp_path}/go || {{ touch {waiting}; sleep 600; }}"
    more = (
        f"[workspace]\nsetup = ['sh', '-c', '{waits}']\n"
        if where == "setup"
        else f"[[gates]]\nname = 'g'\ncommand = ['sh', '-c', '{waits}']\n"
    )
    killed = Killed(tmp_path, kill=False, more=more)
    killed.once.unlink()
    with running("run", "--yes", killed.file, folder=tmp_path) as process:
        until(waiting.exists, where)
        process.send_signal(signal.SIGKILL)
    info = resumable(killed.file)
    assert info is not None
    assert info.round == 1
    run = state_of(killed.file).run
    git(killed.project, "commit", "--quiet", "--allow-empty", "--message", "Meanwhile")
    (tmp_path / "go").touch()
    done = killed.mission("resume", killed.file)
    assert done.code == 0, done.log
    state = state_of(killed.file)
    assert (state.run, state.outcome, state.rounds_done) == (run, "done", 1)
    assert len(git(killed.project, "worktree", "list").splitlines()) == 1


def test_killed_before_its_worktrees_were_named_it_can_be_resumed(tmp_path: Path) -> None:
    killed = Killed(tmp_path, kill=False)
    killed.once.unlink()
    store = StateStore.claim(killed.file)
    store.begin(MissionState("1125-1846-3f9a07", str(killed.file), "Try"))
    store.close()
    done = killed.mission("resume", "--yes", killed.file)
    assert done.code == 0, done.log
    assert (state_of(killed.file).run, state_of(killed.file).outcome) == ("1125-1846-3f9a07", "done")
