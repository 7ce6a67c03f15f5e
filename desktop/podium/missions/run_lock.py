"""The lock of one mission: it goes with its process, however that ends, so it says for certain what runs."""

import os
import time
from pathlib import Path
from typing import Final, Self

from podium.core.missions.state import read_state
from podium.core.system.private_files import private_folder

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
        import fcntl

        private_folder(state.parent)
        descriptor = os.open(_lock_of(state), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + _PATIENCE
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, run.encode(), 0)

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
    import fcntl

    try:
        descriptor = os.open(lock, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return set()
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        named = os.pread(descriptor, _MAX_BYTES, 0).decode("ascii", "replace")
        state = read_state(lock.with_suffix(".json"))
        return {named} | ({state.run} if state is not None else set())
    except OSError:
        pass
    finally:
        os.close(descriptor)
    return set()


def _lock_of(state: Path) -> Path:
    return state.with_suffix(".lock")
