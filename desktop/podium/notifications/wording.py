"""Alerts in words."""

from typing import Final

from podium.attention.alerts import Alert, AlertKind
from podium.core.instances import AlertLevel
from podium.core.protocol.attention import QuestionKind
from podium.core.visible_text import visible
from podium.notifications.notice import Notice
from podium.workspace.meters import cost_text, round_text, time_text
from podium.workspace.views import InstanceState, InstanceView

_MOST_NAME: Final = 60
_MOST_QUESTION: Final = 300
_YES_OR_NO: Final = (QuestionKind.PERMISSION, QuestionKind.TRUST)


def notice_of(alert: Alert, view: InstanceView) -> Notice:
    """``view`` is that of the alert's instance."""
    name = visible(view.spec.name)[:_MOST_NAME]
    return Notice(
        alert,
        name,
        f"{name} {_matter(alert, view)}",
        visible(alert.question)[:_MOST_QUESTION] if alert.kind is AlertKind.QUESTION else outcome(view),
        facts=facts_of(view),
        answerable=is_answerable(alert),
        important=view.spec.alerts is AlertLevel.IMPORTANT,
    )


def is_answerable(alert: Alert) -> bool:
    """Whether its question is a yes or no for which the keys are known."""
    asked = alert.asked
    return asked is not None and asked.kind in _YES_OR_NO and bool(asked.allow) and bool(asked.deny)


def outcome(view: InstanceView) -> str:
    """How it ended: the reason, or its facts."""
    return visible(view.reason)[:_MOST_QUESTION] or facts_of(view)


def facts_of(view: InstanceView) -> str:
    """Its rounds, cost and time: ``Round 3/8, $1.42, 17:46``."""
    return ", ".join(filter(None, (round_text(view), cost_text(view), time_text(view.seconds))))


def _matter(alert: Alert, view: InstanceView) -> str:
    match alert.kind:
        case AlertKind.QUESTION:
            return "waits for you"
        case AlertKind.FAILED if view.state in (InstanceState.EXITED, InstanceState.FAILED):
            return f"has ended: {view.label.lower()}"
        case AlertKind.FAILED:
            return "reports a failure"
        case AlertKind.DONE:
            return "is done"
    return "rang its bell"
