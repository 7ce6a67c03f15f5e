"""Merging two commits without touching a checkout, with a new git and an old one."""

from pathlib import Path

import pytest

from podium.repositories.merging import Conflict, Merged, Merger
from tests.repositories.git_shell import git, opened, repository


@pytest.mark.parametrize("in_memory", [True, False])
def test_merging_finds_conflicts_before_anything_is_touched(tmp_path: Path, in_memory: bool) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n"})
    base = git(project, "rev-parse", "HEAD")
    commits = {}
    for name, file in (("same", "a.txt"), ("clash", "a.txt"), ("apart", "b.txt")):
        git(project, "checkout", "--quiet", "-b", name, base)
        (project / file).write_text(f"{name}\n")
        git(project, "commit", "--quiet", "--all", "--message", name)
        commits[name] = git(project, "rev-parse", "HEAD")
    git(project, "checkout", "--quiet", "--orphan", "stranger")
    git(project, "commit", "--quiet", "--message", "stranger")
    stranger = git(project, "rev-parse", "HEAD")
    git(project, "checkout", "--quiet", "main")
    before = git(project, "for-each-ref")
    merger = Merger(opened(project, in_memory), tmp_path / "scratch" / ".merge")
    merged = merger.merge(commits["same"], commits["apart"], "Merge")
    assert isinstance(merged, Merged)
    assert git(project, "show", f"{merged.commit}:b.txt") == "apart"
    assert git(project, "rev-list", "--parents", "-1", merged.commit).split()[1:] == [
        commits["same"],
        commits["apart"],
    ]
    assert merger.merge(commits["same"], commits["clash"], "Merge") == Conflict(("a.txt",))
    unrelated = merger.merge(commits["same"], stranger, "Merge")
    assert isinstance(unrelated, Conflict)
    assert unrelated.unrelated
    assert merger.contains(merged.commit, commits["apart"])
    assert not merger.contains(commits["same"], commits["apart"])
    assert git(project, "for-each-ref") == before
    assert git(project, "status", "--porcelain") == ""
    assert len(git(project, "worktree", "list").splitlines()) == 1
