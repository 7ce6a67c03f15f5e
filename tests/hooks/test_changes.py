"""Hooks in the files of real people: shown first, put in, taken out without a trace, refused where nobody could."""

import json
import os
from pathlib import Path

import pytest

from podium.core.adapters.hooks import HookEvent, Hooks, HooksFormat
from podium.core.adapters.registry import load_adapters
from podium.hooks import changes, command, own_file, settings_files
from podium.hooks.changes import Change, Standing, carry_out, installing, removing, standing
from podium.hooks.places import Place, project_place, user_place
from podium.hooks.records import Records
from podium.hooks.settings_files import ChangedMeanwhile, HooksError

HOOKS = Hooks(
    format=HooksFormat.GROUPS,
    user="{TOOL_HOME|~/.tool}/settings.json",
    project=".tool/settings.json",
    events=(HookEvent(name="Start"), HookEvent(name="Stop")),
)
PLUGIN = Hooks(
    format=HooksFormat.FILE,
    user="~/.tool/plugins/podium.js",
    text="// Podium's hooks, version {version}.\n",
    events=(HookEvent(name="Stop"),),
)
TABLE = Hooks(
    format=HooksFormat.FILE,
    user="~/.tool/hooks/podium.json",
    text='{"hooks": {"Stop": [{"bash": {command}}]}}',
    events=(HookEvent(name="Stop"),),
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / ".tool" / "settings.json")


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "state" / "hooks.json")


def install(place: Place, records: Records, hooks: Hooks = HOOKS) -> Change:
    change = installing("tool", hooks, place, records)
    assert change is not None
    carry_out(change, records)
    assert standing("tool", hooks, place) is Standing.INSTALLED
    return change


def take_out(place: Place, records: Records, hooks: Hooks = HOOKS) -> None:
    change = removing(hooks, place, records)
    assert change is not None
    carry_out(change, records)
    assert standing("tool", hooks, place) is Standing.NONE


def write(place: Place, text: str) -> Path:
    place.path.parent.mkdir(parents=True, exist_ok=True)
    place.path.write_bytes(text.encode())
    return place.path


@pytest.mark.parametrize("hooks", [HOOKS, PLUGIN, TABLE], ids=["settings", "plugin", "table"])
def test_what_was_not_there_is_not_there_again(hooks: Hooks, tmp_path: Path, records: Records) -> None:
    home = tmp_path / "home"
    home.mkdir()
    place = user_place(hooks, {"HOME": str(home)})
    install(place, records, hooks)
    take_out(place, records, hooks)
    assert list(home.iterdir()) == []
    assert removing(hooks, place, records) is None


@pytest.mark.parametrize(
    "text", ["", "{}", '{"hooks": {}}', '{\n  "hooks": {"Stop": []} // mine\n}', '\ufeff{"a":1}\r\n']
)
def test_a_file_that_was_there_is_the_same_again(text: str, place: Place, records: Records) -> None:
    path = write(place, text)
    path.chmod(0o640)
    install(place, records)
    assert path.stat().st_mode & 0o777 == 0o640
    take_out(place, records)
    assert path.read_bytes() == text.encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_folders_stay_where_something_else_is_in_them(tmp_path: Path, records: Records) -> None:
    place = user_place(PLUGIN, {"HOME": str(tmp_path)})
    install(place, records, PLUGIN)
    (tmp_path / ".tool" / "own.txt").touch()
    take_out(place, records, PLUGIN)
    assert [path.name for path in (tmp_path / ".tool").iterdir()] == ["own.txt"]


def test_a_second_time_there_is_nothing_to_do(place: Place, records: Records) -> None:
    install(place, records)
    assert installing("tool", HOOKS, place, records) is None


def test_those_of_an_older_podium_are_replaced(
    place: Place, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(place, '{"a": 1}')
    install(place, records)
    monkeypatch.setattr(command, "VERSION", 2)
    monkeypatch.setattr(changes, "VERSION", 2)
    assert standing("tool", HOOKS, place) is Standing.OLDER
    install(place, records)
    assert path.read_text().count(" v2") == 2
    assert " v1" not in path.read_text()
    take_out(place, records)
    assert path.read_text() == '{"a": 1}'


def test_those_of_a_newer_podium_and_changed_ones_are_told_apart(place: Place, records: Records) -> None:
    path = write(place, "{}")
    install(place, records)
    text = path.read_text()
    path.write_text(text.replace('"timeout": 5', '"timeout": 50'))
    assert standing("tool", HOOKS, place) is Standing.CHANGED
    path.write_text(text.replace(" v1", " v7"))
    assert standing("tool", HOOKS, place) is Standing.NEWER
    path.write_text(text.replace('"Stop"', '"Halt"'))
    assert standing("tool", HOOKS, place) is Standing.CHANGED
    take_out(place, records)
    assert "podium" not in path.read_text()


def test_what_a_person_changed_since_stays(place: Place, records: Records) -> None:
    path = write(place, '{\n  "a": 1\n}\n')
    install(place, records)
    path.write_text(path.read_text().replace('"a": 1', '"a": 2'))
    take_out(place, records)
    assert path.read_text() == '{\n  "a": 2\n}\n'


def test_without_its_record_only_ours_goes(place: Place, records: Records, tmp_path: Path) -> None:
    path = write(place, '{\n  "a": 1\n}\n')
    install(place, records)
    (tmp_path / "state" / "hooks.json").write_text("{ broken")
    take_out(place, records)
    assert path.read_text() == '{\n  "a": 1\n}\n'


def test_a_link_stays_a_link(tmp_path: Path, place: Place, records: Records) -> None:
    real = tmp_path / "dotfiles" / "tool.json"
    real.parent.mkdir()
    real.write_text('{"a": 1}')
    place.path.parent.mkdir()
    place.path.symlink_to(real)
    install(place, records)
    assert place.path.is_symlink()
    assert "podium" in real.read_text()
    take_out(place, records)
    assert place.path.is_symlink()
    assert real.read_text() == '{"a": 1}'


def test_what_changed_after_it_was_shown_is_not_overwritten(place: Place, records: Records) -> None:
    path = write(place, "{}")
    change = installing("tool", HOOKS, place, records)
    assert change is not None
    path.write_text('{"new": 1}')
    with pytest.raises(ChangedMeanwhile, match="Look at the change again"):
        carry_out(change, records)
    assert path.read_text() == '{"new": 1}'
    assert [one.name for one in path.parent.iterdir()] == ["settings.json"]


def test_a_file_that_appears_after_it_was_shown_is_not_overwritten(place: Place, records: Records) -> None:
    change = installing("tool", HOOKS, place, records)
    assert change is not None
    path = write(place, "{}")
    with pytest.raises(ChangedMeanwhile):
        carry_out(change, records)
    assert path.read_text() == "{}"


def test_a_file_that_changes_after_its_removal_was_shown_stays(place: Place, records: Records) -> None:
    install(place, records)
    change = removing(HOOKS, place, records)
    assert change is not None
    assert change.after is None
    place.path.write_text(place.path.read_text() + "// mine\n")
    with pytest.raises(ChangedMeanwhile):
        carry_out(change, records)
    assert "// mine" in place.path.read_text()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1,\n "b" 2}', "line 2: a colon is missing"),
        (b'{"a": "\xff"}', "line 1: this is no UTF-8"),
        (b"[]", "line 1: the settings are no object"),
        (b'{\n\n"hooks": []}', "line 3: “hooks” is no object"),
    ],
)
def test_a_file_with_a_fault_is_named_with_its_line(
    data: bytes, said: str, place: Place, records: Records
) -> None:
    write(place, "")
    place.path.write_bytes(data)
    with pytest.raises(HooksError, match=said) as refused:
        installing("tool", HOOKS, place, records)
    assert str(refused.value).startswith(str(place.path))
    assert place.path.read_bytes() == data


def test_a_folder_or_a_huge_file_in_its_place_is_refused(
    place: Place, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.path.mkdir(parents=True)
    with pytest.raises(HooksError, match="can't be read"):
        installing("tool", HOOKS, place, records)
    place.path.rmdir()
    write(place, "{} // long")
    monkeypatch.setattr(settings_files, "_MOST_BYTES", 4)
    with pytest.raises(HooksError, match="can't be read"):
        standing("tool", HOOKS, place)


def test_a_folder_that_nothing_can_be_put_in_is_left_as_it_was(tmp_path: Path, records: Records) -> None:
    (tmp_path / "home").write_text("a file")
    place = Place(tmp_path / "home" / ".tool" / "settings.json")
    with pytest.raises(HooksError, match="can't be read"):
        installing("tool", HOOKS, place, records)
    new = Change(place.path, None, b"{}", None)
    with pytest.raises(HooksError, match="can't be"):
        carry_out(new, records)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]


def test_a_write_protected_file_is_refused(
    place: Place, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place, "{}")
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    change = installing("tool", HOOKS, place, records)
    assert change is not None
    with pytest.raises(HooksError, match="write-protected"):
        carry_out(change, records)
    assert place.path.read_text() == "{}"


def test_a_plugin_of_somebody_else_is_never_replaced(tmp_path: Path, records: Records) -> None:
    place = user_place(PLUGIN, {"HOME": str(tmp_path)})
    write(place, "// my own podium.js\n")
    with pytest.raises(HooksError, match="Podium did not write it"):
        installing("tool", PLUGIN, place, records)
    assert removing(PLUGIN, place, records) is None


def test_every_file_of_ours_is_known_as_ours() -> None:
    adapters = load_adapters().adapters
    files = {name: one.hooks for name, one in adapters.items() if one.hooks.format is HooksFormat.FILE}
    assert sorted(files) == ["copilot", "opencode"]
    for name, hooks in files.items():
        text = own_file.wanted_text(name, hooks)
        assert own_file.version_in(text) == command.VERSION
        assert "{command}" not in text
        assert "{version}" not in text
    assert json.loads(own_file.wanted_text("copilot", files["copilot"]))["version"] == 1


def test_the_change_is_shown_whole_and_safe_to_print(place: Place, records: Records) -> None:
    write(place, '{"a": "\x1b[2J\u202e"}'.replace("\x1b", "\\u001b") + " // \x1b[31m\n")
    change = installing("tool", HOOKS, place, records)
    assert change is not None
    shown = change.diff()
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.count("PODIUM_INSTANCE") == 2


@pytest.mark.parametrize(
    ("place", "environment", "path"),
    [
        ("{TOOL_HOME|~/.tool}/s.json", {"HOME": "/h"}, "/h/.tool/s.json"),
        ("{TOOL_HOME|~/.tool}/s.json", {"HOME": "/h", "TOOL_HOME": "/t/x"}, "/t/x/s.json"),
        ("{TOOL_HOME|~/.tool}/s.json", {"HOME": "/h", "TOOL_HOME": ""}, "/h/.tool/s.json"),
        ("{TOOL_HOME|~/.tool}/s.json", {"HOME": "/h", "TOOL_HOME": "~/t"}, "/h/t/s.json"),
        ("{TOOL_HOME|~}/.tool/s.json", {"HOME": "/h"}, "/h/.tool/s.json"),
    ],
)
def test_a_variable_of_the_tool_moves_its_settings(
    place: str, environment: dict[str, str], path: str
) -> None:
    hooks = Hooks(format=HooksFormat.GROUPS, user=place)
    assert user_place(hooks, environment).path == Path(path)


def test_a_project_has_a_file_of_its_own(tmp_path: Path) -> None:
    assert project_place(HOOKS, tmp_path) == Place(tmp_path / ".tool" / "settings.json", tmp_path)
    assert project_place(PLUGIN, tmp_path) is None
