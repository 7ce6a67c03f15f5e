"""States of instances in words: for tips and for screen readers."""

import textwrap
from typing import Final

from podium.attention.alerts import AlertKind
from podium.ui.theme.plain_text import plain_tip
from podium.workspace.views import InstanceState, InstanceView

WAITS: Final = "Waiting for you"
_TIP_COLUMNS: Final = 72
_UNSEEN: Final = {
    AlertKind.BELL: "rang its bell",
    AlertKind.DONE: "not looked at since",
    AlertKind.FAILED: "not looked at since",
}


def state_word(view: InstanceView) -> str:
    """The state's word in full: ``Waiting for you``."""
    return WAITS if view.state is InstanceState.WAITING else view.shown_label


def spoken_state(view: InstanceView, unseen: AlertKind | None = None) -> str:
    """``Waiting for you: Apply the migration?``, ``Done, not looked at since``."""
    told = state_word(view)
    if view.state is InstanceState.WAITING and view.question:
        return f"{told}: {view.question}"
    return f"{told}, {_UNSEEN[unseen]}" if unseen in _UNSEEN else told


def spoken_age(view: InstanceView) -> str:
    """``for 3 minutes`` while it waits, else "". It changes once a minute: readers are told each time."""
    if view.waiting_seconds is None:
        return ""
    minutes = int(view.waiting_seconds // 60)
    if minutes < 1:
        return "for less than a minute"
    hours, rest = divmod(minutes, 60)
    parts = [_count(hours, "hour"), _count(rest, "minute")]
    return "for " + " and ".join(part for part in parts if part)


def state_tip(view: InstanceView, unseen: AlertKind | None = None, more: str = "") -> str:
    """Name, state and what it asks, else ``more``, or what its program is, for ``setToolTip``."""
    told = state_word(view)
    if unseen in _UNSEEN:
        told = f"{told}, {_UNSEEN[unseen]}"
    lines = [f"{view.spec.name} — {told}"]
    if view.question:
        lines += textwrap.wrap(view.question, _TIP_COLUMNS)
    elif more or view.detail:
        lines.append(more or view.detail)
    return plain_tip("\n".join(lines))


def _count(number: int, unit: str) -> str:
    return "" if not number else f"{number} {unit}" if number == 1 else f"{number} {unit}s"
