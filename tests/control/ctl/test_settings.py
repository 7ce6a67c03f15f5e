"""``podium ctl settings`` with a real Podium and its real file."""

import json
from pathlib import Path

import pytest

from tests.control.ctl.helpers import ctl
from tests.control.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture
def file(podium: Running) -> Path:
    path = Path(podium.get("/api/settings")["file"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# mine\n[links]\nask = true # always\n")
    return path


def test_a_change_counts_and_keeps_what_the_person_wrote(podium: Running, file: Path) -> None:
    podium.ctl("settings", "set", "links.ask", "off")
    assert file.read_text() == "# mine\n[links]\nask = false # always\n"
    assert podium.ctl("settings", "get", "links.ask") == "false\n"
    podium.ctl("settings", "set", "notify.quiet_hours", "22:00-07:00")
    assert podium.ctl("settings", "get", "notify.quiet_hours") == "22:00-07:00\n"
    podium.ctl("settings", "set", "--json", "keys.newline_tools", "aider", "goose")
    assert json.loads(podium.ctl("settings", "get", "keys.newline_tools")) == ["aider", "goose"]
    podium.ctl("settings", "set", "keys.newline_tools")
    assert podium.ctl("settings", "get", "keys.newline_tools") == "[]\n"
    changed = podium.ctl("settings", "list", "--changed")
    assert [line.split()[0] for line in changed.splitlines()] == [
        "KEY",
        "keys.newline_tools",
        "links.ask",
        "notify.quiet_hours",
    ]
    for key in ("links.ask", "notify.quiet_hours", "keys.newline_tools"):
        podium.ctl("settings", "reset", key)
    assert json.loads(podium.ctl("settings", "list", "--changed", "--json"))["settings"] == []
    assert "# mine" in file.read_text()


def test_what_counts_later_says_so(podium: Running, file: Path) -> None:
    assert "counts when Podium starts again" in ctl(podium, "settings", "set", "workers.leftovers", "end")[1]
    podium.ctl("settings", "reset", "workers.leftovers")


@pytest.mark.parametrize(
    ("arguments", "status", "word"),
    [
        (["set", "links.ask", "perhaps"], 2, "true or false"),
        (["set", "links.ask"], 2, "one value"),
        (["set", "terminal.scrollback_lines", "many"], 2, "a number"),
        (["set", "terminal.scrollback_lines", "2.5"], 1, "whole number"),
        (["set", "logs.level", "loud"], 1, '"debug"'),
        (["set", "links.asks", "true"], 4, "links.ask"),
        (["get", "nothing.at.all"], 4, "no setting"),
        (["set", "control.instances_may", "all"], 1, "can't be changed over it"),
        (["reset", "control.instances_may"], 1, "can't be changed over it"),
        (["get"], 2, "which setting"),
        (["get", "links.ask", "more"], 2, "one KEY"),
        (["list", "links.ask"], 2, "no KEY"),
        (["forget", "links.ask"], 2, "invalid choice"),
    ],
)
def test_mistakes_are_said_and_change_nothing(
    podium: Running, file: Path, arguments: list[str], status: int, word: str
) -> None:
    before = file.read_text()
    assert word in ctl(podium, "settings", *arguments, status=status)[1]
    assert file.read_text() == before


def test_a_program_inside_an_instance_gets_nowhere_near_them(podium: Running, file: Path) -> None:
    podium.start("agent", "/bin/cat")
    own = podium.socket.parent / f"instances-{podium.process.pid}" / "agent.sock"
    before = file.read_text()
    body = json.dumps({"values": {"control.instances_may": "all"}}).encode()
    harmless = json.dumps({"values": {"links.ask": False}}).encode()
    for data in (body, harmless):
        answer = podium.wire(own).ask("PATCH", "/api/settings", "Content-Type: application/json", body=data)
        assert answer.status == 403
    assert podium.wire(own).ask("GET", "/api/settings").status == 403
    podium.post("/api/orchestrator/agent/config", control=True)
    answer = podium.wire(own).ask("PATCH", "/api/settings", "Content-Type: application/json", body=body)
    assert answer.status == 403
    assert file.read_text() == before
