"""Answers to the questions of agents' tools: typed when the screen is still, and confirmed on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.attention import AnsweredReport, AnswerQuestion
from podium.core.protocol.key_notation import parse_keys
from podium.core.protocol.reports import ErrorReport, Report
from podium.core.protocol.requests import KeyInput
from podium.worker.observers.agent_watch import AgentWatch

_STILL: Final = 0.2
"""Seconds without output before a key is typed: the first one may be lost while a dialog is drawn."""
_STILL_WITHIN: Final = 2.0
_GONE_WITHIN: Final = 2.0
_LOOK: Final = 0.05


@dataclass(frozen=True, slots=True)
class _Settling:
    """The screen is not still yet."""

    wanted: AnswerQuestion
    until: float


@dataclass(frozen=True, slots=True)
class _Typed:
    """The keys were typed; the question has not gone yet."""

    wanted: AnswerQuestion
    until: float


class Answers:
    """Gives one answer after the other. ``step`` does what is due."""

    def __init__(
        self,
        agents: AgentWatch,
        type_key: Callable[[KeyInput], None],
        emit: Callable[[Report], None],
        clock: Clock,
    ) -> None:
        self._agents = agents
        self._type_key = type_key
        self._emit = emit
        self._clock = clock
        self._state: _Settling | _Typed | None = None
        self._changed_at = 0.0

    def give(self, wanted: AnswerQuestion) -> None:
        """Begin with this answer."""
        if self._state is not None:
            self._refuse(wanted, "Another answer is on its way; try again in a moment.")
        elif not _keys(wanted):
            self._refuse(wanted, "It is not known which keys answer that; answer it in its terminal.")
        else:
            self._state = _Settling(wanted, self._clock() + _STILL_WITHIN)
            self.step()

    def on_output(self) -> None:
        """The screen has changed."""
        self._changed_at = self._clock()

    def on_program_ended(self) -> None:
        """Nobody is left to be answered."""
        if self._state is not None:
            self._end(self._state, "Its program has ended.")

    def next_deadline(self) -> float | None:
        """The time at which ``step`` is due; None while there is nothing to answer."""
        match self._state:
            case _Settling(until=until):
                return min(max(self._changed_at + _STILL, self._clock() + _LOOK), until)
            case _Typed(until=until):
                return min(self._clock() + _LOOK, until)
        return None

    def step(self) -> None:
        """Do what is due."""
        now = self._clock()
        match self._state:
            case _Settling(wanted=wanted, until=until):
                if now < self._changed_at + _STILL:
                    if now >= until:
                        self._end(self._state, "Its screen does not stand still; answer it in its terminal.")
                else:
                    self._type(self._state, now)
            case _Typed(wanted=wanted, until=until):
                if not wanted.question.same(self._agents.look().question):
                    self._state = None
                    self._emit(AnsweredReport(wanted.request))
                elif now >= until:
                    self._end(self._state, "The keys were typed, and the question is still on its screen.")

    def _type(self, state: _Settling, now: float) -> None:
        question = self._agents.look().question
        if question is None or not question.same(state.wanted.question):
            self._end(state, "That question is not on its screen any more.")
            return
        # By what is chosen now: a person may have moved on in the list.
        for key in parse_keys(question.allow if state.wanted.allow else question.deny):
            self._type_key(key)
        self._state = _Typed(state.wanted, now + _GONE_WITHIN)

    def _end(self, state: _Settling | _Typed, reason: str) -> None:
        self._state = None
        self._refuse(state.wanted, reason)

    def _refuse(self, wanted: AnswerQuestion, reason: str) -> None:
        self._emit(ErrorReport(reason, wanted.request))


def _keys(wanted: AnswerQuestion) -> str:
    return wanted.question.allow if wanted.allow else wanted.question.deny
