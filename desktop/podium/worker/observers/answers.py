"""Answers to the questions of agents' tools: typed when the screen is still, and confirmed on it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final, TypeAlias

from podium.core.clock import Clock
from podium.core.protocol.attention import AgentScreen, AnsweredReport, AnswerQuestion, Say, keys_for
from podium.core.protocol.key_notation import parse_keys
from podium.core.protocol.reports import ErrorReport, Report
from podium.core.protocol.requests import KeyInput, Paste, RawInput
from podium.terminal import Emulator
from podium.worker.observers.agent_watch import AgentWatch

_STILL: Final = 0.2
"""Seconds without output before a key is typed: the first one may be lost while a dialog is drawn."""
_STILL_WITHIN: Final = 2.0
_ECHO: Final = 0.5
"""Seconds in which a text is shown by a program that shows it."""
_GONE_WITHIN: Final = 2.0
_SUBMITTED_WITHIN: Final = 5.0
_AGAIN: Final = 1.0
"""Seconds after which Return is pressed once more for a text that still stands at a prompt: some tools take no Return
shortly after a paste."""
_DRAFT: Final = 24
"""Characters of a text by which it is found at a prompt."""
_LOOK: Final = 0.05
_BRACKETED_PASTE: Final = 2004
_LINE_END: Final = re.compile("\r\n?|\n")
_RETURN: Final = "Return"

Typed: TypeAlias = KeyInput | Paste | RawInput
_Stroke: TypeAlias = Callable[[AgentScreen], None]


@dataclass(frozen=True, slots=True)
class _Settling:
    """The screen is not still yet; then the first of what is ``left`` is typed."""

    wanted: AnswerQuestion
    left: tuple[_Stroke, ...]
    since: float
    """When it was asked for, or something was typed."""
    until: float


@dataclass(frozen=True, slots=True)
class _Typed:
    """All was typed; the question has not gone yet."""

    wanted: AnswerQuestion
    since: float
    until: float
    again: bool = False
    """Return was pressed once more."""


class Answers:
    """Gives one answer after the other. ``step`` does what is due."""

    def __init__(
        self,
        emulator: Emulator,
        agents: AgentWatch,
        type_input: Callable[[Typed], None],
        emit: Callable[[Report], None],
        clock: Clock,
    ) -> None:
        self._emulator = emulator
        self._agents = agents
        self._type_input = type_input
        self._emit = emit
        self._clock = clock
        self._state: _Settling | _Typed | None = None
        self._changed_at = 0.0

    def give(self, wanted: AnswerQuestion) -> None:
        """Begin with this answer."""
        if self._state is not None:
            self._refuse(wanted, "Another answer is on its way; try again in a moment.")
        elif reason := self._obstacle(wanted):
            self._refuse(wanted, reason)
        else:
            now = self._clock()
            self._state = _Settling(wanted, self._strokes(wanted), now, now + _STILL_WITHIN)
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
                return min(max(self._still_at(self._state), self._clock() + _LOOK), until)
            case _Typed(until=until):
                return min(self._clock() + _LOOK, until)
        return None

    def step(self) -> None:
        """Do what is due."""
        now = self._clock()
        match self._state:
            case _Settling(until=until):
                if now >= self._still_at(self._state):
                    self._type(self._state, now)
                elif now >= until:
                    self._end(self._state, "Its screen does not stand still; answer it in its terminal.")
            case _Typed(wanted=wanted, until=until):
                if self._is_taken(self._state):
                    self._state = None
                    self._emit(AnsweredReport(wanted.request))
                elif now >= until:
                    self._end(self._state, _not_taken(wanted))
                elif self._stands_at_prompt(self._state, now):
                    self._state = replace(self._state, again=True)
                    self._press(_RETURN)

    def _still_at(self, state: _Settling) -> float:
        """The time from which on the screen counts as still, unless something is drawn before."""
        if self._is_first(state) or self._changed_at > state.since:
            return self._changed_at + _STILL
        return state.since + _ECHO

    def _is_first(self, state: _Settling) -> bool:
        """Whether nothing was typed yet."""
        return len(state.left) == len(self._strokes(state.wanted))

    def _obstacle(self, wanted: AnswerQuestion) -> str:
        """Why it can't be answered so, for a person; "" when it can."""
        decision, question = wanted.decision, wanted.question
        if question is None:
            screen = self._agents.look()
            if not isinstance(decision, Say) or screen.question is not None:
                return "It asks something else now; look at it again."
            if screen.tool and not screen.ready:
                return "Its prompt is not ready, or something is typed there already; nothing was typed."
        elif keys_for(question, decision) is None:
            if isinstance(decision, Say):
                return "This question takes no text; answer it with one of its options."
            return "It is not known which keys answer that; answer it in its terminal."
        several = isinstance(decision, Say) and _LINE_END.search(decision.text)
        if several and _BRACKETED_PASTE not in self._emulator.modes:
            return "It takes no pasted text, so lines would not stay together; send one line."
        return ""

    # What is typed

    def _strokes(self, wanted: AnswerQuestion) -> tuple[_Stroke, ...]:
        """What is typed at once; between two of them the screen has to be still again."""
        decision, question = wanted.decision, wanted.question
        if not isinstance(decision, Say):
            return (self._press_answer(wanted),)
        before = (self._press_answer(wanted),) if question is not None and question.reply else ()
        return (*before, lambda _: self._type_text(decision.text), lambda _: self._press(_RETURN))

    def _press_answer(self, wanted: AnswerQuestion) -> _Stroke:
        def press(screen: AgentScreen) -> None:
            # By what is chosen now: a person may have moved on in the list.
            if screen.question is not None:
                self._press(keys_for(screen.question, wanted.decision) or "")

        return press

    def _press(self, keys: str) -> None:
        for key in parse_keys(keys):
            self._type_input(key)

    def _type_text(self, text: str) -> None:
        """A single character is a key."""
        if len(text) > 1 and _BRACKETED_PASTE in self._emulator.modes:
            self._type_input(Paste(text))
        else:
            self._type_input(RawInput(text.encode("utf-8", "replace")))

    def _type(self, state: _Settling, now: float) -> None:
        screen = self._agents.look()
        question = state.wanted.question
        if self._is_first(state) and question is not None:
            if not question.same(screen.question):
                self._end(state, "That question is not on its screen any more.")
                return
        elif screen.question is not None and not _stands(state.wanted, screen):
            # It would take what is typed for its own answer.
            self._end(state, "It asks something else now; look at it again.")
            return
        stroke, *left = state.left
        stroke(screen)
        if left:
            self._state = _Settling(state.wanted, tuple(left), now, now + _ECHO + _STILL_WITHIN)
        else:
            within = _GONE_WITHIN if question is not None else _SUBMITTED_WITHIN
            self._state = _Typed(state.wanted, now, now + within)

    # How it came out

    def _is_taken(self, state: _Typed) -> bool:
        screen = self._agents.look()
        if state.wanted.question is not None:
            return not _stands(state.wanted, screen)
        if screen.tells:
            return screen.ready or screen.busy or screen.question is not None
        return self._changed_at > state.since

    def _stands_at_prompt(self, state: _Typed, now: float) -> bool:
        """Whether a text is at the prompt still, of a tool that says when it works, and nothing else takes a Return."""
        wanted, screen = state.wanted, self._agents.look()
        if state.again or wanted.question is not None or screen.question is not None or not screen.tells:
            return False
        if now < max(state.since, self._changed_at) + _AGAIN or not isinstance(wanted.decision, Say):
            return False
        return wanted.decision.text.split("\n", 1)[0][:_DRAFT] in self._emulator.text_between()

    def _end(self, state: _Settling | _Typed, reason: str) -> None:
        self._state = None
        self._refuse(state.wanted, reason)

    def _refuse(self, wanted: AnswerQuestion, reason: str) -> None:
        self._emit(ErrorReport(reason, wanted.request))


def _stands(wanted: AnswerQuestion, screen: AgentScreen) -> bool:
    """Whether the question that is answered is still on ``screen``: a text may show in one of its options, but another
    list in the same words would take it for one of its own.
    """
    question, now = wanted.question, screen.question
    if question is None or now is None:
        return False
    if not isinstance(wanted.decision, Say):
        return question.same(now)
    same_words = (question.text, question.subject) == (now.text, now.subject)
    options = zip_longest(question.options, now.options, fillvalue="")
    # With one that is still empty they are read with their numbers.
    return same_words and sum(not (one and other.endswith(one)) for one, other in options) <= 1


def _not_taken(wanted: AnswerQuestion) -> str:
    if wanted.question is None:
        return "The text was typed, and was not taken; look at its prompt."
    return "The keys were typed, and the question is still on its screen."
