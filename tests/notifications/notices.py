"""Alerts and instances for tests of notifications."""

from podium.attention.alerts import Alert, AlertKind
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel, InstanceSpec, Kind, ThemeName
from podium.core.protocol.attention import Question, QuestionKind
from podium.notifications.notice import Notice
from podium.notifications.wording import notice_of
from podium.workspace.views import InstanceState, InstanceView

PERMISSION = Question(QuestionKind.PERMISSION, "Run this?", "make", ("Yes", "No"), "1", "2")


def alert(kind: AlertKind = AlertKind.QUESTION, number: int = 1, **more: object) -> Alert:
    question = "Run this? make" if kind is AlertKind.QUESTION else ""
    values = {"since": 100.0, "question": question, **more}
    return Alert(number, InstanceId("a"), kind, **values)  # type: ignore[arg-type]


def view(level: AlertLevel = AlertLevel.NORMAL, name: str = "atlas", **more: object) -> InstanceView:
    spec = InstanceSpec(InstanceId("a"), name, Kind.COMMAND, ThemeName.ROSE, "/", alerts=level)
    values = {"number": 1, "state": InstanceState.WAITING, "label": "Waiting", **more}
    return InstanceView(spec, **values)  # type: ignore[arg-type]


def notice(
    kind: AlertKind = AlertKind.QUESTION, number: int = 1, name: str = "atlas", **more: object
) -> Notice:
    return notice_of(alert(kind, number), view(name=name, **more))  # type: ignore[arg-type]
