"""Programs that crashed and are run again: how often, and when. The workspace runs them, this only keeps time."""

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.supervision.policy import Policy
from podium.supervision.restarts import Restarts, Wait


class ProgramRestarts(QObject):
    """Back-off and breaker for each instance's program, and a timer for each that waits."""

    due = Signal(str)
    """The wait of this instance is over."""

    def __init__(self, clock: Clock, policy: Policy | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._policy = policy or Policy()
        self._restarts: dict[InstanceId, Restarts] = {}
        self._timers: dict[InstanceId, QTimer] = {}

    def crashed(self, instance: InstanceId, ran: float) -> Wait | None:
        """Its program crashed after ``ran`` seconds. None when it has been restarted often enough."""
        restarts = self._restarts.setdefault(instance, Restarts(self._policy))
        delay = restarts.failed(ran)
        if delay is None:
            return None
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: self._on_timeout(instance))
        timer.start(round(delay * 1000))
        self._drop_timer(instance)
        self._timers[instance] = timer
        return Wait(self._clock() + delay, restarts.attempt, self._policy.max_restarts)

    def used(self, instance: InstanceId) -> int:
        """How often its program was run again unasked."""
        restarts = self._restarts.get(instance)
        return restarts.used if restarts is not None else 0

    def cancel(self, instance: InstanceId) -> bool:
        """Don't run it again. False when nothing was waiting."""
        return self._drop_timer(instance)

    def forget(self, instance: InstanceId) -> None:
        """A person started it, or it is gone: nothing is waiting and nothing counts any more."""
        self._drop_timer(instance)
        self._restarts.pop(instance, None)

    def cancel_all(self) -> None:
        for instance in tuple(self._timers):
            self._drop_timer(instance)

    def _on_timeout(self, instance: InstanceId) -> None:
        self._drop_timer(instance)
        self._restarts[instance].tried()
        self.due.emit(instance)

    def _drop_timer(self, instance: InstanceId) -> bool:
        timer = self._timers.pop(instance, None)
        if timer is None:
            return False
        timer.stop()
        timer.deleteLater()
        return True
