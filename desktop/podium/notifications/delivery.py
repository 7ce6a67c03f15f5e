"""Who is told of which alert: the desktop, and the person's command or address; at once, in a digest, or not at all."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.attention.alerts import Alert, AlertKind
from podium.core.clock import Clock, monotonic
from podium.core.config.notify_settings import Notify, NotifyOf
from podium.core.instances import AlertLevel
from podium.notifications.digest import Digest, Spent, Waiting, age_text, digest_of
from podium.notifications.notice import Notice, NoticeSink
from podium.notifications.outbox import MOST_ENDED, Outbox
from podium.notifications.outlets.message import Message
from podium.notifications.presence import Presence
from podium.notifications.quiet_hours import QuietHours, parse_hours
from podium.notifications.rules import Circumstances, When, when_to_tell
from podium.notifications.wording import notice_of
from podium.workspace.workspace import Workspace, WorkspaceError

FindSpent = Callable[[float, Callable[[Spent], None]], None]
"""Hands on, at once or a moment later, what was spent since a time in seconds since 1970."""

_HOURS_MS: Final = 60_000
"""How often it is looked whether quiet hours begin or end."""
_MOST_TEXT: Final = 1500
"""Characters of a message: less than any service's limit."""


class Delivery(QObject):
    """Tells nothing before ``apply``."""

    returned = Signal(str)
    """What has happened while the person was away, in words for them."""

    def __init__(
        self,
        workspace: Workspace,
        desktop: NoticeSink,
        call: Callable[[Message], None],
        presence: Presence,
        find_spent: FindSpent,
        clock: Clock = monotonic,
        local_time: Callable[[], datetime] = datetime.now,
        parent: QObject | None = None,
    ) -> None:
        """``call`` tells the command and the address, and ``find_spent`` what a time has cost; both return at once."""
        super().__init__(parent)
        self._workspace = workspace
        self._alerts = workspace.alerts
        self._desktop = desktop
        self._call = call
        self._presence = presence
        self._find_spent = find_spent
        self._clock = clock
        self._local_time = local_time
        self._at_desk = self._called_for = NotifyOf.NOTHING
        """What the desktop shows, and what the command and the address are called for."""
        self._call_text = False
        self._hours = QuietHours()
        self._outbox = Outbox()
        self._quiet = False
        self._shown: set[int] = set()
        """The numbers of alerts that the desktop shows."""
        self._ended_while_away: list[Notice] = []
        self._digest_since = self._away_since = self._wall()
        """Since when the next digest tells, and since when the person was away: seconds since 1970."""
        self._digest_timer = QTimer(self)
        self._digest_timer.setSingleShot(True)
        self._digest_timer.timeout.connect(self._on_digest_due)
        self._hours_timer = QTimer(self)
        self._hours_timer.setInterval(_HOURS_MS)
        self._hours_timer.timeout.connect(self._look_at_quiet)
        self._alerts.raised.connect(self._on_raised)
        self._alerts.withdrawn.connect(self._on_withdrawn)
        self._alerts.do_not_disturb.changed.connect(self._look_at_quiet)
        presence.changed.connect(self._on_presence)

    def apply(self, settings: Notify) -> None:
        """Go by these settings from now on."""
        self._at_desk, self._called_for = settings.desktop, settings.calls
        self._call_text = settings.call_text
        self._hours = parse_hours(settings.quiet_hours)
        self._outbox.period = settings.away_minutes * 60.0
        self._presence.set_limit(settings.away_minutes * 60.0 or None)
        if settings.quiet_hours:
            self._hours_timer.start()
        else:
            self._hours_timer.stop()
        self._digest_since = self._wall()
        self._quiet = self._wants_quiet()

    # What happens

    def _on_raised(self, alert: Alert) -> None:
        try:
            view = self._workspace.view(alert.instance)
        except WorkspaceError:
            return
        now = self._circumstances()
        notice, level = notice_of(alert, view), view.spec.alerts
        at_desk = when_to_tell(alert.kind, level, self._at_desk, now)
        if at_desk is When.NOW or (
            # Questions are at the desk when the person is back; they go when they are answered elsewhere.
            at_desk is When.DIGEST and not now.quiet and alert.kind is AlertKind.QUESTION
        ):
            self._show(notice)
        if now.away and alert.kind is not AlertKind.QUESTION and level is not AlertLevel.MUTED:
            self._ended_while_away = [*self._ended_while_away, notice][-MOST_ENDED:]
        if self._outbox.add(notice, when_to_tell(alert.kind, level, self._called_for, now), self._clock()):
            self._call(self._message(notice))
        self._keep_time()

    def _on_withdrawn(self, alert: Alert) -> None:
        if alert.number in self._shown:
            self._shown.discard(alert.number)
            self._desktop.withdraw(alert.number)
        self._outbox.withdraw(alert.number)
        self._keep_time()

    def _on_presence(self) -> None:
        if self._presence.away:
            self._away_since = self._wall() - (self._clock() - self._presence.used_at)
            self._ended_while_away = []
        else:
            self._welcome_back()
        self._keep_time()

    def _look_at_quiet(self) -> None:
        before, self._quiet = self._quiet, self._wants_quiet()
        if before and not self._quiet:
            self._tell_what_waits()
        self._keep_time()

    def _on_digest_due(self) -> None:
        due = self._outbox.due(self._circumstances())
        if due is not None and due <= self._clock():
            ended = self._outbox.take(self._clock())
            since, self._digest_since = self._digest_since, self._wall()
            self._find_spent(since, lambda spent: self._send_digest(ended, spent))
        self._keep_time()

    # What is told

    def _show(self, notice: Notice) -> None:
        self._shown.add(notice.alert.number)
        self._desktop.show(notice)

    def _tell_what_waits(self) -> None:
        """Quiet is over: the desktop shows what still waits and was not seen."""
        for alert in self._alerts.open():
            view = self._workspace.view(alert.instance)
            when = when_to_tell(alert.kind, view.spec.alerts, self._at_desk, Circumstances())
            # What is important was shown at once.
            if (
                alert.kind is AlertKind.QUESTION
                and not alert.seen
                and when is When.NOW
                and view.spec.alerts is not AlertLevel.IMPORTANT
            ):
                self._show(notice_of(alert, view))

    def _send_digest(self, ended: Sequence[Notice], spent: Spent) -> None:
        digest = self._digest(ended, spent, with_questions=self._call_text)
        if digest is not None:
            self._call(Message("digest", digest.title, "\n".join(digest.lines)[:_MOST_TEXT]))

    def _welcome_back(self) -> None:
        gone = age_text(self._clock() - self._presence.used_at)
        ended, self._ended_while_away = self._ended_while_away, []
        self._outbox.clear()
        self._digest_since = self._wall()
        self._find_spent(self._away_since, lambda spent: self._tell_digest(gone, ended, spent))

    def _tell_digest(self, gone: str, ended: Sequence[Notice], spent: Spent) -> None:
        digest = self._digest(ended, spent, with_questions=True)
        if digest is not None:
            self.returned.emit("\n".join((f"While you were away ({gone}): {digest.title}.", *digest.lines)))

    def _digest(self, ended: Sequence[Notice], spent: Spent, *, with_questions: bool) -> Digest | None:
        waiting = []
        for alert in self._alerts.open():
            view = self._workspace.view(alert.instance)
            if alert.kind is AlertKind.QUESTION and view.spec.alerts is not AlertLevel.MUTED:
                notice = notice_of(alert, view)
                waiting.append(
                    Waiting(notice.name, view.waiting_seconds or 0.0, notice.body if with_questions else "")
                )
        return digest_of(waiting, ended, spent)

    def _message(self, notice: Notice) -> Message:
        text = notice.body if self._call_text else notice.facts
        alert = notice.alert
        return Message(alert.kind.value, notice.title, text[:_MOST_TEXT], alert.instance, notice.name)

    # What it is like

    def _wall(self) -> float:
        return self._local_time().timestamp()

    def _wants_quiet(self) -> bool:
        return self._alerts.do_not_disturb.active or self._hours.hold(self._local_time())

    def _circumstances(self) -> Circumstances:
        return Circumstances(quiet=self._wants_quiet(), away=self._presence.away)

    def _keep_time(self) -> None:
        due = self._outbox.due(self._circumstances())
        if due is None:
            self._digest_timer.stop()
        else:
            self._digest_timer.start(max(0, round((due - self._clock()) * 1000) + 1))
