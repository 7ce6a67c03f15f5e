"""The keys of a whole mission: what each gives, and every fault that only a whole file can have."""

import json
from pathlib import Path

import pytest

from podium.core.missions.faults import MissionFileError
from podium.core.missions.file import load_mission
from podium.core.missions.keys import AGENT_KEYS, GATE_KEYS, MISSION_KEYS, WORKSPACE_KEYS
from podium.core.missions.schema import SCHEMA_FILE, mission_schema
from podium.core.missions.spec import AgentType, Isolation, StopWhen
from podium.core.resources import read_text

HEAD = "name = 'Try'\n"
AGENT = "[[agents]]\nid = '{0}'\ncommand = ['true']\n"


def faults(folder: Path, text: str) -> dict[str, str]:
    (folder / "mission.toml").write_text(text)
    with pytest.raises(MissionFileError) as caught:
        load_mission(folder / "mission.toml")
    return {fault.key: f"{fault.reason} {fault.fix}" for fault in caught.value.faults}


def test_every_key_of_a_whole_file_arrives(tmp_path: Path) -> None:
    (tmp_path / "task.md").write_text("Repair the lamp")
    (tmp_path / "own.md").write_text("You are careful.")
    (tmp_path / "mission.toml").write_text(
        """
        name = "Try"
        budget_usd = 5
        stop_when = "agents-done"
        round_timeout = 60
        [workspace]
        isolation = "worktree"
        base = "main"
        setup = "make setup"
        teardown = ["true"]
        copy = [".env", "data/**"]
        setup_timeout = 9
        [[agents]]
        id = "a"
        command = ["true"]
        prompt_file = "task.md"
        role = "own.md"
        owns = ["src/**"]
        budget_usd = 0.5
        silence_timeout = 30
        model = "small"
        max_model = "large"
        [[agents]]
        id = "b"
        type = "continuous"
        min_frequency_rounds = 3
        command = ["true"]
        role = "reviewer"
        depends_on = ["a"]
        [[gates]]
        name = "style"
        command = "true"
        required = false
        """
    )
    mission = load_mission(tmp_path / "mission.toml")
    assert (mission.budget_usd, mission.stop_when, mission.round_timeout) == (5.0, StopWhen.AGENTS_DONE, 60.0)
    workspace = mission.workspace
    assert (workspace.isolation, workspace.base, workspace.copy) == (
        Isolation.WORKTREE,
        "main",
        (".env", "data/**"),
    )
    assert (workspace.setup, workspace.teardown) == (("/bin/sh", "-c", "make setup"), ("true",))
    a, b = mission.agents
    assert a.task == "You are careful.\n\nRepair the lamp"
    assert (a.owns, a.budget_usd, a.silence_timeout) == (("src/**",), 0.5, 30.0)
    assert (a.model, a.max_model, a.type) == ("small", "large", AgentType.FEATURE)
    assert (b.type, b.min_frequency_rounds, b.depends_on) == (AgentType.CONTINUOUS, 3, ("a",))
    assert "reviewer" in b.task
    assert not mission.gates[0].required


def test_a_ring_of_agents_is_named_once(tmp_path: Path) -> None:
    ring = "".join(
        AGENT.format(id) + f"depends_on = ['{needs}']\n"
        for id, needs in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))
    )
    found = faults(tmp_path, HEAD + ring)
    assert list(found) == ["agents[0].depends_on"]
    assert "a → b → c → a" in found["agents[0].depends_on"]
    assert (
        "b → b" in faults(tmp_path, HEAD + AGENT.format("b") + "depends_on = ['b']\n")["agents[0].depends_on"]
    )


def test_two_rings_are_two_faults(tmp_path: Path) -> None:
    text = HEAD + "".join(
        AGENT.format(id) + f"depends_on = ['{needs}']\n" for id, needs in zip("abcd", "badc", strict=True)
    )
    assert list(faults(tmp_path, text)) == ["agents[0].depends_on", "agents[2].depends_on"]


def test_a_chain_of_agents_is_no_ring(tmp_path: Path) -> None:
    diamond = AGENT.format("a") + "depends_on = ['b', 'c']\n"
    diamond += "".join(AGENT.format(id) + "depends_on = ['d']\n" for id in "bc") + AGENT.format("d")
    (tmp_path / "mission.toml").write_text(HEAD + diamond)
    assert len(load_mission(tmp_path / "mission.toml").agents) == 4


def test_every_fault_of_a_whole_file_is_found_in_one_go(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        """
        name = "Try"
        budget_usd = 0
        stop_when = "tests-pass"
        [workspace]
        isolation = "docker"
        base = "--upload-pack=x"
        setup = "  "
        teardown = ["no-such-program-here"]
        copy = ["../secrets"]
        copies = 1
        [[agents]]
        id = "a"
        type = "forever"
        prompt = "x"
        prompt_file = "gone.md"
        role = "bilder"
        owns = "src"
        depends_on = ["bb"]
        [[agents]]
        id = "b"
        command = ["true"]
        min_frequency_rounds = 2
        prompt_file = "gone.md"
        role = "gone/own.md"
        [[gates]]
        name = "tests"
        command = "true"
        required = "yes"
        """,
    )
    assert set(found) == {
        "budget_usd",
        "stop_when",
        "workspace.isolation",
        "workspace.base",
        "workspace.setup",
        "workspace.teardown",
        "workspace.copy",
        "workspace.copies",
        "agents[0].type",
        "agents[0].command",
        "agents[0].prompt_file",
        "agents[0].role",
        "agents[0].owns",
        "agents[0].depends_on",
        "agents[1].min_frequency_rounds",
        "agents[1].prompt_file",
        "agents[1].role",
        "gates[0].required",
    }
    assert "“gates-pass” or “agents-done” or “never”" in found["stop_when"]
    assert "Write “builder”" in found["agents[0].role"]
    assert "Write “copy”" not in found["workspace.copies"]
    assert "no-such-program-here" in found["workspace.teardown"]


def test_the_shipped_schema_is_that_of_the_keys() -> None:
    assert json.loads(read_text(SCHEMA_FILE)) == mission_schema(), "write it anew: podium mission schema"


def test_the_schema_knows_every_key_and_says_what_it_means() -> None:
    schema = mission_schema()
    properties = schema["properties"]
    for keys, table in (
        (MISSION_KEYS, schema),
        (WORKSPACE_KEYS, properties["workspace"]),
        (AGENT_KEYS, properties["agents"]["items"]),
        (GATE_KEYS, properties["gates"]["items"]),
    ):
        assert list(table["properties"]) == [key.name for key in keys]
        assert all(entry["description"] for entry in table["properties"].values())
        assert table["additionalProperties"] is False
