"""Ids, events, the command table, themes: what every room relies on."""

import sys

import pytest

from podium.core.ids import RESERVED_IDS, InvalidInstanceId, id_from_name, instance_id
from podium.core.instances import ThemeName
from podium.core.protocol.events import (
    AgentComplete,
    GateResult,
    RoundComplete,
    RoundStart,
    decode_line,
    encode_line,
    typed_event,
)
from podium.core.system.reexec import podium_command, resolved
from podium.core.system.signals import signal_name
from podium.core.themes import load_theme, load_tokens


@pytest.mark.parametrize("text", ["default", "a", "A-1_b.c", "0", "x" * 64])
def test_good_ids(text: str) -> None:
    assert instance_id(text) == text


@pytest.mark.parametrize("text", ["", "-a", ".a", "a b", "a/b", "ż", "x" * 65, "a\n", *sorted(RESERVED_IDS)])
def test_bad_ids_say_why(text: str) -> None:
    with pytest.raises(InvalidInstanceId):
        instance_id(text)


def test_an_id_is_made_of_any_name() -> None:
    assert id_from_name("API  work!", ()) == "API-work"
    assert id_from_name("żółw", {"w"}) == "w-2"
    assert id_from_name("…", ()) == "instance"
    assert len(id_from_name("n" * 500, {"n" * 56})) <= 64


def test_events_pass_the_wire_in_camel_case_and_come_back_typed() -> None:
    event = RoundComplete(2, (GateResult("tests", True),), 0.5, True)
    line = encode_line(event)
    assert b'"costUsd":0.5' in line
    assert line.endswith(b"}\n")
    wire = decode_line(line)
    assert wire.event == "round:complete"
    assert typed_event(wire.event, wire.data) == event
    assert typed_event("agent:complete", {"agent": "a", "unknownKey": 1}) == AgentComplete("a")
    assert typed_event("round:start", {"round": 3, "maxRounds": 9}) == RoundStart(3, 9)
    assert typed_event("somebody:else", {}) is None


@pytest.mark.parametrize(
    "line", [b"", b"[]", b'{"event": 5}', b"\xff", b'{"event":"x"' + b" " * 70_000 + b"}"]
)
def test_lines_that_are_no_events_are_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        decode_line(line)


def test_podium_runs_itself_whatever_path_says() -> None:
    assert podium_command("worker")[0] == sys.executable
    assert resolved(("podium", "demo-show")) == podium_command("demo-show")
    assert resolved(("make", "podium")) == ("make", "podium")
    assert resolved(()) == ()


def test_themes_and_states_are_complete() -> None:
    for name in ThemeName:
        for variant in (load_theme(name).dark, load_theme(name).light):
            assert (len(variant.ansi), len(variant.bright)) == (8, 8)
    assert set(load_tokens().state) >= {"idle", "starting", "running", "done", "failed", "waiting"}


def test_signals_have_names() -> None:
    assert (signal_name(9), signal_name(999)) == ("SIGKILL", "signal 999")
