"""Worktrees in repositories as they are found: odd, hostile, half made; the person's checkout stays as it is."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from tests.missions.mission_shell import HEAD, agent, branches, files, mission, result, running, until, write
from tests.repositories.git_shell import git, opened, repository

from podium.core.system.app_dirs import state_folder
from podium.core.system.process_identity import ProcessIdentity, own_identity
from podium.missions.worktrees.cleaning import Kept, Stale, survey
from podium.missions.worktrees.names import parts_for
from podium.missions.worktrees.ownership import Owner, own, worktrees_folder
from podium.repositories.worktree import Worktree


def test_a_conflict_is_the_agents_task_of_the_next_round(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n"})
    heard = tmp_path / "heard"
    second = (
        "if [ $PODIUM_ROUND = 1 ]; then until git log --all --format=%s | grep -q Merge; do sleep 0.1; done; "
        f'echo mine > a.txt; else printf "%s" "$PODIUM_PROMPT" > {heard}; cat a.txt > seen.txt; echo both >> a.txt; fi'
    )
    file = write(
        project,
        "name = 'Try'\nmax_rounds = 2\nmax_concurrency = 2\n"
        + agent("first", "if [ $PODIUM_ROUND = 1 ]; then echo theirs > a.txt; fi")
        + agent("second", second, "prompt = 'Change a.txt'"),
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "left out: it conflicts in a.txt" in " ".join(done.log.split())
    told = heard.read_text()
    assert told.startswith("Change a.txt\n\nYour last turn's work conflicts"), told
    assert "/second-r1" in told
    assert told.endswith("a.txt")
    assert git(project, "show", f"{result(project)}:a.txt") == "theirs\nboth"
    assert git(project, "show", f"{result(project)}:seen.txt") == "theirs"


def test_hooks_of_the_project_are_not_run_by_our_commits_and_merges(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    for name in (
        "pre-commit",
        "commit-msg",
        "post-checkout",
        "pre-merge-commit",
        "post-commit",
        "reference-transaction",
    ):
        hook = project / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\necho {name} >> {tmp_path}/hooks\nexit 1\n")
        hook.chmod(0o755)
    file = write(project, HEAD + agent("a", "echo two > a.txt"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert git(project, "show", f"{result(project)}:a.txt") == "two"
    assert not (tmp_path / "hooks").exists()


def test_without_anybodys_name_configured_commits_have_authors(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(project, HEAD + agent("a", "echo two > a.txt", "name = 'The <b>uilder'"))
    nobody = {"GIT_CONFIG_NOSYSTEM": "1", "EMAIL": ""}
    assert mission("run", "--yes", file, folder=project, environment=nobody).code == 0
    (commit,) = git(
        project, "log", "--no-merges", "--format=%an|%ae|%cn|%s", f"main..{result(project)}"
    ).splitlines()
    assert commit == "The builder|a@podium.invalid|Podium|The <b>uilder, round 1"


def test_agents_can_commit_by_themselves_where_git_knows_nobody(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(project, HEAD + agent("a", "echo two > a.txt; git commit -qam mine"))
    done = mission("run", "--yes", file, folder=project, environment={"GIT_CONFIG_NOSYSTEM": "1"})
    assert done.code == 0, done.log
    found = git(project, "log", "--no-merges", "--format=%an %s", f"main..{result(project)}").splitlines()
    assert found == ["a mine"]


def test_a_repository_named_by_the_environment_leads_nobody_astray(tmp_path: Path) -> None:
    other = repository(tmp_path / "other", {"o.txt": "o\n"})
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(
        project,
        HEAD + agent("a", "git status --short > status; git ls-files > known; echo $GIT_SSH_COMMAND > ssh"),
    )
    environment = {
        "GIT_DIR": str(other / ".git"),
        "GIT_INDEX_FILE": str(other / ".git" / "index"),
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_SSH_COMMAND": "mine",
    }
    done = mission("run", "--yes", file, folder=project, environment=environment)
    assert done.code == 0, done.log
    assert git(project, "show", f"{result(project)}:known") == "a.txt"
    assert git(project, "show", f"{result(project)}:ssh") == "mine"
    assert branches(other) == []


def test_a_detached_head_and_a_base_by_name(tmp_path: Path) -> None:
    project = repository(tmp_path / "a project", {"a.txt": "one\n"})
    git(project, "tag", "v1")
    (project / "b.txt").write_text("b\n")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Second")
    git(project, "checkout", "--quiet", "--detach")
    file = write(project, HEAD + agent("a", "echo x > new"))
    assert mission("run", "--yes", file, folder=project).code == 0
    assert files(project, result(project)) == ["a.txt", "b.txt", "new"]
    assert git(project, "rev-parse", "--abbrev-ref", "HEAD") == "HEAD"
    write(project, HEAD + "[workspace]\nbase = 'v1'\n" + agent("a", "echo x > new"))
    assert mission("run", "--yes", file, folder=project).code == 0
    newest = max(branches(project), key=lambda name: git(project, "log", "-1", "--format=%ct %H", name))
    assert ["a.txt", "new"] in [files(project, name) for name in branches(project)], newest


def test_what_can_not_be_isolated_is_a_fault_that_says_what_to_do(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "--quiet")
    done = mission("check", write(empty, HEAD + agent("a", "true")), folder=empty)
    assert done.code == 2
    assert "no commit yet" in done.log
    assert "git commit --allow-empty" in done.log

    plain = tmp_path / "plain"
    plain.mkdir()
    done = mission(
        "check",
        write(plain, HEAD + "[workspace]\nisolation = 'worktree'\n" + agent("a", "true")),
        folder=plain,
    )
    assert done.code == 2
    assert "in no git repository" in " ".join(done.log.split())

    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    done = mission(
        "check", write(project, HEAD + "[workspace]\nbase = 'gone'\n" + agent("a", "true")), folder=project
    )
    assert done.code == 2
    assert "workspace.base" in done.log
    assert "no branch, tag or commit “gone”" in done.log


def test_a_folder_that_its_repository_does_not_know_is_shared(tmp_path: Path) -> None:
    home = repository(tmp_path / "home", {".profile": "x\n"})
    folder = home / "scratch"
    folder.mkdir()
    file = write(folder, HEAD + agent("a", "echo x > here"))
    assert mission("run", "--yes", file, folder=folder).code == 0
    assert (folder / "here").exists()
    assert branches(home) == []


def test_a_bare_repository_works(tmp_path: Path) -> None:
    repository(tmp_path / "p", {"a.txt": "one\n"})
    git(tmp_path, "clone", "--quiet", "--bare", "p", "bare.git")
    file = write(tmp_path / "bare.git", HEAD + agent("a", "echo two > a.txt"))
    done = mission("run", "--yes", file, folder=tmp_path)
    assert done.code == 0, done.log
    assert git(tmp_path / "bare.git", "show", f"{result(tmp_path / 'bare.git')}:a.txt") == "two"


def test_a_folder_below_the_top_is_the_same_folder_in_the_worktree(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"sub dir/run.sh": "echo $PWD > where\n", "top.txt": "x\n"})
    file = write(project, "folder = 'sub dir'\n" + HEAD + agent("a", "sh run.sh"))
    assert mission("run", "--yes", file, folder=project).code == 0
    where = git(project, "show", f"{result(project)}:sub dir/where")
    assert where.endswith("/a/sub dir")
    assert where.startswith(str(worktrees_folder()))


def test_submodules_and_repositories_an_agent_makes_do_no_harm(tmp_path: Path) -> None:
    repository(tmp_path / "library", {"lib.txt": "x\n"})
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    git(
        project,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(tmp_path / "library"),
        "lib",
    )
    git(project, "commit", "--quiet", "--message", "Submodule")
    file = write(
        project,
        HEAD
        + agent(
            "a", "git init --quiet nested; mkdir -p x/y; git init --quiet x/y; echo z > x/z; echo two > a.txt"
        ),
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "repositories of its own, which are left out: nested, x/y" in " ".join(done.log.split())
    assert files(project, result(project)) == [".gitmodules", "a.txt", "lib", "x/z"]
    assert len(git(project, "worktree", "list").splitlines()) == 1


@pytest.mark.parametrize(
    "harm",
    [
        "rm .git; git init --quiet; echo evil > a.txt",
        "echo gitdir: {project}/.git > .git; echo evil > a.txt",
        "git checkout --quiet --detach; git reset --quiet --hard; echo evil > a.txt",
        "git checkout --quiet -b elsewhere; echo evil > a.txt; git -c user.name=x -c user.email=y commit -qam mine",
        "touch $(git rev-parse --git-dir)/index.lock; echo evil > a.txt",
        "echo evil > a.txt; git add a.txt; git stash --quiet; git stash pop --quiet",
    ],
)
def test_whatever_an_agent_does_to_git_its_work_is_taken_and_nothing_else_touched(
    tmp_path: Path, harm: str
) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    (project / "a.txt").write_text("my own change\n")
    before = (project / ".git" / "index").read_bytes()
    file = write(project, HEAD + agent("a", harm.format(project=project)))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert git(project, "show", f"{result(project)}:a.txt") == "evil"
    assert (project / "a.txt").read_text() == "my own change\n"
    assert (project / ".git" / "index").read_bytes() == before
    assert git(project, "rev-parse", "--abbrev-ref", "HEAD") == "main"


def test_an_agent_that_removes_its_folder_loses_only_its_own_work(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(
        project,
        "name = 'Try'\nmax_rounds = 2\nstop_when = 'never'\n"
        + agent(
            "wild",
            'if [ $PODIUM_ROUND = 1 ]; then here=$PWD; cd /; rm -rf "$here"; else echo x > wild.txt; fi',
        )
        + agent("calm", "echo $PODIUM_ROUND > calm.txt"),
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "could not be taken over" in " ".join(done.log.split())
    assert files(project, result(project)) == ["a.txt", "calm.txt", "wild.txt"]


def test_owners_are_told_about_and_unowned_changes_stay(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"src/a.txt": "one\n", "docs/b.txt": "b\n"})
    file = write(project, HEAD + agent("a", "echo 2 > src/a.txt; echo 2 > docs/b.txt", "owns = ['src/**']"))
    done = mission("run", "--yes", file, folder=project)
    assert "changed 1 file it does not own: docs/b.txt" in " ".join(done.log.split())
    assert git(project, "show", f"{result(project)}:docs/b.txt") == "2"


def test_setup_copies_and_teardown(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", ".gitignore": ".env\ncache/\n"})
    (project / ".env").write_text("SECRET=1\n")
    (project / "cache").mkdir()
    (project / "cache" / "big").write_text("big")
    (project / "notes").write_text("mine, not ignored")
    (project / "cache" / "link").symlink_to("/etc/passwd")
    file = write(
        project,
        "name = 'Try'\nmax_rounds = 2\nstop_when = 'never'\n"
        f"[workspace]\nsetup = 'echo setup $PWD >> {tmp_path}/did'\nteardown = 'echo teardown >> {tmp_path}/did'\n"
        "copy = ['.env', 'cache', 'notes']\n"
        + agent(
            "result",
            f"cat .env cache/big notes > /dev/null && ls -A . cache >> {tmp_path}/saw && echo $PODIUM_ROUND > out",
        ),
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    did = (tmp_path / "did").read_text().split("\n")
    assert (
        len([line for line in did if line.startswith("setup")]) == 2
    )  # The result's and the agent's, once each.
    assert did.count("teardown") == 2
    assert files(project, result(project)) == [".gitignore", "a.txt", "out"]


def test_a_failing_setup_says_why(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(
        project, HEAD + "[workspace]\nsetup = 'echo no such toolchain; exit 3'\n" + agent("a", "true")
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 1
    assert "setup exited with 3: no such toolchain" in " ".join(done.log.split())
    assert len(git(project, "worktree", "list").splitlines()) == 1


def test_a_failed_turns_work_is_kept_and_left_out(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(project, HEAD + agent("a", "echo half > a.txt; exit 3"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 1
    assert "no agent has finished its work: a: exited with 3" in " ".join(done.log.split())
    (kept,) = branches(project)
    assert kept.endswith("/a-r1")
    assert git(project, "show", f"{kept}:a.txt") == "half"


def test_an_agent_that_changes_nothing_is_done(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(
        project, "name = 'Try'\nmax_rounds = 5\n" + agent("a", "test $PODIUM_ROUND = 2 || echo x > b.txt")
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0
    assert "all agents are done" in done.log
    assert "Round 3" not in done.log


def test_a_full_disk_stops_it_and_says_so_and_resume_goes_on(tmp_path: Path) -> None:
    """A real full disk: the state folder on a small file system, where one can be mounted."""
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(small)], capture_output=True, check=False
    ).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        project = repository(tmp_path / "p", {"a.txt": "one\n"})
        file = write(
            project,
            HEAD
            + agent("a", f"dd if=/dev/zero of={small}/filler bs=1k 2> /dev/null; echo two > {tmp_path}/two"),
        )
        environment = {"XDG_STATE_HOME": str(small)}
        done = mission("run", "--yes", file, folder=project, environment=environment)
        assert done.code == 130, done.log
        assert "No space left on device" in done.log
        assert "podium mission resume" in done.log
        (small / "filler").unlink()
        write(
            project,
            HEAD
            + agent(
                "a", f"dd if=/dev/zero of={small}/filler bs=1k 2> /dev/null; echo two > {tmp_path}/two"
            ).replace("bs=1k", "bs=1k count=1"),
        )
        again = mission("resume", "--yes", file, folder=project, environment=environment)
        assert again.code == 0, again.log
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_private_files_are_their_owners_alone(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(project, HEAD + agent("a", f"touch {tmp_path}/begun; sleep 600"))
    with running("run", "--yes", file, folder=project):
        until((tmp_path / "begun").exists, "the agent")
        for path in (state_folder() / "missions").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        assert stat.S_IMODE((state_folder() / "worktrees").stat().st_mode) == 0o700


# Parts


def test_only_stale_worktrees_are_stale(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    own(
        worktrees_folder() / "live",
        Owner("live", own_identity(), str(project), "/x"),
    )
    own(worktrees_folder() / "reused", Owner("reused", ProcessIdentity(os.getpid(), "1"), str(project), "/x"))
    own(
        worktrees_folder() / "gone",
        Owner("gone", ProcessIdentity(2**22 + 1, "1"), str(tmp_path / "gone"), "/x"),
    )
    (worktrees_folder() / "nameless").mkdir()
    Worktree(opened(project), worktrees_folder() / "reused" / "a").create("HEAD", "podium/x")
    stale = {item.root.name for item in survey() if isinstance(item, Stale)}
    kept = {item.root.name for item in survey() if isinstance(item, Kept)}
    assert (stale, kept) == ({"reused", "gone"}, {"live", "nameless"})
    done = mission("clean", folder=tmp_path)
    assert done.code == 0, done.log
    assert sorted(path.name for path in worktrees_folder().iterdir()) == ["live", "nameless"]
    assert len(git(project, "worktree", "list").splitlines()) == 1


def test_parts_of_names_are_apart_for_every_file_system() -> None:
    parts = parts_for(["a", "A", "a..b", "a.b", "x."])
    assert len({part.lower() for part in parts.values()}) == 5
    assert all(".." not in part and not part.endswith(".") for part in parts.values())
    assert parts["a"] == "a"
