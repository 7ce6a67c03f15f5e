"""One worker as a QProcess: messages in and out, bounded everywhere. Restarts are not decided here."""

from collections import deque
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Qt, QTimer, Signal

from podium.core.clock import Clock, monotonic
from podium.core.protocol.reports import Report
from podium.core.protocol.requests import Paste, RawInput, Request
from podium.core.system.reexec import podium_command
from podium.ipc.framing import ProtocolError, Unreadable, encode, report_decoder
from podium.pool.message_limits import MessageLimits, OverLimit
from podium.supervision.worker_supervisor import Exit

MAX_QUEUED_BYTES: Final = 1 << 20
"""At most this much may wait for a worker that does not read."""
_RESERVED_BYTES: Final = 64 << 10
"""Of that, what pastes and other input may not use up: a stop or an acknowledgement must still get through."""
TURN_SECONDS: Final = 0.008
"""Seconds that decoding may take in one step of the window's event loop."""
_OURS: Final = "PODIUM_"
"""Variables with this prefix are for the window alone; tokens are among them."""
_STDERR_LINES: Final = 200
_STDERR_LINE: Final = 1000


class WorkerProcess(QObject):
    """A process that speaks the worker's messages. One object per spawn; it is never started twice."""

    broke_protocol = Signal(str)
    """The worker can't be trusted any more; the text says why. Nothing of it is delivered after this."""
    ended = Signal(object)
    """supervision Exit; once, after the last report."""
    could_not_start = Signal(str)
    printed = Signal(object)
    """New lines (a tuple of texts) of the worker's own diagnostics: the last 200 of those that came at once."""

    def __init__(
        self,
        deliver: Callable[[Report], None],
        command: tuple[str, ...] = podium_command("worker"),
        clock: Clock = monotonic,
        parent: QObject | None = None,
    ) -> None:
        """``deliver`` gets what the process reports, a few milliseconds' worth in a step of the event loop."""
        super().__init__(parent)
        self._report = deliver
        self._clock = clock
        self._decoder = report_decoder()
        self._limits = MessageLimits()
        self._trusted = True
        self._exit: Exit | None = None
        self._stderr_rest = b""
        self.stderr_lines: deque[str] = deque(maxlen=_STDERR_LINES)
        """The last lines of the worker's own diagnostics."""
        self.stderr_dropped = 0
        """The number of its lines that are no longer kept."""
        self._more_timer = QTimer(self)
        self._more_timer.setSingleShot(True)
        self._more_timer.timeout.connect(self._decode)
        self._late_timer = QTimer(self)
        self._late_timer.setSingleShot(True)
        self._late_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._late_timer.timeout.connect(self._on_late)
        self._process = QProcess(self)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        self._process.setProcessEnvironment(_environment())
        if hasattr(QProcess, "UnixProcessParameters"):  # Qt has it on Unix only.
            parameters = QProcess.UnixProcessParameters()
            # Own session: a Ctrl+C where Podium was started must not reach it. Closed descriptors: Qt's and
            # Python's inheritable ones are none of its business.
            parameters.flags = (
                QProcess.UnixProcessFlag.CreateNewSession
                | QProcess.UnixProcessFlag.CloseFileDescriptors
                | QProcess.UnixProcessFlag.ResetSignalHandlers
            )
            self._process.setUnixProcessParameters(parameters)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.readyReadStandardError.connect(self._on_diagnostics)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)

    @property
    def pid(self) -> int | None:
        return self._process.processId() or None

    def start(self) -> None:
        self._process.start()

    def send(self, request: Request) -> bool:
        """Queue ``request``. False when the process is gone or has too much unread already."""
        if self._process.state() is QProcess.ProcessState.NotRunning or _huge(request):
            return False
        try:
            data = encode(request)
        except ValueError:
            return False
        limit = MAX_QUEUED_BYTES - (_RESERVED_BYTES if isinstance(request, Paste | RawInput) else 0)
        if self._process.bytesToWrite() + len(data) > limit:
            return False
        return self._process.write(data) == len(data)

    def _on_output(self) -> None:
        # Always read: QProcess has no cap of its own, the one-frame-at-a-time protocol is what holds a worker back.
        data = bytes(self._process.readAllStandardOutput().data())
        if self._trusted:
            self._decoder.feed(data)
            try:
                self._limits.on_received(self._decoder.waiting)
            except OverLimit as over:
                self._abort(str(over))
                return
        if not self._more_timer.isActive():
            self._decode()

    def _decode(self) -> None:
        """Deliver what has arrived, for a few milliseconds; the rest follows in the next step of the event loop."""
        if self._trusted:
            try:
                if not self._deliver():
                    self._more_timer.start(0)
                    return
            except ProtocolError as error:
                self._abort(f"It broke the protocol: {error}.")
                return
            except OverLimit as over:
                self._abort(str(over))
                return
        self._report_end()

    def _deliver(self) -> bool:
        """True when no whole message is left. Raises ProtocolError and OverLimit."""
        now = self._clock()
        until = now + TURN_SECONDS
        progress = False
        while self._trusted and (message := self._decoder.next_message()) is not None:
            progress = True
            if isinstance(message, Unreadable):
                self._limits.on_unreadable(message.reason, now)
            else:
                self._limits.on_message(message, self._decoder.size, now)
                self._report(message)
            now = self._clock()
            if now >= until:
                return False
        if self._trusted:
            self._check_again_in(self._limits.on_drained(self._decoder.incomplete, progress, now))
        return True

    def _check_again_in(self, seconds: float | None) -> None:
        if seconds is None:
            self._late_timer.stop()
        else:
            self._late_timer.start(round(seconds * 1000))

    def _on_late(self) -> None:
        try:
            self._check_again_in(self._limits.on_late(self._clock()))
        except OverLimit as over:
            self._abort(str(over))

    def _abort(self, reason: str) -> None:
        self._trusted = False
        self._decoder = report_decoder()
        self._more_timer.stop()
        self._late_timer.stop()
        # From here on Qt reads its output and throws it away: it can neither fill memory nor stand still.
        self._process.closeReadChannel(QProcess.ProcessChannel.StandardOutput)
        self.broke_protocol.emit(reason)
        self._report_end()

    def _on_diagnostics(self) -> None:
        *lines, rest = (self._stderr_rest + bytes(self._process.readAllStandardError().data())).split(b"\n")
        self._stderr_rest = rest[-_STDERR_LINE:]
        self._add_diagnostics(lines)

    def _add_diagnostics(self, lines: list[bytes]) -> None:
        self.stderr_dropped += max(0, len(self.stderr_lines) + len(lines) - _STDERR_LINES)
        kept = tuple(line[:_STDERR_LINE].decode(errors="replace") for line in lines[-_STDERR_LINES:])
        self.stderr_lines.extend(kept)
        if kept:
            self.printed.emit(kept)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        crashed = status is QProcess.ExitStatus.CrashExit
        # On Unix Qt gives the signal's number as the code of a crash.
        self._exit = Exit(signal=code) if crashed else Exit(code=code)
        self._on_diagnostics()
        if self._stderr_rest:  # Last words without a line's end.
            self._add_diagnostics([self._stderr_rest])
            self._stderr_rest = b""
        self._on_output()

    def _report_end(self) -> None:
        if self._exit is None or self._more_timer.isActive():
            return
        ended, self._exit = self._exit, None
        self._late_timer.stop()
        if self._trusted and self._decoder.incomplete and ended.signal is None:
            self._abort(f"It ended in the middle of a message, with status {ended.code}.")
        self.ended.emit(ended)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        # FailedToStart is the one error that no ``finished`` follows.
        if error is QProcess.ProcessError.FailedToStart:
            self.could_not_start.emit(f"The worker could not be started: {self._process.errorString()}")


def _huge(request: Request) -> bool:
    """Whether input is over the limit whatever its encoding: making a message of it first would take a while."""
    size = len(request.text) if isinstance(request, Paste) else 0
    size = len(request.data) if isinstance(request, RawInput) else size
    return size > MAX_QUEUED_BYTES


def _environment() -> QProcessEnvironment:
    """The window's own environment, without its secrets."""
    environment = QProcessEnvironment.systemEnvironment()
    for name in environment.keys():  # noqa: SIM118
        if name.startswith(_OURS):
            environment.remove(name)
    return environment
