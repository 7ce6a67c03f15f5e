"""One message for many alerts: who waits since when, what has ended, and what it cost."""

from collections.abc import Sequence
from typing import Final

import msgspec

from podium.attention.alerts import AlertKind
from podium.notifications.notice import Notice

MOST_NAMED: Final = 12
"""Instances that are named in each part; of the others only the number is told."""


class Waiting(msgspec.Struct, frozen=True):
    """An instance that waits. ``question`` is "" where it is not to be told."""

    name: str
    seconds: float
    question: str = ""


class Spent(msgspec.Struct, frozen=True):
    """What a time has cost: US dollars, and the seconds for which all instances together waited for a person."""

    cost_usd: float = 0.0
    blocked_seconds: float = 0.0


class Digest(msgspec.Struct, frozen=True):
    title: str
    """``2 wait for you, 3 have ended``."""
    lines: tuple[str, ...]


def digest_of(waiting: Sequence[Waiting], ended: Sequence[Notice], spent: Spent) -> Digest | None:
    """``waiting`` is what waits now, ``ended`` what was told as done or failed, ``spent`` is of the meantime. None when
    there is nothing to tell.
    """
    if not waiting and not ended:
        return None
    done = sum(notice.alert.kind is AlertKind.DONE for notice in ended)
    counts = (
        _count(len(waiting), "waits for you", "wait for you"),
        _count(done, "is done", "are done"),
        _count(len(ended) - done, "has failed", "have failed"),
    )
    lines = [*_named([_waits(one) for one in waiting]), *_named([_ended(notice) for notice in ended])]
    if spent.cost_usd >= 0.005:
        lines.append(f"${spent.cost_usd:.2f} spent meanwhile")
    if spent.blocked_seconds >= 60:
        lines.append(f"{age_text(spent.blocked_seconds)} of waiting for you, all instances together")
    return Digest(", ".join(filter(None, counts)), tuple(lines))


def age_text(seconds: float) -> str:
    """``just now``, ``6 min``, ``2 h 5 min``, ``3 days``."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""


def _waits(waiting: Waiting) -> str:
    since = age_text(waiting.seconds)
    words = f"{waiting.name} waits" + ("" if since == "just now" else f" for {since}")
    return f"{words}: {waiting.question}" if waiting.question else words


def _ended(notice: Notice) -> str:
    return f"{notice.title} ({notice.facts})" if notice.facts else notice.title


def _named(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST_NAMED
    return [*lines[:MOST_NAMED], *([f"and {more} more"] if more > 0 else [])]
