"""Missions from elsewhere are asked about once; those that were made here are not."""

from pathlib import Path

import pytest
from tests.missions.mission_shell import mission, mission_in_terminal, running, until
from tests.repositories.git_shell import git, repository

from podium.core.missions.file import load_mission
from podium.core.missions.trust import is_trusted, trust
from podium.core.system.app_dirs import config_folder, state_folder
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


HIDING = {
    "escape": ("\\u001b]\\n", "\\x1b] ⏎ "),
    "form feed": ("\\f", "\\x0c"),
    "line separator": ("\\u2028", "\\u2028"),
    "right to left": ("\\u202e", "\\u202e"),
    "no width": ("\\u200b", "\\u200b"),
    "tag": ("\\U000e0041", "\\U000e0041"),
    "2,500 columns": (" " * 2500, "␣×2500 "),
    "2,500 letters": ("x" * 2500, "x" * 2500),
}


@pytest.mark.fault("C2")
@pytest.mark.parametrize("where", ["agent", "gate", "setup", "teardown"])
def test_no_command_hides_behind_what_does_not_print(tmp_path: Path, where: str) -> None:
    text = "make test #" + ";".join(written for written, _ in HIDING.values()) + "touch X"
    shown = "make test #" + ";".join(told for _, told in HIDING.values()) + "touch X"
    table = {"agent": '\n[[agents]]\nid = "z"\n', "gate": '\n[[gates]]\nname = "z"\n'}
    command = f'command = "{text}"' if where != "agent" else f'command = ["/bin/sh", "-c", "{text}"]'
    added = table.get(where, "") + command if where in table else f'\n[workspace]\n{where} = "{text}"\n'
    file = tmp_path / "mission.toml"
    file.write_text(TEXT + added)
    done = mission("run", file, folder=tmp_path)
    assert f"{shown}\n" in done.log
    assert all(character == "\n" or character.isprintable() for character in done.log)
    asked = mission_in_terminal("run", file, folder=tmp_path, keys=b"n\r")
    assert asked.code == 130
    assert "".join(shown.split()) in "".join(asked.log.split())


@pytest.mark.fault("C2")
def test_faults_of_a_file_are_shown_without_what_does_not_print(tmp_path: Path) -> None:
    file = tmp_path / "mission.toml"
    file.write_text(TEXT + '\n"k\\u001b[2Jey" = 1\nrequired = "\\u202e"\n')
    done = mission("check", file, folder=tmp_path)
    assert done.code == 2
    assert "k\\x1b[2Jey" in done.log
    assert "\x1b" not in done.log
    assert "\u202e" not in done.log


@pytest.mark.fault("C3")
def test_a_pulled_file_never_lets_agents_into_the_checkout_unasked(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    text = TEXT.replace("echo one >> ran", "echo two > a.txt").replace("test -e ran\n", "")
    file = project / "mission.toml"
    file.write_text(text)
    yes = mission_in_terminal("run", file, folder=project, keys=b"y\r")
    assert yes.code == 0, yes.log
    assert "agents work: in worktrees of their own" in yes.log
    file.write_text(text + '\n[workspace]\nisolation = "shared"\n')
    for action in ("run", "resume"):
        asked = mission(action, file, folder=project)
        assert asked.code == 2
        assert "+ agents work: in the folder itself" in asked.log
        assert "- agents work: in worktrees" in asked.log
        assert "agent a:" not in asked.log
    assert (project / "a.txt").read_text() == "one\n"
    no = mission_in_terminal("run", file, folder=project, keys=b"n\r")
    assert no.code == 130
    assert (project / "a.txt").read_text() == "one\n"
    assert "+ agents work: in the folder itself" in mission("check", file, folder=project).log


@pytest.mark.fault("C3")
def test_a_folder_that_leaves_its_repository_is_asked_about(tmp_path: Path) -> None:
    """Nothing in the mission file changes: agents would work in the folder itself because git knows it no more."""
    project = repository(tmp_path / "p", {"sub/a.txt": "one\n"})
    file = project / "mission.toml"
    file.write_text('folder = "sub"\n' + TEXT.replace("test -e ran\n", ""))
    assert mission("run", "--yes", file, folder=project).code == 0
    (project / "sub" / "mine").write_text("")
    git(project, "rm", "--quiet", "--cached", "-r", "sub")
    git(project, "commit", "--quiet", "--message", "Pulled")
    asked = mission("run", file, folder=project)
    assert asked.code == 2
    assert "+ agents work: in the folder itself" in asked.log


@pytest.mark.fault("C3")
def test_what_mission_new_wrote_is_asked_about_when_it_allows_more(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    assert mission("new", "demo", folder=project).code == 0
    file = project / "mission.toml"
    text = file.read_text()
    file.write_text(text + '\n[workspace]\nisolation = "shared"\n')
    assert mission("run", file, folder=project).code == 2
    file.write_text(text.replace("max_rounds = 3", "max_rounds = 30"))
    asked = mission("run", file, folder=project)
    assert asked.code == 2
    assert "- rounds: 3 at most\n  + rounds: 30 at most" in asked.log


@pytest.mark.fault("C3")
def test_an_interrupted_mission_that_changed_is_asked_about_before_it_goes_on(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = tmp_path / "mission.toml"
    text = TEXT.replace(
        "echo one >> ran", f"echo $PODIUM_PROMPT >> {tmp_path}/said; test -e {tmp_path}/go || sleep 600"
    )
    text = "folder = 'p'\nbudget_usd = 1\n" + text.replace("test -e ran\n", "")
    file.write_text(text)
    with running("run", "--yes", file, folder=project) as process:
        until((tmp_path / "said").exists, "the agent's turn")
        process.kill()
        process.wait()
    (tmp_path / "go").touch()
    file.write_text(text.replace("do it", "do harm").replace("budget_usd = 1\n", ""))
    asked = mission("resume", file, folder=project)
    assert asked.code == 2
    for line in (
        "- budget: $1.00",
        "+ budget: no limit",
        "- agent a, prompt: do it",
        "+ agent a, prompt: do harm",
    ):
        assert line in asked.log
    assert (tmp_path / "said").read_text() == "do it\n"
    gone_on = mission_in_terminal("resume", file, folder=project, keys=b"y\r")
    assert gone_on.code == 0, gone_on.log
    assert "has changed since you agreed to it" in gone_on.log
    assert (tmp_path / "said").read_text() == "do it\ndo harm\n"


@pytest.mark.fault("C3")
def test_a_broken_file_of_agreements_is_kept_and_told(tmp_path: Path) -> None:
    file = tmp_path / "mission.toml"
    file.write_text(TEXT)
    assert mission("run", "--yes", file, folder=tmp_path).code == 0
    agreements = state_folder() / "trusted-missions.json"
    agreements.write_bytes(agreements.read_bytes()[:-20])
    assert mission("run", file, folder=tmp_path).code == 2
    again = mission("run", "--yes", file, folder=tmp_path)
    assert again.code == 0
    assert "trusted-missions.json.unreadable" in again.log
    assert mission("run", file, folder=tmp_path).code == 0


@pytest.mark.fault("C4")
def test_a_secret_from_outside_is_asked_for_by_name_before_it_is_sent(tmp_path: Path) -> None:
    secret = Path.home() / ".ssh" / "id_rsa"
    secret.parent.mkdir(parents=True)
    secret.write_text("SECRET\n")
    project = tmp_path / "p"
    project.mkdir()
    (project / "task.md").symlink_to(secret)
    file = project / "mission.toml"
    text = TEXT.replace("echo one >> ran", 'printf %s \\"$PODIUM_PROMPT\\" > sent; touch ran')
    file.write_text(text)
    assert mission("run", "--yes", file, folder=project).code == 0
    (project / "sent").unlink()
    for name in ("~/.ssh/id_rsa", str(secret), "task.md"):
        file.write_text(text.replace('prompt = "do it"', f'prompt_file = "{name}"'))
        for action in ("run", "check"):
            asked = mission(action, file, folder=project)
            assert f"reads from outside the project and sends, as its prompt: {secret}" in asked.log
            assert "SECRET" not in asked.log
        assert not (project / "sent").exists()


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
