"""The first prompt of an agent's tool: given when the tool takes one, submitted, and seen to be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.attention import AgentScreen, PromptReport, SubmitPrompt, TitleState
from podium.core.protocol.reports import ErrorReport, Report
from podium.core.protocol.requests import KeyInput, Paste
from podium.terminal import Emulator
from podium.worker.observers.agent_watch import AgentWatch

_LOOK: Final = 0.2
"""Between two looks."""
_IDLE_LOOK: Final = 2.0
"""The same once nothing has changed for a while."""
_STILL: Final = 0.4
"""Seconds without output before anything is typed."""
_STANDS: Final = 1.5
"""Seconds that an empty input must stand before: some tools draw it, and a question about trust in its place after."""
_SHOWN_WITHIN: Final = 5.0
"""Seconds a tool may take to show what was typed."""
_TAKEN_WITHIN: Final = 3.0
"""Seconds a tool may take after Return to begin, or to empty its input."""
_DROPPED: Final = 3.0
"""Seconds an empty input must stand until a prompt that was given as an argument counts as dropped."""
_PATIENCE: Final = 20.0
"""Seconds after which it is told that the tool is not ready."""
_MOST_RETURNS: Final = 2
_MOST_TYPED: Final = 3
"""A tool that starts again drops what it was typed, once or twice; one that drops it always shows it elsewhere."""
_RETURN: Final = KeyInput("Return", "\r")
_NOT_READY: Final = "The tool is not ready for it yet. See whether it asks you something, or wants a log-in."
_ASKS: Final = "Its question has to be answered first."
_ENDED: Final = "Its program ended before it took its first prompt."


@dataclass(frozen=True, slots=True)
class _Given:
    """The tool got it as an argument; ``empty_since``: its input has been empty since then, without the prompt."""

    empty_since: float | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The tool does not take a prompt yet; ``ready_since``: since then it looks as if it did."""

    ready_since: float | None = None


@dataclass(frozen=True, slots=True)
class _Typed:
    """It was typed; the tool does not show it yet."""

    until: float


@dataclass(frozen=True, slots=True)
class _Returned:
    """Return was pressed ``times``; the tool has neither begun nor emptied its input."""

    until: float
    times: int
    at_cursor: bool
    """The cursor stood behind it."""


_State = _Given | _Waiting | _Typed | _Returned


class FirstPrompt:
    """Gives one prompt. ``step`` does what is due."""

    def __init__(
        self,
        emulator: Emulator,
        agents: AgentWatch,
        type_input: Callable[[KeyInput | Paste], None],
        emit: Callable[[Report], None],
        clock: Clock,
    ) -> None:
        self._emulator = emulator
        self._agents = agents
        self._type_input = type_input
        self._emit = emit
        self._clock = clock
        self._wanted: SubmitPrompt | None = None
        self._state: _State = _Waiting()
        self._changed_at = self._next_look = self._begun_at = 0.0
        self._told = ""
        self._times_typed = 0

    def begin(self, wanted: SubmitPrompt) -> None:
        """Give this prompt; without a text: do not give the one of this number."""
        if not wanted.text:
            if self._wanted is not None and self._wanted.request == wanted.request:
                self._wanted = None
            return
        if self._wanted is not None:
            self._emit(
                ErrorReport("Another prompt waits to be typed; try again in a moment.", wanted.request)
            )
            return
        self._wanted = wanted
        self._state = _Given() if wanted.given else _Waiting()
        self._begun_at = self._changed_at = self._next_look = self._clock()
        self._told = ""
        self._times_typed = 0

    def on_output(self) -> None:
        """The screen has changed."""
        self._changed_at = now = self._clock()
        self._next_look = min(self._next_look, now + _LOOK)

    def on_program_ended(self) -> None:
        """Nobody is left to take it."""
        if self._wanted is not None:
            self._give_up(self._wanted, _ENDED)

    def next_deadline(self) -> float | None:
        """The time at which ``step`` is due; None while there is no prompt."""
        return self._next_look if self._wanted is not None else None

    def step(self) -> None:
        """Do what is due."""
        now = self._clock()
        if self._wanted is None or now < self._next_look:
            return
        idle = now >= max(self._begun_at, self._changed_at) + _PATIENCE
        self._next_look = now + (_IDLE_LOOK if idle else _LOOK)
        screen = self._agents.look()
        ours = screen.tool == self._wanted.tool
        still = now >= self._changed_at + _STILL
        match self._state:
            case _Given():
                self._look_for_given(self._wanted, screen, ours, still, now)
            case _Waiting(ready_since=since) if ours and self._takes_prompt(self._wanted, screen):
                since = now if since is None else since
                if still and now >= since + _STANDS:
                    self._times_typed += 1
                    self._type_input(Paste(self._wanted.text))
                    self._state = _Typed(now + _SHOWN_WITHIN)
                else:
                    self._state = _Waiting(since)
            case _Waiting():
                self._state = _Waiting()
                self._say_why(self._wanted, screen, now)
            case _Typed(until=until):
                if ours and _works(screen):
                    self._submitted(self._wanted)  # A person pressed Return.
                else:
                    self._look_for_typed(self._wanted, screen, ours, still, now, until)
            case _Returned():
                self._look_for_taken(self._wanted, self._state, screen, ours, now)

    def _takes_prompt(self, wanted: SubmitPrompt, screen: AgentScreen) -> bool:
        if screen.question is not None or _works(screen) or not self._agents.input_is_empty(wanted.tool):
            return False
        # Without bracketed paste the first of its lines would be submitted by itself.
        return 2004 in self._emulator.modes or "\n" not in wanted.text

    def _look_for_given(
        self, wanted: SubmitPrompt, screen: AgentScreen, ours: bool, still: bool, now: float
    ) -> None:
        if ours and screen.question is None and _works(screen):
            self._submitted(wanted)
        elif not ours or screen.question is not None or not still:
            self._state = _Given()
            self._say_why(wanted, screen, now)
        elif self._agents.shows(wanted.text, wanted.tool):
            if self._agents.input_is_empty(wanted.tool):
                self._submitted(wanted)  # It stands above the input, with the answer.
            elif self._is_at_cursor(wanted):
                self._press_return(wanted, now, 1)
        elif not self._agents.input_is_empty(wanted.tool):
            self._say_why(wanted, screen, now)
        elif self._state == _Given():
            self._state = _Given(now)
        elif isinstance(self._state, _Given) and now >= (self._state.empty_since or now) + _DROPPED:
            self._state = _Waiting()

    def _look_for_typed(
        self,
        wanted: SubmitPrompt,
        screen: AgentScreen,
        ours: bool,
        still: bool,
        now: float,
        until: float,
    ) -> None:
        if screen.question is not None:
            self._tell(wanted, screen.question.text or _ASKS)
            self._state = _Typed(now + _SHOWN_WITHIN)
            return
        shown = self._agents.shows(wanted.text, wanted.tool) and not self._agents.input_is_empty(wanted.tool)
        if ours and shown and still:
            self._press_return(wanted, now, 1)
        elif now < until:
            return
        elif ours and self._times_typed < _MOST_TYPED and self._agents.input_is_empty(wanted.tool):
            self._state = _Waiting()  # What was typed was dropped, as by a tool that starts again.
        else:
            self._tell(wanted, "It was typed, and does not show. Look at its input.")

    def _press_return(self, wanted: SubmitPrompt, now: float, times: int) -> None:
        self._state = _Returned(now + _TAKEN_WITHIN, times, self._is_at_cursor(wanted))
        self._type_input(_RETURN)

    def _look_for_taken(
        self, wanted: SubmitPrompt, state: _Returned, screen: AgentScreen, ours: bool, now: float
    ) -> None:
        begun = screen.question is not None or _works(screen) or self._agents.input_is_empty(wanted.tool)
        # Return may have made a new line. That is no matter for tools that never say that they work.
        left = not screen.tells and state.at_cursor and not self._is_at_cursor(wanted)
        if ours and (begun or left):
            self._submitted(wanted)
        elif now < state.until:
            return
        elif ours and state.times < _MOST_RETURNS and self._agents.shows(wanted.text, wanted.tool):
            # Some take a Return that comes soon after a paste for a part of it.
            self._press_return(wanted, now, state.times + 1)
        else:
            self._tell(wanted, "It was typed, and has not been taken. Press Return in its input.")

    def _is_at_cursor(self, wanted: SubmitPrompt) -> bool:
        """Whether the cursor's row still holds the end of the prompt."""
        row = self._emulator.display[self._emulator.cursor.y]
        last = wanted.text.split()[-1:]
        return bool(last) and last[0][-8:] in row

    def _say_why(self, wanted: SubmitPrompt, screen: AgentScreen, now: float) -> None:
        if screen.question is not None:
            self._tell(wanted, screen.question.text or _ASKS)
        elif now >= self._begun_at + _PATIENCE and not _works(screen):
            self._tell(wanted, _NOT_READY)
        elif self._told and self._told != _NOT_READY:
            self._begun_at = now  # Its question was answered.
            self._tell(wanted, "")

    def _tell(self, wanted: SubmitPrompt, reason: str) -> None:
        if reason != self._told:
            self._told = reason
            self._emit(PromptReport(wanted.request, waits_for=reason))

    def _submitted(self, wanted: SubmitPrompt) -> None:
        self._wanted = None
        self._emit(PromptReport(wanted.request, submitted=True))

    def _give_up(self, wanted: SubmitPrompt, reason: str) -> None:
        self._wanted = None
        self._emit(ErrorReport(reason, wanted.request))


def _works(screen: AgentScreen) -> bool:
    return screen.busy or screen.title is TitleState.BUSY
