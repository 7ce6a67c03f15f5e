"""What a mission says of its end, and the branch with its result."""

from pathlib import Path

import pytest
from tests.missions.kept_work import assert_partly_done, show
from tests.missions.mission_shell import HEAD, agent, branches, files, mission, result, state_of, write
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

# The result's branch


@pytest.mark.fault("G5")
@pytest.mark.parametrize("what", ["committed onto", *rarely("deleted", "moved away")])
def test_a_result_branch_that_a_person_changes_meanwhile(tmp_path: Path, what: str) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    reference = "$(git for-each-ref --format='%(refname)' 'refs/heads/podium/**/result')"
    commit = (
        "git -c user.name=x -c user.email=y commit-tree $(git rev-parse {tree}^{{tree}}) {parent} -m theirs"
    )
    change = {
        "deleted": f"git update-ref -d {reference}",
        "committed onto": f"git update-ref {reference} $({commit.format(tree=reference, parent='-p ' + reference)})",
        "moved away": f"git update-ref {reference} $({commit.format(tree='HEAD', parent='')})",
    }[what]
    file = write(
        project,
        "name = 'Try'\nmax_rounds = 3\nstop_when = 'never'\n"
        + agent(
            "a",
            f"echo $PODIUM_ROUND > r$PODIUM_ROUND; if [ $PODIUM_ROUND = 2 ]; then cd {project}; {change}; fi",
        )
        + "[[gates]]\nname = 'g'\ncommand = 'ls > /dev/null'\n",
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    taken = result(project)
    assert files(project, taken) == ["a.txt", "r1", "r2", "r3"], done.log
    subjects = git(project, "log", "--branches", "--format=%s").splitlines()
    assert ("theirs" in subjects) is (what != "deleted")


# Outcomes


@pytest.mark.fault("B1")
def test_a_mission_whose_only_agent_failed_is_not_done(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    for gates in ("", "[[gates]]\nname = 'g'\ncommand = 'true'\n"):
        file = write(project, HEAD + agent("a", "exit 7") + gates)
        done = mission("run", "--yes", file, folder=project)
        assert done.code == 1, done.log
        assert "✗ Failed" in done.log
        assert "a: exited with 7" in done.words
        assert state_of(file).outcome == "failed"


@pytest.mark.fault("B1")
def test_one_agent_that_failed_among_others_is_named(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(project, HEAD + agent("good", "echo two > a.txt") + agent("bad", "exit 7"))
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    assert "bad failed: exited with 7" in done.words
    assert state_of(file).outcome == "partial"


@pytest.mark.fault("B1")
def test_in_a_shared_folder_a_failed_agent_is_not_done_either(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    file = write(folder, HEAD + agent("a", "exit 7"))
    done = mission("run", "--yes", file, folder=folder)
    assert done.code == 1, done.log


@pytest.mark.fault("B2")
def test_no_branch_is_named_that_is_not_there(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(project, HEAD + agent("a", "true"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "git merge" not in done.log
    assert branches(project) == []


@pytest.mark.fault("B2")
@pytest.mark.parametrize("taken", ["podium", *rarely("podium/try")])
def test_a_prefix_that_is_taken_is_a_fault_with_a_way_out(tmp_path: Path, taken: str) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    git(project, "branch", taken)
    file = write(project, HEAD + agent("a", "echo two > a.txt"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 2, done.log
    assert "workspace.branch_prefix" in done.log
    assert f"There is a branch “{taken}” in the repository" in done.words
    file = write(
        project, HEAD + "[workspace]\nbranch_prefix = 'team/agents'\n" + agent("a", "echo two > a.txt")
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "team/agents/try/" in done.log


@pytest.mark.fault("H7")
def test_a_long_mission_leaves_no_branches_of_its_rounds(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    count = "git for-each-ref refs/heads/podium | wc -l >> counts; echo $PODIUM_ROUND > a.txt"
    file = write(project, "name = 'Try'\nmax_rounds = 5\nstop_when = 'never'\n" + agent("a", count))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "counts").split() == [b"2"] * 5
    assert branches(project) == [result(project)]
