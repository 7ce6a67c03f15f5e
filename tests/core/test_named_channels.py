"""Events and control between a host and its program as on Windows: named pipes, here ones of the system's own."""

import atexit
import os
import select
import sys
from collections.abc import Callable

import pytest

from podium.core.protocol.events import RoundStart, decode_line
from podium.core.protocol.program_channels import (
    ControlReader,
    ControlRequest,
    EventWriter,
    HostChannels,
    encode_control,
)
from podium.core.protocol.requests import ControlCommand
from podium.core.system.pipes import named_pipes
from podium.core.system.pipes.streams import Stream
from podium.core.system.pipes.threaded_streams import read_by_thread, written_by_thread

PATIENCE = 60.0


class SystemPipe:
    """A ``named_pipes.Pipe`` of one program at a time, over a pipe of this system."""

    made: "dict[str, SystemPipe]"

    def __init__(self, *, reads: bool) -> None:
        self.name = f"pipe {len(self.made)}"
        read, write = os.pipe()
        self.ours, self.theirs = (read, write) if reads else (write, read)
        self.made[self.name] = self
        self.connected = False

    def connect(self) -> bool:
        first, self.connected = not self.connected, True
        return first

    def read(self) -> bytes:
        return os.read(self.ours, 100)

    def write(self, data: bytes) -> None:
        os.write(self.ours, data)

    def disconnect(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def close(self) -> None:
        os.close(self.ours)


@pytest.fixture
def at_exit(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """Windows from here on; what is to be done when this process ends."""

    def open_pipe(name: str, *, writes: bool) -> Stream:
        if name not in SystemPipe.made:
            raise OSError("no pipe of Podium's")
        descriptor = SystemPipe.made[name].theirs
        return written_by_thread(descriptor) if writes else read_by_thread(descriptor)

    found: list[Callable[[], object]] = []
    SystemPipe.made = {}
    monkeypatch.setattr(named_pipes, "NamedPipe", SystemPipe)
    monkeypatch.setattr(named_pipes, "open_pipe", open_pipe)
    monkeypatch.setattr(atexit, "register", found.append)
    monkeypatch.setattr(sys, "platform", "win32")
    return found


def wait(descriptor: int | None) -> None:
    assert descriptor is not None
    assert select.select([descriptor], [], [], PATIENCE)[0]


def test_events_and_control_go_through_named_pipes(at_exit: list[Callable[[], object]]) -> None:
    channels = HostChannels()
    assert channels.inherited == ()
    assert set(channels.environment) == {"PODIUM_EVENTS_PIPE", "PODIUM_CONTROL_PIPE"}
    environment = dict(channels.environment)
    writer, reader = EventWriter.from_environment(environment), ControlReader.from_environment(environment)
    assert environment == {}

    writer.write(RoundStart(3))
    for act in at_exit:
        act()  # A program that ends without closing its channel.
    channels.finish_events()
    assert decode_line(channels.events.read(100)).data["round"] == 3
    assert channels.events.read(100) == b""

    request = ControlRequest(7, ControlCommand.FINISH_ROUND)
    channels.control.write(encode_control(request))
    wait(reader.fileno())
    assert reader.read() == [request]
    channels.control.close(PATIENCE)
    wait(reader.fileno())
    assert reader.read() == []
    assert reader.fileno() is None
    channels.events.close()
    channels.close_inherited()


def test_a_pipe_that_can_t_be_opened_is_no_channel(at_exit: list[Callable[[], object]]) -> None:
    environment = {"PODIUM_EVENTS_PIPE": "elsewhere", "PODIUM_CONTROL_PIPE": "", "PODIUM_EVENTS_FD": "1"}
    assert not EventWriter.from_environment(environment).connected
    assert ControlReader.from_environment(environment).fileno() is None
    assert environment == {}


def test_a_channel_that_was_handed_back_can_be_taken_over_once_more(
    at_exit: list[Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    channels = HostChannels()
    asking = EventWriter.from_environment(dict(channels.environment))
    asking.write(RoundStart(1))
    asking.hand_back()
    channels.finish_events()
    assert not asking.connected
    assert decode_line(channels.events.read(100)).data["round"] == 1
    channels.events.close()
    channels.control.close()

    monkeypatch.setattr(sys, "platform", "linux")
    channels = HostChannels()
    asking = EventWriter.from_environment(dict(channels.environment))
    asking.hand_back()
    assert asking.connected
    writer = EventWriter.from_environment(dict(channels.environment))
    writer.write(RoundStart(2))
    assert decode_line(channels.events.read(100)).data["round"] == 2
    writer.close()
    channels.inherited = channels.inherited[1:]  # The writer has closed the first.
    channels.close_inherited()
    channels.events.close()
    channels.control.close()
