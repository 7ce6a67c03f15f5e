"""The report at the end of a run: the output's own result, weighed with the program's end."""

import signal as signals
from collections.abc import Iterable

import msgspec

from podium.core.adapters.model import Adapter, Kind, OutputFormat, Success
from podium.core.system.signals import HANG_UP, KILL
from podium.missions.streams.failure_kind import exit_code_status, kind_of, plain_reason, status_in
from podium.missions.streams.interpreter import Interpreter
from podium.missions.streams.updates import AgentReport

_ASKED_TO_END = {signals.SIGTERM, signals.SIGINT, KILL, HANG_UP}


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a program, and its output as a whole."""

    exit_code: int | None
    signal: int | None
    degraded: bool
    """The output matched no rule of the adapter."""
    silent: bool
    """There was no output."""
    broken: int
    """Lines that were cut or are no JSON."""
    skipped: int
    """Lines that were too long."""
    tail: str
    errors: list[str]
    """The last lines of stderr without noise."""


class _Result(msgspec.Struct, frozen=True):
    kind: Kind
    reason: str = ""


def report(adapter: Adapter, interpreter: Interpreter, ending: Ending) -> AgentReport:
    """The report of a run that is over."""
    plain = ending.degraded or adapter.output.format is OutputFormat.PLAIN
    result = _by_exit_code(adapter, ending) if plain else _by_output(adapter, interpreter, ending)
    ok = result.kind is Kind.OK
    cost = interpreter.cost
    until = interpreter.failure.until if interpreter.failure is not None else None
    limited = result.kind is Kind.LIMIT
    return AgentReport(
        ok=ok,
        kind=result.kind,
        reason="" if ok else plain_reason(result.reason) or "it failed and did not say why",
        transient=result.kind.transient or _was_struggling(interpreter, result),
        # A session that is not there is none to come back to.
        session_id="" if result.kind is Kind.SESSION else interpreter.session_id,
        cost_usd=cost.usd if cost is not None else None,
        cost_estimated=cost.estimated if cost is not None else False,
        tokens=cost.tokens if cost is not None else None,
        model=interpreter.model,
        turns=interpreter.turn_count,
        final_text=ending.tail if plain else interpreter.final_text,
        refused=tuple(interpreter.refused),
        failed_tools=interpreter.failed_tools,
        limit_until=interpreter.still_to_come(until) if limited else None,
        degraded=ending.degraded,
        notes=tuple(_notes(adapter, ending, ok)),
        totals=interpreter.usage.totals(interpreter.session_id, cost),
    )


def _was_struggling(interpreter: Interpreter, result: _Result) -> bool:
    """Whether it was made to end while it waited for something that may be better later."""
    trouble = interpreter.trouble
    return result.kind is Kind.KILLED and trouble is not None and trouble.kind.transient


def _by_output(adapter: Adapter, interpreter: Interpreter, ending: Ending) -> _Result:
    failure = interpreter.failure
    if failure is not None:
        trouble = interpreter.trouble
        text = failure.text or (trouble.text if trouble is not None else "") or _said_on_stderr(ending.errors)
        status = failure.status if failure.status is not None else status_in(text)
        if status is None and not failure.text and trouble is not None:
            status = trouble.status
        if status is None:
            status = _status_of_exit(adapter, ending)
        return _Result(failure.kind or kind_of(text, status), text or _exit_meaning(adapter, ending))
    if interpreter.succeeded and (adapter.output.success is Success.LINE or ending.exit_code == 0):
        return _Result(Kind.OK)
    if adapter.output.success is Success.EXIT and ending.exit_code == 0 and not interpreter.waiting:
        return _Result(Kind.OK)
    return _unfinished(adapter, interpreter, ending)


def _unfinished(adapter: Adapter, interpreter: Interpreter, ending: Ending) -> _Result:
    """No line gave a result."""
    if interpreter.waiting:
        return _Result(Kind.WAITING, interpreter.waiting)
    trouble = interpreter.trouble
    if ending.signal is not None:
        killed = ending.signal in _ASKED_TO_END
        heard = f"; the last it said: {trouble.text}" if trouble is not None else ""
        reason = f"ended by signal {ending.signal} ({_name_of(ending.signal)}) before it was done{heard}"
        return _Result(Kind.KILLED if killed else Kind.CRASHED, reason)
    reason = plain_reason(_said_on_stderr(ending.errors))
    if ending.exit_code not in {0, None}:
        meant = adapter.output.exit_codes.get(ending.exit_code or 0, "")
        text = (trouble.text if trouble is not None and not reason else "") or reason
        reason = ": ".join(part for part in (meant, text) if part) or _exit_meaning(adapter, ending)
        kind = kind_of(text, _status_of_exit(adapter, ending))
        if kind is Kind.ERROR:
            kind = adapter.output.exit_kinds.get(ending.exit_code or 0, kind)
        if kind is Kind.ERROR and trouble is not None and not reason:
            kind = trouble.kind
        if kind is Kind.ERROR and not text and not meant:
            kind = Kind.INCOMPLETE
            reason = f"it {_plain_end(ending)} before it was done"
        return _Result(kind, reason)
    if ending.silent:
        about = kind_of(reason)
        return _Result(
            about if about is not Kind.ERROR else Kind.INCOMPLETE, reason or "it ended without a word"
        )
    kind = Kind.INCOMPLETE
    if trouble is not None:
        reason = trouble.text
        kind = trouble.kind if trouble.kind.transient else kind
    after = f"; the last it said: {reason}" if reason else ""
    return _Result(kind, f"its output ends in the middle{after}")


def _by_exit_code(adapter: Adapter, ending: Ending) -> _Result:
    if ending.exit_code == 0:
        return _Result(Kind.OK)
    if ending.signal is not None:
        kind = Kind.KILLED if ending.signal in _ASKED_TO_END else Kind.CRASHED
        return _Result(kind, f"ended by signal {ending.signal} ({_name_of(ending.signal)})")
    if adapter.output.format is OutputFormat.PLAIN:
        return _Result(Kind.ERROR, _plain_end(ending))
    reason = _said_on_stderr(ending.errors) or _said_on_stderr(ending.tail.splitlines())
    kind = kind_of(reason, _status_of_exit(adapter, ending))
    if kind is Kind.ERROR:
        kind = adapter.output.exit_kinds.get(ending.exit_code or 0, kind)
    return _Result(kind, reason or _exit_meaning(adapter, ending))


def _said_on_stderr(lines: Iterable[str]) -> str:
    """The line that says most: the first that speaks of an error, else the first of the last few."""
    lines = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("at ")]
    for line in lines:
        folded = line.casefold()
        if "error" in folded or "failed" in folded or "denied" in folded:
            return line
    return lines[-5:][0] if lines else ""


def _status_of_exit(adapter: Adapter, ending: Ending) -> int | None:
    if not adapter.output.exit_codes_are_statuses or ending.exit_code in {None, 0}:
        return None
    return exit_code_status(ending.exit_code or 0)


def _exit_meaning(adapter: Adapter, ending: Ending) -> str:
    status = _status_of_exit(adapter, ending)
    meant = adapter.output.exit_codes.get(ending.exit_code or 0, "")
    return meant or (f"the model's server answered {status}" if status is not None else _plain_end(ending))


def _plain_end(ending: Ending) -> str:
    if ending.exit_code is not None:
        return f"exited with {ending.exit_code}"
    return (
        f"ended by signal {ending.signal} ({_name_of(ending.signal)})"
        if ending.signal
        else "ended in an unknown way"
    )


def _name_of(number: int) -> str:
    try:
        return signals.Signals(number).name
    except ValueError:
        return "unknown"


def _notes(adapter: Adapter, ending: Ending, ok: bool) -> list[str]:
    notes = []
    if ending.degraded:
        notes.append(
            f"The output is not what the adapter “{adapter.name}” knows, so only the exit code counts. "
            f"The tool may have changed: correct the adapter in a file of your own ({adapter.name}.toml)."
        )
    if ending.broken:
        notes.append(_count(ending.broken, "line", "could not be read."))
    if ending.skipped:
        notes.append(_count(ending.skipped, "line", "was longer than 16 MiB and was skipped."))
    if ok and not ending.degraded and ending.exit_code != 0:
        notes.append(f"It said that it was done, and then {_plain_end(ending)}.")
    return notes


def _count(number: int, noun: str, rest: str) -> str:
    return f"1 {noun} {rest}" if number == 1 else f"{number:,} {noun}s {rest.replace('was', 'were')}"
