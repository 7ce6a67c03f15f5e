"""The program of a session: its PTY, its input queue, its two channels, its end."""

import contextlib
import signal
import uuid
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.events import MAX_EVENT_BYTES
from podium.core.protocol.program_channels import (
    ControlRequest,
    HostChannels,
    LineBuffer,
    encode_control,
)
from podium.core.protocol.reports import ProcessLeft
from podium.core.protocol.requests import MAX_INPUT_BYTES, Start, TreePolicy
from podium.core.system.pipes.streams import Stream
from podium.core.system.process_table import ProcessEntry, continue_entries, names_of, signal_entries
from podium.core.system.processes import INSTANCE_VARIABLE, RUN_VARIABLE, WORKER_VARIABLE
from podium.core.system.signals import HANG_UP, KILL
from podium.core.system.subreaper import Reap
from podium.worker.program.child_watch import ChildWatch
from podium.worker.program.foreground import Job, foreground_job, is_shell
from podium.worker.program.limits import kill_scope, own_scope
from podium.worker.program.program_tree import UNSEEN, ProgramTree, earlier_children
from podium.worker.program.pty import (
    CannotStart,
    Pty,
    TerminalSize,
    open_pty,
    start_error,
)
from podium.worker.program.shell_folder import shell_folder
from podium.worker.program.term import terminal_variables
from podium.worker.program.tools import running_tool

READ_BYTES: Final = 64 * 1024
_MAX_OWED: Final = MAX_INPUT_BYTES + 64
"""The longest paste has marks around it besides."""
_HANG_UP_AFTER: Final = 0.3
"""Seconds from the signal until the terminal is closed. A bash whose last key was Esc only notes the signal; it ends
when it can't read any more.
"""
_LINE_ENDINGS: Final = (b"\r", b"\n", b"\x04")
"""Bytes that a shell waits for before it does something, and may be its last."""
_EVENT_READ_BYTES: Final = 8 * 1024
_MAX_LAST_EVENTS: Final = 1 << 20
_FIRST_SWEEP: Final = 0.05
_SWEEP_INTERVAL: Final = 0.2
"""While ending: how often to look who is left. A look through the process table costs a millisecond or more, and many
programs may be ending at once.
"""
_KILL_SECONDS: Final = 0.1
"""Seconds that one search for processes that fork all the time may take."""
_GIVE_UP: Final = 0.8
"""Seconds after the first kill: what is still there then hangs in the kernel, and nothing more can be done. Less than
the margin after which a worker that ends is killed itself.
"""

Spawner = Callable[[Callable[[], Pty]], Pty]
"""Runs the fork where it should run: a worker lowers its own priority, and its program must not inherit that."""


class Program:
    """A running program. Everything here is non-blocking; the loop waits on the descriptors."""

    def __init__(
        self,
        start: Start,
        instance: str,
        marker: str,
        size: TerminalSize,
        clock: Clock,
        spawner: Spawner,
        reap: Reap | None = None,
    ) -> None:
        """Raises CannotStart. ``marker`` is what the markers of all runs of this session begin with, ``reap`` how
        this process reaps the orphans it inherits, if it does.
        """
        self._clock = clock
        self._run = f"{marker}.{uuid.uuid4().hex}" if start.tree is TreePolicy.TREE else None
        self._policy = start.tree
        # A shell that was started as a command ignores being asked to terminate like any other.
        self._is_shell = start.tree is TreePolicy.SESSION or is_shell(start.argv)
        self._login_shell = start.environment.get("SHELL", "")
        self.folder = ""
        """A shell's folder when it was asked to end, or got its last line: once ended it has no folder any more."""
        self.stop = start.stop
        self._unwritten = bytearray()
        self._unsent_control = bytearray()
        self._kill_at: float | None = None
        self._next_sweep = 0.0
        self._killed_at: float | None = None
        self._scope: Path | None = None
        """The control group of its own that systemd gave it."""
        self._hang_up_at: float | None = None
        self._signalled: set[int] = set()
        """The process groups that have been asked to end."""
        self.remaining: list[ProcessEntry] = []
        """While ending: the processes that were left at the last check."""
        self.blocking = ""
        """The same for a person."""
        self.killed = ""
        """The processes that had to be killed, for a person."""
        self.unkillable = ""
        """The processes that live on although they were killed, or may not be killed, for a person."""
        before = earlier_children(reap)
        self._lines = LineBuffer(MAX_EVENT_BYTES)
        try:
            self._channels = HostChannels()
        except OSError as error:
            raise CannotStart(start_error(start.argv, error)) from error
        self._events: Stream | None = self._channels.events
        self._control: Stream | None = self._channels.control
        with contextlib.ExitStack() as if_it_fails:
            if_it_fails.callback(self._close_channels)
            environment = {
                **start.environment,
                **self._channels.environment,
                INSTANCE_VARIABLE: instance,
                WORKER_VARIABLE: marker,
                **({RUN_VARIABLE: self._run} if self._run is not None else {}),
                **terminal_variables(start.terminal, start.environment),
            }
            inherited = self._channels.inherited
            try:
                self._pty = spawner(lambda: open_pty(start.argv, start.folder, environment, size, inherited))
            finally:
                self._channels.close_inherited()
            if_it_fails.pop_all()
        self._watch = self._pty.watch()
        self._tree = ProgramTree(self._pty.pid, start.tree, self._run, reap, before)

    @property
    def pid(self) -> int:
        return self._pty.pid

    @property
    def terminal(self) -> int:
        """The descriptor to wait on for its output, and while ``wants_to_write``."""
        return self._pty.fileno()

    @property
    def events(self) -> int | None:
        """The descriptor event lines come from; None once the program's side is closed."""
        return self._events.fileno() if self._events is not None else None

    @property
    def watch(self) -> ChildWatch:
        return self._watch

    @property
    def wants_to_write(self) -> bool:
        """Whether input waits for the terminal to take it."""
        return bool(self._unwritten)

    @property
    def waiting_control(self) -> int | None:
        """The descriptor of the control channel while lines wait for it."""
        return self._control.fileno() if self._control is not None and self._unsent_control else None

    def flush(self) -> None:
        """Write what waits, as far as the program takes it now."""
        self._flush_input()
        self._flush_control()

    # Output and input

    def read_output(self) -> bytes | None:
        """The program's output: b"" when nothing waits, None when no process holds the terminal any more.

        A terminal gives 4 KiB at a time whatever is asked for; a step of the loop for each would cost more than
        parsing it.
        """
        pieces: list[bytes] = []
        size = 0
        while size < READ_BYTES:
            try:
                data = self._pty.read(READ_BYTES)
            except BlockingIOError:
                break
            except OSError:
                data = b""  # Linux says EIO when the last process has closed its side.
            if not data:
                return b"".join(pieces) or None
            pieces.append(data)
            size += len(data)
        return b"".join(pieces)

    def write_input(self, data: bytes) -> bool:
        """Queue ``data`` for the program. False, and nothing queued, when that is more than it may owe."""
        if len(self._unwritten) + len(data) > _MAX_OWED:
            return False
        if any(ending in data for ending in _LINE_ENDINGS):
            self._note_folder()
        self._unwritten += data
        self._flush_input()
        return True

    def _note_folder(self) -> None:
        if self._is_shell:
            self.folder = shell_folder(self._pty.pid) or self.folder

    def _flush_input(self) -> None:
        while self._unwritten:
            try:
                written = self._pty.write(self._unwritten[:READ_BYTES])
            except BlockingIOError:
                return
            except OSError:
                self._unwritten.clear()
                return
            del self._unwritten[:written]

    @property
    def has_read_input(self) -> bool:
        """Whether the program has taken all it was sent, as far as the system tells."""
        return not self._unwritten and not self._pty.unread_input()

    def foreground(self) -> Job:
        """The work a person would lose now: nothing of a program that is being ended already."""
        if self.ending:
            return Job()
        group = self._pty.foreground_group()
        return foreground_job(group, self._pty.pid, shell=self._is_shell, login_shell=self._login_shell)

    def tool(self, tools: Collection[str]) -> str:
        """The first of ``tools`` that has the terminal; "" when none has."""
        return running_tool(self._pty.foreground_group(), tools)

    def current_folder(self) -> str:
        """The folder of the job in the foreground; else the program's own, or the one it was started in."""
        group = self._pty.foreground_group()
        return (group and shell_folder(group)) or shell_folder(self._pty.pid) or self.folder

    def resize(self, size: TerminalSize) -> None:
        with contextlib.suppress(OSError):
            self._pty.set_size(size)

    # Channels

    def read_events(self) -> list[bytes]:
        """Some event lines that have arrived."""
        return self._lines.feed(self._event_bytes())

    def last_events(self) -> list[bytes]:
        """All event lines that still wait, once the program has ended."""
        lines: list[bytes] = []
        taken = 0
        self._channels.finish_events()
        while taken < _MAX_LAST_EVENTS and (data := self._event_bytes()):
            taken += len(data)
            lines += self._lines.feed(data)
        return lines

    def _event_bytes(self) -> bytes:
        if self._events is None:
            return b""
        try:
            data = self._events.read(_EVENT_READ_BYTES)
        except BlockingIOError:
            return b""
        if not data:
            self._events.close()
            self._events = None
        return data

    def control(self, request: ControlRequest) -> bool:
        """Write one control line. False when the program does not listen or has not read the last ones."""
        if self._control is None or len(self._unsent_control) > READ_BYTES:
            return False
        self._unsent_control += encode_control(request)
        self._flush_control()
        return self._control is not None

    def _flush_control(self) -> None:
        if self._control is None or not self._unsent_control:
            return
        try:
            written = self._control.write(self._unsent_control)
        except BlockingIOError:
            return
        except OSError:
            self._control.close()
            self._control = None
            self._unsent_control.clear()
            return
        del self._unsent_control[:written]

    # The end

    @property
    def ending(self) -> bool:
        """Whether it has been asked to end."""
        return self._kill_at is not None

    def kill_after(self, grace: float) -> None:
        """Kill what is left in ``grace`` seconds (see ``enforce_deadline``). Asked again, the earlier counts."""
        now = self._clock()
        if self._kill_at is None:
            self._next_sweep = now + _SWEEP_INTERVAL
        self._kill_at = min(self._kill_at or now + grace, now + grace)
        self._next_sweep = min(self._next_sweep, self._kill_at)

    def prepare_end(self) -> None:
        """Before it is asked to end: note what can be told only while the leader lives."""
        self._note_folder()
        if self._policy is TreePolicy.TREE:
            self._scope = own_scope(self._pty.pid)
        if not self._tree.inherits:
            self._note(self._living())

    def hang_up(self) -> None:
        """Ask by the usual signal: SIGHUP and the loss of its terminal for a shell, SIGTERM for everything else."""
        if self._is_shell:
            self.signal(HANG_UP)
            self._hang_up_at = self._clock() + _HANG_UP_AFTER
        else:
            self.signal(signal.SIGTERM)

    def signal(self, number: signal.Signals) -> None:
        """Signal its process group and the one in the foreground of its terminal, asleep or not."""
        self._signalled |= self._pty.signal(number)

    def signal_foreground(self, number: int) -> None:
        """Signal the job in the foreground of its terminal, as a key like Ctrl+C does."""
        self._pty.signal_foreground(number)

    @property
    def next_sweep(self) -> float | None:
        """While ending: the clock's time at which ``enforce_deadline`` is due."""
        if self._kill_at is None:
            return None
        return self._next_sweep if self._hang_up_at is None else min(self._next_sweep, self._hang_up_at)

    def enforce_deadline(self) -> None:
        """While ending: check what is left, and kill it when the grace is over."""
        if self._kill_at is None:
            return
        if not self._tree.reap():
            self._note([])
            return
        now = self._clock()
        if self._hang_up_at is not None and now >= self._hang_up_at:
            self._close_terminal()
        if now < self._next_sweep:
            return
        self._next_sweep = now + _SWEEP_INTERVAL
        if now < self._kill_at:
            self._next_sweep = min(self._next_sweep, self._kill_at)
        self._note(self._living())
        if now >= self._kill_at and self.remaining:
            self._kill(now)

    def _kill(self, now: float) -> None:
        self.killed = self.killed or self.blocking
        if self._scope is not None:
            kill_scope(self._scope)
        refused = signal_entries(self.remaining, KILL)
        if UNSEEN in self.remaining:
            self._tree.kill_unseen(_KILL_SECONDS)
        self._killed_at = self._killed_at or now
        self._next_sweep = now + _FIRST_SWEEP
        if len(refused) == len(self.remaining) or now >= self._killed_at + _GIVE_UP:
            self.unkillable = self.blocking

    @property
    def over(self) -> bool:
        """After ``begin_sweep``: whether all of it has ended, or what has not never will."""
        return not self.remaining or bool(self.unkillable)

    def _note(self, left: list[ProcessEntry]) -> None:
        self.remaining = left
        self.blocking = names_of(left)

    def _living(self) -> list[ProcessEntry]:
        """The processes that end with this program, as its tree policy says."""
        try:
            return self._tree.living()
        except OSError:
            return self.remaining  # No file descriptor is free, so this may be out of date.

    def staying(self) -> tuple[ProcessLeft, ...]:
        """Its descendants that do not end with it: what a shell's person has started for good."""
        try:
            return tuple(ProcessLeft(entry.pid, entry.started) for entry in self._tree.staying())
        except OSError:
            return ()

    def kill(self) -> None:
        """Kill all of it now, without a grace."""
        signal_entries(self._living(), KILL)

    def begin_sweep(self, grace: float) -> None:
        """Ask what the program left behind to end too (see ``remaining`` and ``over``); its leader was reaped.

        What was in a process group that has been asked already is not asked again: to many tools a second signal
        means at once.
        """
        self._note(self._living())
        if not self.remaining:
            return
        now = self._clock()
        self._next_sweep = now + _FIRST_SWEEP
        self._kill_at = now + grace if self._kill_at is None else self._kill_at
        unasked = [entry for entry in self.remaining if entry.group not in self._signalled]
        signal_entries(unasked, signal.SIGTERM)
        continue_entries(unasked)
        if self._hang_up_at is not None:
            self._close_terminal()  # Nobody reads it any more.

    def close(self) -> None:
        """Close the terminal and the channels. The kernel hangs up the processes that are left."""
        self._watch.close()
        self._pty.close()
        self._close_channels()

    def _close_channels(self) -> None:
        for stream in (self._events, self._control):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._events = self._control = None

    def _close_terminal(self) -> None:
        self._hang_up_at = None
        self._unwritten.clear()
        with contextlib.suppress(OSError):  # Out of descriptors: then it is killed at the end of its grace.
            self._pty.let_go()
