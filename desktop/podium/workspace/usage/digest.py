"""What a person who was away has to know: who waits for them, what ended, what it cost, how long it was blocked."""

from collections.abc import Iterable

import msgspec

from podium.core.ids import InstanceId
from podium.history.digest import Past
from podium.workspace.views import InstanceView


class Waiting(msgspec.Struct, frozen=True):
    """An instance that waits. ``question`` is printable and one line; ``since`` is in seconds since 1970."""

    instance: InstanceId
    name: str
    question: str
    since: float


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """``waiting`` who waits now, the longest first. ``past`` is what the history knows since then, None when it can't
    be read. ``blocked`` is how many seconds all instances together waited since then.
    """

    since: float
    waiting: tuple[Waiting, ...]
    past: Past | None
    blocked: float


def digest_of(
    since: float, views: Iterable[InstanceView], past: Past | None, blocked: float, now: float
) -> Digest:
    """``since`` and ``now`` are seconds since 1970."""
    waiting = (
        Waiting(view.id, view.spec.name, view.question, now - view.waiting_seconds)
        for view in views
        if view.waiting_seconds is not None
    )
    return Digest(
        since=since,
        waiting=tuple(sorted(waiting, key=lambda one: (one.since, one.instance))),
        past=past,
        blocked=blocked,
    )
