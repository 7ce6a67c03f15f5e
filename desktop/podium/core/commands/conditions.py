"""Conditions under which a command does anything, over a small snapshot, for menus, keys and the API alike.

A condition answers with the reason why not: a sentence for a person, who reads it beside the command's title.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from podium.core.instances import Kind


class CommandTarget(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the instance that a command is for, as far as conditions use it."""

    kind: Kind
    startable: bool
    """False while Podium closes."""
    busy: bool
    """Closing it would end something."""
    idle: bool
    """It was never started."""
    starting: bool
    running: bool
    """Its program works or waits for a person."""
    finishing: bool
    """Its mission ends after the current round."""
    restarting: bool
    """It waits for its next start."""
    resumable: bool
    left_behind: bool
    """Its shell left processes running."""
    asks_for_clipboard: bool
    """Its program wants to write to the clipboard."""
    can_be_allowed: bool = False
    """It asks something, and the keys that say yes to it are known."""
    can_be_denied: bool = False
    prompt_waits: bool
    """Something keeps the first prompt of its tool."""


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """The arrangement of the instances and, where there is one, the instance that a command is for."""

    instances: int
    pages: int
    grid: bool
    windows: int = 1
    target: CommandTarget | None = None


Condition = Callable[[Situation], str]
"""Why a command would do nothing now; "" when it would do something."""
TargetCondition = Callable[[CommandTarget], str]
"""The same for the instance it is for."""

NO_INSTANCE: Final = "There is no instance."
_NOT_RUNNING: Final = "It does not run."
_RUNS: Final = "It runs already."
_CLOSING: Final = "Podium is closing."
_NO_QUESTION: Final = "It asks nothing that Podium can answer."


def always(_situation: Situation) -> str:
    return ""


def with_instances(situation: Situation) -> str:
    return "" if situation.instances else NO_INSTANCE


def with_several_instances(situation: Situation) -> str:
    return with_instances(situation) or _unless(situation.instances > 1, "There is no other instance.")


def beside_others(situation: Situation) -> str:
    return with_instances(situation) or _unless(
        situation.instances > 1, "It is the only instance of its window."
    )


def with_several_windows(situation: Situation) -> str:
    return with_instances(situation) or _unless(situation.windows > 1, "There is no other window.")


def with_several_pages(situation: Situation) -> str:
    return _in_grid(situation) or _unless(situation.pages > 1, "All instances are on one page.")


def with_several_panes(situation: Situation) -> str:
    return _in_grid(situation) or _unless(situation.instances > 1, "There is only one pane.")


def target_is(condition: TargetCondition) -> Condition:
    """The condition that there is an instance that meets ``condition``."""
    return lambda situation: condition(situation.target) if situation.target is not None else NO_INSTANCE


def can_start(target: CommandTarget) -> str:
    return _unless(target.startable, _CLOSING) or _unless(not target.busy, _RUNS)


def can_resume(target: CommandTarget) -> str:
    return can_start(target) or _unless(target.resumable, "Nothing of it was interrupted.")


def can_stop(target: CommandTarget) -> str:
    return _unless(_at_work(target) or target.restarting, _NOT_RUNNING)


def can_restart(target: CommandTarget) -> str:
    return (
        _unless(target.startable, _CLOSING)
        or _unless(not target.idle, "It was not started yet.")
        or _unless(not target.starting, "It is starting.")
    )


def can_finish_round(target: CommandTarget) -> str:
    return (
        _unless(target.kind is Kind.MISSION, "Only missions have rounds.")
        or _unless(not target.finishing, "It ends after this round already.")
        or _unless(target.running, _NOT_RUNNING)
    )


def can_stop_now(target: CommandTarget) -> str:
    return _unless(target.kind is Kind.MISSION, "Only missions have agents to end.") or _unless(
        _at_work(target), _NOT_RUNNING
    )


def can_remove(target: CommandTarget) -> str:
    return _unless(not target.busy, "It runs; stop it first.")


def has_left_processes(target: CommandTarget) -> str:
    return _unless(target.left_behind, "It left nothing running.")


def asks_for_clipboard(target: CommandTarget) -> str:
    return _unless(target.asks_for_clipboard, "It does not ask to copy anything.")


def prompt_waits(target: CommandTarget) -> str:
    return _unless(target.prompt_waits, "No first prompt waits for its tool.")


def can_be_allowed(target: CommandTarget) -> str:
    return _unless(target.can_be_allowed, _NO_QUESTION)


def can_be_denied(target: CommandTarget) -> str:
    return _unless(target.can_be_denied, _NO_QUESTION)


def _in_grid(situation: Situation) -> str:
    return _unless(situation.grid, "The grid is not shown.")


def _at_work(target: CommandTarget) -> bool:
    return target.starting or target.running or target.finishing


def _unless(met: bool, reason: str) -> str:
    return "" if met else reason
