"""Ways to ask a program to end: by a message, by keys, by a line of text, by a signal. Killing comes later."""

import signal
from typing import Protocol

from podium.core.instances import StopBy, StopMethod
from podium.core.protocol.key_notation import parse_keys
from podium.core.protocol.program_channels import ControlRequest
from podium.core.protocol.requests import ControlCommand, KeyInput


class Stoppable(Protocol):
    """A program that can be asked to end."""

    def control(self, request: ControlRequest) -> bool: ...

    def write_input(self, data: bytes) -> bool: ...

    def hang_up(self) -> None: ...

    def signal(self, number: signal.Signals) -> None: ...


class KeyEncoder(Protocol):
    """The terminal, which knows what its program expects of a key just now."""

    def encode_key(self, event: KeyInput) -> bytes: ...


def request_stop(program: Stoppable, method: StopMethod, terminal: KeyEncoder) -> None:
    """Ask ``program`` once. A method whose value makes no sense falls back to the usual one."""
    match method.by:
        case StopBy.MESSAGE if _stop_now(program):
            return
        case StopBy.KEYS if keys := _keys(method.value):
            program.write_input(b"".join(terminal.encode_key(key) for key in keys))
            return
        case StopBy.TEXT if method.value:
            program.write_input(method.value.encode(errors="replace") + b"\r")
            return
        case StopBy.SIGNAL if (number := signal_of(method.value)) is not None:
            program.signal(number)
            return
    _stop_now(program)
    program.hang_up()


def signal_of(name: str) -> signal.Signals | None:
    """``"SIGINT"``, ``"INT"`` or ``"2"`` → the signal; None for what is none here."""
    text = name.strip().upper()
    if text.isascii() and text.isdigit():
        return signal.Signals(int(text)) if int(text) in set(signal.Signals) else None
    return signal.Signals.__members__.get(text if text.startswith("SIG") else f"SIG{text}")


def _stop_now(program: Stoppable) -> bool:
    return program.control(ControlRequest(0, ControlCommand.STOP_NOW))


def _keys(notation: str) -> tuple[KeyInput, ...]:
    try:
        return parse_keys(notation)
    except ValueError:
        return ()
