"""The events of the WebSocket: every name with its payload, and the messages around them, both ways.

The subjects declare Podium's own; what a program reports has its types in ``core/protocol/events.py``. Every payload
that is about an instance also carries ``workerId``, its id.
"""

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from podium.control.api import attention, instances, terminals, workers
from podium.control.api.limits import MAX_PATTERNS
from podium.core.protocol.events import PROGRAM_EVENTS

EVENTS: Final[dict[str, type[msgspec.Struct]]] = {
    **PROGRAM_EVENTS,
    **terminals.EVENTS,
    **workers.EVENTS,
    **instances.EVENTS,
    **attention.EVENTS,
}
NAMES: Final[dict[type[Any], str]] = {type_: name for name, type_ in EVENTS.items()}

Pattern = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9:*_-]+$")]
Patterns = Annotated[tuple[Pattern, ...], Meta(max_length=MAX_PATTERNS)]


class Subscribe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What a client may say: one of ``subscribe`` and ``unsubscribe``, or ``type`` replay with its fields, or ping.

    With ``afterSeq`` (and ``epoch``) a subscription begins with a replay: nothing comes between the two.
    """

    subscribe: Patterns | None = None
    unsubscribe: Patterns | None = None
    after_seq: Annotated[int, Meta(ge=0)] | None = None
    epoch: Annotated[str, Meta(max_length=64)] = ""


class Replay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", tag="replay"):
    """The events after ``afterSeq`` that the patterns match, without those that were sent since the subscription.

    What happens meanwhile comes after it, in order.
    """

    after_seq: Annotated[int, Meta(ge=0)]
    epoch: Annotated[str, Meta(max_length=64)] = ""


class Ping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="ping"):
    """Answered by ``{"type": "pong"}``, for clients that can't send WebSocket pings."""


class Subscribed(msgspec.Struct, frozen=True, rename="camel", tag="subscribed"):
    """All patterns in force now, and where the events are."""

    patterns: tuple[str, ...]
    epoch: str
    seq: int


class ReplayGap(msgspec.Struct, frozen=True, rename="camel", tag="replay-gap"):
    """``missed`` events are not kept any more. Sent too when ``epoch`` is another than the client's: then what it saw
    before belongs to a Podium that has ended.
    """

    missed: int
    epoch: str


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    pass
