"""The words of the inbox. Qt-free."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import inf
from typing import Final

from podium.attention.alerts import AlertKind
from podium.ui.inbox.contents import Card, Contents, Member
from podium.workspace.meters import cost_text
from podium.workspace.views import InstanceState

STILL_STANDS: Final = "It did not take: the question still stands."
_STANDS_BY: Final = "still on its screen."
_TOMORROW: Final = 8
"""The hour at which tomorrow begins for a person who wants to be left alone until then."""
_DAY: Final = 86_400


def counted(count: int, noun: str) -> str:
    """``1 question``, ``3 questions``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def summary(shown: Contents, oldest: str) -> str:
    """What waits, in one line; ``oldest`` is the age of the first question."""
    if not shown.questions:
        return ""
    instances = len({member.view.id for card in shown.cards for member in card.members})
    return f"{counted(shown.questions, 'question')} from {counted(instances, 'instance')}, oldest {oldest}"


def heading(card: Card) -> str:
    count = len(card.members)
    return card.first.view.spec.name if count == 1 else f"{count} agents in {count} instances ask the same"


def who(member: Member) -> str:
    """The tool that asks, or the program in which it runs."""
    agent = member.view.spec.agent
    return (
        member.view.attention.tool
        or (agent.tool if agent is not None else "")
        or _program(member.view.detail)
    )


def _program(detail: str) -> str:
    """A command line without the folders of its program."""
    program, blank, rest = detail.partition(" ")
    return f"{program.rpartition('/')[2]}{blank}{rest}"


def question(card: Card) -> str:
    return card.first.alert.question or "It waits for you, and does not say for what."


def allow_text(card: Card) -> str:
    return "Allow" if len(card.members) == 1 else f"Allow all {len(card.members)}"


def deny_text(card: Card) -> str:
    return "Deny" if len(card.members) == 1 else "Deny all"


def refusal(card: Card, reasons: Sequence[tuple[Member, str]]) -> str:
    """What to say of answers that did not take: ``reasons`` says why, for some who ask on ``card``; "" for none."""
    if not reasons:
        return ""
    member, reason = reasons[0]
    said = STILL_STANDS if reason.endswith(_STANDS_BY) else f"It was not answered. {reason}"
    if len(card.members) == 1:
        return said
    more = f" So it is with {len(reasons) - 1} more." if len(reasons) > 1 else ""
    return f"{member.view.spec.name}: {said}{more}"


def ending(member: Member) -> str:
    """How an instance ended, or that its bell rang."""
    view = member.view
    match member.alert.kind:
        case AlertKind.BELL:
            return "Bell"
        case AlertKind.DONE:
            facts = ["Done"]
            if view.round:
                facts.append(counted(view.round, "round"))
            if cost := cost_text(view):
                facts.append(cost)
            return " · ".join(facts) if len(facts) > 1 else f"Done · {who(member)}"
        case _:
            label = view.label if view.state in (InstanceState.FAILED, InstanceState.EXITED) else "Failed"
            reason = view.reason or who(member)
            return f"{label} · {reason}" if reason else label


def ended_heading(ended: Sequence[Member]) -> str:
    """What stands above the rows."""
    bells = any(member.alert.kind is AlertKind.BELL for member in ended)
    return "Not seen" if bells else "Done or failed, not seen"


def shape(member: Member) -> InstanceState:
    """The state whose shape stands for it; a bell's is the instance's own."""
    match member.alert.kind:
        case AlertKind.DONE:
            return InstanceState.DONE
        case AlertKind.FAILED:
            exited = member.view.state is InstanceState.EXITED
            return InstanceState.EXITED if exited else InstanceState.FAILED
        case _:
            return member.view.state


def clock_text(now: float, age: float) -> str:
    """The local time of ``age`` seconds before ``now``: ``11:52``, ``Tue 11:52`` of another day."""
    then, today = datetime.fromtimestamp(now - age), datetime.fromtimestamp(now)
    return f"{then:%H:%M}" if then.date() == today.date() else f"{then:%a %H:%M}"


def running(count: int) -> str:
    """What an empty inbox says below its heading."""
    if not count:
        return "No instance runs. You hear from them here."
    return (
        f"{count} instances run. You hear from them here."
        if count > 1
        else "1 instance runs. You hear from it here."
    )


def until_text(until: float, now: float) -> str:
    """When a person wants to be disturbed again."""
    if until == inf:
        return "until you turn it off"
    end, today = datetime.fromtimestamp(until), datetime.fromtimestamp(now)
    if end.date() == today.date():
        return f"until {end:%H:%M}"
    if end.date() == (today + timedelta(days=1)).date():
        return f"until tomorrow, {end:%H:%M}"
    return f"until {end:%d %b, %H:%M}" if until - now > 6 * _DAY else f"until {end:%A, %H:%M}"


def tomorrow(now: float) -> float:
    """The time at which tomorrow begins, in local time; both in seconds since 1970."""
    day = datetime.fromtimestamp(now) + timedelta(days=1)
    return day.replace(hour=_TOMORROW, minute=0, second=0, microsecond=0).timestamp()
