"""What belongs to the person in a repository is as it was after a turn."""

import os
from pathlib import Path

import pytest
from tests.missions.kept_work import COMMIT, show
from tests.missions.mission_shell import HEAD, agent, branches, files, mission, result, write
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

# What all worktrees share


@pytest.fixture
def stashed(tmp_path: Path) -> Path:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n"})
    for text in ("older", "newer"):
        (project / "b.txt").write_text(f"{text}\n")
        git(project, "stash", "push", "--quiet", "--message", text)
    git(project, "branch", "feature")
    git(project, "tag", "-a", "v1", "-m", "one")
    return project


def stash(project: Path) -> list[str]:
    return git(project, "stash", "list", "--format=%H %gs").splitlines()


@pytest.mark.fault("A6")
@pytest.mark.parametrize(
    "script",
    [
        "git stash; git stash pop --quiet; echo two > a.txt",
        *rarely(
            "git stash clear; git gc --quiet --prune=now; echo two > a.txt",
            "git stash drop --quiet 'stash@{1}'; echo two > a.txt",
            "git update-ref -d refs/stash; echo two > a.txt",
        ),
    ],
)
def test_the_persons_stash_is_theirs(stashed: Path, script: str) -> None:
    before = stash(stashed)
    file = write(stashed, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert stash(stashed) == before
    assert "taken during the turn of a; it is back in your list" in done.words


@pytest.mark.fault("A6")
def test_what_an_agent_stashes_is_kept_on_a_branch(stashed: Path) -> None:
    before = stash(stashed)
    file = write(stashed, HEAD + agent("a", "echo mine > b.txt; git stash --quiet; echo two > a.txt"))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert stash(stashed) == before
    (kept_on,) = [name for name in branches(stashed) if name.endswith("-stash")]
    assert git(stashed, "show", f"{kept_on}:b.txt") == "mine"


@pytest.mark.fault("A6")
def test_branches_tags_head_and_index_of_the_person_come_back(stashed: Path) -> None:
    (stashed / "staged").write_text("s\n")
    git(stashed, "add", "staged")
    before = git(stashed, "for-each-ref", "refs/heads", "refs/tags")
    script = (
        "git branch -D feature; git tag -d v1; echo two > a.txt; "
        f"{COMMIT} -am mine; git update-ref refs/heads/main HEAD; "
        f"git -C {stashed} symbolic-ref HEAD refs/heads/feature; git -C {stashed} reset --quiet; "
        "git gc --quiet --prune=now"
    )
    file = write(stashed, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    after = [
        line
        for line in git(stashed, "for-each-ref", "refs/heads", "refs/tags").splitlines()
        if "/podium/" not in line
    ]
    assert "\n".join(after) == before
    assert git(stashed, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git(stashed, "diff", "--cached", "--name-only") == "staged"
    for words in ("The branch feature was deleted", "The branch main was moved", "The tag v1 was deleted"):
        assert words in done.words, done.log


@pytest.mark.fault("A6")
def test_a_branch_that_an_agent_makes_goes_where_missions_branches_are(stashed: Path) -> None:
    script = f"git checkout --quiet -b fix-it; echo two > a.txt; {COMMIT} -am mine"
    file = write(stashed, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert "fix-it" not in git(stashed, "branch", "--format=%(refname:short)").split()
    assert show(stashed, result(stashed), "a.txt") == b"two\n"


@pytest.mark.fault("A6")
def test_what_git_runs_and_ignores_is_as_the_person_set_it(stashed: Path) -> None:
    hook = stashed / ".git" / "hooks" / "post-commit"
    hook.write_text("#!/bin/sh\ntrue\n")
    hook.chmod(0o755)
    config = (stashed / ".git" / "config").read_bytes()
    script = (
        "cd $(git rev-parse --git-common-dir); git config core.hooksPath /tmp; git config alias.x '!touch x'; "
        "echo evil > hooks/post-commit; echo evil > hooks/pre-push; chmod +x hooks/pre-push; echo '*' >> info/exclude; "
        "cd - > /dev/null; echo new > new"
    )
    file = write(stashed, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert (stashed / ".git" / "config").read_bytes() == config
    assert hook.read_text() == "#!/bin/sh\ntrue\n"
    assert os.access(hook, os.X_OK)
    assert not (stashed / ".git" / "hooks" / "pre-push").exists()
    assert "new" in files(stashed, result(stashed))
    assert "was changed during the turn of a; it is as it was before" in done.words


@pytest.mark.fault("A6")
def test_what_the_person_does_meanwhile_stays(stashed: Path) -> None:
    inside = "export GIT_AUTHOR_NAME=p GIT_AUTHOR_EMAIL=p GIT_COMMITTER_NAME=p GIT_COMMITTER_EMAIL=p"
    # The person's own commands, at the time of the turn, in their own checkout and an environment of their own.
    person = (
        f'env -u GIT_TRACE2 sh -c "{inside}; cd {stashed}; echo p > p; git add p; git commit --quiet -m p; '
        'git checkout --quiet -b mine; git remote add origin /nowhere; git branch -u main"'
    )
    file = write(stashed, HEAD + agent("a", f"{person}; echo two > a.txt"))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert git(stashed, "log", "-1", "--format=%s", "main") == "p"
    assert git(stashed, "rev-parse", "--abbrev-ref", "HEAD") == "mine"
    assert git(stashed, "remote") == "origin"
    assert git(stashed, "for-each-ref", "refs/podium") == ""
