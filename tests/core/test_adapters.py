"""Adapter files in, adapters or every fault out."""

from pathlib import Path

import pytest

from podium.core.adapters.model import Kind, OutputFormat
from podium.core.adapters.registry import MAX_FILES, SHIPPED, load_adapters
from podium.core.resources import resource

GOOD = """
name = "mine"
title = "Mine"
program = "mine"
[command]
arguments = ["run", ["--model", "{model}"], "{prompt}"]
[output]
format = "json"
success = "line"
[[lines]]
when = { type = "done" }
success = true
"""


def load(folder: Path, name: str, text: str) -> tuple[dict[str, str], bool]:
    """The faults as key → reason, and whether the adapter is there and the user's."""
    (folder / f"{name}.toml").write_text(text)
    registry = load_adapters(folder)
    for fault in registry.faults:
        assert fault.reason.endswith(".")
        assert fault.fix.endswith(".")
        assert fault.file.endswith(".toml")
    own = name in registry.adapters and registry.adapters[name].origin.startswith(str(folder))
    return {fault.key: fault.reason for fault in registry.faults}, own


def test_all_shipped_adapters_can_be_read(tmp_path: Path) -> None:
    registry = load_adapters(tmp_path / "none")
    assert tuple(registry.adapters) == SHIPPED
    assert not registry.faults
    files = {path.name for path in resource("adapters").iterdir() if path.name.endswith(".toml")}
    assert files == {f"{name}.toml" for name in SHIPPED}


@pytest.mark.parametrize("name", SHIPPED)
def test_an_adapter_says_how_to_get_the_tool_and_what_was_not_tried(name: str, tmp_path: Path) -> None:
    adapter = load_adapters(tmp_path).adapters[name]
    assert adapter.title
    assert adapter.tried or adapter.untried
    assert bool(adapter.install) == bool(adapter.program)
    assert "npm i cursor-agent" not in adapter.install
    assert adapter.output.format is OutputFormat.PLAIN or adapter.command.permissions


def test_a_users_adapter_is_taken_beside_the_shipped_ones(tmp_path: Path) -> None:
    assert load(tmp_path, "mine", GOOD) == ({}, True)


def test_a_users_file_stands_for_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    assert load(tmp_path, "claude", GOOD.replace('"mine"', '"claude"')) == ({}, True)


def test_a_file_that_extends_a_shipped_one_changes_only_what_it_names(tmp_path: Path) -> None:
    text = 'extends = "claude"\n[command.environment]\nCLAUDE_CODE_MAX_RETRIES = "0"\n[output.exit_kinds]\n7 = "limit"'
    assert load(tmp_path, "claude", text) == ({}, True)
    adapter = load_adapters(tmp_path).adapters["claude"]
    shipped = load_adapters(tmp_path / "none").adapters["claude"]
    assert adapter.command.environment["CLAUDE_CODE_MAX_RETRIES"] == "0"
    assert adapter.command.environment["DISABLE_AUTOUPDATER"] == "1"
    assert adapter.output.exit_kinds == {7: Kind.LIMIT}
    assert adapter.lines == shipped.lines
    assert adapter.tried == ""  # Nobody has tried the changed one.


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (('title = "Mine"', ""), "title"),
        (('title = "Mine"', 'titel = "Mine"'), "titel"),
        (('title = "Mine"', "title = 5"), "title"),
        (('program = "mine"', ""), "program"),
        (('name = "mine"', 'name = "other"'), "name"),
        (('format = "json"', 'format = "xml"'), "output.format"),
        (('format = "json"', "format = 3"), "output.format"),
        (("success = true", ""), "output.success"),
        (("success = true", 'success = "yes"'), "lines[0].success"),
        (("success = true", "succes = true"), "lines[0].succes"),
        (("success = true", 'success = true\nsaid = "a..b"'), "lines[0].said"),
        (("success = true", 'success = true\ncost = "usd"'), "lines[0].per"),
        (("success = true", 'success = true\nper = "day"'), "lines[0].per"),
        (("success = true", 'success = true\nkind = "odd"'), "lines[0].kind"),
        (("success = true", "success = true\nwhere = { a = 1 }"), "lines[0].where"),
        (("success = true", 'success = true\npattern = "{all}"'), "lines[0].pattern"),
        (("success = true", "success = true\ncontains = { text = [1] }"), "lines[0].contains"),
        (("success = true", 'success = true\nsource = "usage"'), "lines[0].source"),
        (('when = { type = "done" }', ""), "lines[0]"),
        (('when = { type = "done" }', "when = 3"), "lines[0].when"),
        (('when = { type = "done" }', "when = { type = { a = 1 } }"), "lines[0].when.type[0]"),
        (("[[lines]]", "[lines]"), "lines"),
        (('"{prompt}"', '"{promt}"'), "command.arguments"),
        (('"{prompt}"', '"{file:a.json}"'), "command.arguments"),
        (
            ('arguments = ["run", ["--model", "{model}"], "{prompt}"]', "arguments = [1]"),
            "command.arguments[0]",
        ),
        (("[output]", '[command.write]\n"../a" = "x"\n[output]'), "command.write"),
        (("[output]", '[command.reports]\nusage = "/etc/a"\n[output]'), "command.reports"),
        (("[output]", '[command.environment]\nA = "{x}"\n[output]'), "command.environment.A"),
        (("[output]", "[command.permissions]\nedit = []\nfull = []\n[output]"), "command.permissions.read"),
        (("[output]", '[output.exit_codes]\nx = "a"\n[output]'), "output.exit_codes.x"),
        (("[output]", "[loop]\nsame_error = -1\n[output]"), "loop.same_error"),
        (("[output]", "[loop]\nsame_error = 1.5\n[output]"), "loop.same_error"),
        (("[output]", '[interactive]\narguments = ["{prompt}"]\n[output]'), "interactive.arguments"),
        (("[output]", '[interactive]\nprompt = ["-i"]\n[output]'), "interactive.prompt"),
        (("[output]", '[interactive]\nresume = ["--last"]\n[output]'), "interactive.resume"),
        (("[output]", '[interactive]\ncontinue_last = ["{session}"]\n[output]'), "interactive.continue_last"),
        (("[output]", "[interactive]\ntells = 1\n[output]"), "interactive.tells"),
    ],
)
def test_a_fault_is_told_with_its_key_and_the_file_is_left_out(
    change: tuple[str, str], key: str, tmp_path: Path
) -> None:
    text = GOOD.replace(*change, 1)
    assert text != GOOD
    faults, own = load(tmp_path, "mine", text)
    assert key in faults
    assert not own


def test_every_fault_is_told_in_one_go(tmp_path: Path) -> None:
    text = GOOD.replace('title = "Mine"', "title = 5").replace("success = true", "success = 1\nsaid = [2]")
    faults, _ = load(tmp_path, "mine", text)
    assert {"title", "lines[0].success", "lines[0].said[0]"} <= set(faults)


@pytest.mark.parametrize(
    "text",
    ["[[", "a = " + "[" * 5000, "\xff", "x = 1" + "0" * 5000, 'name = "\\u0000"', "# " + "x" * (1 << 21)],
)
def test_a_file_that_is_no_toml_is_told_and_the_shipped_adapter_stays(text: str, tmp_path: Path) -> None:
    (tmp_path / "claude.toml").write_bytes(text.encode("latin-1"))
    registry = load_adapters(tmp_path)
    assert registry.faults
    assert registry.adapters["claude"].origin == "claude.toml"


def test_odd_names_folders_and_pipes_are_told(tmp_path: Path) -> None:
    (tmp_path / "a b.toml").write_text(GOOD)
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "base.toml").write_text('extends = "nothing"')
    registry = load_adapters(tmp_path)
    assert len(registry.faults) == 3
    assert tuple(registry.adapters) == SHIPPED


def test_a_folder_full_of_files_is_read_up_to_a_limit(tmp_path: Path) -> None:
    for number in range(MAX_FILES + 5):
        (tmp_path / f"own{number:03}.toml").write_text(GOOD.replace('"mine"', f'"own{number:03}"'))
    registry = load_adapters(tmp_path)
    assert len(registry.adapters) == len(SHIPPED) + MAX_FILES
    assert len(registry.faults) == 1
