"""Interpreting the lines of a run by the rules of the adapter."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from podium.core.adapters.line_paths import MAX_TEXT, Scope
from podium.core.adapters.model import STDOUT, Adapter, Kind, LineRule, OutputFormat
from podium.core.adapters.pricing import Prices
from podium.missions.session_ids import refusal, usable_session
from podium.missions.streams.failure_kind import is_refusal, kind_of, plain_reason, status_in
from podium.missions.streams.limits import moment_in
from podium.missions.streams.loops import LoopWatch
from podium.missions.streams.rules import LineFacts, scopes_of
from podium.missions.streams.updates import (
    Cost,
    LimitHit,
    Looping,
    Note,
    Progress,
    Refused,
    Said,
    SessionKnown,
    SessionTotals,
    ToolFailed,
    ToolUsed,
    Trouble,
    Update,
    Waiting,
)
from podium.missions.streams.usage import RunUsage

MAX_TOOLS: Final = 1000
MAX_REFUSED: Final = 100
_REASON_LINES: Final = 4


class Failure(msgspec.Struct):
    """The reason the run failed, if a line gave one."""

    text: str
    kind: Kind | None
    status: int | None
    until: float | None


class Interpreter:
    """Takes lines, one object each, and holds what they add up to."""

    def __init__(
        self,
        adapter: Adapter,
        previous: SessionTotals,
        model: str,
        prices: Prices | None,
        wall_clock: Callable[[], float],
    ) -> None:
        self._adapter = adapter
        self._asked_model = model
        self._clock = wall_clock
        self._loop = LoopWatch(adapter.loop)
        self._rules: dict[str, list[tuple[int, LineRule]]] = {}
        for number, rule in enumerate(adapter.lines):
            self._rules.setdefault(rule.source, []).append((number, rule))
        self.usage = RunUsage(adapter.output, previous, prices)
        self.session_id = ""
        self._session_refused = False
        self._told_model = ""
        self.succeeded = False
        self.failure: Failure | None = None
        self.trouble: Trouble | None = None
        self.waiting = ""
        self.limit_until: float | None = None
        self.turns: int | None = None
        self._counted_turns = 0
        self.refused: list[str] = []
        self._refused_ids: dict[str, str] = {}
        self._refused_now = False
        """Whether a tool was refused in this turn."""
        self.failed_tools = 0
        self._tools: dict[str, str] = {}
        self._said: list[str] = []
        self._said_size = 0
        self._last_said = ""
        self._final = ""
        self._text_goes_on = 0
        self._cost: Cost | None = None

    @property
    def model(self) -> str:
        return self._told_model or self._asked_model

    @property
    def turn_count(self) -> int | None:
        return self.turns if self.turns is not None else self._counted_turns or None

    @property
    def final_text(self) -> str:
        return (self._final or "".join(self._said).strip() or self._last_said)[:MAX_TEXT]

    @property
    def cost(self) -> Cost | None:
        return self.usage.cost(self.model)

    def still_to_come(self, until: float | None) -> float | None:
        """``until``, or the end of the last reported limit; None if that is over."""
        until = until or self.limit_until
        return until if until is not None and until > self._clock() else None

    def take_text(self, source: str, text: str) -> tuple[list[Update], bool]:
        """A line of text. If the tool prints plain text, a line without a matching rule is the agent's text."""
        updates, known = self.take(source, {"text": text})
        if source != STDOUT or self._adapter.output.format is not OutputFormat.TEXT:
            return updates, known
        if known:
            return updates, True
        if self._text_goes_on and self.failure is not None:
            self._text_goes_on -= 1
            self.failure.text = f"{self.failure.text} {text.strip()}"[:MAX_TEXT]
            return updates, True
        if is_noise(text, self._adapter.output.noise):
            return updates, True
        self._say(text + "\n", delta=True)
        return [*updates, Said(text)], True

    def blank_line(self) -> None:
        """A paragraph ends."""
        self._text_goes_on = 0

    def take(self, source: str, line: Mapping[str, Any]) -> tuple[list[Update], bool]:
        """A line of ``source``. Returns the updates, and whether any rule matches the line."""
        updates: list[Update] = []
        known = counted = False
        facts = LineFacts()
        for number, rule in self._rules.get(source, ()):
            scopes = scopes_of(rule, line)
            if not scopes:
                continue
            known = True
            if rule.per is not None:
                counted = self.usage.take(number, rule, scopes) or counted
            for scope in scopes:
                self._hold(rule, scope, facts, updates)
        self._settle(facts, updates)
        if counted and (cost := self.cost) is not None and cost != self._cost:
            self._cost = cost
            updates.append(cost)
        return updates, known

    def _hold(self, rule: LineRule, scope: Scope, facts: LineFacts, updates: list[Update]) -> None:
        if rule.session and (session := scope.text(rule.session)) and session != self.session_id:
            if usable_session(session):
                self.session_id = session
                updates.append(SessionKnown(session))
            elif not self._session_refused:
                self._session_refused = True
                updates.append(Note(refusal(session)))
        if rule.model and rule.per is None and (model := scope.text(rule.model)[:200]):
            self._told_model = model
        if rule.opens:
            self.succeeded = self._refused_now = False
        if rule.said and (text := scope.text(rule.said)):
            updates.append(Said(text, rule.delta))
            facts.progress = facts.progress or (rule.progress and (rule.delta or text != self._last_said))
            self._say(text, rule.delta)
        elif rule.progress:
            facts.progress = True
        if rule.final and (text := scope.text(rule.final)):
            self._final = text
        if rule.turn:
            self._counted_turns += 1
        if rule.turns and (turns := scope.number(rule.turns, 1e9)) is not None:
            self.turns = int(turns)
        self._tool(rule, scope, updates)
        if rule.waiting and (text := scope.text(rule.waiting)):
            self.waiting = plain_reason(text)
            updates.append(Waiting(self.waiting))
        facts.add(rule, scope, self._clock())

    def _say(self, text: str, delta: bool) -> None:
        if not delta:
            self._said.clear()
            self._said_size = 0
            self._last_said = text
            return
        if self._said_size < MAX_TEXT:
            self._said.append(text)
            self._said_size += len(text)

    def _paragraph_over(self) -> None:
        if said := "".join(self._said).strip():
            self._last_said = said
        self._said.clear()
        self._said_size = 0

    def _tool(self, rule: LineRule, scope: Scope, updates: list[Update]) -> None:
        identity = scope.text(rule.tool_id)[:200]
        if rule.tool and (name := scope.text(rule.tool)[:100]) and not (identity and identity in self._tools):
            self._paragraph_over()
            if identity:
                _remember(self._tools, identity, name)
            detail = " ".join(scope.text(rule.detail).split())[:500]
            updates.append(ToolUsed(name, detail))
            _add(updates, self._loop.called(name, detail))
        if rule.refused and (name := scope.text(rule.refused)[:100]):
            self._refuse(self._tools.get(identity, name), identity, scope.text(rule.reason), updates)
        if rule.tool_failed:
            text = scope.text(rule.tool_failed)
            name = self._tools.get(identity, "tool")
            if is_refusal(text):
                self._refuse(name, identity, text, updates)
            elif identity not in self._refused_ids or not identity:
                self.failed_tools += 1
                updates.append(ToolFailed(name, plain_reason(text)))
                _add(updates, self._loop.failed(f"{name}: {text}"))
        if rule.tool_done:
            self._loop.progressed()

    def _refuse(self, name: str, identity: str, text: str, updates: list[Update]) -> None:
        if identity and identity in self._refused_ids:
            return
        if identity:
            _remember(self._refused_ids, identity, name)
        if len(self.refused) < MAX_REFUSED:
            self.refused.append(name)
        self._refused_now = True
        updates.append(Refused(name, plain_reason(text)))
        _add(updates, self._loop.failed(f"{name}: {text}"))

    def _settle(self, facts: LineFacts, updates: list[Update]) -> None:
        """Apply what a line decides after all its rules were tried."""
        if facts.clears and self.failure is not None:
            failure, self.failure = self.failure, None
            self._text_goes_on = 0
            self._struggle(failure.text, failure.kind, failure.status, facts.until or failure.until, updates)
        if facts.fails:
            self._fail(facts, updates)
        if facts.trouble:
            self._struggle(facts.trouble, facts.kind, facts.status, facts.until, updates, facts.limit)
        if facts.success or (facts.success_if_refused and self._refused_now):
            self.succeeded = True
            self.waiting = ""
            self._paragraph_over()
        if facts.empty_step:
            _add(updates, self._loop.empty_step())
        elif facts.progress:
            self.waiting = ""
            self.trouble = self.trouble if facts.trouble else None  # It has been got over.
            self._loop.stepped()
            updates.append(Progress())

    def _fail(self, facts: LineFacts, updates: list[Update]) -> None:
        self.succeeded = False
        text = facts.reason
        if not text and self.failure is not None:
            return  # What an earlier line said is more than that it failed.
        kind = facts.kind
        until = facts.until or moment_in(text, self._clock())
        self.failure = Failure(text, kind, facts.status, until)
        self._text_goes_on = _REASON_LINES
        if facts.limit or (kind or kind_of(text, facts.status)) is Kind.LIMIT:
            updates.append(LimitHit(until, plain_reason(text)))

    def _struggle(
        self,
        text: str,
        kind: Kind | None,
        status: int | None,
        until: float | None,
        updates: list[Update],
        limit: bool = False,
    ) -> None:
        status = status if status is not None else status_in(text)
        about = kind or kind_of(text, status)
        shown = plain_reason(text)
        self.trouble = Trouble(shown, about, status)
        updates.append(self.trouble)
        if limit or about is Kind.LIMIT:
            until = until or moment_in(text, self._clock())
            self.limit_until = until or self.limit_until
            updates.append(LimitHit(until, shown))
        _add(updates, self._loop.retried(text))


def is_noise(text: str, noise: Sequence[str]) -> bool:
    """Whether a line says nothing about the run."""
    return any(text.startswith(part[1:]) if part[:1] == "^" else part in text for part in noise)


def _remember(names: dict[str, str], identity: str, name: str) -> None:
    """Keep the name of the last tools alone: a run may use any number of them."""
    if len(names) >= MAX_TOOLS:
        names.pop(next(iter(names)))
    names[identity] = name


def _add(updates: list[Update], looping: Looping | None) -> None:
    if looping is not None:
        updates.append(looping)
