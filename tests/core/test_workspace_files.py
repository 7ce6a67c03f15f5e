"""A path in, what it is out: a folder, a mission, a workspace with its instances, or every fault at once."""

import os
from pathlib import Path

import pytest

from podium.core.config.toml_file import Fault
from podium.core.ids import InstanceId
from podium.core.instances import InstancePolicy, Kind, RestartWhen, StopBy, StopMethod, ThemeName
from podium.core.workspace_files.example import EXAMPLE
from podium.core.workspace_files.file import WorkspaceFile, WorkspaceFileError, load_workspace_file
from podium.core.workspace_files.keys import INSTANCE_KEYS, View
from podium.core.workspace_files.opened import (
    NotOpened,
    OpenedFolder,
    OpenedMission,
    OpenedWorkspace,
    open_path,
)
from podium.core.workspace_files.paths import path_of
from podium.core.workspace_files.schema import workspace_file_schema

MISSION = """
name = "Fix it"
[[agents]]
id = "one"
command = ["true"]
"""


def load(folder: Path, text: str, name: str = "shop.podium.toml") -> WorkspaceFile:
    (folder / name).write_text(text, encoding="utf-8")
    return load_workspace_file(folder / name)


def faults(folder: Path, text: str) -> list[Fault]:
    with pytest.raises(WorkspaceFileError) as raised:
        load(folder, text)
    return list(raised.value.faults)


def test_the_example_is_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "flaky.mission.toml").write_text(MISSION)
    workspace = load(tmp_path, EXAMPLE)
    assert (workspace.name, workspace.view) == ("Shop", View.GRID)
    home = tmp_path.resolve()
    assert [(one.name, one.kind, one.command, one.folder, one.start) for one in workspace.instances] == [
        ("shell", Kind.SHELL, (), str(home), True),
        ("server", Kind.COMMAND, ("npm", "run", "dev"), str(home / "web"), True),
        ("tests", Kind.COMMAND, ("make", "watch"), str(home), False),
        ("Fix the flaky tests", Kind.MISSION, (), str(home), True),
    ]
    assert workspace.instances[1].policy.stop == StopMethod(StopBy.KEYS, "Ctrl+C")
    assert workspace.instances[3].mission == str(home / "flaky.mission.toml")
    assert workspace.instances[3].theme is ThemeName.ROSE


def test_each_key_of_an_instance_is_taken_over(tmp_path: Path) -> None:
    [one] = load(
        tmp_path,
        """
        [[instances]]
        name = "server"
        kind = "command"
        command = "echo 'a b' $HOME"
        restart = "never"
        success_codes = [0, 3]
        failure_codes = [1]
        stop = "/exit"
        memory_max_mib = 512
        cpu_percent = 50
        """,
    ).instances
    assert one.command == ("echo", "a b", "$HOME"), "split, and nothing of it expanded"
    assert one.policy == InstancePolicy(RestartWhen.NEVER, (0, 3), (1,), StopMethod(StopBy.TEXT, "/exit"))
    assert (one.memory_max_mib, one.cpu_percent) == (512, 50)


def test_without_a_name_it_is_called_as_its_file(tmp_path: Path) -> None:
    assert load(tmp_path, '[[instances]]\nname = "a"\n').name == "shop"


def test_every_fault_is_found_at_once_with_what_to_write(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        """
        view = "pile"
        colour = "red"
        [[instances]]
        name = "a"
        kind = "command"
        [[instances]]
        name = "a"
        folder = "nowhere"
        comand = "make"
        [[instances]]
        name = "c"
        kind = "shell"
        command = "echo 'open"
        mission = "nothing.toml"
        restart = "always"
        """,
    )
    assert {fault.key for fault in found} == {
        "view",
        "colour",
        "instances[0].command",
        "instances[1].name",
        "instances[1].folder",
        "instances[1].comand",
        "instances[2].command",
        "instances[2].mission",
        "instances[2].restart",
    }
    assert all(fault.fix and fault.file.endswith("shop.podium.toml") for fault in found)
    assert next(fault.fix for fault in found if fault.key.endswith("comand")) == "Write “command”."


def test_a_line_that_is_no_toml_is_named(tmp_path: Path) -> None:
    [fault] = faults(tmp_path, 'name = "a"\nview = grid\n')
    assert fault.key.startswith("line 2")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("name = 'a'", "instances"),
        ("instances = []", "instances"),
        ("[instances]\nname = 'a'", "instances"),
        ("[[instances]]\nname = 'a'\n" * 65, "instances"),
        ("[[instances]]\nname = ''", "instances[0].name"),
        ("[[instances]]\nname = 'a\\u202eb'".replace("'", '"'), "instances[0].name"),
        (f"[[instances]]\nname = '{'n' * 65}'", "instances[0].name"),
        (f"[[instances]]\nname = 'a'\ncommand = ['{'x' * 5000}']", "instances[0].command"),
        ("[[instances]]\nname = 'a'\ncommand = []", "instances[0].command"),
        ("[[instances]]\nname = 'a'\ncommand = ['a', 1]", "instances[0].command"),
        ("[[instances]]\nname = 'a'\nmission = 'shop.podium.toml'\nkind = 'shell'", "instances[0].mission"),
        ("[[instances]]\nname = 'a'\nkind = 'mission'", "instances[0].mission"),
        ("[[instances]]\nname = 'a'\nkind = 'shell'\ncommand = 'make'", "instances[0].command"),
        ("[[instances]]\nname = 'a'\nmay_control = true", "instances[0].may_control"),
        ("[[instances]]\nname = 'a'\nenvironment = {PODIUM_SOCKET = 'x'}", "instances[0].environment"),
        ("[[instances]]\nname = 'a'\nsuccess_codes = [-1]", "instances[0].success_codes"),
        ("[[instances]]\nname = 'a'\nstop = 'SIGNOTHING'", "instances[0].stop"),
    ],
    ids=lambda value: value[:20] if value.startswith("instances") else "",
)
def test_what_can_not_be_is_refused(tmp_path: Path, text: str, key: str) -> None:
    assert [fault.key for fault in faults(tmp_path, text)] == [key]


def test_the_schema_has_each_key(tmp_path: Path) -> None:
    items = workspace_file_schema()["properties"]["instances"]["items"]
    assert list(items["properties"]) == [key.name for key in INSTANCE_KEYS]
    assert items["required"] == ["name"]


@pytest.mark.parametrize("name", ["mission.toml", "fix.mission.toml", "other.toml"])
def test_a_mission_is_known_by_its_name_or_its_tables(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(MISSION)
    assert open_path(tmp_path / name, {}) == OpenedMission(tmp_path / name)


def test_a_mission_that_runs_already_is_that_instance(tmp_path: Path) -> None:
    (tmp_path / "mission.toml").write_text(MISSION)
    (tmp_path / "link.mission.toml").symlink_to("mission.toml")
    there = {InstanceId("other"): str(tmp_path / "x.toml"), InstanceId("m"): str(tmp_path / "mission.toml")}
    opened = open_path(tmp_path / "link.mission.toml", there)
    assert isinstance(opened, OpenedMission)
    assert opened.instance == "m"


@pytest.mark.parametrize("name", ["mission.toml", "Fix.Mission.TOML"])
def test_the_faults_of_a_mission_come_with_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("name = 1\n")
    opened = open_path(tmp_path / name, {})
    assert isinstance(opened, OpenedMission)
    assert [fault.key for fault in opened.faults] == ["name", "agents"]


@pytest.mark.parametrize("name", ["shop.podium.toml", "Shop.PODIUM.TOML", "shop.toml"])
def test_a_workspace_is_known_by_its_name_or_its_tables(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('[[instances]]\nname = "a"\n')
    opened = open_path(tmp_path / name, {})
    assert isinstance(opened, OpenedWorkspace)
    assert [one.name for one in opened.workspace.instances] == ["a"]


def test_a_folder_is_a_folder_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "x.podium.toml").mkdir()
    assert open_path(tmp_path / "x.podium.toml", {}) == OpenedFolder(tmp_path / "x.podium.toml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.toml", b"title = 'x'"),
        ("notes.txt", b"hello"),
        ("broken.podium.toml", b"[["),
        ("picture.png", b"\x89PNG\xff"),
        ("", b""),
        ("mission.toml", None),
        ("a.podium.toml", None),
        ("gone.toml", None),
    ],
)
def test_all_else_can_not_be_opened_and_says_why(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / (name or "pipe")
    if not name:
        os.mkfifo(path)
    elif content is not None:
        path.write_bytes(content)
    opened = open_path(path, {})
    assert isinstance(opened, NotOpened)
    assert opened.faults[0].reason
    assert opened.faults[0].fix


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/a/b.toml", "/a/b.toml"),
        ("/a/../b.toml", "/b.toml"),
        ("file:///a%20b/%C3%A4.toml", "/a b/ä.toml"),
        ("file://localhost/a.toml", "/a.toml"),
        ("file:/a.toml", "/a.toml"),
    ],
)
def test_a_desktop_hands_over_paths_and_urls(text: str, path: str) -> None:
    assert path_of(text) == Path(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "file://elsewhere/a.toml",
        "file:",
        "https://localhost/a.toml",
        "a\0b",
        "file:///a%00b",
        "file:///%ff.toml",
    ],
)
def test_what_names_no_file_here_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"machine|missing|UTF-8"):
        path_of(text)


@pytest.mark.parametrize(
    "text",
    ["a." * 5_000 + "a = 1", "\n[" + "'a' . " * 5_000 + "a]", 'x = {y = 1, "\\"".' + "a." * 64 + "a=1}"],
    ids=["bare", "table", "inline"],
)
def test_a_key_of_too_many_parts_is_a_fault_before_it_takes_all_memory(tmp_path: Path, text: str) -> None:
    [fault] = faults(tmp_path, text)
    assert fault.reason == "A key has too many parts."
    assert fault.key == f"line {1 + text.startswith(chr(10))}"


def test_names_with_many_dots_in_texts_are_no_keys(tmp_path: Path) -> None:
    reverse = ".".join("b567" * 8) + ".ip6.arpa"
    text = f'[[instances]]\nname = "a"\ncommand = ["echo", "{reverse} {"." * 200}"]\n'
    assert load(tmp_path, text).instances[0].command[1].startswith(reverse)


@pytest.mark.skipif(os.name == "nt", reason="names of files are texts there")
@pytest.mark.parametrize(
    "entry", ['folder = "link"', 'mission = "link/mission.toml"'], ids=["folder", "mission"]
)
def test_a_link_to_a_name_that_is_no_text_is_a_fault(tmp_path: Path, entry: str) -> None:
    """The window's memory is JSON: with such a name in it nothing would be saved any more."""
    strange = os.fsencode(tmp_path) + b"/\xff"
    try:
        os.mkdir(strange)  # noqa: PTH102 - a Path holds no bytes
    except OSError:
        pytest.skip("this file system takes no such name")
    (tmp_path / "link").symlink_to(os.fsdecode(strange))
    (tmp_path / "link" / "mission.toml").write_text(MISSION)
    [fault] = faults(tmp_path, f'[[instances]]\nname = "a"\n{entry}\n')
    assert "\\xff" in fault.reason
    assert "is no UTF-8 text" in fault.reason


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("environment = 3", "environment"),
        ('environment = { "A B" = "x" }', "environment"),
        ("environment = { PODIUM_SOCKET = 'x' }", "environment"),
        ("environment = { A = 1 }", "environment"),
        ('[[instances]]\nname = "b"\nenvironment = ["A=1"]', "instances[0].environment"),
        ('[[instances]]\nname = "b"\nagent = "claude"', "instances[0].agent"),
        ('[[instances]]\nname = "b"\ncommand = "x"\nagent = "../claude"', "instances[0].agent"),
        ('[[instances]]\nname = "b"\nalerts = "loud"', "instances[0].alerts"),
    ],
)
def test_variables_agents_and_alerts_are_checked(tmp_path: Path, text: str, key: str) -> None:
    if "[[instances]]" not in text:
        text += '\n[[instances]]\nname = "a"\n'
    assert [fault.key for fault in faults(tmp_path, text)] == [key]


def test_an_instance_has_the_workspaces_variables_and_its_own(tmp_path: Path) -> None:
    text = (
        'environment = { A = "1", B = "2" }\n'
        '[[instances]]\nname = "a"\nenvironment = { B = "3" }\n[[instances]]\nname = "b"\n'
    )
    assert [one.environment for one in load(tmp_path, text).instances] == [
        {"A": "1", "B": "3"},
        {"A": "1", "B": "2"},
    ]
