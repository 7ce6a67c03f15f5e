"""git as Podium runs it: a program on the PATH that tells what it was started with, and the real one."""

import json
import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from podium.repositories.git import Git, GitError, NoGit, last_line
from tests.repositories.git_shell import git, repository

NEVER_RUN = {
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "safe.bareRepository=explicit",
    "protocol.allow=never",
    "log.showSignature=false",
    "merge.verifySignatures=false",
    "commit.gpgSign=false",
    "tag.gpgSign=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git that writes down how it was run, and exits with the number in ``EXIT``."""
    tools = tmp_path / "tools"
    tools.mkdir()
    file = tmp_path / "told"
    program = tools / "git"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"json.dump({{'argv': sys.argv, 'environment': dict(os.environ)}}, open({str(file)!r}, 'w'))\n"
        "print('error: said so', file=sys.stderr)\nsys.exit(int(os.environ.get('EXIT', '0')))\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"relative{os.pathsep}{tools}{os.pathsep}{os.pathsep}.")
    return file


def run(told: Path, git_: Git, *words: str, **more: Any) -> dict[str, Any]:
    git_.run(*words, **more)
    found: dict[str, Any] = json.loads(told.read_text())
    return found


def test_no_program_of_a_repository_is_run_and_nothing_is_fetched(told: Path, tmp_path: Path) -> None:
    found = run(told, Git(tmp_path), "status", settings=("a.b=c",))
    words = found["argv"][1:]
    settings = {word for flag, word in pairwise(words) if flag == "-c"}
    assert settings >= {*NEVER_RUN, "core.quotePath=false", "color.ui=false", "a.b=c"}
    assert words[-1] == "status"
    environment = found["environment"]
    assert (environment["GIT_ALLOW_PROTOCOL"], environment["GIT_NO_LAZY_FETCH"]) == ("none", "1")
    assert (environment["GIT_TERMINAL_PROMPT"], environment["GIT_OPTIONAL_LOCKS"]) == ("0", "0")
    assert environment["LC_ALL"] == "C"


def test_the_environment_leads_git_nowhere_else(
    told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_COUNT", "GIT_LITERAL_PATHSPECS"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("GIT_SSH_COMMAND", "mine")
    environment = run(told, Git(tmp_path), "status")["environment"]
    assert not {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_COUNT"} & environment.keys()
    assert environment["GIT_SSH_COMMAND"] == "mine"
    assert environment["PATH"] == str(tmp_path / "tools"), "a relative folder would be the project's"
    named = run(told, Git(tmp_path, tmp_path / "admin"), "status")["environment"]
    assert (named["GIT_DIR"], named["GIT_WORK_TREE"]) == (str(tmp_path / "admin"), ".")


def test_a_failure_is_an_error_with_gits_own_words(told: Path, tmp_path: Path) -> None:
    for code in ("1", "128"):
        with pytest.raises(GitError, match=r"^git push failed: said so$"):
            Git(tmp_path).run("push", environment={"EXIT": code})
        assert Git(tmp_path).run("push", environment={"EXIT": code}, check=False).code == int(code)


def test_a_git_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(GitError, match=r"^git status did not end within 0.2 s$"):
        Git(tmp_path, timeout=0.2).run("status")


def test_without_git_or_without_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GitError, match="is gone"):
        Git(tmp_path / "gone").run("status")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoGit):
        Git(tmp_path).run("status")


def test_a_bare_repository_is_used_only_where_it_is_named(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "a\n"})
    bare = project / "bare"
    git(tmp_path, "clone", "--quiet", "--bare", str(project), str(bare))
    assert Git(bare).text("rev-parse", "--is-bare-repository") == "true"
    with pytest.raises(GitError):
        Git(bare / "refs").text("rev-parse", "--git-dir")


def test_paths_and_names_are_read_as_they_are(tmp_path: Path) -> None:
    odd = "ünïcode \n "
    project = repository(tmp_path / "p", {odd: "a\n"})
    assert Git(project).run("ls-files", "-z").names == [odd]
    assert Git(project).run("rev-parse", "--show-toplevel").path == project


@pytest.mark.parametrize(
    ("errors", "line"),
    [
        ("fatal: not a repository", "not a repository"),
        ("error: first\nfatal: last\nhint: try this", "last"),
        ("warning: careful\nplain words\nhint: try", "plain words"),
        ("hint: try", "hint: try"),
        ("", ""),
    ],
)
def test_the_line_that_says_what_is_wrong(errors: str, line: str) -> None:
    assert last_line(errors) == line
