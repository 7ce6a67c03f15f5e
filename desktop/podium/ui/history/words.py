"""Runs, sums and days in words. No Qt in here."""

import time
from datetime import date, datetime, timedelta
from typing import Final

from podium.core.instances import Kind
from podium.core.runs import Run, RunOutcome
from podium.core.system.signals import signal_name
from podium.core.visible_text import visible
from podium.history.run_list import ListedRun, RunSum
from podium.workspace.views import InstanceState

NOTHING: Final = "–"
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
OUTCOMES: Final = {
    RunOutcome.RUNNING: "Running",
    RunOutcome.DONE: "Done",
    RunOutcome.PARTIAL: "Done in part",
    RunOutcome.FAILED: "Failed",
    RunOutcome.STOPPED: "Stopped",
    RunOutcome.CRASHED: "Crashed",
    RunOutcome.INTERRUPTED: "Interrupted",
}
_SHAPES: Final = {
    RunOutcome.RUNNING: InstanceState.RUNNING,
    RunOutcome.DONE: InstanceState.DONE,
    RunOutcome.PARTIAL: InstanceState.DONE,
    RunOutcome.FAILED: InstanceState.FAILED,
    RunOutcome.STOPPED: InstanceState.IDLE,
    RunOutcome.CRASHED: InstanceState.FAILED,
    RunOutcome.INTERRUPTED: InstanceState.STOPPING,
}


def outcome(run: Run) -> tuple[InstanceState, str]:
    """The shape and the word for how a run ended."""
    if run.outcome is RunOutcome.FAILED and run.kind is not Kind.MISSION and run.exit_code is not None:
        return InstanceState.EXITED, f"Exited {run.exit_code}"
    if run.outcome is RunOutcome.FAILED and run.exit_signal is not None:
        return InstanceState.EXITED, f"Ended by {signal_name(run.exit_signal)}"
    return _SHAPES[run.outcome], OUTCOMES[run.outcome]


def money(usd: float | None, estimated: bool = False, simulated: bool = False) -> str:
    """``$1.42``; “est.” when it is priced from tokens, – when nothing is known."""
    if usd is None:
        return NOTHING
    return f"${usd:,.2f}" + (" est." if estimated else "") + (" simulated" if simulated else "")


def cost(run: Run) -> str:
    return money(run.cost_usd, run.cost_estimated, run.cost_simulated)


def length_of(run: Run, now: float) -> float | None:
    """Seconds; of what runs up to now."""
    return max(0.0, now - run.started_at) if run.outcome is RunOutcome.RUNNING else run.seconds


def clock_length(seconds: float | None) -> str:
    """``9:04``, ``1:02:33``."""
    if seconds is None:
        return NOTHING
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def rough_length(seconds: float) -> str:
    """``40 s``, ``14 min``, ``1 h 52``; – for none at all."""
    if seconds <= 0:
        return NOTHING
    if seconds < 60:
        return f"{max(1, int(seconds))} s"
    hours, minutes = divmod(int(seconds // 60), 60)
    return f"{hours:,} h {minutes:02}" if hours else f"{minutes} min"


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def rounds(run: Run) -> str:
    return NOTHING if run.rounds is None else str(run.rounds)


def day_key(at: float) -> str:
    """The local day of a moment, ``2026-01-31``, as the history has it."""
    return time.strftime("%Y-%m-%d", time.localtime(at))


def day_start(day: date) -> float:
    """The first moment of a local day, in seconds since 1970."""
    return datetime(day.year, day.month, day.day).timestamp()


def day_span(key: str) -> tuple[float, float]:
    """From when, and until before when, a day goes."""
    day = date.fromisoformat(key)
    return day_start(day), day_start(day + timedelta(days=1))


def day_title(key: str, today: date) -> str:
    """``Today``, ``Friday 27 November``; with the year when it is another one."""
    day = date.fromisoformat(key)
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    year = f" {day.year}" if day.year != today.year else ""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def short_day(key: str) -> str:
    """``Fri 27 Nov``."""
    day = date.fromisoformat(key)
    return f"{_WEEKDAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}"


def axis_day(key: str) -> str:
    """``Fr 27``."""
    day = date.fromisoformat(key)
    return f"{_WEEKDAYS[day.weekday()][:2]} {day.day}"


def clock(at: float) -> str:
    return time.strftime("%H:%M", time.localtime(at))


def started(at: float, with_day: bool) -> str:
    """``11:20``, or ``27 Nov 11:20`` where no header says the day."""
    if not with_day:
        return clock(at)
    day = date.fromisoformat(day_key(at))
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {clock(at)}"


def span(run: Run, today: date) -> str:
    """``Friday 27 November, 11:20–12:23``."""
    ended = f"–{clock(run.ended_at)}" if run.ended_at is not None else ""
    return f"{day_title(day_key(run.started_at), today)}, {clock(run.started_at)}{ended}"


def day_sums(sums: RunSum) -> str:
    """``5 runs · $8.04 · 18 min blocked``; what is not known, or nothing, is left out."""
    parts = [counted(sums.runs, "run")]
    if sums.usd is not None:
        parts.append(money(sums.usd, sums.estimated))
    if sums.blocked.seconds > 0:
        parts.append(f"{rough_length(sums.blocked.seconds)} blocked")
    return " · ".join(parts)


def blocked(listed: ListedRun) -> str:
    waits = listed.blocked
    if waits.seconds <= 0:
        return NOTHING
    return f"{rough_length(waits.seconds)}, {counted(waits.questions, 'question')}"


def rounds_and_agents(run: Run) -> str:
    agents = f"{counted(run.agents, 'agent')}" if run.agents else ""
    if run.rounds is None:
        return agents or NOTHING
    return f"{run.rounds}, {agents}" if agents else str(run.rounds)


def tokens(run: Run) -> str:
    known = [
        f"{count:,} {way}"
        for count, way in ((run.tokens_in, "in"), (run.tokens_out, "out"))
        if count is not None
    ]
    return ", ".join(known) or NOTHING


def command(run: Run) -> str:
    """What ran."""
    return visible(run.what) or "A login shell"


def spoken(listed: ListedRun, state: str, now: float, today: date) -> str:
    """A row as it is read aloud."""
    run = listed.run
    parts = [visible(run.name), state, span(run, today), f"length {clock_length(length_of(run, now))}"]
    if run.rounds is not None:
        parts.append(counted(run.rounds, "round"))
    if listed.blocked.seconds > 0:
        parts.append(f"blocked on you {rough_length(listed.blocked.seconds)}")
    if run.cost_usd is not None:
        parts.append(f"cost {cost(run)}")
    return ", ".join((*parts, visible(run.folder)))
