"""Whether a program works, waits for a person, is quiet or done: one state from all that is known of it.

A question that stands on the screen decides: a tool may say that it works while it asks. A question that was only told
ends when its source says so, when it was seen on the screen and is gone from there, when it was answered, or when much
is written and none stands on the screen. Of all else the strongest source decides that says anything now.

A question counts after it has stood for 300 ms: what is answered by itself at once alarms nobody. What is asked over
the event channel or by a hook counts at once.
"""

from typing import Final

import msgspec

from podium.attention.signals import (
    Answered,
    Attention,
    AttentionState,
    Began,
    Claim,
    Ended,
    Resized,
    Said,
    ScreenSaid,
    Seen,
    Signal,
    Source,
    Wrote,
)
from podium.core.protocol.attention import AgentScreen, TitleState

HOLD: Final = 0.3
"""Seconds that a question must stand, and be gone, to count."""
SILENCE: Final = 10.0
"""Seconds without output after which a program of which nothing else is known is quiet."""
_FRESH: Final = 4096
"""Bytes that no program writes while it waits, within _FRESH_WITHIN seconds."""
_FRESH_WITHIN: Final = 2.0
_DRAWN: Final = 1.0
"""Seconds after which a question that was asked outright has been drawn: until then a tool still draws its work."""
_DRAWN_WITHIN: Final = 2.0
"""Seconds in which a program draws its screen anew after its terminal got another size."""
_LINGERS: Final = 1.0
"""Seconds for which the screen may show a question after its tool has said that it goes on."""
_ECHO: Final = 256
"""Bytes at once that may be the echo of what a person types, or a clock."""
_WORKED: Final = 0.8
"""Seconds after which a tool that no longer says that it works is done."""

_ORDER: Final = tuple(Source)
_OF_TOOLS: Final = (Source.EVENTS, Source.HOOK, Source.STATUS, Source.NOTICE, Source.PROGRESS)
"""The sources that tell what a tool says while it has the terminal."""
_OUTRIGHT: Final = (Source.EVENTS, Source.HOOK)
"""The sources whose questions count at once: who asks by them asks for Podium's person."""
_STATES: Final = {
    Claim.BUSY: AttentionState.BUSY,
    Claim.IDLE: AttentionState.QUIET,
    Claim.DONE: AttentionState.DONE,
    Claim.FAILED: AttentionState.FAILED,
}


class _Told(msgspec.Struct):
    """What a source said last."""

    claim: Claim
    at: float
    question: str = ""


class Classifier:
    """The attention that one program needs. ``step`` when ``next_deadline`` has come."""

    def __init__(self) -> None:
        self._told: dict[Source, _Told] = {}
        self._screen = AgentScreen()
        self._asked_at: float | None = None
        """Since when a question has been on the screen."""
        self._gone_at: float | None = None
        """When it went, until that counts."""
        self._answered = False
        """The question on the screen was answered, as it seems."""
        self._asks_again_at: float | None = None
        """When the question on the screen, which was answered as it was said, counts again."""
        self._worked_until: float | None = None
        """When screen and title stopped to say that it works, until that counts."""
        self._wrote_at: float | None = None
        self._fresh = 0
        """Bytes written since ``_fresh_since``."""
        self._fresh_since = 0.0
        self._drawn_anew_until = 0.0
        self._waits_from: float | None = None
        """Since when the question stands that is waited for."""
        self._attention = Attention()

    @property
    def attention(self) -> Attention:
        return self._attention

    def on(self, signal: Signal, now: float) -> None:
        """Take in what happened ``now``, in seconds of a clock that only goes forward."""
        match signal:
            case Began():
                self._forget()
            case Ended(failed=failed):
                self._forget()
                self._told[Source.EVENTS] = _Told(Claim.FAILED if failed else Claim.DONE, now)
            case Said():
                self._on_said(signal, now)
            case ScreenSaid(screen=screen):
                self._on_screen(screen, now)
            case Wrote(size=size):
                self._on_wrote(size, now)
            case Resized():
                self._drawn_anew_until = now + _DRAWN_WITHIN
            case Answered():
                self._on_answered()
            case Seen():
                self._on_seen()
        self._decide(now)

    def step(self, now: float) -> None:
        """Let time do what it does."""
        self._decide(now)

    def next_deadline(self) -> float | None:
        """The time at which ``step`` may change something."""
        due = []
        if self._gone_at is not None:
            due.append(self._gone_at + HOLD)
        if self._asks_again_at is not None:
            due.append(self._asks_again_at)
        if self._worked_until is not None:
            due.append(self._worked_until + _WORKED)
        if self._attention.state is not AttentionState.WAITING:
            since = self._waits_since()
            if since is not None:
                due.append(since + HOLD)
        if self._wrote_at is not None and self._is_busy_by_output():
            due.append(self._wrote_at + SILENCE)
        return min(due, default=None)

    # What happened

    def _forget(self) -> None:
        self._told.clear()
        self._screen = AgentScreen()
        self._asked_at = self._gone_at = self._asks_again_at = self._worked_until = self._wrote_at = None
        self._waits_from = None
        self._answered = False
        self._fresh = 0

    def _on_said(self, said: Said, now: float) -> None:
        if said.claim is Claim.NOTHING:
            self._told.pop(said.source, None)
            return
        if said.source is Source.PROMPT and said.claim is not Claim.BUSY:
            # The shell has its terminal back: what a tool in it said is over.
            for source in _OF_TOOLS:
                self._told.pop(source, None)
        if said.claim is not Claim.WAITING:
            self._end_told_questions(said.source)
            if self._answered:
                self._end_question()
                if self._screen.question is not None:  # The screen may show it a moment longer.
                    self._asks_again_at = now + _LINGERS
        elif said.source is Source.NOTICE and self._screen.tool and self._screen.question is None:
            return  # It comes late: the question would be on the screen.
        before = self._told.get(said.source)
        if before is None or (before.claim, before.question) != (said.claim, said.question):
            self._told[said.source] = _Told(said.claim, now, said.question)
        elif said.source is Source.HOOK and said.claim is Claim.BUSY:
            before.at = now  # It has used a tool: whatever the screen said before, it works.

    def _on_screen(self, screen: AgentScreen, now: float) -> None:
        before, self._screen = self._screen, screen
        if before.tool and screen.tool != before.tool:
            self._on_tool_left()
        if screen.question is None or not screen.question.same(before.question):
            self._asks_again_at = None
        if screen.question is not None:
            if self._asked_at is None and self._asks_again_at is None:
                self._asked_at = now
            elif self._answered and not screen.question.same(before.question):
                self._end_question()  # The next one stands where it was.
                self._asked_at = now
            self._answered = self._answered and screen.question.same(before.question)
            self._gone_at = None
        elif before.question is not None:
            self._gone_at = now
            if self._answered:
                self._end_question()
        if _works(screen) and not _works(before):
            self._worked_until = None
            self._told.pop(Source.SCREEN, None)
            if screen.question is None and self._gone_at is None:
                self._end_told_questions(before=now - _DRAWN)
        elif _works(before) and not _works(screen):
            self._worked_until = now
        if screen.title is not before.title:
            self._told.pop(Source.TITLE, None)
            if screen.title is not TitleState.SILENT:
                waits = screen.title is TitleState.WAITING
                self._told[Source.TITLE] = _Told(Claim.WAITING if waits else Claim.BUSY, now)
        if screen.busy is not before.busy and screen.busy:
            self._told[Source.SCREEN] = _Told(Claim.BUSY, now)
        elif before.busy and not screen.busy:
            self._told.pop(Source.SCREEN, None)

    def _on_tool_left(self) -> None:
        """What a tool said that it does is over when it has not the terminal any more, however it went."""
        for source in _OF_TOOLS:
            told = self._told.get(source)
            if source is not Source.EVENTS and told is not None and told.claim in (Claim.BUSY, Claim.WAITING):
                del self._told[source]

    def _on_wrote(self, size: int, now: float) -> None:
        if now < self._drawn_anew_until and self._wrote_at is not None:
            return
        if size >= _ECHO:
            self._wrote_at = now
        if now > self._fresh_since + _FRESH_WITHIN:
            self._fresh, self._fresh_since = 0, now
        self._fresh += size
        if self._screen.question is None and self._fresh >= _FRESH:
            self._on_much_written(now)

    def _on_much_written(self, now: float) -> None:
        """It goes on, whatever was told. Of a tool whose screen is known that is seen there."""
        self._end_told_questions(before=now - _DRAWN)
        if not self._screen.tool:
            for source in _OF_TOOLS:
                told = self._told.get(source)
                if told is not None and told.claim in (Claim.DONE, Claim.FAILED, Claim.IDLE):
                    del self._told[source]

    def _on_answered(self) -> None:
        self._fresh = 0
        if self._screen.question is not None:
            self._answered = True
        else:
            self._end_question()

    def _on_seen(self) -> None:
        for told in self._told.values():
            if told.claim in (Claim.DONE, Claim.FAILED):
                told.claim = Claim.IDLE

    def _end_question(self) -> None:
        """The question on the screen has gone, and with it what was told of it."""
        self._gone_at = self._asked_at = self._waits_from = None
        self._answered = False
        if self._claims(Source.SCREEN, Claim.DONE):
            del self._told[Source.SCREEN]  # It had stopped to ask.
        self._end_told_questions()

    def _end_told_questions(self, first: Source = Source.EVENTS, before: float | None = None) -> None:
        """What ``first`` and weaker sources asked is answered; of what is asked outright only that which was told
        ``before`` this time.
        """
        for source in _ORDER[_ORDER.index(first) :]:
            told = self._told.get(source)
            if told is None or told.claim is not Claim.WAITING:
                continue
            if before is None or told.at <= before or source not in _OUTRIGHT:
                del self._told[source]

    # What it amounts to

    def _waits_since(self) -> float | None:
        """Since when a question stands, told or on the screen."""
        since = [told.at for told in self._told.values() if told.claim is Claim.WAITING]
        if self._asked_at is not None:
            since.append(self._asked_at)
        return min(since, default=None)

    def _decide(self, now: float) -> None:
        if self._gone_at is not None and now >= self._gone_at + HOLD:
            self._end_question()
        if self._asks_again_at is not None and now >= self._asks_again_at:
            self._asked_at, self._asks_again_at = self._asks_again_at, None
        if self._worked_until is not None and now >= self._worked_until + _WORKED:
            self._worked_until = None
            self._told[Source.SCREEN] = _Told(Claim.DONE, now)
        waits_since = self._waits_since()
        if waits_since is None:
            self._waits_from = None
            self._settle(*self._strongest(now), now)
        elif (
            self._attention.state is AttentionState.WAITING
            or now >= waits_since + HOLD
            or any(self._claims(source, Claim.WAITING) for source in _OUTRIGHT)
        ):
            self._wait(waits_since)

    def _wait(self, since: float) -> None:
        asked = self._screen.question
        source, question = next(
            (
                (source, self._told[source].question)
                for source in _ORDER
                if source in self._told and self._told[source].claim is Claim.WAITING
            ),
            (Source.SCREEN, ""),
        )
        before = self._attention
        if before.state is AttentionState.WAITING and asked is None and self._gone_at is not None:
            asked = before.asked  # Perhaps it is only drawn again.
        tool = before.tool if asked is before.asked and asked is not None else self._screen.tool
        if not question and asked is not None:
            question = f"{asked.text} {asked.subject}".strip()
        self._waits_from = since if self._waits_from is None else min(since, self._waits_from)
        self._attention = Attention(AttentionState.WAITING, source, self._waits_from, question, asked, tool)

    def _strongest(self, now: float) -> tuple[AttentionState, Source]:
        """The state by the strongest source; but what began to work since it said that it does not, works."""
        strongest = next((source for source in _ORDER if source in self._told), None)
        if strongest is None:
            return self._by_output(now)
        told = self._told[strongest]
        if strongest is Source.HOOK and told.claim is Claim.BUSY and self._screen_done_since(told.at):
            # No hook tells that a person broke it off.
            return AttentionState.DONE, Source.SCREEN
        if told.claim is not Claim.BUSY:
            for source, other in self._told.items():
                if other.claim is Claim.BUSY and other.at > told.at:
                    return AttentionState.BUSY, source
        return _STATES[told.claim], strongest

    def _screen_done_since(self, at: float) -> bool:
        return self._claims(Source.SCREEN, Claim.DONE) and self._told[Source.SCREEN].at > at

    def _claims(self, source: Source, claim: Claim) -> bool:
        return source in self._told and self._told[source].claim is claim

    def _by_output(self, now: float) -> tuple[AttentionState, Source]:
        if self._wrote_at is None:
            return AttentionState.NONE, Source.OUTPUT
        if self._screen.tells or self._screen.ready:
            return AttentionState.QUIET, Source.SCREEN
        quiet = now >= self._wrote_at + SILENCE
        return AttentionState.QUIET if quiet else AttentionState.BUSY, Source.OUTPUT

    def _is_busy_by_output(self) -> bool:
        return (self._attention.state, self._attention.source) == (AttentionState.BUSY, Source.OUTPUT)

    def _settle(self, state: AttentionState, source: Source, now: float) -> None:
        before, tool = self._attention, self._screen.tool
        if (state, source, tool) == (before.state, before.source, before.tool):
            return
        since = before.since if state is before.state else now
        self._attention = Attention(state, source, since, tool=tool)


def _works(screen: AgentScreen) -> bool:
    return screen.busy or screen.title is TitleState.BUSY
