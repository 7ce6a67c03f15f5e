"""The state file of the mission that runs: one process at a time, replaced after every step."""

import os
import time
from collections.abc import Callable
from itertools import chain, count
from pathlib import Path
from typing import Final, Self

import msgspec

from podium.core.missions.state import MissionState, UnusableState, load_state, read_state, state_path
from podium.core.system.private_files import write_private
from podium.core.system.process_identity import own_identity
from podium.missions.run_lock import RunLock

_SET_ASIDE: Final = 5
"""Older states of one mission that are kept."""


class AlreadyRunning(Exception):
    """Another process runs this mission; the message says which."""


class StateStore:
    """Holds the lock of one mission's state file from ``claim`` on, until ``close`` or the end of the process."""

    def __init__(self, path: Path, lock: RunLock, failed: Callable[[str], None]) -> None:
        self.path = path
        self._lock = lock
        self.failed = failed
        """Called with why when the state can't be written."""
        self.state: MissionState | None = None
        self._began = time.monotonic()
        self._seconds_before = 0.0

    @classmethod
    def claim(cls, mission_file: Path) -> Self:
        """Raises AlreadyRunning or OSError."""
        path = state_path(mission_file)
        try:
            return cls(path, RunLock.take(path), lambda _: None)
        except BlockingIOError:
            state = read_state(path)
            who = f" (process {state.owner.pid})" if state is not None else ""
            raise AlreadyRunning(f"This mission runs already{who}.") from None

    def interrupted(self) -> MissionState | None:
        """The state a run has left that did not come to its end. Raises UnusableState."""
        state = load_state(self.path)
        return state if state is not None and not state.outcome else None

    def set_aside(self, state: MissionState) -> Path:
        """Keep an interrupted run's state under another name. Raises OSError."""
        aside = self.path.with_name(f"{self.path.stem}.{state.run}.aside")
        self.path.replace(aside)
        older = sorted(
            self.path.parent.glob(f"{self.path.stem}.*.aside"), key=lambda path: path.stat().st_mtime
        )
        for path in older[:-_SET_ASIDE]:
            path.unlink(missing_ok=True)
        return aside

    def set_unusable_aside(self, problem: UnusableState) -> Path:
        """Keep a state file that can't be used under a free name, ``….json.unreadable`` or ``….json.newer``. Raises
        OSError.
        """
        first = self.path.with_name(f"{self.path.name}.{'newer' if problem.newer else 'unreadable'}")
        others = (first.with_name(f"{first.name}-{number}") for number in count(2))
        aside = next(name for name in chain((first,), others) if not os.path.lexists(name))
        self.path.rename(aside)
        return aside

    def begin(self, state: MissionState) -> None:
        """From here on ``state`` is this mission's, owned by this process. Raises OSError."""
        state.owner = own_identity()
        self.state = state
        self._lock.name(state.run)
        self._seconds_before = state.seconds
        self._write(state)

    def save(self) -> None:
        """Never raises: ``failed`` gets the reason, and what was saved before is still there."""
        if self.state is not None:
            try:
                self._write(self.state)
            except OSError as error:
                self.failed(f"the mission’s state can’t be saved: {error.strerror or error}")

    def _write(self, state: MissionState) -> None:
        state.seconds = self._seconds_before + time.monotonic() - self._began
        write_private(self.path, msgspec.json.encode(state), durable=True)

    def finish(self, outcome: str) -> None:
        """The mission has come to its end: nothing is left to resume."""
        if self.state is not None:
            self.state.outcome = outcome
            self.save()

    def close(self) -> None:
        self._lock.close()
