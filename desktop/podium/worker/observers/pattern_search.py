"""A session's way to the process that searches for patterns. It never blocks; the session's loop waits."""

import contextlib
import os
import subprocess
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from podium.core.clock import Clock
from podium.core.finding.pattern_messages import Found, Search, SearchLines, framed, unframed
from podium.core.system.pipes.descriptors import READABLE, WRITABLE
from podium.core.system.pipes.streams import Stream, reading_stream, writing_stream
from podium.core.system.processes import NO_CONSOLE
from podium.core.system.reexec import podium_command

ANSWER_SECONDS: Final = 10.0
"""Seconds that an answer may take on a busy machine. The process gives up before that, by the CPU time it used."""
IDLE_SECONDS: Final = 30.0
"""A process that was idle for so long is ended; the next pattern gets a new one."""
_DIED: Final = "The pattern takes too long or too much memory; make it simpler."
_NOT_STARTED: Final = (
    "Patterns can't be searched for now: {}. Try again in a moment, or wait for plain words."
)
_OURS: Final = "PODIUM_"


class PatternSearch:
    """Sends one request at a time, so that a request that ends the process is known."""

    def __init__(self, clock: Clock, command: tuple[str, ...] = podium_command("pattern-search")) -> None:
        self._clock = clock
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: Stream | None = None
        self._answers: Stream | None = None
        self._receive: Callable[[Found], None] | None = None
        self._unsent = b""
        self._buffer = bytearray()
        self._deadline: float | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._receive is not None

    def begin(self, wanted: Search | SearchLines, receive: Callable[[Found], None]) -> None:
        """Hand the answer to ``receive``, in a later ``step``. Only when not ``busy``."""
        assert self._receive is None
        self._receive = receive
        try:
            if self._process is not None and self._process.poll() is not None:
                self.close()  # Somebody ended it since; this pattern is not to blame.
            if self._process is None:
                self._start()
            self._unsent = framed(wanted)
            self._deadline = self._clock() + ANSWER_SECONDS
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            self._settle(Found(fault=_NOT_STARTED.format(reason), last=True))
            return
        self._send()

    def descriptors(self) -> dict[int, int]:
        """Descriptors the loop has to wait for, and the events to wait for at each."""
        if self._requests is None or self._answers is None:
            return {}
        wanted = {self._answers.fileno(): READABLE}
        if self._unsent:
            wanted[self._requests.fileno()] = WRITABLE
        return wanted

    def next_deadline(self) -> float | None:
        return self._deadline

    def step(self) -> None:
        """Take in what came; give up on what did not."""
        if self._process is None:
            return
        self._send()
        # Taking an answer in moves the deadline, so it is looked at afterwards.
        if not self._take() or (self._deadline is not None and self._clock() >= self._deadline):
            self.give_up()

    def close(self) -> None:
        """End the process; ``begin`` starts another."""
        process, self._process = self._process, None
        self._unsent = b""
        self._buffer.clear()
        self._deadline = None
        if process is None:
            return
        process.kill()
        for stream in (self._requests, self._answers):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._requests = self._answers = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1.0)  # It is killed: this reaps it.

    def _start(self) -> None:
        self._process = process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            creationflags=NO_CONSOLE,
            env=_environment(os.environ),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdin, process.stdout:
            self._requests = writing_stream(os.dup(process.stdin.fileno()))
            self._answers = reading_stream(os.dup(process.stdout.fileno()))

    def _send(self) -> None:
        if not self._unsent or self._requests is None:
            return
        with contextlib.suppress(
            BlockingIOError, ConnectionError
        ):  # A broken one is noticed where it is read.
            sent = self._requests.write(self._unsent)
            self._unsent = self._unsent[sent:]

    def _take(self) -> bool:
        """False when the process has ended, or broke the protocol."""
        assert self._answers is not None
        try:
            data = self._answers.read(1 << 16)
            self._buffer += data
            payload = unframed(self._buffer)
            if payload is not None:
                self._settle(msgspec.msgpack.decode(payload, type=Found))
        except BlockingIOError:
            return True
        except (OSError, msgspec.MsgspecError):
            return False
        return bool(data)

    def give_up(self) -> None:
        """End the process; what it was asked has no answer."""
        receive, self._receive = self._receive, None
        self.close()
        if receive is not None:
            receive(Found(fault=_DIED))

    def _settle(self, found: Found) -> None:
        receive, self._receive = self._receive, None
        if found.last:
            self.close()  # Before anybody asks it one thing more.
        else:
            self._deadline = self._clock() + IDLE_SECONDS
        if receive is not None:
            receive(found)


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """It belongs to no instance, and is not to be taken for one's program."""
    return {name: value for name, value in own.items() if not name.startswith(_OURS)}
