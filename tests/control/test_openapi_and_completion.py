"""The description describes all there is; completion scripts are scripts."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from podium.control.api.events import EVENTS
from podium.control.api.routes import ROUTES
from podium.control.ctl.command_line import build_parser, control_byte
from podium.control.ctl.completion import SHELLS, commands_of, script
from podium.control.http_server.openapi import document
from podium.control.http_server.router import Match, Router

DOCUMENT = json.loads(document())
COMMANDS = {
    "instances", "start", "stop", "restart", "remove", "screen", "send", "wait", "attach", "events", "history",
    "usage", "layout", "open", "screenshot", "notify", "hooks", "completion", "resume", "finish-round", "stop-now",
    "comment", "config", "export", "find", "commands", "output", "run", "answer", "workspace",
    "settings",
}  # fmt: skip


def test_every_route_is_described() -> None:
    described = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert described == {(route.method, route.path) for route in ROUTES}
    operations = [one["operationId"] for methods in DOCUMENT["paths"].values() for one in methods.values()]
    assert len(set(operations)) == len(operations)


def test_every_reference_leads_somewhere() -> None:
    for reference in re.findall(r'"\$ref": ?"([^"]+)"', json.dumps(DOCUMENT)):
        assert reference.startswith("#/components/schemas/")
        assert reference.rpartition("/")[2] in DOCUMENT["components"]["schemas"]


def test_every_event_is_described() -> None:
    events = DOCUMENT["x-websocket"]["/ws"]["events"]
    assert set(events) == set(EVENTS)


def test_parameters_bodies_and_errors() -> None:
    scrollback = DOCUMENT["paths"]["/api/orchestrator/{id}/scrollback"]["get"]
    assert {one["name"] for one in scrollback["parameters"]} == {"id", "from", "to", "attributes"}
    resize = DOCUMENT["paths"]["/api/orchestrator/{id}/resize"]["post"]
    body = resize["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["required"]) == {"columns", "lines"}
    assert {"401", "403", "404", "413", "414", "415", "421", "422", "429"} <= set(resize["responses"])


def test_spelled_out_paths_go_before_parameters() -> None:
    router = Router()
    for path, call in (
        ("/api/orchestrator/workers/health", "GetWorkersHealth"),
        ("/api/orchestrator/one/status", "GetStatus"),
        ("/api/orchestrator/instances", "ListInstances"),
    ):
        match = router.find("GET", path)
        assert isinstance(match, Match)
        assert match.route.call.__name__ == call


def test_ctl_has_its_commands() -> None:
    assert set(commands_of(build_parser())) == COMMANDS


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_scripts_are_sound(shell: str) -> None:
    text = script(shell, build_parser())
    assert all(name in text for name in COMMANDS)
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=text, text=True, check=True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes() -> None:
    text = script("bash", build_parser())
    ask = (
        'COMP_WORDS=(podium ctl st); COMP_CWORD=2; _podium_ctl; echo "${COMPREPLY[*]}";'
        'COMP_WORDS=(podium ctl wait x --q); COMP_CWORD=4; _podium_ctl; echo "${COMPREPLY[*]}"'
    )
    shown = subprocess.run(["bash", "-c", text + ask], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines() == ["start stop stop-now", "--quiet"]


def test_ctl_loads_neither_qt_nor_aiohttp() -> None:
    look = (
        "import sys; from podium.control.ctl.command_line import main;"
        "main(['instances']); print([name for name in ('PySide6', 'aiohttp', 'asyncio') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


@pytest.mark.parametrize(
    ("notation", "byte"), [("Ctrl+\\", b"\x1c"), ("ctrl+q", b"\x11"), ("Ctrl+]", b"\x1d")]
)
def test_detach_keys(notation: str, byte: bytes) -> None:
    assert control_byte(notation) == byte


@pytest.mark.parametrize("notation", ["Q", "Ctrl+", "Alt+Q", "Ctrl+1", "Ctrl+QQ"])
def test_what_is_no_detach_key(notation: str) -> None:
    assert control_byte(notation) is None
