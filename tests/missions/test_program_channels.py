"""The two pipes between a program and its session, both ends in one process or with a real child."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from podium.core.protocol.events import OrchestratorLog, RoundStart, decode_line
from podium.core.protocol.program_channels import (
    CONTROL_FD,
    EVENTS_FD,
    Channel,
    ControlReader,
    ControlRequest,
    EventWriter,
    LineBuffer,
    acknowledged_id,
    encode_control,
    open_control_channel,
    open_event_channel,
)
from podium.core.protocol.requests import ControlCommand
from podium.core.system.pipes.streams import DescriptorStream


def read_all(channel: Channel) -> bytes:
    os.set_blocking(channel.host, False)
    try:
        return os.read(channel.host, 1 << 20)
    except BlockingIOError:
        return b""


def test_an_event_arrives_as_one_json_line() -> None:
    channel = open_event_channel()
    writer = EventWriter.from_environment(dict(channel.environment))
    writer.write(RoundStart(2, 5))
    assert json.loads(read_all(channel)) == {"event": "round:start", "data": {"round": 2, "maxRounds": 5}}
    writer.close()
    assert os.read(channel.host, 10) == b""
    os.close(channel.host)


def test_taking_the_channel_over_hides_it_from_children() -> None:
    channel = open_event_channel()
    assert os.get_inheritable(channel.program)
    assert not os.get_inheritable(channel.host)
    environment = {**channel.environment, "OTHER": "1"}
    writer = EventWriter.from_environment(environment)
    assert environment == {"OTHER": "1"}
    assert not os.get_inheritable(channel.program)
    writer.close()
    os.close(channel.host)


@pytest.mark.parametrize("text", ["", "x", "-1", "0", "2", "99999", "9" * 40, "²"])
def test_without_a_usable_channel_writing_does_nothing(text: str) -> None:
    writer = EventWriter.from_environment({EVENTS_FD: text})
    assert not writer.connected
    writer.write(RoundStart(1))
    reader = ControlReader.from_environment({CONTROL_FD: text})
    assert reader.fileno() is None
    assert reader.read() == []


def test_a_number_that_names_a_plain_file_is_not_a_channel(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        assert not EventWriter.from_environment({EVENTS_FD: str(file.fileno())}).connected


def test_a_reader_that_has_gone_is_no_error() -> None:
    channel = open_event_channel()
    writer = EventWriter(DescriptorStream(channel.program))
    os.close(channel.host)
    writer.write(RoundStart(1))
    assert not writer.connected
    writer.write(RoundStart(2))


def test_a_stuck_reader_costs_events_but_no_torn_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podium.core.protocol.program_channels._PATIENCE", 0.01)
    channel = open_event_channel()
    writer = EventWriter(DescriptorStream(channel.program))
    for number in range(200):
        writer.write(OrchestratorLog(f"{number} " + "x" * 3000))
    assert writer.dropped > 0
    received = read_all(channel)
    writer.write(OrchestratorLog("again"))
    received += read_all(channel)
    texts = [decode_line(line).data["text"] for line in received.splitlines()]
    assert texts[0].startswith("0 ")
    assert texts[-1] == "again"
    writer.close()
    os.close(channel.host)


def test_a_text_that_would_overflow_its_line_is_cut() -> None:
    channel = open_event_channel()
    writer = EventWriter(DescriptorStream(channel.program))
    writer.write(OrchestratorLog("é" * 100_000))
    assert len(decode_line(read_all(channel).rstrip()).data["text"]) == 4097
    writer.close()
    os.close(channel.host)


def test_control_requests_are_read_and_acknowledged() -> None:
    control, events = open_control_channel(), open_event_channel()
    reader = ControlReader.from_environment(dict(control.environment))
    writer = EventWriter(DescriptorStream(events.program))
    assert reader.read() == []
    request = ControlRequest(7, ControlCommand.FINISH_ROUND)
    assert json.loads(encode_control(request)) == {"id": 7, "command": "finish-round", "text": ""}
    os.write(
        control.host, b"rubbish\n\xff\n[]\n" + encode_control(request) + b'{"id": 8, "command": "?"}\n{"id"'
    )
    assert reader.read() == [request]
    os.write(control.host, b': 9, "command": "stop-now"}\n')
    assert [item.id for item in reader.read()] == [9]
    writer.acknowledge(request)
    assert acknowledged_id(decode_line(read_all(events))) == 7
    os.close(control.host)
    assert reader.read() == []
    assert reader.fileno() is None
    writer.close()
    os.close(events.host)


def test_a_child_started_with_the_channel_can_use_it() -> None:
    channel = open_event_channel()
    script = (
        "from podium.core.protocol.program_channels import EventWriter\n"
        "from podium.core.protocol.events import RoundStart\n"
        "EventWriter.from_environment().write(RoundStart(3))\n"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **channel.environment},
        pass_fds=(channel.program,),
        check=True,
    )
    os.close(channel.program)
    assert decode_line(read_all(channel)).data["round"] == 3
    os.close(channel.host)


def test_lines_are_cut_with_bounded_memory() -> None:
    buffer = LineBuffer(5)
    assert buffer.feed(b"ab") == []
    assert buffer.feed(b"c\n\nde\nf") == [b"abc", b"de"]
    assert buffer.feed(b"ghijk") == []
    assert buffer.dropped == 1
    assert buffer.feed(b"lmnop\nqr\n123456\nst\n") == [b"qr", b"st"]
    assert buffer.dropped == 2


def test_agents_get_small_numbers_that_every_shell_understands(tmp_path: Path) -> None:
    """dash knows no descriptor above nine in ``>&N``; what is more than fits stays as it is."""
    script = (
        "import os, subprocess, sys\n"
        "from podium.missions.turns.low_descriptors import LowDescriptors\n"
        "low = LowDescriptors()\n"
        "pipes = [os.pipe() for _ in range(9)]\n"
        "taken = [low.take(writing) for _, writing in pipes]\n"
        "assert sorted(taken)[:7] == [3, 4, 5, 6, 7, 8, 9], taken\n"
        "assert len(set(taken)) == 9\n"
        "for (reading, _), number in zip(pipes, taken):\n"
        "    if number <= 9:\n"
        "        subprocess.run(['sh', '-c', f'echo {number} >&{number}'], pass_fds=[number], check=True)\n"
        "        assert os.read(reading, 9) == f'{number}\\n'.encode()\n"
        "    low.give_back(number)\n"
        "    assert os.read(reading, 9) == b''\n"
        "assert low.take(os.pipe()[1]) == 3\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
