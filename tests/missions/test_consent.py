"""Missions from elsewhere are asked about once; those that were made here are not."""

from pathlib import Path

import pytest
from mission_shell import git, mission, mission_in_terminal, repository

from podium.core.mission_file import load_mission
from podium.core.mission_trust import is_trusted, trust
from podium.core.own_folders import config_folder
from podium.missions.actions.new import new, templates

TEXT = """
name = "Try"
max_rounds = 1
[[agents]]
id = "a"
command = ["sh", "-c", "echo one >> ran"]
prompt = "do it"
[[gates]]
name = "lines"
command = '''
test -e ran
true'''
"""


def test_in_a_terminal_it_shows_what_it_runs_and_asks_once(tmp_path: Path) -> None:
    file = tmp_path / "mission.toml"
    file.write_text(TEXT)
    no = mission_in_terminal("run", file, folder=tmp_path, keys=b"n\r")
    assert no.code == 130
    assert "agent a: sh -c 'echo one >> ran'" in no.log
    assert "gate lines: test -e ran ⏎ true" in no.log
    assert not (tmp_path / "ran").exists()
    yes = mission_in_terminal("run", file, folder=tmp_path, keys=b"y\r")
    assert yes.code == 0
    again = mission("run", file, folder=tmp_path)
    assert again.code == 0
    assert "[y/n]" not in again.log
    file.write_text(TEXT.replace('"Try"', '"Another name"') + "timeout = 5\n")
    assert mission("run", file, folder=tmp_path).code == 0
    file.write_text(TEXT.replace("echo one", "echo two"))
    changed = mission("run", file, folder=tmp_path)
    assert changed.code == 2
    assert "two" not in (tmp_path / "ran").read_text()


def test_without_a_terminal_it_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "mission.toml"
    file.write_text(TEXT.replace("echo one", "printf '\\u001b[2J' one"))
    done = mission("run", file, folder=tmp_path)
    assert done.code == 2
    assert "--yes" in done.log
    assert "\x1b" not in done.log
    assert not (tmp_path / "ran").exists()
    assert mission("run", "--yes", file, folder=tmp_path).code == 0
    assert mission("run", file, folder=tmp_path).code == 0


def test_the_same_commands_elsewhere_are_another_mission(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mission.toml").write_text(TEXT)
    trust(load_mission(tmp_path / "here" / "mission.toml"))
    assert is_trusted(load_mission(tmp_path / "here" / "mission.toml"))
    assert not is_trusted(load_mission(tmp_path / "there" / "mission.toml"))


@pytest.mark.parametrize("name", ["health", "demo"])
def test_templates_without_ai_run_as_they_are(tmp_path: Path, name: str) -> None:
    project = repository(tmp_path / "p", {"README.md": "x\n", "LICENSE": "x\n"})
    written = mission("new", name, folder=project)
    assert written.code == 0
    assert written.log == "mission.toml is written. Look at it, then: podium mission run mission.toml\n"
    done = mission("run", "mission.toml", folder=project)
    assert done.code == 0, done.log
    assert "✓ Done" in done.log
    if name == "demo":
        assert "simulated" in done.log
        (branch,) = git(project, "for-each-ref", "--format=%(refname)", "refs/heads/podium").splitlines()
        assert git(project, "show", f"{branch}:lighthouse.txt").count("|##|") == 2


def test_the_health_check_finds_what_is_wrong(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "<<<<<<< mine\nx\n"})
    (project / "big").write_bytes(b"x" * (11 << 20))
    git(project, "add", "big")
    git(project, "commit", "--quiet", "--message", "Big")
    assert mission("new", "health", "check.toml", folder=project).code == 0
    done = mission("run", "check.toml", folder=project)
    assert done.code == 1
    assert "still failing: markers, large files" in " ".join(done.log.split())
    assert "./big" in done.log


@pytest.mark.parametrize("name", ["bugfix", "feature", "refactor", "review", "tests", "research"])
def test_templates_are_missions_without_faults_where_their_tool_is(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "claude").write_text("#!/bin/sh\n")
    (tools / "claude").chmod(0o755)
    lone = mission("new", name, tmp_path / "lone.toml", folder=tmp_path)
    assert lone.code == 0
    assert "There is no program “claude” on the PATH. Install it" in lone.log
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    done = mission("new", name, folder=tmp_path)
    assert "Still to do" not in done.log
    assert mission("check", "mission.toml", folder=tmp_path).code == 0
    assert is_trusted(load_mission(tmp_path / "mission.toml"))


def test_new_never_writes_over_a_file_and_knows_its_templates(tmp_path: Path) -> None:
    (tmp_path / "mission.toml").write_text("mine")
    done = mission("new", "demo", folder=tmp_path)
    assert done.code == 2
    assert (tmp_path / "mission.toml").read_text() == "mine"
    unknown = mission("new", "bugfx", folder=tmp_path)
    assert unknown.code == 2
    assert "Did you mean “bugfix”?" in unknown.log
    assert list(templates()) == [
        "bugfix",
        "demo",
        "feature",
        "health",
        "refactor",
        "research",
        "review",
        "tests",
    ]
    assert all(templates().values())


def test_a_role_of_the_persons_own_stands_for_the_shipped_one(tmp_path: Path) -> None:
    (config_folder() / "roles").mkdir(parents=True)
    (config_folder() / "roles" / "builder.md").write_text("My own way.")
    (tmp_path / "mission.toml").write_text(TEXT.replace('prompt = "do it"', 'role = "builder"'))
    assert load_mission(tmp_path / "mission.toml").agents[0].task == "My own way."


def test_new_without_a_template_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert new("", None) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(templates())
