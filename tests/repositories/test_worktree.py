"""One worktree: found again, and removed in any state."""

import subprocess
from pathlib import Path

import pytest

from podium.repositories.git import Git, GitError
from podium.repositories.worktree import Worktree
from tests.repositories.git_shell import git, opened, repository


def test_relative_paths_between_worktree_and_repository_are_understood(tmp_path: Path) -> None:
    """As newer gits write them where worktree.useRelativePaths is set."""
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    tree = Worktree(opened(project), tmp_path / "trees" / "a")
    tree.create("HEAD")
    (entry,) = (project / ".git" / "worktrees").iterdir()
    (entry / "gitdir").write_text("../../../../trees/a/.git\n")
    assert tree.exists


def test_a_worktree_can_be_removed_in_any_state(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    here = opened(project)
    tree = Worktree(here, tmp_path / "trees" / "a b")
    for damage in ("", "rm -rf .", "rm .git", "rm -rf * .git; mkdir .git", "echo x > a.txt; chmod 000 a.txt"):
        tree.create(here.base, "podium/x")
        assert tree.exists
        subprocess.run(["sh", "-c", damage], cwd=tree.path, capture_output=True, check=False)
        tree.remove()
        assert not tree.path.exists()
        assert len(git(project, "worktree", "list").splitlines()) == 1
    subprocess.run(["rm", "-rf", str(project)], check=True)
    with pytest.raises(GitError):
        Git(project).run("status")
