"""The alerts of all instances: what they need of a person as signals, for whatever tells a person."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from podium.attention.alerts import Alert, AlertPolicy, Raised
from podium.attention.signals import Attention
from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.core.protocol.attention import Question
from podium.core.protocol.reports import BellReport
from podium.sessions.hub import SessionHub
from podium.workspace.alerting.answering import answer_question
from podium.workspace.alerting.do_not_disturb import DoNotDisturb

AttentionOf = Callable[[InstanceId], Attention | None]
"""What the program of an instance needs, its question in one line; None when there is no such instance in sight."""


class InstanceAlerts(QObject):
    """Belongs to the workspace, which calls ``update``. Times are of the workspace's clock."""

    raised = Signal(object)
    """An Alert that a person is to be told of."""
    withdrawn = Signal(object)
    """An Alert that was raised no longer counts: it was answered, seen, or is gone."""
    changed = Signal(str)
    """This instance has another alert now, none, or one that was seen."""

    def __init__(
        self,
        hub: SessionHub,
        attention_of: AttentionOf,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.do_not_disturb = DoNotDisturb(parent=self)
        self._hub = hub
        self._attention_of = attention_of
        self._clock = clock
        self._policy = AlertPolicy()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)
        hub.subscribe(BellReport, self._on_bell)

    # What there is

    def alert(self, instance: InstanceId) -> Alert | None:
        """What the instance has to tell, seen or not."""
        return self._policy.alert(instance)

    def open(self) -> tuple[Alert, ...]:
        """All questions, and all else that was not seen; the oldest first."""
        return self._policy.open()

    @property
    def watched(self) -> InstanceId | None:
        """The instance that a person looks at: its pane has the focus in the active window."""
        return self._policy.watched

    def age(self, alert: Alert) -> float:
        """For how many seconds it has been so."""
        return max(0.0, self._clock() - alert.since)

    # What a person does

    def answer(
        self, instance: InstanceId, question: Question, allow: bool, receive: Callable[[str], None]
    ) -> None:
        """Say yes or no to this question of ``instance``; see ``answer_question``."""
        answer_question(self._hub, instance, question, allow=allow, receive=receive)

    def watch(self, instance: InstanceId | None) -> None:
        """A person looks at ``instance`` from now on, or at none."""
        before = self._policy.watched
        self._policy.watch(instance, self._clock())
        for one in {before, instance} - {None}:
            self._tell(one)
        self._keep_time()

    def see(self, instance: InstanceId) -> None:
        """A person has seen what ``instance`` has to tell."""
        self._policy.see(instance)
        self._tell(instance)

    # What happens

    def update(self, instance: str) -> None:
        """Something about ``instance`` may be different now."""
        id = InstanceId(instance)
        attention = self._attention_of(id)
        if attention is None:
            self._policy.remove(id)
        else:
            self._policy.on_attention(id, attention, self._clock())
        self._tell(id)

    def _on_bell(self, instance: InstanceId, _report: BellReport) -> None:
        if self._attention_of(instance) is not None:
            self._policy.on_bell(instance, self._clock())
            self._tell(instance)

    def _on_due(self) -> None:
        self._policy.step(self._clock())
        self._tell(None)

    def _tell(self, instance: InstanceId | None) -> None:
        """Emit what has become of the policy's decisions, and that ``instance`` may show otherwise."""
        changed = {instance} if instance is not None else set()
        for change in self._policy.take_changes():
            changed.add(change.alert.instance)
            (self.raised if isinstance(change, Raised) else self.withdrawn).emit(change.alert)
        for one in changed:
            self.changed.emit(one)
        self._keep_time()

    def _keep_time(self) -> None:
        first = self._policy.next_deadline()
        if first is None:
            self._timer.stop()
        else:
            self._timer.start(max(0, round((first - self._clock()) * 1000) + 1))
