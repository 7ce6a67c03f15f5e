"""The program of a session: its PTY, its input queue, its two channels, its end."""

import contextlib
import os
import signal
import uuid
from collections.abc import Callable
from typing import Final

import psutil

from podium.core.clock import Clock
from podium.core.events import MAX_EVENT_BYTES
from podium.core.processes import (
    INSTANCE_VARIABLE,
    RUN_VARIABLE,
    names,
    run_processes,
    send_signal,
)
from podium.core.program_channels import (
    ControlRequest,
    LineBuffer,
    encode_control,
    open_control_channel,
    open_event_channel,
)
from podium.core.requests import MAX_INPUT_BYTES, Start, TreePolicy
from podium.worker.child_watch import ChildWatch
from podium.worker.pty import CannotStart, Pty, open_pty, set_size

READ_BYTES: Final = 64 * 1024
_SWEEP_INTERVAL: Final = 0.1
"""While ending: how often to look who is left. Scanning the process table costs some milliseconds."""

Spawner = Callable[[Callable[[], Pty]], Pty]
"""Runs the fork where it should run: a worker lowers its own priority, and its program must not inherit that."""


class Program:
    """A running program. Everything here is non-blocking; the loop waits on the descriptors."""

    def __init__(
        self, start: Start, instance: str, columns: int, lines: int, clock: Clock, spawner: Spawner
    ) -> None:
        self._clock = clock
        self._tree = start.tree
        self._run = uuid.uuid4().hex
        self._unwritten = bytearray()
        self._unsent_control = bytearray()
        self._kill_at: float | None = None
        self._next_sweep = 0.0
        self.left: list[psutil.Process] = []
        """While ending: who was still there at the last look."""
        self._lines = LineBuffer(MAX_EVENT_BYTES)
        events, control = open_event_channel(), open_control_channel()
        environment = {
            **start.environment,
            **events.environment,
            **control.environment,
            INSTANCE_VARIABLE: instance,
            RUN_VARIABLE: self._run,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TERM_PROGRAM": "Podium",
        }
        try:
            self._pty = spawner(
                lambda: open_pty(
                    start.argv,
                    start.folder,
                    environment,
                    columns,
                    lines,
                    (events.program, control.program),
                )
            )
        except CannotStart:
            os.close(events.host)
            os.close(control.host)
            raise
        finally:
            os.close(events.program)
            os.close(control.program)
        self._events: int | None = events.host
        self._control: int | None = control.host
        os.set_blocking(events.host, False)
        os.set_blocking(control.host, False)
        self._watch = ChildWatch(self._pty.pid)

    @property
    def pid(self) -> int:
        return self._pty.pid

    @property
    def master(self) -> int:
        return self._pty.master

    @property
    def events(self) -> int | None:
        """The descriptor event lines come from; None once the program's side is closed."""
        return self._events

    @property
    def watch(self) -> ChildWatch:
        return self._watch

    @property
    def wants_to_write(self) -> bool:
        return bool(self._unwritten)

    # Output and input

    def read_output(self) -> bytes | None:
        """What the program printed: b"" when nothing waits, None when nobody holds the terminal any more."""
        try:
            return os.read(self._pty.master, READ_BYTES) or None
        except BlockingIOError:
            return b""
        except OSError:
            return None  # Linux says EIO when the last process has closed its side.

    def write_input(self, data: bytes) -> bool:
        """Queue ``data`` for the program. False, and nothing queued, when that is more than it may owe."""
        if len(self._unwritten) + len(data) > MAX_INPUT_BYTES:
            return False
        self._unwritten += data
        self.flush_input()
        return True

    def flush_input(self) -> None:
        while self._unwritten:
            try:
                written = os.write(self._pty.master, self._unwritten[:READ_BYTES])
            except BlockingIOError:
                return
            except OSError:
                self._unwritten.clear()
                return
            del self._unwritten[:written]

    def resize(self, columns: int, lines: int) -> None:
        with contextlib.suppress(OSError):
            set_size(self._pty.master, columns, lines)

    # Channels

    def read_events(self) -> list[bytes]:
        """The event lines that are complete by now."""
        if self._events is None:
            return []
        try:
            data = os.read(self._events, READ_BYTES)
        except BlockingIOError:
            return []
        if not data:
            os.close(self._events)
            self._events = None
            return []
        return self._lines.feed(data)

    def control(self, request: ControlRequest) -> bool:
        """Write one control line. False when the program does not listen or has not read the last ones."""
        if self._control is None:
            return False
        self._unsent_control += encode_control(request)
        try:
            written = os.write(self._control, self._unsent_control)
        except BlockingIOError:
            return len(self._unsent_control) <= READ_BYTES
        except OSError:
            os.close(self._control)
            self._control = None
            return False
        del self._unsent_control[:written]
        return True

    # The end

    def ask_to_end(self, grace: float) -> None:
        """Ask politely, and kill whoever is left ``grace`` seconds later (see ``pursue``)."""
        now = self._clock()
        if self._kill_at is not None:
            self._kill_at = min(self._kill_at, now + grace)
            return
        self._kill_at = now + grace
        # A shell ends by losing its terminal; everything else by being asked to terminate.
        number = signal.SIGHUP if self._tree is TreePolicy.SESSION else signal.SIGTERM
        for group in {self._pty.pid, self._foreground_group()}:
            with contextlib.suppress(OSError):
                os.killpg(group, number)
                os.killpg(group, signal.SIGCONT)

    @property
    def next_sweep(self) -> float | None:
        """While ending: the clock's time at which ``pursue`` wants to be called."""
        return self._next_sweep if self._kill_at is not None else None

    def pursue(self) -> None:
        """While ending: look who is left, and kill them when the grace is over."""
        now = self._clock()
        if self._kill_at is None or now < self._next_sweep:
            return
        self._next_sweep = now + _SWEEP_INTERVAL
        self.left = self.members()
        if now >= self._kill_at:
            send_signal(self.left, signal.SIGKILL)

    @property
    def holdouts(self) -> str:
        """The processes the end waits for, for a person."""
        return names(self.left)

    def members(self) -> list[psutil.Process]:
        """The processes that end with this program, as its tree policy says."""
        marker = None if self._tree is TreePolicy.SESSION else self._run
        return run_processes(self._pty.pid, marker)

    def begin_sweep(self, grace: float) -> None:
        """The leader has ended: ask what it left behind to end too (see ``left``)."""
        self.left = self.members()
        if self._kill_at is None:
            self._kill_at = self._clock() + grace
            send_signal(self.left, signal.SIGTERM)

    def close(self) -> None:
        """Let go of the terminal and the channels. The kernel hangs up whoever is still there."""
        self._watch.close()
        for descriptor in (self._pty.master, self._events, self._control):
            if descriptor is not None:
                with contextlib.suppress(OSError):
                    os.close(descriptor)
        self._events = self._control = None

    def _foreground_group(self) -> int:
        try:
            group = os.tcgetpgrp(self._pty.master)
        except OSError:
            return self._pty.pid
        return group if group > 1 else self._pty.pid
