"""Observers of a session besides its pane: watches, taps, agents' questions and answers, and that there was output."""

from collections.abc import Callable, Collection
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.attention import AgentMarks, AnswerQuestion, SubmitPrompt
from podium.core.protocol.frames import Cursor
from podium.core.protocol.reports import OutputReport, Report, ScreenReport
from podium.core.protocol.requests import Request, Tap, TapCredit, Untap, Unwatch, Watch
from podium.terminal import Emulator
from podium.terminal.output.frames import screen_modes
from podium.worker.observers.agent_watch import AgentWatch
from podium.worker.observers.answers import Answers, Typed
from podium.worker.observers.first_prompt import FirstPrompt
from podium.worker.observers.taps import Taps
from podium.worker.observers.watches import Watches

_NEWS_INTERVAL: Final = 1.0
_MAX_LINE: Final = 256


class OutputObservers:
    """Told of all output, right after the emulator took it in. ``step`` does what is due."""

    def __init__(
        self,
        emulator: Emulator,
        emit: Callable[[Report], None],
        clock: Clock,
        tool: Callable[[Collection[str]], str] = lambda _: "",
        type_input: Callable[[Typed], None] = lambda _: None,
    ) -> None:
        """``tool`` is which of some tools has the terminal, "" for none of them; ``type_input`` answers them."""
        self._emulator = emulator
        self._emit = emit
        self._clock = clock
        self._watches = Watches(emulator, emit, clock)
        self._taps = Taps(emulator, emit, clock)
        self._agents = AgentWatch(emulator, emit, clock, tool)
        self._answers = Answers(emulator, self._agents, type_input, emit, clock)
        self._prompt = FirstPrompt(emulator, self._agents, type_input, emit, clock)
        self._unreported = 0
        self._next_news = 0.0

    def handle(self, request: Request) -> bool:
        """Carry out a request of an observer; False for any other."""
        match request:
            case Watch():
                self._watches.add(request)
            case Unwatch():
                self._watches.remove(request.request)
            case Tap():
                self._taps.add(request)
            case TapCredit():
                self._taps.grant(request.request, request.credit)
            case Untap():
                self._taps.remove(request.request)
            case AgentMarks():
                self._agents.use(request)
            case AnswerQuestion():
                self._answers.give(request)
            case SubmitPrompt():
                self._prompt.begin(request)
            case _:
                return False
        return True

    def mark(self, sent: str = "", *, shown_again: bool = False) -> None:
        """For watches: what is drawn from now on is new (see FreshOutput)."""
        self._watches.mark(sent, shown_again=shown_again)

    def on_output(self, data: bytes) -> None:
        self._unreported += len(data)
        self._watches.on_output(self._clock(), data)
        self._taps.on_output(data)
        self._agents.on_output()
        self._answers.on_output()
        self._prompt.on_output()

    def on_redrawn(self) -> None:
        """The screen changed without output."""
        self._watches.on_redrawn(self._clock())
        self._taps.on_redrawn()
        self._agents.on_output()

    def on_program_ended(self) -> None:
        """What is still on the screen asks nobody any more."""
        self._agents.on_program_ended()
        self._answers.on_program_ended()
        self._prompt.on_program_ended()

    def descriptors(self) -> dict[int, int]:
        """Descriptors the session waits for besides, and poll's events for each."""
        return self._watches.descriptors()

    def close(self) -> None:
        self._watches.close()

    def next_deadline(self) -> float | None:
        deadlines = [
            part.next_deadline()
            for part in (self._watches, self._taps, self._agents, self._answers, self._prompt)
        ]
        if self._unreported:
            deadlines.append(self._next_news)
        return min((deadline for deadline in deadlines if deadline is not None), default=None)

    def step(self) -> None:
        self._watches.step()
        self._taps.step()
        self._agents.step()
        self._answers.step()
        self._prompt.step()
        if self._unreported and self._clock() >= self._next_news:
            self._next_news = self._clock() + _NEWS_INTERVAL
            size, self._unreported = self._unreported, 0
            self._emit(OutputReport(size, _last_line(self._emulator)))


def screen_report(emulator: Emulator, request: int) -> ScreenReport:
    """The head of the visible screen."""
    t = emulator.terminal
    return ScreenReport(
        request,
        t.columns,
        t.lines,
        Cursor(t.x, t.y, 25 in t.modes, t.cursor_shape, t.cursor_blinking),
        screen_modes(t),
        emulator.line_epoch,
        emulator.first_line,
        emulator.oldest_line,
        t.title,
    )


def _last_line(emulator: Emulator) -> str:
    lines = emulator.text_between().rstrip("\n").rsplit("\n", 1)
    return lines[-1].strip()[:_MAX_LINE]
