"""The lock of one mission: it goes with its process, however that ends, so it says for certain what runs."""

import os
import time
from pathlib import Path
from typing import Final, Self

from podium.core.missions.state import read_state
from podium.core.system.file_lock import read_start, replace_text, try_lock
from podium.core.system.private_files import NOT_WAITING, private_folder

_PATIENCE: Final = 1.0
"""Seconds. Whoever only looks whether it is held holds it for a moment."""
_MAX_BYTES: Final = 256


class RunLock:
    """Held from ``take`` on, until ``close`` or the end of the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, state: Path) -> Self:
        """Take the lock that belongs to the state file ``state``. Raises BlockingIOError when another process has it,
        and OSError.
        """
        private_folder(state.parent)
        descriptor = os.open(_lock_of(state), os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + _PATIENCE
        try:
            while True:
                try:
                    try_lock(descriptor)
                    return cls(descriptor)
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.05)
        except BaseException:
            os.close(descriptor)
            raise

    def name(self, run: str) -> None:
        """Write down which run holds it. Raises OSError."""
        replace_text(self._descriptor, run)

    def close(self) -> None:
        os.close(self._descriptor)


def locked_runs(folder: Path, mine: Path | None = None) -> frozenset[str]:
    """The runs whose missions are alive, by the locks in ``folder``; ``mine`` is a state file whose lock this process
    holds. Blocks for a moment.
    """
    runs = set()
    for lock in folder.glob("*.lock"):
        if mine is None or lock != _lock_of(mine):
            runs |= _run_holding(lock)
    return frozenset(runs)


def _run_holding(lock: Path) -> set[str]:
    try:
        descriptor = os.open(lock, os.O_RDONLY | NOT_WAITING)
    except OSError:
        return set()
    try:
        try_lock(descriptor, shared=True)
    except BlockingIOError:
        named = read_start(descriptor, _MAX_BYTES).decode("ascii", "replace")
        state = read_state(lock.with_suffix(".json"))
        return {named} | ({state.run} if state is not None else set())
    except OSError:
        pass
    finally:
        os.close(descriptor)
    return set()


def _lock_of(state: Path) -> Path:
    return state.with_suffix(".lock")
