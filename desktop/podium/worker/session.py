"""One terminal session: requests in, program output in, reports out. It never waits; ``loop`` does."""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from podium.core.clock import Clock, monotonic
from podium.core.protocol.events import decode_line
from podium.core.protocol.frames import MAX_SIDE
from podium.core.protocol.program_channels import ACKNOWLEDGED, ControlRequest, acknowledged_id
from podium.core.protocol.reports import (
    MAX_LINES,
    AcknowledgedReport,
    BellReport,
    ErrorReport,
    EventReport,
    ExitedReport,
    ForegroundReport,
    LinesReport,
    NoticeReport,
    ProgramState,
    Report,
    StatusReport,
    TextReport,
)
from podium.core.protocol.requests import (
    MAX_INPUT_BYTES,
    Acknowledge,
    ClearScrollback,
    Control,
    FocusInput,
    ForegroundWanted,
    Init,
    InputMark,
    KeepScreen,
    KeyInput,
    LinesWanted,
    MouseInput,
    Paste,
    RawInput,
    Request,
    Resize,
    ScreenWanted,
    SendSignal,
    SendText,
    Start,
    Stop,
    Tap,
    TapCredit,
    TextWanted,
    TreePolicy,
    Untap,
    Unwatch,
    Watch,
)
from podium.core.system.fault_reports import FaultReports
from podium.core.system.subreaper import Reap
from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource
from podium.terminal.screen import events as terminal_events
from podium.worker.frame_pacer import FramePacer
from podium.worker.observers.output_observers import Onlookers, screen_report
from podium.worker.output_feed import OutputFeed
from podium.worker.program.child_watch import POLL_INTERVAL, Ended
from podium.worker.program.foreground import Job
from podium.worker.program.limits import limited
from podium.worker.program.program import Program, Spawner
from podium.worker.program.pty import CannotStart, find_program
from podium.worker.program.shell_folder import existing_folder
from podium.worker.program.stopping import ask_to_end
from podium.worker.saving.screen_saver import ScreenKeeper
from podium.worker.typed_input import TypedInput

_QUESTIONS: Final = (LinesWanted, TextWanted, ScreenWanted, Watch, Unwatch, Tap, TapCredit, Untap)
_DRAIN_BYTES: Final = 4 << 20
"""How much output is still read after the program has ended; a grandchild could go on for ever."""
_LEFTOVER_GRACE: Final = 2.0
_MAX_CELL: Final = 1000
_EVENTS_PER_SECOND: Final = 2000
"""More than that waits in the pipe: what a program reports must not keep the window from its other instances."""
_COMPLAINT_INTERVAL: Final = 1.0
_BELL_INTERVAL: Final = 1.0
_NOTICE_INTERVAL: Final = 1.0
_TITLE_INTERVAL: Final = 0.1


class Session:
    """A screen, and at most one program that draws on it. The screen outlives the program."""

    def __init__(
        self,
        init: Init,
        emit: Callable[[Report], None],
        clock: Clock = monotonic,
        spawner: Spawner = lambda spawn: spawn(),
        reap: Reap | None = None,
    ) -> None:
        """``reap`` is how this process reaps the orphans of its programs, where it inherits them."""
        self._instance = init.instance
        self._marker = init.marker
        self._emit = emit
        self._clock = clock
        self._spawner = spawner
        self._columns, self._lines = _possible_size(init.columns, init.lines)
        self._cell = 0, 0
        self._emulator = Emulator(self._columns, self._lines, init.scrollback)
        self._pacer = FramePacer(FrameSource(self._emulator), self._emulator, clock)
        self._onlookers = Onlookers(self._emulator, emit, clock)
        self._typed = TypedInput(
            self._emulator,
            lambda sent, pasted: self._onlookers.mark(sent, shown_again=pasted),
            emit,
            clock,
        )
        self._keeper = ScreenKeeper(self._emulator, init.keep, clock, marker=init.marker)
        self._restores = init.restore
        self._reap = reap
        self._faults = FaultReports("worker")
        self._program: Program | None = None
        self._output = OutputFeed(self._feed, self._flood, clock)
        self._output_ended = self._output_dry = False
        self._ended: Ended | None = None
        self._sweeping = False
        self._drained = 0
        self._state = ProgramState.IDLE
        self._waiting_for = ""
        self._title = ""
        self._next_bell = self._next_notice = self._next_title = 0.0
        self._told_of_limits = False
        self._next_events = self._next_complaint = 0.0

    # For the loop

    @property
    def program(self) -> Program | None:
        """The program that runs, or is being ended."""
        return self._program

    @property
    def reads_output(self) -> bool:
        """Whether more output is wanted: not while the last is still being parsed."""
        return (
            self._program is not None
            and not self._sweeping
            and not self._output_ended
            and not self._output.pending
        )

    @property
    def reads_events(self) -> bool:
        """Whether more events are wanted by now."""
        return self._clock() >= self._next_events and not self._sweeping

    @property
    def busy(self) -> bool:
        """Whether there is work to do at once."""
        waits = self._ended is not None and not self._sweeping
        return self._output.pending or waits or self._keeper.busy

    @property
    def ended(self) -> bool:
        """True when nothing of any program is left."""
        return self._program is None

    def descriptors(self) -> dict[int, int]:
        """What it waits for besides its program: descriptors and poll's events for each."""
        return self._onlookers.descriptors()

    def next_deadline(self) -> float | None:
        """The clock's time at which ``turn`` should be called at the latest."""
        deadlines = [
            self._pacer.next_deadline(),
            self._keeper.next_deadline(),
            self._onlookers.next_deadline(),
            self._typed.next_deadline(),
        ]
        if self._program is not None:
            deadlines.append(self._program.next_sweep)
            if not self.reads_events and not self._sweeping:
                deadlines.append(self._next_events)
            if not self._sweeping and self._program.watch.descriptor is None:
                deadlines.append(self._clock() + POLL_INTERVAL)
        if self._title != self._emulator.title:
            deadlines.append(self._next_title)
        return min((deadline for deadline in deadlines if deadline is not None), default=None)

    def turn(self) -> None:
        """Do what is due: read and parse output, look whether the program has ended, send a frame."""
        self._read_events()
        if self.reads_output:
            self._read_output()
        self._output.turn()
        self._onlookers.turn()
        self._typed.turn(self._program)
        self._look_for_the_end()
        self._report_title()
        self._keep_screen()
        frame = self._pacer.take()
        if frame is not None:
            self._emit(frame)

    # Requests

    def handle(self, request: Request) -> None:
        """Carry out one request. Nothing raises; what can't be done is reported."""
        if not isinstance(request, _QUESTIONS):
            self._carry_out(request)
            return
        try:
            self._carry_out(request)
        except Exception as error:
            # A question changes nothing: a fault in its answer is no reason to end the program.
            self._faults.tell(error)
            reason = f"Its session could not answer that: {error or type(error).__name__}"
            self._emit(ErrorReport(reason[:200], request.request))

    def _carry_out(self, request: Request) -> None:
        match request:
            case KeyInput() | RawInput() | Paste() | SendText() | InputMark():
                self._typed.type(request, self._program)
            case MouseInput():
                self._write(self._emulator.encode_mouse(request))
            case FocusInput():
                self._write(self._emulator.encode_focus(request.focused))
            case Acknowledge():
                self._pacer.acknowledge(request.number)
            case Resize():
                self._resize(request)
            case LinesWanted():
                self._send_lines(request)
            case TextWanted():
                text = self._emulator.text_between(request.first, request.last, request.block)
                self._emit(TextReport(request.request, text))
            case ClearScrollback():
                if request.reset:
                    self._emulator.reset()
                    self._onlookers.on_redrawn()
                self._emulator.clear_scrollback()
                self._keeper.hurry()
            case KeepScreen():
                self._keeper.keep_in(request.path)
            case Start():
                self._start(request)
            case Stop():
                self.stop(request.grace)
            case Control():
                self._control(request)
            case ScreenWanted():
                self._send_screen(request)
            case ForegroundWanted():
                job = self._program.foreground() if self._program is not None else Job()
                self._emit(ForegroundReport(request.request, *job))
            case SendSignal():
                self._signal(request.number)
            case _ if not self._onlookers.handle(request):
                self._emit(ErrorReport(f"A session can't carry out {type(request).__name__}."))

    def stop(self, grace: float) -> None:
        """Ask the program to end; kill what is left of it after ``grace`` seconds."""
        if self._program is None:
            return
        if not self._program.ending and not self._sweeping:
            self._program.prepare_end()
            ask_to_end(self._program, self._program.stop, self._emulator)
        self._program.kill_after(grace)
        self._set_state(ProgramState.STOPPING)

    def kill(self) -> None:
        """End everything at once; for when nobody is left to wait."""
        if self._program is not None:
            self._program.kill()

    def part(self) -> None:
        """The end of the session is near; called before its program is asked to end."""
        self._keeper.part()

    def close(self) -> None:
        """Let go of all descriptors. Call when ``ended``, or when giving up."""
        if self._program is not None:
            self._program.close()
        self._onlookers.close()
        self._keeper.close()

    def _start(self, start: Start) -> None:
        if self._program is not None:
            self._emit(ErrorReport("The program is still running. Stop it first, or use Restart."))
            return
        self._pacer.acknowledge(0)
        if self._restores:
            self._restores = False
            self._keeper.restore()
            self._onlookers.on_redrawn()
        if self._emulator.cursor.x:
            self._feed(b"\r\n")
        self._onlookers.mark()
        start = existing_folder(start)
        try:
            self._program = Program(
                self._limited(start),
                self._instance,
                self._marker,
                self._columns,
                self._lines,
                self._clock,
                self._spawner,
                self._reap,
            )
        except CannotStart as error:
            self._emulator.feed(f"\x1b[31m{error}\x1b[0m\r\n".encode(errors="replace"))
            self._onlookers.on_redrawn()
            self._state = ProgramState.EXITED
            self._emit(ExitedReport(reason=str(error)))
            return
        self._keeper.program_started(self._program.pid if start.tree is TreePolicy.SESSION else None)
        self._tell_size()
        self._output_ended = self._output_dry = False
        self._ended = None
        self._drained = 0
        self._set_state(ProgramState.RUNNING)

    def _limited(self, start: Start) -> Start:
        """``start`` with its limits made part of the command. Raises CannotStart."""
        if start.memory_max_mib <= 0 and start.cpu_percent <= 0:
            return start
        program = find_program(start.argv, start.folder, start.environment)
        found = limited(
            (program, *start.argv[1:]), start.memory_max_mib, start.cpu_percent, start.environment
        )
        if found.notice:
            self._emulator.feed(f"\x1b[2m{found.notice}\x1b[0m\r\n".encode(errors="replace"))
            if not self._told_of_limits:
                self._told_of_limits = True
                self._emit(ErrorReport(found.notice))
        return msgspec.structs.replace(start, argv=found.argv)

    def _write(self, data: bytes) -> None:
        if data and self._program is not None and not self._program.write_input(data):
            limit = MAX_INPUT_BYTES >> 20
            self._emit(
                ErrorReport(
                    f"The program is not reading its input; more than {limit} MiB can't wait. Nothing was sent."
                )
            )

    def _resize(self, wanted: Resize) -> None:
        self._columns, self._lines = _possible_size(wanted.columns, wanted.lines)
        self._cell = max(0, min(wanted.cell_width, _MAX_CELL)), max(0, min(wanted.cell_height, _MAX_CELL))
        self._emulator.resize(self._columns, self._lines)
        self._onlookers.on_redrawn()
        self._emulator.set_cell_size(*self._cell)
        self._tell_size()

    def _tell_size(self) -> None:
        if self._program is not None:
            width, height = self._cell
            self._program.resize(self._columns, self._lines, self._columns * width, self._lines * height)

    def _send_lines(self, wanted: LinesWanted) -> None:
        first, lines, attributes = self._emulator.lines_between(wanted.first, min(wanted.count, MAX_LINES))
        self._emit(
            LinesReport(wanted.request, self._emulator.line_epoch, first, tuple(lines), tuple(attributes))
        )

    def _send_screen(self, wanted: ScreenWanted) -> None:
        report = screen_report(self._emulator, wanted.request)
        self._emit(report)
        first, count = wanted.first, wanted.count
        if first is None:
            first, count = report.first_line, report.lines
        elif first < 0:
            first = max(report.oldest_line, report.first_line + first)
            count = min(count, report.first_line - first)
        self._send_lines(LinesWanted(wanted.request, first, count))

    def _signal(self, number: int) -> None:
        if self._program is None:
            self._emit(ErrorReport("There is no program to send a signal to."))
            return
        self._program.signal_foreground(number)

    def _control(self, request: Control) -> None:
        sent = self._program is not None and self._program.control(
            ControlRequest(request.request, request.command, request.text)
        )
        if not sent:
            self._emit(ErrorReport("The program does not take commands.", request.request))

    # The program

    def _read_output(self) -> None:
        assert self._program is not None
        data = self._program.read_output()
        self._output_dry = not data
        if data is None:
            self._output_ended = True
        elif data:
            self._output.put(data)
            if self._ended is not None:
                self._drained += len(data)

    def _feed(self, data: bytes) -> None:
        self._emulator.feed(data)
        self._onlookers.on_output(data)
        self._typed.on_output()
        self._keeper.changed()
        self._answer()

    def _flood(self, data: bytes) -> int:
        taken = self._emulator.flood(data)
        if taken:
            self._onlookers.on_output(data[:taken])
            self._typed.on_output()
            self._keeper.changed()
            self._answer()
        return taken

    def _answer(self) -> None:
        """Send what the program waits for, report what it told."""
        replies = self._emulator.take_replies()
        if replies and self._program is not None:
            self._program.write_input(replies)
        for event in self._emulator.take_events():
            self._report_terminal_event(event)

    def _report_terminal_event(self, event: object) -> None:
        match event:
            case terminal_events.Bell() if self._clock() >= self._next_bell:
                self._next_bell = self._clock() + _BELL_INTERVAL
                self._emit(BellReport())
            case terminal_events.Notice(title=title, body=body) if self._clock() >= self._next_notice:
                self._next_notice = self._clock() + _NOTICE_INTERVAL
                self._emit(NoticeReport(title, body))

    def _read_events(self) -> None:
        if self._program is not None and self.reads_events:
            lines = self._program.read_events()
            self._next_events = self._clock() + len(lines) / _EVENTS_PER_SECOND
            self._report_events(lines)

    def _report_events(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            try:
                event = decode_line(line)
            except ValueError as error:
                self._complain(f"The program sent an event that makes no sense: {str(error)[:200]}")
                continue
            if event.event != ACKNOWLEDGED:
                self._emit(EventReport(event.event, event.data))
            elif (request := acknowledged_id(event)) is not None:
                self._emit(AcknowledgedReport(request))

    def _complain(self, message: str) -> None:
        if self._clock() >= self._next_complaint:
            self._next_complaint = self._clock() + _COMPLAINT_INTERVAL
            self._emit(ErrorReport(message))

    def _look_for_the_end(self) -> None:
        program = self._program
        if program is None:
            return
        program.pursue()
        if self._state is ProgramState.STOPPING and program.holdouts != self._waiting_for:
            self._waiting_for = program.holdouts
            self._set_state(ProgramState.STOPPING)
        if self._ended is None:
            self._ended = program.watch.poll()
            return  # Its last words are read from the next turn on, when it can't add to them any more.
        spoken = not self._output.pending and (self._output_dry or self._drained > _DRAIN_BYTES)
        if spoken and not self._sweeping:
            self._begin_sweep(program)
        if self._sweeping and program.over:
            self._finish(program, self._ended)

    def _begin_sweep(self, program: Program) -> None:
        """The program has ended: take its last words, undo what it left on, end what it left behind."""
        self._sweeping = True
        self._report_events(program.last_events())
        self._next_events = 0.0
        self._emulator.reset_after_exit()
        self._onlookers.on_redrawn()
        self._keeper.program_ended()
        self._typed.on_program_ended()
        program.begin_sweep(_LEFTOVER_GRACE)
        if program.left:
            self._waiting_for = program.holdouts
            self._set_state(ProgramState.STOPPING)

    def _finish(self, program: Program, ended: Ended) -> None:
        """Nothing is left of the program: tell how it ended."""
        staying = program.staying()
        if program.unkillable:
            self._emit(ErrorReport(f"These could not be ended and may go on: {program.unkillable}."))
        program.close()
        self._typed.on_program_ended()
        self._program = self._ended = None
        self._sweeping = False
        self._waiting_for = ""
        self._state = ProgramState.EXITED
        self._emit(
            ExitedReport(ended.code, ended.signal, killed=program.killed, folder=program.folder, left=staying)
        )

    def _keep_screen(self) -> None:
        self._keeper.turn()
        failure = self._keeper.take_failure()
        if failure:
            self._emit(ErrorReport(failure))

    def _set_state(self, state: ProgramState) -> None:
        self._state = state
        pid = self._program.pid if self._program is not None else 0
        self._emit(StatusReport(state, pid, self._title, self._waiting_for))

    def _report_title(self) -> None:
        """Frames carry the title too, but a hidden pane gets none."""
        now = self._clock()
        if self._emulator.title != self._title and now >= self._next_title:
            self._next_title = now + _TITLE_INTERVAL
            self._title = self._emulator.title
            self._set_state(self._state)


def _possible_size(columns: int, lines: int) -> tuple[int, int]:
    return max(2, min(columns, MAX_SIDE)), max(1, min(lines, MAX_SIDE))
