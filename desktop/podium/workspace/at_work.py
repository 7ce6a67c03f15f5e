"""What would be lost if instances were ended now: asked of their sessions, and never waited for long."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.backend import SessionBackend
from podium.core.protocol.reports import ForegroundReport
from podium.core.protocol.requests import ForegroundWanted
from podium.workspace.meters import agents_text, round_text
from podium.workspace.views import InstanceState, InstanceView

ANSWER_MS: Final = 300
"""A session that has not said by then what runs in it is taken for one in which something does."""
_AT_WORK: Final = frozenset({InstanceState.RUNNING, InstanceState.WAITING, InstanceState.FINISHING})
"""States in which there is something to lose: what starts has done nothing yet, what stops is ending anyway."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """An instance in which something runs; ``job`` is its command line, "" when its session did not say."""

    view: InstanceView
    job: str = ""

    @property
    def text(self) -> str:
        """What would end, in a few words."""
        if self.view.spec.kind is not Kind.MISSION:
            return self.job or "Did not answer"
        return ", ".join(filter(None, (round_text(self.view), agents_text(self.view)))) or self.view.label


def can_lose_work(view: InstanceView) -> bool:
    """Whether ending ``view`` now might end something: only then its session has to be asked."""
    return view.state in _AT_WORK


def at_work(
    views: Sequence[InstanceView], jobs: Mapping[InstanceId, ForegroundReport | None]
) -> tuple[AtWork, ...]:
    """Those of ``views`` in which something runs, missions always; ``jobs`` as ``ForegroundQueries`` found them."""
    found = []
    for view in filter(can_lose_work, views):
        report = jobs.get(view.id)
        if view.spec.kind is Kind.MISSION or report is None:
            found.append(AtWork(view))
        elif report.job:
            # A command is known by what the person entered.
            found.append(AtWork(view, view.detail if report.itself else report.job))
    return tuple(found)


@dataclass(slots=True)
class _Batch:
    waiting: dict[int, InstanceId]
    jobs: dict[InstanceId, ForegroundReport | None]
    receive: Callable[[Mapping[InstanceId, ForegroundReport | None]], None]
    timer: QTimer = field(init=False)


class ForegroundQueries(QObject):
    """Asks sessions which job is in the foreground of their terminals."""

    def __init__(
        self, backend: SessionBackend, numbers: Iterator[int], parent: QObject | None = None
    ) -> None:
        """``numbers`` keeps these requests apart from others."""
        super().__init__(parent)
        self._backend = backend
        self._numbers = numbers
        self._batches: list[_Batch] = []

    def ask(
        self,
        instances: Sequence[InstanceId],
        receive: Callable[[Mapping[InstanceId, ForegroundReport | None]], None],
    ) -> None:
        """Call ``receive`` once, after ``ANSWER_MS`` at the latest, with the answer of each of ``instances``, None
        for a session that did not answer.
        """
        batch = _Batch({}, dict.fromkeys(instances), receive)
        for instance in instances:
            number = next(self._numbers)
            if self._backend.send_to(instance, ForegroundWanted(number)):
                batch.waiting[number] = instance
        if not batch.waiting:
            receive(batch.jobs)
            return
        batch.timer = QTimer(self)
        batch.timer.setSingleShot(True)
        batch.timer.timeout.connect(lambda: self._finish(batch))
        batch.timer.start(ANSWER_MS)
        self._batches.append(batch)

    def take(self, report: ForegroundReport) -> None:
        """An answer; one that comes too late is of no use."""
        for batch in tuple(self._batches):
            instance = batch.waiting.pop(report.request, None)
            if instance is not None:
                batch.jobs[instance] = report
                if not batch.waiting:
                    self._finish(batch)
                return

    def _finish(self, batch: _Batch) -> None:
        if batch in self._batches:
            self._batches.remove(batch)
            batch.timer.stop()
            batch.timer.deleteLater()
            batch.receive(batch.jobs)
