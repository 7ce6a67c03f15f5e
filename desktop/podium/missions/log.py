"""The mission's log as a person reads it in the terminal."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from podium.core.costs import Cost
from podium.core.missions.spec import AgentSpec, Mission
from podium.missions.gate import GateOutcome
from podium.missions.paint import BLUE, BOLD, DIM, GREEN, HEADING, RED, YELLOW, Paint
from podium.missions.text import cost, count, duration, one_line, plain, shortened, width, wrap
from podium.missions.turns.results import AgentResult

_WIDEST: Final = 110
"""Columns; times far away from what they belong to can't be read."""
_NARROWEST: Final = 24
_NARROW_TEXT: Final = 16
"""Columns below which a text beside a name can't be read."""
_LONGEST_PATH: Final = 40
_INDENT: Final = "  "
_BODY: Final = "      "
_NOT_STARTED: Final = "not started"
_ESTIMATED: Final = " est."
_NO_COST: Final = " " * 7
"""Gates cost nothing; their times stay in the agents' column."""


def terminal_columns(descriptor: int) -> int:
    """The greatest width of the log: the terminal's, or that of a page when there is none."""
    try:
        columns = os.get_terminal_size(descriptor).columns
    except OSError:
        columns = 0
    return max(_NARROWEST, min(columns or 80, _WIDEST))


class MissionLog:
    """Says what happens, one fact after the other. ``columns`` is asked for each line."""

    def __init__(self, write: Callable[[str], None], paint: Paint, columns: Callable[[], int]) -> None:
        self._write = write
        self._paint = paint
        self._columns = columns
        self._name_width = 0
        self._several = False

    def mission_started(self, mission: Mission, file: str) -> None:
        self._several = min(mission.max_concurrency, len(mission.agents)) > 1
        names = [shown_name(agent) for agent in mission.agents] + [gate.name for gate in mission.gates]
        self._name_width = min(max(width(name) for name in names), 14)
        facts = [
            shown_path(file),
            count(len(mission.agents), "agent"),
            f"{count(mission.max_rounds, 'round')} at most",
        ]
        if self._several:
            facts.append(f"{mission.max_concurrency} at once")
        paint = self._paint
        title = f"{paint('podium', GREEN)} mission {paint(mission.name, BOLD)}"
        self._wrapped("", f"{title}  {paint(' · '.join(facts), DIM)}")
        if description := one_line(mission.description):
            self._wrapped("", paint(description, DIM))

    def round_started(self, number: int, last: int) -> None:
        started = time.strftime("%H:%M:%S")
        self._line("")
        self._line(self._paint("─" * (self._columns() - 1), DIM))
        heading = self._paint(f"Round {number}/{last}", HEADING)
        self._wrapped("", f"{heading}  {self._paint(f'started {started}', DIM)}")

    def agent_started(self, agent: AgentSpec) -> None:
        self._entry("◐", BLUE, shown_name(agent), shortened(one_line(agent.prompt), 200))

    def agent_printed(self, agent: AgentSpec, text: str) -> None:
        self._body(text, shown_name(agent) if self._several else "")

    def agent_ended(self, agent: AgentSpec, result: AgentResult) -> None:
        right = f"{duration(result.seconds)}  {cost(result.cost.usd):>5}{_ESTIMATED if result.cost.estimated else ''}"
        name = shown_name(agent)
        if result.reason:
            self._entry("✗", RED, name, self._paint(result.reason, RED), right)
        else:
            self._entry("✓", GREEN, name, result.summary, right)

    def agent_skipped(self, agent: AgentSpec, why: str) -> None:
        text = why if why == _NOT_STARTED else f"{_NOT_STARTED}: {why}"
        self._entry("○", DIM, shown_name(agent), self._paint(text, DIM))

    def gate_ended(self, gate: GateOutcome) -> None:
        right = duration(gate.seconds) + _NO_COST
        if gate.passed:
            self._entry("✓", GREEN, gate.name, self._paint("gate passed", GREEN), right)
            return
        colour = RED if gate.required else YELLOW
        failed = f"gate failed: {gate.reason}" + ("" if gate.required else " (not required)")
        self._entry("✗", colour, gate.name, self._paint(failed, colour), right)
        for text in gate.last_lines:
            self._body(text, "")

    def round_ended(self, seconds: float, spent: Cost) -> None:
        facts = f"round took {duration(seconds)} · {priced(spent)}"
        self._wrapped(_INDENT, self._paint(facts, DIM))

    def note(self, text: str) -> None:
        self._wrapped(_INDENT, self._paint(text, YELLOW))

    def mission_ended(self, outcome: str, what: str, facts: Sequence[str]) -> None:
        marks = {"done": ("✓ Done", GREEN), "failed": ("✗ Failed", RED)}
        marks["partial"] = ("◐ Done in part", YELLOW)
        mark, colour = marks.get(outcome, ("■ Stopped", YELLOW))
        self._line("")
        self._line(self._paint("─" * (self._columns() - 1), DIM))
        self._wrapped("", f"{self._paint(mark, BOLD, colour)}  {what}")
        self._wrapped("  ", self._paint(" · ".join(facts), DIM))

    def _line(self, text: str) -> None:
        if not self._paint.colours:
            text = plain(text)
        self._write(text + "\n")

    def _wrapped(self, indent: str, text: str) -> None:
        for line in wrap(text, self._columns() - 1 - len(indent)):
            self._line(indent + line)

    def _entry(self, mark: str, colour: str, name: str, text: str, right: str = "") -> None:
        """``  ✓ name    text            right``; where that gets too narrow the text goes below the name."""
        columns = self._columns() - 1
        name = shortened(name, columns - len(_INDENT) - 2)
        left = f"{_INDENT}{self._paint(mark, colour)} {self._paint(name, BOLD)}"
        start = len(_INDENT) + 2 + max(self._name_width, width(name)) + 2
        beside = columns - start - (width(right) + 2 if right else 0)
        if beside >= _NARROW_TEXT:
            first, *rest = wrap(text, beside)
            left += " " * (start - width(left)) + first
        else:
            start = len(_INDENT) + 2
            rest = wrap(text, columns - start) if text else []
        if right:
            gap = columns - width(left) - width(right)
            if gap < 2:  # Not even the name and the right side fit into one line.
                self._line(left)
                left, gap = "", max(columns - width(right), 0)
            left += " " * gap + self._paint(right.rstrip(), DIM)
        self._line(left.rstrip())
        for line in rest:
            self._line(" " * start + line)

    def _body(self, text: str, name: str) -> None:
        bar = f"{_BODY}{self._paint('│', DIM)} "
        if name:
            room = min(self._name_width, self._columns() // 5)
            label = shortened(name, room)
            bar += self._paint(label + " " * (room - width(label)), DIM) + "  "
        for line in wrap(text, self._columns() - 1 - width(bar)):
            # The program may leave a colour on; it must not run into the log.
            left_on = "\x1b" in line and not line.endswith("\x1b[0m")
            self._line(bar + line + ("\x1b[0m" if left_on else ""))


def shown_name(agent: AgentSpec) -> str:
    """The agent's name for people."""
    return agent.name or agent.id


def shown_path(path: str) -> str:
    """A path that fits into a heading: from the current folder on when that is shorter, or only its end."""
    relative = os.path.relpath(path)
    shorter = relative if not relative.startswith("..") else path
    return shorter if width(shorter) <= _LONGEST_PATH else f"…/{Path(path).name}"


def priced(spent: Cost) -> str:
    """A sum as it may be shown: one that is simulated or estimated says so, and tokens where they are known."""
    if spent.usd is None:
        text = "cost –"
    else:
        text = (
            cost(spent.usd)
            + (_ESTIMATED if spent.estimated else "")
            + (" simulated" if spent.simulated else "")
        )
    tokens = (spent.tokens_in or 0) + (spent.tokens_out or 0)
    return f"{text} · {count(tokens, 'token')}" if tokens else text
