"""One terminal session: requests in, program output in, reports out. It never blocks; the loop waits."""

import math
from collections.abc import Callable, Collection
from typing import Final

from podium.core.clock import Clock, monotonic
from podium.core.protocol.command_requests import MoveCursor, RunAtPrompt
from podium.core.protocol.program_channels import ControlRequest
from podium.core.protocol.reports import (
    ErrorReport,
    ExitedReport,
    ProgramState,
    Report,
    StatusReport,
)
from podium.core.protocol.requests import (
    MAX_INPUT_BYTES,
    Acknowledge,
    ClearScrollback,
    Control,
    FocusInput,
    Follow,
    Init,
    InputMark,
    KeepScreen,
    KeyInput,
    MouseInput,
    Paste,
    RawInput,
    Request,
    Resize,
    SendSignal,
    SendText,
    Start,
    Stop,
    TreePolicy,
)
from podium.core.system.fault_reports import FaultReports
from podium.core.system.subreaper import Reap
from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource
from podium.worker.ended_commands import EndedCommands
from podium.worker.event_feed import EventFeed
from podium.worker.finding.finder import Finder
from podium.worker.frame_pacer import FramePacer
from podium.worker.notices import Notices
from podium.worker.observers.output_observers import OutputObservers
from podium.worker.output_feed import OutputFeed
from podium.worker.program.child_watch import POLL_INTERVAL, Ended
from podium.worker.program.foreground import Job
from podium.worker.program.limits import StartLimits
from podium.worker.program.program import Program, Spawner
from podium.worker.program.pty import CannotStart
from podium.worker.program.shell_folder import existing_folder
from podium.worker.program.stopping import request_stop
from podium.worker.questions import QUESTIONS, Questions
from podium.worker.saving.line_archive import LineArchive
from podium.worker.saving.screen_saver import ScreenSaver
from podium.worker.screen_size import possible_size
from podium.worker.terminal_settings import set_up
from podium.worker.typed_input import TypedInput

_LEFTOVER_GRACE: Final = 2.0
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
        self._size = possible_size(Resize(init.columns, init.lines))
        self._archive = LineArchive(init.archive, emit)
        columns, lines = self._size.columns, self._size.lines
        self._emulator = Emulator(columns, lines, init.scrollback, clock, self._archive.store)
        self._pacer = FramePacer(FrameSource(self._emulator), self._emulator, clock)
        self._observers = OutputObservers(
            self._emulator, emit, clock, self._tool, lambda typed: self._typed.type(typed, self._program)
        )
        self._questions = Questions(self._emulator, emit, self._job, self._tool, self._folder)
        self._finder = Finder(self._emulator, emit, clock)
        self._events = EventFeed(emit, clock)
        self._notices = Notices(emit, clock)
        self._commands = EndedCommands(self._emulator, emit)
        self._typed = TypedInput(
            self._emulator,
            lambda sent, pasted: self._observers.mark(sent, shown_again=pasted),
            emit,
            clock,
            self._tool,
        )
        self._saver = ScreenSaver(self._emulator, init.keep, clock, marker=init.marker)
        self._restores = init.restore
        self._reap = reap
        self._faults = FaultReports("worker")
        self._program: Program | None = None
        self._output = OutputFeed(self._feed, clock)
        self._ended: Ended | None = None
        self._sweeping = False
        self._state = ProgramState.IDLE
        self._waiting_for = ""
        self._title = ""
        self._next_title = 0.0
        self._limits = StartLimits(self._emulator.feed, emit)

    # For the loop

    @property
    def program(self) -> Program | None:
        """The program that runs, or is being ended."""
        return self._program

    @property
    def reads_output(self) -> bool:
        """Whether more output is wanted: not while the last is still being parsed."""
        return self._program is not None and not self._sweeping and self._output.wants_more

    @property
    def reads_events(self) -> bool:
        """Whether more events are wanted by now."""
        return self._events.ready and not self._sweeping

    @property
    def busy(self) -> bool:
        """Whether there is work to do at once."""
        waits = self._ended is not None and not self._sweeping
        return self._output.pending or waits or self._saver.busy or self._finder.busy

    @property
    def ended(self) -> bool:
        """True when nothing of any program is left."""
        return self._program is None

    def descriptors(self) -> dict[int, int]:
        """Descriptors it waits for besides its program, and poll's events for each."""
        return {**self._observers.descriptors(), **self._finder.descriptors()}

    def next_deadline(self) -> float | None:
        """The clock's time at which ``step`` should be called at the latest."""
        deadlines = [
            self._pacer.next_deadline(),
            self._saver.next_deadline(),
            self._observers.next_deadline(),
            self._finder.next_deadline(),
            self._typed.next_deadline(),
            self._notices.next_deadline(),
        ]
        if self._program is not None:
            deadlines.append(self._program.next_sweep)
            if not self._sweeping:
                deadlines.append(self._events.next_deadline())
            if not self._sweeping and self._program.watch.descriptor is None:
                deadlines.append(self._clock() + POLL_INTERVAL)
        if self._title != self._emulator.title:
            deadlines.append(self._next_title)
        return min((deadline for deadline in deadlines if deadline is not None), default=None)

    def step(self) -> None:
        """Do what is due: read and parse output, look whether the program has ended, send a frame."""
        self._read_events()
        if self._program is not None and self.reads_output:
            self._output.put(self._program.read_output(), program_ended=self._ended is not None)
        self._output.step()
        self._observers.step()
        self._finder.step()
        self._typed.step(self._program)
        self._notices.step()
        self._check_end()
        self._report_title()
        self._save_screen()
        if (frame := self._pacer.take()) is not None:
            self._emit(frame)

    # Requests

    def handle(self, request: Request) -> None:
        """Carry out one request. Nothing raises; what can't be done is reported."""
        if not isinstance(request, QUESTIONS):
            self._carry_out(request)
            return
        try:
            self._carry_out(request)
        except Exception as error:
            # A fault in an answer does not end the program.
            self._faults.report(error)
            reason = f"Its session could not answer that: {error or type(error).__name__}"
            self._emit(ErrorReport(reason[:200], request.request))

    def _carry_out(self, request: Request) -> None:
        match request:
            case KeyInput() | RawInput() | Paste() | SendText() | RunAtPrompt() | InputMark():
                self._typed.type(request, self._program)
            case MoveCursor(line=line, column=column):
                self._write(self._emulator.encode_move(line, column))
            case MouseInput():
                self._write(self._emulator.encode_mouse(request))
            case FocusInput():
                self._write(self._emulator.encode_focus(request.focused))
            case Acknowledge():
                self._pacer.acknowledge(request.number)
            case Resize():
                self._resize(request)
            case Follow():
                if request.line_epoch == self._emulator.line_epoch:
                    self._emulator.follow(request.number, request.places)
            case ClearScrollback():
                if request.reset:
                    self._emulator.reset()
                self._emulator.clear_scrollback()
                self._on_redrawn()
                self._saver.save_soon()
            case KeepScreen():
                self._saver.set_path(request.path)
            case Start():
                self._start(request)
            case Stop():
                self.stop(request.grace)
            case Control():
                self._control(request)
            case SendSignal():
                self._signal(request.number)
            case _ if set_up(self._emulator, request):
                self._answer()  # A program may have asked to be told.
            case _ if not any(
                part(request)
                for part in (self._questions.answer, self._observers.handle, self._finder.handle)
            ):
                self._emit(ErrorReport(f"A session can't carry out {type(request).__name__}."))

    def stop(self, grace: float) -> None:
        """Ask the program to end; kill what is left of it after ``grace`` seconds."""
        if self._program is None:
            return
        if not self._program.ending and not self._sweeping:
            self._program.prepare_end()
            request_stop(self._program, self._program.stop, self._emulator)
        self._program.kill_after(grace)
        self._set_state(ProgramState.STOPPING)

    def kill(self) -> None:
        """End everything at once, without a grace."""
        if self._program is not None:
            self._program.kill()

    def prepare_exit(self) -> None:
        """Save the screen; called before the program is asked to end."""
        self._saver.prepare_exit()

    def close(self) -> None:
        """Close all descriptors. Call when ``ended``, or when giving up."""
        if self._program is not None:
            self._program.close()
        self._observers.close()
        self._finder.close()
        self._saver.close()
        self._archive.close()

    def _start(self, start: Start) -> None:
        if self._program is not None:
            self._emit(ErrorReport("The program is still running. Stop it first, or use Restart."))
            return
        self._pacer.acknowledge(0)
        if self._restores:
            self._restores = False
            self._saver.restore()
            self._on_redrawn()
        if self._emulator.cursor.x:
            self._feed(b"\r\n", math.inf)
        self._observers.mark()
        start = existing_folder(start)
        self._emulator.enter_folder("")  # Until its shell tells one.
        try:
            self._program = Program(
                self._limits.put_on(start),
                self._instance,
                self._marker,
                self._size.of_terminal(),
                self._clock,
                self._spawner,
                self._reap,
            )
        except CannotStart as error:
            self._emulator.feed(f"\x1b[31m{error}\x1b[0m\r\n".encode(errors="replace"))
            self._on_redrawn()
            self._state = ProgramState.EXITED
            self._emit(ExitedReport(reason=str(error)))
            return
        self._saver.program_started(self._program.pid if start.tree is TreePolicy.SESSION else None)
        self._output.begin()
        self._ended = None
        self._set_state(ProgramState.RUNNING)

    def _write(self, data: bytes) -> None:
        if data and self._program is not None and not self._program.write_input(data):
            limit = MAX_INPUT_BYTES >> 20
            self._emit(
                ErrorReport(
                    f"The program is not reading its input; more than {limit} MiB can't wait. Nothing was sent."
                )
            )

    def _resize(self, wanted: Resize) -> None:
        self._size = size = possible_size(wanted)
        self._emulator.resize(size.columns, size.lines)
        self._on_redrawn()
        self._emulator.set_cell_size(size.cell_width, size.cell_height)
        if self._program is not None:
            self._program.resize(size.of_terminal())

    def _job(self) -> Job:
        return self._program.foreground() if self._program is not None else Job()

    def _tool(self, tools: Collection[str]) -> str:
        return self._program.tool(tools) if self._program is not None else ""

    def _folder(self) -> str:
        return self._program.current_folder() if self._program is not None else ""

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

    def _feed(self, data: bytes, until: float) -> int:
        """Parse output until the clock's time ``until`` or a whole picture is due; returns how many bytes."""
        consumed = self._emulator.feed(data, until, self._pacer.frame_due)
        self._observers.on_output(data[:consumed])
        self._typed.on_output()
        self._finder.changed()
        self._saver.changed()
        self._answer()
        return consumed

    def _on_redrawn(self) -> None:
        """The screen changed without output."""
        self._observers.on_redrawn()
        self._finder.changed()

    def _answer(self) -> None:
        """Send the replies that the program waits for, and report its events."""
        replies = self._emulator.take_replies()
        if replies and self._program is not None:
            self._program.write_input(replies)
        events = self._emulator.take_events()
        self._notices.report(events)
        self._commands.report(events)

    def _read_events(self) -> None:
        if self._program is not None and self.reads_events:
            self._events.take(self._program.read_events())

    def _check_end(self) -> None:
        program = self._program
        if program is None:
            return
        program.enforce_deadline()
        if self._state is ProgramState.STOPPING and program.blocking != self._waiting_for:
            self._waiting_for = program.blocking
            self._set_state(ProgramState.STOPPING)
        if self._ended is None:
            self._ended = program.watch.poll()
            return  # Its last output is read from the next step on, when it can't add to it any more.
        if self._output.exhausted and not self._sweeping:
            self._begin_sweep(program)
        if self._sweeping and program.over:
            self._finish(program, self._ended)

    def _begin_sweep(self, program: Program) -> None:
        """The program has ended: report its last events, undo what it left on, end what it left behind."""
        self._sweeping = True
        self._events.take_last(program.last_events())
        self._emulator.reset_after_exit()
        self._on_redrawn()
        self._saver.program_ended()
        self._observers.on_program_ended()
        self._typed.on_program_ended()
        self._notices.on_program_ended()
        program.begin_sweep(_LEFTOVER_GRACE)
        if program.remaining:
            self._waiting_for = program.blocking
            self._set_state(ProgramState.STOPPING)

    def _finish(self, program: Program, ended: Ended) -> None:
        """Report the program's end, now that nothing of it is left."""
        staying = program.staying()
        if program.unkillable:
            self._emit(ErrorReport(f"These could not be ended and may still run: {program.unkillable}."))
        program.close()
        self._typed.on_program_ended()
        self._program = self._ended = None
        self._sweeping = False
        self._waiting_for = ""
        self._state = ProgramState.EXITED
        self._emit(
            ExitedReport(ended.code, ended.signal, killed=program.killed, folder=program.folder, left=staying)
        )

    def _save_screen(self) -> None:
        self._saver.step()
        if failure := self._saver.take_failure():
            self._emit(ErrorReport(failure))
        self._archive.check(self._emulator.lines_lost)

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
