"""Whether a person is told of an alert, and when: at once, in the next digest, or not at all."""

from enum import Enum, auto
from typing import Final

import msgspec

from podium.attention.alerts import AlertKind
from podium.core.config.notify_settings import NotifyOf
from podium.core.instances import AlertLevel

_TOLD: Final = {
    NotifyOf.QUESTIONS: (AlertKind.QUESTION,),
    NotifyOf.ENDS: (AlertKind.QUESTION, AlertKind.DONE, AlertKind.FAILED),
    NotifyOf.NOTHING: (),
}


class When(Enum):
    NOW = auto()
    DIGEST = auto()
    """Together with what else happens while the person is away, or does not want to be disturbed."""
    NEVER = auto()


class Circumstances(msgspec.Struct, frozen=True):
    """What matters beside the alert itself."""

    quiet: bool = False
    """The person does not want to be disturbed, or these are quiet hours."""
    away: bool = False


def when_to_tell(kind: AlertKind, level: AlertLevel, of: NotifyOf, now: Circumstances) -> When:
    """``of`` is what the person wants to be told in this way."""
    if kind not in _TOLD[of] or level is AlertLevel.MUTED:
        return When.NEVER
    if level is AlertLevel.IMPORTANT:
        return When.NOW
    return When.DIGEST if now.quiet or now.away else When.NOW
