"""What an agent does in a submodule ends where the person finds it."""

from pathlib import Path

import pytest
from tests.missions.kept_work import COMMIT, TWO_ROUNDS, show
from tests.missions.mission_shell import HEAD, agent, mission, result, write
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

# Submodules


def _with_submodule(tmp_path: Path) -> Path:
    repository(tmp_path / "library", {"lib.txt": "x\n"})
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    local = ("-c", "protocol.file.allow=always")
    git(project, *local, "submodule", "--quiet", "add", str(tmp_path / "library"), "lib")
    git(project, "commit", "--quiet", "--message", "Submodule")
    return project


SUBMODULES = "[workspace]\nsetup = 'git -c protocol.file.allow=always submodule --quiet update --init'\n"


@pytest.mark.fault("A3")
@pytest.mark.parametrize(
    "script",
    [
        f"cd lib; echo new > new; git add new; {COMMIT} -m mine",
        *rarely(
            "cd lib; echo new > new",
            "cd lib; git checkout --quiet -b topic; echo new > new; git add new; "
            "git -c user.name=x -c user.email=y commit --quiet -m mine; cd ..; git add lib",
        ),
    ],
)
def test_what_an_agent_does_in_a_submodule_is_in_the_persons_store_of_it(tmp_path: Path, script: str) -> None:
    project = _with_submodule(tmp_path)
    gate = "[[gates]]\nname = 'seen'\ncommand = 'test -e lib/new || test $PODIUM_ROUND = 0'\n"
    file = write(project, HEAD + SUBMODULES + agent("a", script) + gate)
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "in the submodule lib are kept in" in done.words
    commit = git(project, "rev-parse", f"{result(project)}:lib")
    store = project / ".git" / "modules" / "lib"
    assert "refs/podium/" in git(store, "for-each-ref", "--contains", commit)
    assert git(store, "show", f"{commit}:new") == "new"
    git(project, "merge", "--quiet", result(project))
    git(project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "update")
    assert (project / "lib" / "new").read_text() == "new\n"


@pytest.mark.fault("A3")
def test_a_person_without_the_submodule_gets_a_store_git_can_use(tmp_path: Path) -> None:
    _with_submodule(tmp_path)
    git(tmp_path, "clone", "--quiet", "p", "clone")
    project = tmp_path / "clone"
    file = write(project, HEAD + SUBMODULES + agent("a", "cd lib; echo new > new"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    git(project, "merge", "--quiet", result(project))
    git(project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init")
    assert (project / "lib" / "new").read_text() == "new\n"


@pytest.mark.fault("A3")
def test_the_next_turn_has_the_submodule_as_the_last_one_left_it(tmp_path: Path) -> None:
    project = _with_submodule(tmp_path)
    script = "echo x >> lib/more; wc -l < lib/more > lines"
    file = write(project, TWO_ROUNDS + SUBMODULES + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "lines").strip() == b"2"


@pytest.mark.fault("A3")
def test_another_agents_new_worktree_can_be_set_up_with_it(tmp_path: Path) -> None:
    project = _with_submodule(tmp_path)
    file = write(
        project,
        HEAD
        + SUBMODULES
        + agent("a", "echo x > lib/more")
        + agent("b", "cat lib/more > seen", "depends_on = ['a']"),
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "seen") == b"x\n"
