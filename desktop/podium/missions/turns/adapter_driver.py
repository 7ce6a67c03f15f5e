"""The driver of a known tool: starts it and reads its output by the rules of its adapter."""

import asyncio
import time
import uuid
from collections.abc import Callable
from typing import Final

import msgspec

from podium.core.adapters.model import Adapter, Kind
from podium.core.adapters.pricing import Prices
from podium.core.costs import Cost
from podium.core.missions.spec import AgentSpec
from podium.missions import agent_command, paint
from podium.missions.agent_command import AgentCommand, CommandFault, CommandOptions, command_for
from podium.missions.processes import Ending
from podium.missions.streams import updates
from podium.missions.streams.reader import AgentReader
from podium.missions.streams.updates import SessionTotals, Tokens, Update
from podium.missions.text import clean, one_line, plain, shortened
from podium.missions.turns.agent_driver import AttemptCallbacks, CommandError, Start, Task, says_done
from podium.missions.turns.results import AttemptResult

_SHOWN_COLUMNS: Final = 160
_COST_INTERVAL: Final = 2.0
"""Seconds between two reports of costs; each is written to disk."""


class AdapterDriver:
    """One attempt. ``prices`` put a price on tokens where the tool does not."""

    def __init__(
        self,
        adapter: Adapter,
        agent: AgentSpec,
        task: Task,
        callbacks: AttemptCallbacks,
        prices: Prices | None,
    ) -> None:
        self._adapter = adapter
        self._agent = agent
        self._task = task
        self._callbacks = callbacks
        self._prices = prices
        self._resumes = bool(task.session) and agent_command.can_resume(adapter)
        self._previous = _totals_of(task) if self._resumes else SessionTotals()
        self._command: AgentCommand | None = None
        self._reader = AgentReader(adapter, prices=prices)
        self._reported = Cost()
        self._reported_at = 0.0
        self._rest = ""
        self._session = task.session if self._resumes else ""
        self.output = _Stream(lambda data: self._take(self._reader.feed(data)), callbacks)
        self.errors = _Stream(lambda data: self._take(self._reader.feed_stderr(data)), callbacks)

    @property
    def simulates(self) -> bool:
        """Never: a tool that is known is paid for."""
        return False

    def start(self) -> Start:
        agent, task = self._agent, self._task
        session: agent_command.Session = agent_command.NewSession(str(uuid.uuid4()))
        if self._resumes:
            session = agent_command.ResumeSession(task.session)
        options = CommandOptions(
            permission=agent_command.Permission(agent.permission.value),
            budget_usd=task.budget_usd,
            files=tuple(path for path in agent.owns if (task.folder / path).is_file()),
            scratch=task.scratch,
        )
        try:
            command = command_for(
                self._adapter,
                task.prompt,
                folder=task.folder,
                model=task.model,
                session=session,
                options=options,
            )
        except CommandFault as fault:
            raise CommandError(str(fault)) from None
        command.prepare()
        self._command = command
        self._reader = AgentReader(
            self._adapter,
            self._previous if self._resumes else None,
            model=task.model,
            session_id=command.session_id,
            prices=self._prices,
        )
        return Start(command.argv, command.environment, command.unset)

    def result(self, ending: Ending, failure: str) -> AttemptResult:
        self._flush()
        assert self._command is not None
        report = self._reader.end(ending.code, reports=self._command.read_reports())
        for note in report.notes:
            self._callbacks.show(_dim(note))
        if report.refused:
            self._callbacks.show(_dim(f"not allowed: {', '.join(dict.fromkeys(report.refused))}"))
        # What Podium did to it explains its end better than what it said about it.
        reason = failure if ending.made_to else "" if report.ok else one_line(report.reason) or "it failed"
        waited = ending.silent and report.limit_until is not None
        return AttemptResult(
            reason,
            shortened(one_line(report.final_text), _SHOWN_COLUMNS),
            self._unreported(_cost_of(report.cost_usd, report.cost_estimated, report.tokens)),
            done=not reason and says_done(report.final_text),
            session=report.session_id,
            totals=msgspec.to_builtins(report.totals),
            transient=bool(reason) and (waited or (report.transient and not ending.made_to)),
            retry_at=report.limit_until,
            fresh=bool(reason) and report.kind is Kind.SESSION and self._resumes and not ending.made_to,
        )

    def _take(self, found: list[Update]) -> None:
        for update in found:
            self._handle(update)

    def _handle(self, update: Update) -> None:
        callbacks = self._callbacks
        match update:
            case updates.Progress():
                callbacks.progress()
            case updates.SessionKnown(session_id):
                self._session = session_id
                callbacks.session(session_id)
            case updates.Said(text, delta):
                self._say(text, delta)
            case updates.ToolUsed(name, detail):
                self._line(f"› {one_line(name)}", detail)
            case updates.ToolFailed(name, text):
                self._line(f"✗ {one_line(name)}", text)
            case updates.Refused(name, text):
                self._line(f"✗ {one_line(name)} is not allowed", text)
            case updates.Trouble(text=text) | updates.Note(text):
                self._line("…", text)
            case updates.LimitHit(until, text):
                when = "" if until is None else f", until {time.strftime('%H:%M', time.localtime(until))}"
                self._line(f"… it has reached a limit{when}", text)
            case updates.Waiting(text):
                callbacks.give_up(
                    f"it asks a person, and nobody is there: {shortened(one_line(text), _SHOWN_COLUMNS)}"
                )
            case updates.Looping(count, text):
                callbacks.give_up(
                    f"it runs in circles ({count} times: {shortened(one_line(text), _SHOWN_COLUMNS)})"
                )
            case updates.Cost(usd, estimated, tokens):
                self._spent(usd, estimated, tokens)

    def _spent(self, usd: float | None, estimated: bool, tokens: Tokens | None) -> None:
        now = time.monotonic()
        if now - self._reported_at < _COST_INTERVAL:
            return
        part = self._unreported(_cost_of(usd, estimated, tokens))
        if part.known:
            self._reported_at = now
            self._reported = self._reported + part
            before = self._previous
            so_far = SessionTotals(
                self._session, before.cost_usd + (usd or 0.0), before.tokens + (tokens or Tokens())
            )
            self._callbacks.spent(part, msgspec.to_builtins(so_far))

    def _unreported(self, whole: Cost) -> Cost:
        """The part of ``whole`` that was not reported yet; negative where a tool guessed too high."""
        reported = self._reported
        usd = None if whole.usd is None else whole.usd - (reported.usd or 0.0)
        used_in = None if whole.tokens_in is None else whole.tokens_in - (reported.tokens_in or 0)
        used_out = None if whole.tokens_out is None else whole.tokens_out - (reported.tokens_out or 0)
        if reported.known and not (usd or used_in or used_out):
            return Cost()
        return Cost(usd, used_in, used_out, whole.estimated)

    def _say(self, text: str, delta: bool) -> None:
        if not delta:
            self._flush()
        *lines, rest = (self._rest + text).split("\n")
        self._rest = rest[-10_000:] if delta else ""
        for line in lines if delta else [*lines, rest]:
            self._show(line)

    def _flush(self) -> None:
        rest, self._rest = self._rest, ""
        self._show(rest)

    def _line(self, what: str, text: str) -> None:
        self._flush()
        detail = shortened(one_line(text), _SHOWN_COLUMNS)
        self._callbacks.show(_dim(f"{what}  {detail}".rstrip()))

    def _show(self, line: str) -> None:
        if shown := clean(line.encode("utf-8", "replace")):
            self._callbacks.show(shown)


class _Stream:
    """One of the program's outputs, on its way to the reader."""

    def __init__(self, feed: Callable[[bytes], None], callbacks: AttemptCallbacks) -> None:
        self.feed = feed
        self._callbacks = callbacks

    def close(self) -> None:
        """Nothing to do: the reader gets the end of both streams at once."""

    async def ready(self, exited: asyncio.Event) -> None:
        await self._callbacks.wait(exited)


def _totals_of(task: Task) -> SessionTotals:
    try:
        return msgspec.convert(dict(task.totals), SessionTotals)
    except msgspec.ValidationError:
        return SessionTotals()


def _cost_of(usd: float | None, estimated: bool, tokens: Tokens | None) -> Cost:
    if tokens is None:
        return Cost(usd, estimated=estimated)
    return Cost(usd, tokens.used_in, tokens.used_out + tokens.thought, estimated)


def _dim(text: str) -> str:
    return f"\x1b[{paint.DIM}m{plain(text)}\x1b[0m"
