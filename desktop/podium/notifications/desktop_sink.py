"""Notices as notifications of the desktop."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal

from podium.attention.alerts import Alert
from podium.core.ids import InstanceId
from podium.core.names import one_line
from podium.core.visible_text import visible
from podium.notifications.desktop.service import (
    Answered,
    Clicked,
    DesktopEvent,
    DesktopNotice,
    DesktopService,
    TellEvent,
)
from podium.notifications.notice import Notice

MAX_TITLE: Final = 120
MAX_BODY: Final = 400
_MOST_REMEMBERED: Final = 128
"""Notices whose late clicks still lead to their instance."""


class DesktopSink(QObject):
    """A NoticeSink. Signals come on the thread of this object."""

    show_requested = Signal(str, str)
    """A person wants to see this instance; the token by which the window may come forward, or ""."""
    answer_requested = Signal(object, bool)
    """A person said yes or no to the question of this Alert, as it was shown."""

    def __init__(
        self,
        make_service: Callable[[TellEvent], DesktopService],
        alert_of: Callable[[InstanceId], Alert | None],
        hand_over: Callable[[Callable[[DesktopEvent], None], DesktopEvent], None],
        parent: QObject | None = None,
    ) -> None:
        """``alert_of`` is what an instance has to tell now. ``hand_over`` calls back on the thread of this object."""
        super().__init__(parent)
        self._alert_of = alert_of
        self._told: dict[int, Notice] = {}
        self._closed = False
        self._service = make_service(lambda event: hand_over(self._on_arrived, event))

    def show(self, notice: Notice) -> None:
        alert = notice.alert
        self._told[alert.number] = notice
        if len(self._told) > _MOST_REMEMBERED:
            del self._told[next(iter(self._told))]
        self._service.show(
            DesktopNotice(
                alert.number,
                _short(notice.title, MAX_TITLE),
                _short(notice.body, MAX_BODY),
                notice.answerable and _is_whole(alert, notice.body),
                notice.important,
            )
        )

    def show_unanswered(self, alert: Alert, reason: str) -> None:
        """Its question was answered from here, and the answer did not take."""
        self._service.withdraw(alert.number)
        told = self._told.get(alert.number)
        title = f"{told.name if told is not None else alert.instance} was not answered"
        self._service.show(DesktopNotice(alert.number, _short(title, MAX_TITLE), _short(reason, MAX_BODY)))

    def withdraw(self, number: int) -> None:
        self._service.withdraw(number)

    def close(self) -> None:
        """Withdraw everything; only for the very end."""
        self._closed = True
        self._service.close()

    def _on_arrived(self, event: DesktopEvent) -> None:
        told = self._told.get(event.number)
        if told is None or self._closed:
            return
        alert = told.alert
        match event:
            case Answered(allow=allow) if self._still_asked(alert):
                self.answer_requested.emit(alert, allow)
            case Clicked() | Answered():  # What is asked is another question by now, or none.
                self.show_requested.emit(alert.instance, event.token)

    def _still_asked(self, alert: Alert) -> bool:
        now = self._alert_of(alert.instance)
        return (
            now is not None
            and now.number == alert.number
            and alert.asked is not None
            and alert.asked.same(now.asked)
        )


def _is_whole(alert: Alert, body: str) -> bool:
    """Whether ``body`` holds all that a person would say yes to."""
    asked, body = alert.asked, one_line(body)
    if asked is None or len(body) > MAX_BODY:
        return False
    return all(one_line(visible(part)) in body for part in (asked.text, asked.subject))


def _short(text: str, most: int) -> str:
    text = one_line(text[: 4 * most])
    return text if len(text) <= most else f"{text[: most - 1]}…"
