"""Programs whose processes are hard to end, and who of them is left."""

import time
import uuid
from dataclasses import dataclass
from typing import Final

import psutil

VARIABLE: Final = "FAULT_TREE"
_STUBBORN: Final = "trap '' TERM HUP INT; while :; do sleep 0.2; done"


@dataclass(frozen=True, slots=True)
class Kind:
    """``script`` is for sh; at least ``processes`` of it live at once."""

    name: str
    script: str
    processes: int


KINDS: Final = (
    Kind("normal", "sleep 600 & sleep 600", 2),
    Kind("ignores TERM and HUP", f"({_STUBBORN}) & {_STUBBORN}", 2),
    Kind("daemon", f"(setsid sh -c '({_STUBBORN.replace(chr(39), chr(34))}) &' &) ; sleep 600; sleep 600", 2),
    Kind(
        "tree of 50",
        "for a in $(seq 7); do sh -c 'for b in $(seq 6); do sleep 600 & done; wait' & done; wait",
        50,
    ),
)


class Tree:
    """Processes found by a variable in their environment, whoever their parent is."""

    def __init__(self) -> None:
        self._mark = uuid.uuid4().hex
        self.environment = {VARIABLE: self._mark}

    def alive(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            try:
                marked = process.environ().get(VARIABLE) == self._mark
                if marked and process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
                    found.append(process)
            except (psutil.Error, OSError):
                continue
        return found

    def wait_up(self, processes: int, patience: float = 60.0) -> None:
        deadline = time.monotonic() + patience
        while len(found := self.alive()) < processes:
            assert time.monotonic() < deadline, f"only {len(found)} of {processes} came up"
            time.sleep(0.05)

    def wait_gone(self, patience: float = 60.0) -> float:
        """Seconds until nobody is left."""
        start = time.monotonic()
        while found := self.alive():
            assert time.monotonic() - start < patience, f"still there: {found}"
            time.sleep(0.02)
        return time.monotonic() - start

    def kill(self) -> None:
        for process in self.alive():
            try:
                process.kill()
            except psutil.Error:
                continue
