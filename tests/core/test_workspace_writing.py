"""Instances in, the text of a workspace file out, and the same instances from it again."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from podium.core.ids import InstanceId
from podium.core.instances import (
    AgentLaunch,
    AlertLevel,
    InstancePolicy,
    InstanceSpec,
    Kind,
    RestartWhen,
    StopBy,
    StopMethod,
    ThemeName,
)
from podium.core.workspace_files.file import load_workspace_file
from podium.core.workspace_files.keys import View
from podium.core.workspace_files.opened import OpenedFolder, open_path
from podium.core.workspace_files.writing import WrittenWorkspace, workspace_text


def spec(folder: Path, name: str = "server", **fields: Any) -> InstanceSpec:
    fields.setdefault("kind", Kind.COMMAND)
    if fields["kind"] is Kind.COMMAND:
        fields.setdefault("command", ("make", "run it"))
    return InstanceSpec(
        id=InstanceId(name.replace(" ", "-")), name=name, theme=ThemeName.AMBER, folder=str(folder), **fields
    )


def written(folder: Path, *specs: InstanceSpec, file: str = "shop.podium.toml") -> WrittenWorkspace:
    (folder / file).parent.mkdir(exist_ok=True)
    made = workspace_text("Shop", View.GRID, specs, folder / file, folder.parent)
    (folder / file).write_text(made.text, encoding="utf-8")
    return made


def read_back(folder: Path, *specs: InstanceSpec, file: str = "shop.podium.toml") -> list[InstanceSpec]:
    written(folder, *specs, file=file)
    workspace = load_workspace_file(folder / file)
    assert (workspace.name, workspace.view) == ("Shop", View.GRID)
    return [
        entry.spec(before.id, ThemeName.ROSE)
        for entry, before in zip(workspace.instances, specs, strict=True)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path.resolve() / "shop"
    (made / "web").mkdir(parents=True)
    (made.parent / "other").mkdir()
    (made / "a.mission.toml").write_text("")
    return made


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": Kind.SHELL},
        {"command": ("sh", "-c", 'echo "a b" \\\n\t# é 🌊 ]]')},
        {"environment": {"PORT": "8080", "GREETING": 'say "hi"\nand =go'}},
        {"alerts": AlertLevel.IMPORTANT},
        {"agent": AgentLaunch("claude"), "command": ("claude", "--model", "x")},
        {"policy": InstancePolicy(RestartWhen.NEVER, (0, 3), (1, 2), StopMethod(StopBy.KEYS, "Ctrl+C q"))},
        {"policy": InstancePolicy(stop=StopMethod(StopBy.TEXT, "/exit"))},
        {"policy": InstancePolicy(stop=StopMethod(StopBy.SIGNAL, "SIGINT"))},
        {"memory_max_mib": 512, "cpu_percent": 150},
    ],
)
def test_what_is_written_is_read_again(folder: Path, fields: dict[str, Any]) -> None:
    before = spec(folder / "web", **fields)
    assert read_back(folder, before) == [before]


def test_a_mission_keeps_its_file(folder: Path) -> None:
    before = spec(folder, kind=Kind.MISSION, mission=str(folder / "a.mission.toml"))
    assert read_back(folder, before) == [before]
    assert 'mission = "a.mission.toml"' in written(folder, before).text


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("shop", None),
        ("shop/web", 'folder = "web"'),
        ("other", 'folder = "~/other"'),
        (".", 'folder = "~"'),
        ("/", 'folder = "/"'),
    ],
)
def test_a_path_is_written_so_that_others_have_it_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, place: str, said: str | None
) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    before = spec((folder.parent / place).resolve())
    text = written(folder, before).text
    assert (said in text) if said else ("folder =" not in text)
    assert read_back(folder, before) == [before]


def test_a_folder_that_is_called_like_the_home_folder_is_none(folder: Path) -> None:
    (folder / "~").mkdir()
    before = spec(folder / "~")
    assert read_back(folder, before) == [before]


def test_names_are_unique_in_the_file(folder: Path) -> None:
    first, second, third = (spec(folder, name) for name in ("a", "a", "a 2"))
    assert [one.name for one in read_back(folder, first, second, third)] == ["a", "a 2", "a 2 2"]


@pytest.mark.parametrize(
    "name", ["GITHUB_TOKEN", "API_KEY", "OPENAI_APIKEY", "DB_PASSWORD", "aws_secret", "AUTH", "Key"]
)
def test_what_looks_like_a_secret_is_left_out_and_told(folder: Path, name: str) -> None:
    made = written(folder, spec(folder, environment={name: "hunter2", "KEYBOARD": "de", "AUTHOR": "me"}))
    assert "hunter2" not in made.text
    assert 'KEYBOARD = "de"' in made.text
    assert 'AUTHOR = "me"' in made.text
    [said] = made.left_out
    assert name in said


def test_rights_are_never_shared(folder: Path) -> None:
    before = spec(folder, may_control=True, may_write_clipboard=True)
    [after] = read_back(folder, before)
    assert after == msgspec.structs.replace(before, may_control=False, may_write_clipboard=False)


def test_a_prompt_and_a_session_stay_here(folder: Path) -> None:
    agent = AgentLaunch("claude", session="abc", first_prompt="Do it", branch="podium/x")
    made = written(folder, spec(folder, agent=agent))
    assert 'agent = "claude"' in made.text
    assert not any(word in made.text for word in ("abc", "Do it", "podium/x"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"command": ("x" * 5000,)}, "characters long"),
        ({"environment": {"A": "x" * 5000}}, "characters long"),
        ({"environment": {"a b": "x"}}, "no variable's name"),
        ({"policy": InstancePolicy(stop=StopMethod(StopBy.MESSAGE))}, "way to stop"),
        ({"policy": InstancePolicy(stop=StopMethod(StopBy.TEXT, "q"))}, "way to stop"),
    ],
)
def test_what_a_file_can_not_say_is_told(folder: Path, fields: dict[str, Any], said: str) -> None:
    made = written(folder, spec(folder, "odd", **fields), spec(folder, "plain"))
    [sentence] = made.left_out
    assert "odd" in sentence
    assert said in sentence
    assert "plain" in [one.name for one in load_workspace_file(folder / "shop.podium.toml").instances]


def test_a_shell_that_is_another_one_becomes_a_command_that_is_not_run_again(folder: Path) -> None:
    [after] = read_back(folder, spec(folder, kind=Kind.SHELL, command=("fish",)))
    assert (after.kind, after.command, after.policy.restart) == (Kind.COMMAND, ("fish",), RestartWhen.NEVER)


def test_the_file_that_a_folder_carries_is_about_the_folder(folder: Path) -> None:
    before = spec(folder / "web")
    text = written(folder, before, file=".podium/workspace.toml").text
    assert 'folder = "web"' in text
    opened = open_path(folder, {})
    assert isinstance(opened, OpenedFolder)
    assert opened.workspace is not None
    assert [entry.folder for entry in opened.workspace.instances] == [str(folder / "web")]


def test_a_folder_whose_file_has_faults_is_a_folder_all_the_same(folder: Path) -> None:
    (folder / ".podium").mkdir()
    (folder / ".podium/workspace.toml").write_text("nam = 1")
    opened = open_path(folder, {})
    assert isinstance(opened, OpenedFolder)
    assert opened.workspace is None
    assert opened.faults


@pytest.mark.parametrize("kind", ["folder", "broken link", "loop"])
def test_what_is_no_file_there_is_none(folder: Path, kind: str) -> None:
    (folder / ".podium").mkdir()
    file = folder / ".podium/workspace.toml"
    if kind == "folder":
        file.mkdir()
    else:
        file.symlink_to(file if kind == "loop" else folder / "nowhere")
    assert open_path(folder, {}) == OpenedFolder(folder)
