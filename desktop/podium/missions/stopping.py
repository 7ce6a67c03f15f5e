"""Stopping a mission: by signals, by the loss of its terminal, by the control channel."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from podium.core.protocol.program_channels import ControlReader, ControlRequest, EventWriter
from podium.core.protocol.requests import ControlCommand
from podium.core.system.pipes.streams import Stream, wake_streams
from podium.core.system.signals import HANG_UP

_SIGNALS: Final = (signal.SIGTERM, HANG_UP)


class StopSignal:
    """Everything asked so far; ``reason`` says for a person by whom. Belongs to the event loop's thread."""

    def __init__(self, parent: "StopSignal | None" = None) -> None:
        self.now = asyncio.Event()
        self.kill_now: asyncio.Event = asyncio.Event() if parent is None else parent.kill_now
        """A second Ctrl+C: no more grace."""
        self.finishing = False
        self.reason = ""
        self._parent = parent
        self._parts: set[StopSignal] = set()

    @contextlib.contextmanager
    def part(self) -> Iterator["StopSignal"]:
        """A signal for one part of the mission: it can be stopped alone, and stops with the whole."""
        part = StopSignal(self)
        if self.now.is_set():
            part.stop_now(self.reason)
        self._parts.add(part)
        try:
            yield part
        finally:
            self._parts.discard(part)

    def finish_round(self, reason: str) -> None:
        if not self.now.is_set():
            self.finishing = True
            self.reason = reason

    def stop_now(self, reason: str) -> None:
        if not self.now.is_set():
            self.reason = reason
            self.now.set()
            for part in tuple(self._parts):
                part.stop_now(reason)

    def interrupt(self) -> None:
        """Ctrl+C: stop now; the second one kills."""
        if self.now.is_set():
            self.kill_now.set()
        self.stop_now("by Ctrl+C")

    @property
    def alone(self) -> bool:
        """Only this part of the mission was stopped."""
        return self.now.is_set() and self._parent is not None and not self._parent.now.is_set()

    @property
    def asked(self) -> bool:
        """No new agent should start."""
        return self.finishing or self.now.is_set()


class Listener:
    """Turns signals and control requests into a StopSignal while it is open.

    ``handle`` carries out all other requests, and never raises; set it before the event loop has its next turn.
    """

    handle: Callable[[ControlRequest], None]

    def __init__(self, stop: StopSignal, control: ControlReader, events: EventWriter) -> None:
        self._stop = stop
        self._control = control
        self._events = events
        self.handle = lambda _: None
        self._loop = asyncio.get_running_loop()
        self._wake: tuple[Stream, Stream] | None = None
        if sys.platform == "win32":  # A signal does not end a wait of select there.
            self._wake = wake, wakened = wake_streams()
            signal.set_wakeup_fd(wakened.fileno(), warn_on_full_buffer=False)
            self._loop.add_reader(wake.fileno(), wake.read, 512)
        self._on_signal(signal.SIGINT, stop.interrupt)
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup wants the mission to go on.
                self._on_signal(number, partial(stop.stop_now, f"by {number.name}"))
        if (descriptor := control.fileno()) is not None:
            self._loop.add_reader(descriptor, self._on_control)

    def close(self) -> None:
        for number in (signal.SIGINT, *_SIGNALS):
            if sys.platform == "win32":
                signal.signal(number, signal.SIG_DFL)
            else:
                self._loop.remove_signal_handler(number)
        if (descriptor := self._control.fileno()) is not None:
            self._loop.remove_reader(descriptor)
        self._control.close()
        if self._wake is not None:
            signal.set_wakeup_fd(-1)
            self._loop.remove_reader(self._wake[0].fileno())
            for stream in self._wake:
                stream.close()

    def _on_signal(self, number: signal.Signals, act: Callable[[], None]) -> None:
        if sys.platform == "win32":  # The loops there know no signals.
            signal.signal(number, lambda *_: self._loop.call_soon_threadsafe(act))
        else:
            self._loop.add_signal_handler(number, act)

    def _on_control(self) -> None:
        descriptor = self._control.fileno()
        for request in self._control.read():
            if request.command is ControlCommand.FINISH_ROUND:
                self._stop.finish_round("after the round, as asked")
            elif request.command is ControlCommand.STOP_NOW:
                self._stop.stop_now("as asked")
            else:
                self.handle(request)
            self._events.acknowledge(request)
        if self._control.fileno() is None and descriptor is not None:
            self._loop.remove_reader(descriptor)
