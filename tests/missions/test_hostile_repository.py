"""Nothing of a repository is run before the person has agreed, and they are shown what its settings would run."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_repository import (
    SETTINGS,
    WAYS,
    Trap,
    by_bare_repository,
    by_condition,
    by_config,
    by_embedded_bare_repository,
    by_promisor,
    by_submodule,
    by_transport,
    project,
    spring,
    write_settings,
)
from tests.missions.mission_shell import mission, mission_in_terminal
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

from podium.missions.actions.check import check
from podium.missions.actions.clean import clean
from podium.missions.actions.new import new
from podium.missions.actions.run import resume, run
from podium.repositories import git as hardened

TEXT = """
name = "Try"
max_rounds = 1
{folder}
[workspace]
isolation = "{isolation}"
[[agents]]
id = "a"
command = ["true"]
"""

Way = Callable[[Path, Trap], Path]


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path)


@pytest.mark.fault("C1")
@pytest.mark.parametrize("inside", [True, *rarely(False)], ids=["file inside", "file outside"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_runs_before_the_person_agreed(
    tmp_path: Path, trap: Trap, way: Way, inside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = way(tmp_path / "p", trap)
    file = (folder if inside else tmp_path) / "mission.toml"
    named = "" if inside else f"folder = '{folder}'"
    for isolation in ("worktree", "shared"):
        file.write_text(TEXT.format(folder=named, isolation=isolation))
        check(str(file))
        assert run(str(file), yes=False) == 2  # Nobody can be asked.
        assert resume(str(file), yes=False) == 2
        clean(str(file))
        assert trap.sprung == []
    file.unlink()
    monkeypatch.chdir(folder)
    new("health", None)
    assert trap.sprung == []
    if way is not by_condition:
        spring(folder)
        assert trap.sprung, "the trap is none"


@pytest.mark.fault("C1")
@pytest.mark.parametrize(
    "way", [by_embedded_bare_repository, *rarely(by_config, by_promisor)], ids=lambda way: way.__name__
)
def test_nothing_runs_when_the_person_refuses(tmp_path: Path, trap: Trap, way: Way) -> None:
    folder = way(tmp_path / "p", trap)
    file = tmp_path / "mission.toml"
    file.write_text(TEXT.format(folder=f"folder = '{folder}'", isolation="shared"))
    assert mission_in_terminal("run", file, folder=tmp_path, keys=b"n\r").code == 130
    file.write_text(TEXT.format(folder=f"folder = '{folder}'", isolation="worktree"))
    assert mission_in_terminal("run", file, folder=tmp_path, keys=b"n\r").code in (130, 2)
    assert trap.sprung == []


@pytest.mark.fault("C1")
@pytest.mark.parametrize(
    "way", [by_config, by_condition, by_bare_repository, by_submodule], ids=lambda way: way.__name__
)
def test_what_a_repository_would_run_is_asked_about(
    tmp_path: Path, trap: Trap, way: Way, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = way(tmp_path / "p", trap)
    file = tmp_path / "mission.toml"
    file.write_text(TEXT.format(folder=f"folder = '{folder}'", isolation="worktree"))
    assert check(str(file)) == 0
    told = capsys.readouterr().out
    for section, middle, key, sign in SETTINGS:
        name = ".".join(filter(None, (section, middle, key.lower())))
        assert f"git runs, for {name}" in told
        assert f"{sign}{trap.program} {section}-{key}" in told
    assert "core.hookspath" in told


@pytest.mark.fault("C1")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_git_that_knows_no_safe_bare_repositories_runs_nothing_either(
    tmp_path: Path, trap: Trap, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tuple(setting for setting in hardened._SETTINGS if not setting.startswith("safe."))
    monkeypatch.setattr(hardened, "_SETTINGS", kept)
    monkeypatch.delitem(hardened._ENVIRONMENT, "GIT_NO_LAZY_FETCH")  # type: ignore[misc]
    folder = way(tmp_path / "p", trap)
    file = tmp_path / "mission.toml"
    file.write_text(TEXT.format(folder=f"folder = '{folder}'", isolation="worktree"))
    code = check(str(file))
    assert run(str(file), yes=False) == 2
    assert trap.sprung == []
    assert (code == 2) is (way in {by_embedded_bare_repository, by_promisor, by_transport})


@pytest.mark.fault("C1")
def test_even_after_consent_our_own_git_runs_nothing_but_drivers(tmp_path: Path, trap: Trap) -> None:
    folder = project(tmp_path / "p")
    drivers = ("filter.", "merge.hostile", "diff.")
    settings = {key: value for key, value in trap.settings().items() if not key.startswith(drivers)}
    write_settings(folder / ".git" / "config", settings)
    file = tmp_path / "mission.toml"
    command = '["sh", "-c", "echo two > a.txt; echo x > new"]'
    text = TEXT.format(folder=f"folder = '{folder}'", isolation="worktree").replace('["true"]', command)
    file.write_text(text.replace("max_rounds = 1", "max_rounds = 2"))
    done = mission("run", "--yes", file, folder=tmp_path)
    assert done.code == 0, done.log
    assert "The work of a is merged" in done.log
    assert mission("clean", folder=tmp_path).code == 0
    assert trap.sprung == []


@pytest.mark.fault("C1")
def test_a_program_that_git_runs_later_is_asked_about(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = tmp_path / "mission.toml"
    file.write_text(TEXT.format(folder="folder = 'p'", isolation="worktree"))
    assert mission("run", "--yes", file, folder=tmp_path).code == 0
    git(folder, "config", "core.autocrlf", "input")
    assert mission("run", file, folder=tmp_path).code == 0
    git(folder, "config", "filter.late.clean", "touch late\x1b[2K; cat")
    asked = mission("run", file, folder=tmp_path)
    assert asked.code == 2
    assert "+ git runs, for filter.late.clean: touch late\\x1b[2K; cat" in asked.log
    assert "agent a" not in asked.log
    assert new("health", str(folder / "new.toml")) == 0  # A template is no agreement to that.
    assert "+ git runs, for filter.late.clean" in mission("run", "new.toml", folder=folder).log
    (folder / ".git" / "hooks" / "pre-commit").write_text("#!/bin/sh\n")
    (folder / ".git" / "hooks" / "pre-commit").chmod(0o755)
    assert "+ git runs the hook pre-commit" in mission("run", file, folder=tmp_path).log


@pytest.mark.fault("C1")
def test_work_trees_elsewhere_and_folders_of_git_are_no_place_for_worktrees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = repository(tmp_path / "p", {"sub/a.txt": "one\n"})
    precious = tmp_path / "precious"
    precious.mkdir()
    file = tmp_path / "mission.toml"
    for named, setting in (
        ("p", str(precious)),
        ("p/sub", str(tmp_path)),
        ("p/.git", ""),
        ("p/.git/refs", ""),
    ):
        if setting:
            git(tmp_path, "config", "--file", str(folder / ".git" / "config"), "core.worktree", setting)
        file.write_text(TEXT.format(folder=f"folder = '{named}'", isolation="worktree"))
        assert check(str(file)) == 2, named
        assert "✗ 1 fault" in capsys.readouterr().err
        if setting:
            git(tmp_path, "config", "--file", str(folder / ".git" / "config"), "--unset", "core.worktree")


@pytest.mark.fault("C1")
def test_a_bare_repository_is_used_when_it_is_named_itself(tmp_path: Path) -> None:
    repository(tmp_path / "p", {"a.txt": "one\n"})
    git(tmp_path, "clone", "--quiet", "--bare", "p", "bare.git")
    file = tmp_path / "mission.toml"
    file.write_text(
        TEXT.format(folder="folder = 'bare.git'", isolation="worktree").replace(
            '["true"]', '["sh", "-c", "echo two > a.txt"]'
        )
    )
    done = mission("run", "--yes", file, folder=tmp_path)
    assert done.code == 0, done.log
    (branch,) = git(tmp_path / "bare.git", "for-each-ref", "--format=%(refname)", "refs/heads/podium").split()
    assert git(tmp_path / "bare.git", "show", f"{branch}:a.txt") == "two"
    assert git(tmp_path / "bare.git", "worktree", "list").count("\n") == 0
