"""Conditions under which a command does anything, over a small snapshot, for menus, keys and the API alike."""

from collections.abc import Callable

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
    target: CommandTarget | None = None


Condition = Callable[[Situation], bool]
TargetCondition = Callable[[CommandTarget], bool]


def always(_situation: Situation) -> bool:
    return True


def with_instances(situation: Situation) -> bool:
    return situation.instances > 0


def with_several_instances(situation: Situation) -> bool:
    return situation.instances > 1


def with_several_pages(situation: Situation) -> bool:
    return situation.grid and situation.pages > 1


def with_several_panes(situation: Situation) -> bool:
    return situation.grid and situation.instances > 1


def target_is(condition: TargetCondition) -> Condition:
    """The condition that there is an instance of which ``condition`` is true."""
    return lambda situation: situation.target is not None and condition(situation.target)


def can_start(target: CommandTarget) -> bool:
    return target.startable and not target.busy


def can_resume(target: CommandTarget) -> bool:
    return target.startable and target.resumable and not target.busy


def can_stop(target: CommandTarget) -> bool:
    return _at_work(target) or target.restarting


def can_restart(target: CommandTarget) -> bool:
    return target.startable and not (target.idle or target.starting)


def can_finish_round(target: CommandTarget) -> bool:
    return target.kind is Kind.MISSION and target.running


def can_stop_now(target: CommandTarget) -> bool:
    return target.kind is Kind.MISSION and _at_work(target)


def can_remove(target: CommandTarget) -> bool:
    return not target.busy


def has_left_processes(target: CommandTarget) -> bool:
    return target.left_behind


def asks_for_clipboard(target: CommandTarget) -> bool:
    return target.asks_for_clipboard


def prompt_waits(target: CommandTarget) -> bool:
    return target.prompt_waits


def can_be_allowed(target: CommandTarget) -> bool:
    return target.can_be_allowed


def can_be_denied(target: CommandTarget) -> bool:
    return target.can_be_denied


def _at_work(target: CommandTarget) -> bool:
    return target.starting or target.running or target.finishing
