"""The work that would be lost if instances were ended now: asked of their sessions, and never waited for long."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.reports import ForegroundReport
from podium.core.protocol.requests import ForegroundWanted
from podium.sessions.hub import SessionHub
from podium.sessions.queries import PendingQuery, Reply, SessionGone
from podium.workspace.meters import agents_text, round_text
from podium.workspace.views import InstanceState, InstanceView

ANSWER_MS: Final = 300
"""The time for an answer: a session without one counts as one in which something runs."""
_AT_WORK: Final = frozenset({InstanceState.RUNNING, InstanceState.WAITING, InstanceState.FINISHING})
"""States in which there is something to lose: what starts has done nothing yet, what stops is ending anyway."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """An instance in which something runs; ``job`` is its command line, "" when its session did not say."""

    view: InstanceView
    job: str = ""

    @property
    def text(self) -> str:
        """The work that would end, in a few words."""
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
    waiting: dict[InstanceId, PendingQuery]
    jobs: dict[InstanceId, ForegroundReport | None]
    receive: Callable[[Mapping[InstanceId, ForegroundReport | None]], None]
    timer: QTimer


class ForegroundQueries(QObject):
    """Asks sessions which job is in the foreground of their terminals."""

    def __init__(self, hub: SessionHub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._batches: list[_Batch] = []

    def ask(
        self,
        instances: Sequence[InstanceId],
        receive: Callable[[Mapping[InstanceId, ForegroundReport | None]], None],
        tools: tuple[str, ...] = (),
    ) -> None:
        """Call ``receive`` once, after ``ANSWER_MS`` at the latest, with the answer of each of ``instances``, None
        for a session that did not answer. ``tools`` are those to look for.
        """
        batch = _Batch({}, dict.fromkeys(instances), receive, QTimer(self))
        for instance in instances:
            take = partial(self._take, batch, instance)
            pending = self._hub.ask(instance, take, ForegroundWanted(0, tools))
            if pending is not None and pending.waits:
                batch.waiting[instance] = pending
        batch.timer.setSingleShot(True)
        batch.timer.timeout.connect(lambda: self._finish(batch))
        batch.timer.start(ANSWER_MS)
        self._batches.append(batch)
        self._finish_when_complete(batch)

    def ask_tool(self, instance: InstanceId, tools: tuple[str, ...], receive: Callable[[str], None]) -> None:
        """Call ``receive`` once with which of ``tools`` has the instance's terminal, "" for none, or no answer."""

        def then(jobs: Mapping[InstanceId, ForegroundReport | None]) -> None:
            report = jobs[instance]
            receive(report.tool if report is not None else "")

        self.ask((instance,), then, tools)

    def ask_at_work(
        self,
        views: Sequence[InstanceView],
        now: Callable[[Sequence[InstanceId]], Sequence[InstanceView]],
        receive: Callable[[tuple[AtWork, ...]], None],
    ) -> None:
        """Call ``receive`` once with those of ``views`` in which something runs; ``now`` gives what they are by
        then, but for those that are gone.
        """
        asked = [view for view in views if can_lose_work(view)]

        def then(jobs: Mapping[InstanceId, ForegroundReport | None]) -> None:
            receive(at_work(now([view.id for view in asked]), jobs))

        self.ask([view.id for view in asked if view.spec.kind is not Kind.MISSION], then)

    def _take(self, batch: _Batch, instance: InstanceId, reply: Reply | SessionGone) -> None:
        batch.waiting.pop(instance, None)
        if isinstance(reply, ForegroundReport):
            batch.jobs[instance] = reply
        self._finish_when_complete(batch)

    def _finish_when_complete(self, batch: _Batch) -> None:
        if not batch.waiting:
            self._finish(batch)

    def _finish(self, batch: _Batch) -> None:
        if batch in self._batches:
            self._batches.remove(batch)
            batch.timer.stop()
            batch.timer.deleteLater()
            for pending in batch.waiting.values():
                pending.cancel()
            batch.receive(batch.jobs)
