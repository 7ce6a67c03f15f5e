"""Mission files: what a good one gives, and every fault with its key, in one go."""

import os
from pathlib import Path

import pytest

from podium.core.config.toml_file import Fault
from podium.core.missions.file import Mission, MissionFileError, load_mission

GOOD = """
name = "Harbor"
[[agents]]
id = "builder"
command = ["sh", "-c", "true"]
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "mission.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(folder: Path, text: str | bytes) -> dict[str, Fault]:
    with pytest.raises(MissionFileError) as caught:
        load_mission(write(folder, text))
    found = {fault.key: fault for fault in caught.value.faults}
    assert len(found) == len(caught.value.faults)
    for fault in found.values():
        assert fault.reason
        assert fault.fix
        assert str(fault).startswith(f"{folder / 'mission.toml'}")
        assert fault.key in str(fault)
    return found


def test_a_short_file_gets_the_defaults(tmp_path: Path) -> None:
    mission = load_mission(write(tmp_path, GOOD))
    assert mission.name == "Harbor"
    assert mission.folder == tmp_path
    assert mission.file == tmp_path / "mission.toml"
    assert (mission.max_rounds, mission.max_concurrency, mission.gates) == (5, 1, ())
    assert mission.agents[0].timeout == 3600


def test_a_full_file_keeps_everything(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    mission: Mission = load_mission(
        write(
            tmp_path,
            """
            name = "Harbor"
            description = "Make the tests pass."
            folder = "work"
            max_rounds = 3
            max_concurrency = 2
            [[agents]]
            id = "builder"
            name = "The builder"
            command = ["podium", "demo-agent", "{prompt}"]
            prompt = "Repair it"
            timeout = 1.5
            [[gates]]
            name = "tests"
            command = "exit 0"
            timeout = 5
            [[gates]]
            name = "style"
            command = ["true"]
            """,
        )
    )
    assert mission.folder == tmp_path / "work"
    assert mission.agents[0].command == ("podium", "demo-agent", "{prompt}")
    assert mission.agents[0].timeout == 1.5
    assert mission.gates[0].command == ("/bin/sh", "-c", "exit 0")
    assert mission.gates[0].timeout == 5
    assert mission.gates[1].command == ("true",)


def test_every_fault_is_found_in_one_go(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        """
        nmae = "Harbor"
        color = "blue"
        folder = "gone"
        max_rounds = 0
        max_concurrency = "two"
        [[agents]]
        id = "builder"
        command = []
        [[agents]]
        id = "builder"
        command = ["no-such-program-anywhere"]
        timeout = -1
        [[agents]]
        promt = "x"
        [[gates]]
        name = ""
        command = 5
        """,
    )
    assert set(found) == {
        "nmae",
        "color",
        "folder",
        "max_rounds",
        "max_concurrency",
        "agents[0].command",
        "agents[1].id",
        "agents[1].timeout",
        "agents[2].promt",
        "agents[2].id",
        "agents[2].command",
        "gates[0].name",
        "gates[0].command",
    }
    assert found["nmae"].fix == "Write “name”."
    assert "name, description, folder" in found["color"].fix
    assert found["agents[2].promt"].fix == "Write “prompt”."
    assert "agents[0]" in found["agents[1].id"].reason


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("name = 'x'\nmax_rounds 5", "line 2, column 12", "not TOML"),
        ("name = ", "end of document", "not TOML"),
        (b"name = 'x'\nprompt = '\xff'", "line 2", "not UTF-8"),
        ("name = " + "9" * 5000, "", "number is too long"),
        ("#" * (2 << 20), "", "longer than 1 MiB"),
        (GOOD.replace('"Harbor"', "5"), "name", "a number, not text"),
        (GOOD.replace('"Harbor"', '"a\\nb"'), "name", "line break"),
        (GOOD.replace('"Harbor"', '"a\\u0000b"'), "name", "NUL"),
        (GOOD.replace('"Harbor"', "2026-01-01"), "name", "a date or time"),
        ("max_rounds = true\n" + GOOD, "max_rounds", "true or false"),
        ("max_rounds = 1.5\n" + GOOD, "max_rounds", "not a whole number"),
        ("max_rounds = 1001\n" + GOOD, "max_rounds", "out of range"),
        ("max_concurrency = 65\n" + GOOD, "max_concurrency", "out of range"),
        ("folder = 'mission.toml'\n" + GOOD, "folder", "not a folder"),
        ("gates = 5\n" + GOOD, "gates", "not a list of tables"),
        ("gates = ['make']\n" + GOOD, "gates[0]", "text, not a table"),
        ("name = 'x'", "agents", "missing"),
        ("name = 'x'\nagents = []", "agents", "empty"),
        ("name = 'x'\n[agents]\nid = 'a'", "agents", "a table, not a list"),
        (GOOD.replace('"builder"', '"a b"'), "agents[0].id", "can't be an id"),
        (GOOD + "timeout = nan\n", "agents[0].timeout", "out of range"),
        (GOOD + "timeout = '5'\n", "agents[0].timeout", "text, not a number"),
        (GOOD + "timeout = 1e9\n", "agents[0].timeout", "out of range"),
        (GOOD + f"prompt = '{'x' * 200_000}'\n", "agents[0].prompt", "100,000"),
        (GOOD.replace('"true"', '"{prompt}"'), "agents[0].prompt", "asks for {prompt}"),
        (GOOD.replace('"sh", ', '"", '), "agents[0].command", "empty"),
        (GOOD.replace('"true"', "5"), "agents[0].command", "Item 2 is a number"),
        (GOOD.replace('["sh", "-c", "true"]', '"make"'), "agents[0].command", "text, not a list"),
        (GOOD.replace('"sh"', '"./gone"'), "agents[0].command", "no program"),
        (GOOD.replace('"sh"', '"./mission.toml"'), "agents[0].command", "may not be run"),
        (GOOD + "[[gates]]\nname='a'\ncommand=' '", "gates[0].command", "empty"),
        (GOOD + "[[gates]]\nname='a'\ncommand='x'\n" * 2, "gates[1].name", "already"),
    ],
)
def test_each_kind_of_fault(tmp_path: Path, text: str | bytes, key: str, reason: str) -> None:
    found = faults(tmp_path, text)
    assert key in found
    assert reason in found[key].reason


def test_deep_nesting_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    assert faults(tmp_path, "name = " + "[" * 100_000)


@pytest.mark.parametrize(
    ("name", "reason"), [("gone.toml", "no such file"), (".", "folder"), ("pipe", "not a file")]
)
def test_a_path_that_is_no_file(tmp_path: Path, name: str, reason: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(MissionFileError) as caught:
        load_mission(tmp_path / name)
    assert [fault.key for fault in caught.value.faults] == [""]
    assert reason in caught.value.faults[0].reason
