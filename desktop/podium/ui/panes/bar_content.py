"""The content of a pane's bar by its width, and its buttons by state: no widgets, only the tables."""

import shlex
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from podium.core.commands import CommandId
from podium.core.instances import Kind, ThemeName
from podium.core.protocol.reports import ProgressReport
from podium.ui.theme.short_text import age_text, short_path
from podium.workspace.meters import (
    agents_text,
    attempt_text,
    cost_text,
    round_text,
    task_progress,
    time_text,
)
from podium.workspace.views import InstanceState, InstanceView


class BarPlan(NamedTuple):
    """The parts that fit into a bar. Everything else is in its menu."""

    word: bool
    meters: int
    buttons: int
    """Labelled ones; *Answer* stays as long as the word does."""
    zoom: bool


class BarFacts(NamedTuple):
    """Everything that a bar shows of its instance: what leaves it as it is need not be painted."""

    name: str
    number: int
    theme: ThemeName
    state: InstanceState
    word: str
    question: str
    """While it waits, in one line."""
    age: str
    """For how long it does."""
    meters: tuple[str, ...]
    buttons: "tuple[BarButton, ...]"
    progress: float | None
    """0–1; None for what has none."""
    task: ProgressReport


_ALL = 99
LEAST_PROGRAM = 90
"""A command line is cut down to this many px before other meters go."""
_PLANS = (
    (900, BarPlan(word=True, meters=_ALL, buttons=_ALL, zoom=True)),
    (600, BarPlan(word=True, meters=4, buttons=2, zoom=True)),
    (430, BarPlan(word=True, meters=2, buttons=1, zoom=True)),
    (340, BarPlan(word=True, meters=1, buttons=0, zoom=False)),
    (0, BarPlan(word=False, meters=0, buttons=0, zoom=False)),
)


LEAST_QUESTION = 56
"""A question is cut down to this many px before it goes."""
QUESTION_GAP = 10
AGE_GAP = 8
WHOLE_WORD_FROM = 600
"""The least width of a pane whose bar says "Waiting for you"; a narrower one says "Waiting"."""


def plan_bar(pane_width: int) -> BarPlan:
    """The table of the visual specification: pane width → parts of the bar."""
    return next(plan for least, plan in _PLANS if pane_width >= least)


class BarButton(NamedTuple):
    command: CommandId
    text: str
    icon: str
    primary: bool = False


_START = BarButton(CommandId.START, "Start", "start", primary=True)
_FINISH = BarButton(CommandId.FINISH_ROUND, "Finish round", "finish")
_STOP_NOW = BarButton(CommandId.STOP_NOW, "Stop now", "stop")
_STOP = BarButton(CommandId.STOP, "Stop", "stop")
_RESTART = BarButton(CommandId.RESTART, "Restart", "restart")
_RESUME = BarButton(CommandId.RESUME, "Resume", "start", primary=True)
_RUN_AGAIN = BarButton(CommandId.START, "Restart", "restart")


def bar_buttons(view: InstanceView) -> tuple[BarButton, ...]:
    """The labelled buttons of an instance, the most wanted first."""
    mission = view.spec.kind is Kind.MISSION
    if not view.startable:
        return ()  # Podium closes, and ends what still runs by itself.
    match view.state:
        case InstanceState.IDLE if view.resumable:
            return (_RESUME, _START._replace(text="Start anew", primary=False))
        case InstanceState.EXITED | InstanceState.DONE if view.resumable:
            return (_RESUME, _RUN_AGAIN)
        case InstanceState.IDLE:
            return (_START,)
        case InstanceState.DONE:
            return (_RUN_AGAIN,)
        case InstanceState.EXITED:
            return (_RUN_AGAIN._replace(primary=True),)
        case InstanceState.STARTING:
            return (_STOP_NOW,) if mission else (_STOP,)
        case InstanceState.RUNNING | InstanceState.WAITING:
            return (_FINISH, _STOP_NOW, _RESTART) if mission else (_STOP, _RESTART)
        case InstanceState.FINISHING:
            return (_STOP_NOW,)
        case _:  # restarting and failed have their notice, stopping has nothing to press
            return ()


def bar_facts(view: InstanceView) -> BarFacts:
    """What a bar shows of ``view``."""
    return BarFacts(
        view.spec.name,
        view.number,
        view.spec.theme,
        view.shown_state,
        view.shown_label,
        view.question,
        age_text(view.waiting_seconds),
        bar_meters(view),
        bar_buttons(view),
        progress(view),
        view.task,
    )


def bar_meters(view: InstanceView) -> tuple[str, ...]:
    """The meters of an instance, the most telling first; empty ones are left out."""
    # Only a reason for stopping has its place here; the others have a notice.
    blocking = view.reason.rstrip(".") if view.state is InstanceState.STOPPING else ""
    rounds, cost, time = round_text(view), cost_text(view), time_text(view.seconds)
    folder = short_path(view.spec.folder)
    mission = view.spec.kind is Kind.MISSION
    urgent = blocking or attempt_text(view)
    first = (urgent, rounds, agents_text(view)) if mission else (urgent or _program(view), rounds)
    return tuple(text for text in (*first, cost, time, folder) if text)


def fit_meters(widths: Sequence[float], room: float, gap: float, elastic: bool) -> list[float]:
    """Widths of those meters that fit, each with a gap before it.

    An elastic first one (a command line) is cut down to LEAST_PROGRAM before any other is left out.
    """
    for count in range(len(widths), 0, -1):
        shown = list(widths[:count])
        excess = sum(shown) + gap * count - room
        if elastic and excess > 0:
            least = min(shown[0], LEAST_PROGRAM)
            cut = min(excess, shown[0] - least)
            shown[0] -= cut
            excess -= cut
        if excess <= 0:
            return shown
    return []


class QuestionPlan(NamedTuple):
    """Widths in px; 0.0 for what is left out."""

    question: float
    age: float

    @property
    def total(self) -> float:
        """With the gaps before them."""
        return sum(part + gap for part, gap in zip(self, (QUESTION_GAP, AGE_GAP), strict=True) if part)


def fit_question(question: float, age: float, room: float) -> QuestionPlan:
    """The parts of ``question`` and ``age`` px that fit into ``room``: the question is cut, then its age goes."""
    least = min(question, LEAST_QUESTION)
    beside_age = room - QUESTION_GAP - AGE_GAP - age
    if question and beside_age >= least:
        return QuestionPlan(min(question, beside_age), age)
    alone = room - QUESTION_GAP
    if question and alone >= least:
        return QuestionPlan(min(question, alone), 0.0)
    return QuestionPlan(0.0, age if age + AGE_GAP <= room else 0.0)


def buttons_beside(question: float, age: float, room: float, buttons: Sequence[float], offered: int) -> int:
    """The number of ``buttons``, widths with their gaps, that leave ``room`` px enough for the whole question."""
    wanted = QuestionPlan(question, age).total
    count = min(offered, len(buttons))
    while count and sum(buttons[:count]) + wanted > room:
        count -= 1
    return count


def _program(view: InstanceView) -> str:
    """The command line, without the program's folder."""
    argv = view.spec.command
    return shlex.join((PurePath(argv[0]).name, *argv[1:])) if argv else view.detail


def progress(view: InstanceView) -> float | None:
    """The share of the rounds that have begun, or what a program says is done, 0–1; None for what has neither."""
    if view.round is not None and view.max_rounds:
        return min(1.0, view.round / view.max_rounds)
    return task_progress(view)
