"""A stop method in, what is done to the program out: one thing, and no other. Nothing runs."""

import signal

import pytest

from podium.core.instances import StopBy, StopMethod
from podium.core.protocol.program_channels import ControlRequest
from podium.core.protocol.requests import ControlCommand, KeyInput
from podium.worker.program.stopping import request_stop, signal_of


class Played:
    """A program and its terminal."""

    def __init__(self, *, listens: bool = True) -> None:
        self.heard: list[object] = []
        self._listens = listens

    def control(self, request: ControlRequest) -> bool:
        if self._listens:
            self.heard.append(request.command)
        return self._listens

    def write_input(self, data: bytes) -> bool:
        self.heard.append(data)
        return True

    def hang_up(self) -> None:
        self.heard.append("hang up")

    def signal(self, number: signal.Signals) -> None:
        self.heard.append(number)

    def encode_key(self, event: KeyInput) -> bytes:
        return f"<{event.key}>".encode()


STOP_NOW = ControlCommand.STOP_NOW


@pytest.mark.parametrize(
    ("method", "listens", "heard"),
    [
        (StopMethod(StopBy.MESSAGE), True, [STOP_NOW]),
        (StopMethod(StopBy.MESSAGE), False, ["hang up"]),
        (StopMethod(StopBy.KEYS, "Ctrl+C Ctrl+C"), True, [b"<C><C>"]),
        (StopMethod(StopBy.KEYS, "no such key"), True, [STOP_NOW, "hang up"]),
        (StopMethod(StopBy.TEXT, "/exit"), True, [b"/exit\r"]),
        (StopMethod(StopBy.TEXT, ""), True, [STOP_NOW, "hang up"]),
        (StopMethod(StopBy.SIGNAL, "SIGINT"), True, [signal.SIGINT]),
        (StopMethod(StopBy.SIGNAL, "SIGNOPE"), False, ["hang up"]),
        (StopMethod(), True, [STOP_NOW, "hang up"]),
        (StopMethod(), False, ["hang up"]),
    ],
)
def test_what_a_method_does_and_nothing_else(method: StopMethod, listens: bool, heard: list[object]) -> None:
    played = Played(listens=listens)
    request_stop(played, method, played)
    assert played.heard == heard


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("SIGINT", signal.SIGINT),
        (" int ", signal.SIGINT),
        ("2", signal.SIGINT),
        ("0", None),
        ("9999", None),
        ("²", None),
        ("", None),
        ("SIG", None),
    ],
)
def test_which_signal_a_name_is(name: str, number: signal.Signals | None) -> None:
    assert signal_of(name) is number
