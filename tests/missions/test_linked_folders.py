"""Links in and around worktrees: nothing outside is run, written or removed."""

from pathlib import Path

import pytest
from tests.missions.kept_work import COMMIT, TWO_ROUNDS, show
from tests.missions.mission_shell import HEAD, agent, mission, result, write
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

from podium.missions.worktrees.ownership import worktrees_folder

# Links


@pytest.mark.fault("A7")
@pytest.mark.parametrize("gate", [*rarely("true"), "false"])
def test_a_link_that_stands_for_the_worktree_is_not_followed(tmp_path: Path, gate: str) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "diary").write_text("mine\n")
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    replace = f'W=$PWD; cd /; rm -rf "$W"; ln -s {precious} "$W"'
    script = f"if [ $PODIUM_ROUND = 1 ]; then {replace}; else echo two > a.txt; fi"
    gates = f"[[gates]]\nname = 'g'\ncommand = '{gate}'\n"
    file = write(project, TWO_ROUNDS + agent("a", script) + gates)
    done = mission("run", "--yes", file, folder=project)
    assert (precious / "diary").read_text() == "mine\n"
    assert sorted(path.name for path in precious.iterdir()) == ["diary"]
    assert "diary" not in git(project, "log", "--all", "--name-only", "--format=%s")
    assert show(project, result(project), "a.txt") == b"two\n", done.log


@pytest.mark.fault("A7")
@pytest.mark.parametrize("committed", [True, *rarely(False)])
def test_a_subfolder_that_became_a_link_runs_nothing_outside(tmp_path: Path, committed: bool) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    project = repository(tmp_path / "p", {"sub/a.txt": "one\n", "top.txt": "x\n"})
    link = f"cd ..; rm -rf sub; ln -s {outside} sub"
    if committed:
        link += f"; git add --all; {COMMIT} -m link"
    script = f"if [ $PODIUM_AGENT = wild ]; then {link}; else touch ran; fi"
    file = write(
        project,
        "folder = 'sub'\n"
        + TWO_ROUNDS
        + agent("wild", script)
        + agent("next", script, "depends_on = ['wild']")
        + "[[gates]]\nname = 'g'\ncommand = 'touch gate-ran'\n",
    )
    done = mission("run", "--yes", file, folder=project)
    assert list(outside.iterdir()) == [], done.log
    assert git(project, "ls-tree", result(project), "sub").split()[1] == "tree"
    assert "Traceback" not in done.log


@pytest.mark.fault("A7")
def test_a_worktrees_folder_that_is_a_link_to_a_bigger_disk_works(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    worktrees_folder().parent.mkdir(parents=True, exist_ok=True)
    (worktrees_folder().parent / "worktrees").symlink_to(disk)
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(project, TWO_ROUNDS + agent("a", "echo $PODIUM_ROUND > a.txt; pwd > where"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "a.txt") == b"2\n"
    assert show(project, result(project), "where").startswith(bytes(disk))
    assert list(disk.iterdir()) == []


@pytest.mark.fault("A7")
def test_files_copied_into_a_worktree_go_nowhere_else(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    project = repository(tmp_path / "p", {"a.txt": "one\n", ".gitignore": "conf/.env\n"})
    (project / "conf").mkdir()
    (project / "conf" / ".env").write_text("SECRET\n")
    git(project, "checkout", "--quiet", "-b", "hostile")
    (project / "conf").rename(project / "conf2")
    (project / "conf").symlink_to(outside)
    git(project, "add", "conf")
    git(project, "commit", "--quiet", "--message", "Link")
    (project / "conf").unlink()
    (project / "conf2").rename(project / "conf")
    git(project, "symbolic-ref", "HEAD", "refs/heads/main")
    git(project, "reset", "--quiet")
    file = write(
        project, HEAD + "[workspace]\nbase = 'hostile'\ncopy = ['conf/.env']\n" + agent("a", "echo 2 > a.txt")
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert list(outside.iterdir()) == []
