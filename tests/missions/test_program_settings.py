"""Which of a repository's settings are shown as programs that git runs, and which are not."""

from pathlib import Path

import pytest
from mission_shell import git, mission, repository

from podium.missions.worktrees.git import GitError
from podium.missions.worktrees.program_settings import git_terms

pytestmark = pytest.mark.fault("C1")


def shown(folder: Path) -> dict[str, str]:
    return {term.name: term.value for term in git_terms(folder)}


def test_ordinary_settings_are_no_programs(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"sub/a": "x"})
    for key, value in (
        ("core.autocrlf", "input"),
        ("core.fsmonitor", "true"),
        ("core.fsmonitor", "false"),
        ("pager.log", "false"),
        ("remote.origin.url", "ssh://[2001:db8::1]/x"),
        ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
        ("url.git@example.invalid:.insteadOf", "https://example.invalid/"),
        ("submodule.x.update", "checkout"),
        ("user.name", "Somebody"),
        ("filter.lfs.required", "true"),
        ("diff.tool", "meld"),
    ):
        git(folder, "config", "--add", key, value)
    assert shown(folder) == {}
    assert shown(tmp_path) == {}


def test_addresses_that_are_commands_are_shown(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    git(folder, "config", "remote.origin.url", "ext::sh -c touch% x")
    git(folder, "config", "url.ext::sh .insteadOf", "https://example.invalid/")
    assert shown(folder) == {
        "git runs, for remote.origin.url": "ext::sh -c touch% x",
        "git runs, for url.ext::sh .insteadof": "https://example.invalid/",
    }


def test_every_file_that_is_included_is_read_under_any_condition(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"sub/a": "x"})
    config = folder / ".git"
    with (config / "config").open("a") as file:
        file.write('[include]\n path = one\n[includeIf "gitdir:/nowhere/"]\n path = ~/two\n path = missing\n')
    (config / "one").write_text('[filter "a"]\n clean = first\n[includeIf "onbranch:x"]\n path = one\n')
    (Path.home() / "two").write_text('[filter "a"]\n clean = second\n[Core]\n SSHCommand = third\n')
    for place in (folder, folder / "sub"):
        assert shown(place) == {
            "git runs, for filter.a.clean": "first\nsecond",
            "git runs, for core.sshcommand": "third",
        }


def test_what_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    assert git_terms(folder) == ()
    git(folder, "config", "includeIf.onbranch:podium/**.path", "long")
    (folder / ".git" / "long").write_text("# " + "x" * (1 << 20))
    with pytest.raises(GitError, match="longer than 1 MiB"):
        git_terms(folder)
    (folder / ".git" / "long").write_text("[broken")
    with pytest.raises(GitError):
        git_terms(folder)
    for number in range(300):
        (folder / ".git" / f"n{number}").write_text(f"[include]\n path = n{number + 1}\n")
    (folder / ".git" / "long").unlink()
    assert shown(folder) == {}
    (folder / ".git" / "long").symlink_to("n0")
    with pytest.raises(GitError):
        git_terms(folder)


def test_in_a_linked_worktree_all_its_settings_count(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    git(folder, "worktree", "add", "--quiet", str(tmp_path / "w"))
    git(folder, "config", "extensions.worktreeConfig", "true")
    git(folder, "config", "filter.shared.clean", "one")
    git(tmp_path / "w", "config", "--worktree", "filter.own.clean", "two")
    hook = folder / ".git" / "hooks" / "post-commit"
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)
    assert shown(tmp_path / "w") == {
        "git runs, for filter.shared.clean": "one",
        "git runs, for filter.own.clean": "two",
        "git runs the hook post-commit": "when agents use git",
    }


def test_without_git_there_is_nothing_that_it_could_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(tmp_path / "p", {"a": "x"})
    file = tmp_path / "p" / "mission.toml"
    file.write_text('name = "T"\nmax_rounds = 1\n[[agents]]\nid = "a"\ncommand = ["/bin/true"]\n')
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_terms(tmp_path / "p") == ()
    assert mission("run", "--yes", file, folder=tmp_path).code == 0


def test_submodules_of_any_name_are_read(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    for name in ("info", "a/hooks", "b"):
        made = folder / ".git" / "modules" / name
        made.mkdir(parents=True)
        (made / "HEAD").write_text("ref: refs/heads/main\n")
        (made / "config").write_text("[core]\n\tfsmonitor = evil\n")
    assert set(shown(folder)) == {
        "git runs, for core.fsmonitor (info)",
        "git runs, for core.fsmonitor (hooks)",
        "git runs, for core.fsmonitor (b)",
    }
