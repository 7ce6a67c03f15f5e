"""The history, the journal that writes it, and the search for processes that were left running."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from podium.app.background import Background
from podium.app.state.pruning import Pruning
from podium.core.background import within
from podium.core.clock import monotonic
from podium.core.config.settings import History, Leftovers, Settings
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.runs import Run
from podium.core.system.leftovers import LeftProcess, Trace, end_traces, find_leftovers
from podium.core.system.process_identity import lives
from podium.history import costs, ledger, runs
from podium.history.database import Database
from podium.history.ledger import LedgerEntry
from podium.history.runs import RunFilter
from podium.history.writer import HistoryThread
from podium.notifications.digest import Spent
from podium.workspace.history_journal import HistoryJournal
from podium.workspace.leftover_tracker import LeftoverTracker

_CLOSE_SECONDS = 3.0
_WRITE_EVERY_MS = 5_000
"""What was waited since the last time is lost in a crash."""
_LATEST_RUNS = 100
_LOOK_SHARE = 0.5
"""Of the time there is at the end, what looking for what was left may take."""


class Abandoned(NamedTuple):
    """An entry that an earlier Podium left in the ledger, and which of its processes live."""

    entry: LedgerEntry
    processes: tuple[LeftProcess, ...]


class HistoryService(QObject):
    """Owns the history. Everything that reads or writes it is done on the history's own thread."""

    history_failed = Signal(str)
    """Something can't be kept; words for a person."""
    waits_known = Signal()
    """What was waited today before this Podium began is known."""
    runs_changed = Signal()
    """A run began or ended."""
    _recreated = Signal()

    def __init__(self, path: Path, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._opened = False
        self._keep: History | None = None
        self.history = HistoryThread(path, self.history_failed.emit, self._recreated.emit)
        self.journal = HistoryJournal(self.history)
        self.journal.runs_changed = self.runs_changed.emit
        self._pruning = Pruning(self.history)
        self._waits = QTimer(self)
        self._waits.setInterval(_WRITE_EVERY_MS)
        self._waits.timeout.connect(self._write_waits)
        self.journal.blocked.activated = self._on_wait
        self.left_behind = LeftoverTracker(
            background.own.run, self.journal.forget, parent=self, remember=self.journal.record_left
        )
        # Emitted on the history's thread, received on the window's.
        self._recreated.connect(self.journal.write_again)

    def open(self, settings: Settings, *, tidy: bool = True) -> None:
        """Begin, as the ``settings`` say; what is too old by them is forgotten, unless they could not be read."""
        self.left_behind.policy = settings.workers.leftovers
        self._opened = True
        self.history.start()
        self.history.submit(lambda database: runs.interrupt_abandoned(database, lives))
        self.journal.blocked.load(self._background.hand_over, self.waits_known.emit)
        self._tidy(settings, tidy)

    def apply(self, settings: Settings, *, tidy: bool) -> None:
        """Other settings count: what is too old by them is forgotten, unless they could not be read."""
        self.left_behind.policy = settings.workers.leftovers
        self._tidy(settings, tidy)

    def _tidy(self, settings: Settings, tidy: bool) -> None:
        if tidy and settings.history != self._keep:
            self._keep = settings.history
            self._pruning.begin(settings.history)

    def _on_wait(self) -> None:
        if not self._waits.isActive():
            self._waits.start()

    def _write_waits(self) -> None:
        self.journal.blocked.step()
        if not self.journal.blocked.active:
            self._waits.stop()

    def find_last_run(self, instance: InstanceId, then: Callable[[Run | None], None]) -> None:
        """Hand to ``then``, a moment later, the last run of ``instance``; nothing where it can't be had."""
        self.history.ask(
            lambda database: runs.find(database, RunFilter(instance=instance), limit=1).runs,
            lambda found: self._background.hand_over(then, found[0] if found else None),
            lambda _error: None,
        )

    def find_resumable(self, mission: str, then: Callable[[bool], None]) -> None:
        """Hand to ``then`` whether a run of this mission file was interrupted and can go on."""

        def read() -> bool:
            # Only here: a window without missions never needs it.
            from podium.core.missions.state import resumable

            return resumable(Path(mission)) is not None

        # With the mission file: a folder of the person's, maybe on a network. Unknown is as good as no.
        self._background.foreign.run(read, then, lambda _error: then(False))

    def ask(
        self,
        work: Callable[[Database], Any],
        then: Callable[[Any], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Have the history asked on a thread of its own; one of the two is called on the window's, a moment later."""
        self.journal.blocked.step()
        hand_over = self._background.hand_over
        taken = self.history.ask_much(
            work, lambda found: hand_over(then, found), lambda error: hand_over(failed, error)
        )
        if not taken:
            hand_over(failed, OSError("Too much is waiting for it. Try again in a moment."))

    def find_spent(self, since: float, receive: Callable[[Spent], None]) -> None:
        """Hand to ``receive``, a moment later, what missions and tools have cost since then (seconds since 1970)."""

        def hand_over(cost_usd: float | None) -> None:
            spent = Spent(cost_usd or 0.0, self.journal.blocked.since(since))
            self._background.hand_over(receive, spent)

        def read(database: Database) -> float | None:
            return costs.usage(database, since, most=0).real.usd

        if not self.history.ask_much(read, hand_over, lambda _error: hand_over(None)):
            hand_over(None)

    def find_latest_runs(self, receive: Callable[[tuple[Run, ...]], None]) -> None:
        """Hand to ``receive``, a moment later, the latest runs, the newest first; nothing where they can't be had."""
        self.history.ask(
            lambda database: runs.find(database, limit=_LATEST_RUNS).runs,
            lambda found: self._background.hand_over(receive, found),
            lambda _error: None,
        )

    def find_abandoned(self, receive: Callable[[tuple[Abandoned, ...]], None]) -> None:
        """Hand to ``receive`` what earlier Podiums left running; entries of which nothing lives are forgotten."""

        def find(database: Database) -> tuple[Abandoned, ...]:
            entries = ledger.abandoned(database, lives)
            found = find_leftovers([_trace(entry) for entry in entries]) if entries else {}
            for entry in entries:
                if entry.marker not in found:
                    ledger.forget(database, entry.marker)
            return tuple(Abandoned(entry, found[entry.marker]) for entry in entries if entry.marker in found)

        self.history.submit(find, lambda found: self._background.hand_over(receive, found))

    def end(
        self, abandoned: tuple[Abandoned, ...], receive: Callable[[tuple[LeftProcess, ...]], None]
    ) -> None:
        """End what was found; ``receive`` gets what lives on all the same."""

        def then(survivors: tuple[LeftProcess, ...]) -> None:
            alive = {left.pid for left in survivors}
            self.leave(tuple(one for one in abandoned if not alive & {left.pid for left in one.processes}))
            receive(survivors)

        traces = [_trace(one.entry) for one in abandoned]
        self._background.own.run(lambda: end_traces(traces), then)

    def leave(self, abandoned: tuple[Abandoned, ...]) -> None:
        """Let these processes go on; they are not asked about again."""
        for one in abandoned:
            self._forget(one.entry.marker)

    def _forget(self, marker: str) -> None:
        self.history.submit(lambda database: ledger.forget(database, marker))

    def close(self, seconds: float = 2 * _CLOSE_SECONDS) -> bool:
        """After the event loop: one check for what was left, write what waits, and let go of the disk; all of it in
        so many seconds. False when something could not be written. What is not found in time is in the ledger: the
        next start looks for it.
        """
        self._pruning.close()
        self._waits.stop()
        self.journal.blocked.step()
        until = monotonic() + seconds
        patience = seconds * _LOOK_SHARE
        within(patience, lambda: self._check_again(grace=min(2.0, patience * 0.6)))
        if not self._opened:  # The window closed before its settings were read.
            self._opened = True
            self.history.start()
        return self.history.close(max(0.0, min(_CLOSE_SECONDS, until - monotonic())))

    def _check_again(self, grace: float) -> None:
        """End processes that may not stay; undecided ones of shells are asked about at the next start."""
        markers, policy = self.journal.markers, self.left_behind.policy
        traces = {marker: self.left_behind.trace(marker) for marker in markers}
        found = find_leftovers(traces.values()) if markers else {}
        shells = {marker for marker, kind in markers.items() if kind is Kind.SHELL}
        to_end = found.keys() - (shells if policy is not Leftovers.END else set())
        if to_end:
            end_traces([traces[marker] for marker in to_end], grace)
            found = find_leftovers(traces.values())
        for marker in markers:
            if marker not in found or (marker in shells and policy is Leftovers.LEAVE):
                self.journal.forget(marker)


def _trace(entry: LedgerEntry) -> Trace:
    known = ((entry.worker_pid, entry.worker_identity), (entry.program_pid, entry.program_identity))
    return Trace(entry.marker, tuple((pid, started) for pid, started in known if pid and started))
