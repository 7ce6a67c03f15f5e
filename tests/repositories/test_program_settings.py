"""Which of a repository's settings are programs that git runs, and which are not."""

from pathlib import Path

import pytest

from podium.repositories.git import GitError
from podium.repositories.program_settings import GitProgram, ProgramKind, git_programs
from tests.repositories.git_shell import git, repository

pytestmark = pytest.mark.fault("C1")


HOOK, SETTING = ProgramKind.HOOK, ProgramKind.SETTING


def settings(folder: Path) -> dict[str, tuple[str, ...]]:
    """The values of each setting; a hook would be a fault."""
    found = git_programs(folder)
    assert {program.kind for program in found} <= {SETTING}
    return {program.name: program.values for program in found}


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
    assert settings(folder) == {}
    assert settings(tmp_path) == {}


def test_addresses_that_are_commands_are_settings(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    git(folder, "config", "remote.origin.url", "ext::sh -c touch% x")
    git(folder, "config", "url.ext::sh .insteadOf", "https://example.invalid/")
    assert settings(folder) == {
        "remote.origin.url": ("ext::sh -c touch% x",),
        "url.ext::sh .insteadof": ("https://example.invalid/",),
    }


def test_every_file_that_is_included_is_read_under_any_condition(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"sub/a": "x"})
    config = folder / ".git"
    with (config / "config").open("a") as file:
        file.write('[include]\n path = one\n[includeIf "gitdir:/nowhere/"]\n path = ~/two\n path = missing\n')
    (config / "one").write_text('[filter "a"]\n clean = first\n[includeIf "onbranch:x"]\n path = one\n')
    (Path.home() / "two").write_text('[filter "a"]\n clean = second\n[Core]\n SSHCommand = third\n')
    for place in (folder, folder / "sub"):
        assert settings(place) == {
            "filter.a.clean": (
                "first",
                "second",
            ),
            "core.sshcommand": ("third",),
        }


def test_what_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    assert git_programs(folder) == ()
    git(folder, "config", "includeIf.onbranch:podium/**.path", "long")
    (folder / ".git" / "long").write_text("# " + "x" * (1 << 20))
    with pytest.raises(GitError, match="longer than 1 MiB"):
        git_programs(folder)
    (folder / ".git" / "long").write_text("[broken")
    with pytest.raises(GitError):
        git_programs(folder)
    for number in range(300):
        (folder / ".git" / f"n{number}").write_text(f"[include]\n path = n{number + 1}\n")
    (folder / ".git" / "long").unlink()
    assert settings(folder) == {}
    (folder / ".git" / "long").symlink_to("n0")
    with pytest.raises(GitError):
        git_programs(folder)


def test_in_a_linked_worktree_all_its_settings_count(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    git(folder, "worktree", "add", "--quiet", str(tmp_path / "w"))
    git(folder, "config", "extensions.worktreeConfig", "true")
    git(folder, "config", "filter.shared.clean", "one")
    git(tmp_path / "w", "config", "--worktree", "filter.own.clean", "two")
    hook = folder / ".git" / "hooks" / "post-commit"
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)
    assert git_programs(tmp_path / "w") == (
        GitProgram(SETTING, "filter.shared.clean", ("one",)),
        GitProgram(SETTING, "filter.own.clean", ("two",)),
        GitProgram(HOOK, "post-commit"),
    )


def test_submodules_of_any_name_are_read(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    for name in ("info", "a/hooks", "b"):
        made = folder / ".git" / "modules" / name
        made.mkdir(parents=True)
        (made / "HEAD").write_text("ref: refs/heads/main\n")
        (made / "config").write_text("[core]\n\tfsmonitor = evil\n")
    assert set(settings(folder)) == {
        "core.fsmonitor (info)",
        "core.fsmonitor (hooks)",
        "core.fsmonitor (b)",
    }
