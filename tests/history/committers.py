"""Programs that write to a history until they are killed, and what they said was on the disk."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Committers:
    """Of the programs in ``committer``; ``acknowledged`` are the ids of the runs they said were kept."""

    def __init__(self, nursery: "subprocess.Popen[str]") -> None:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        self._requests, self._answers = nursery.stdin, nursery.stdout
        self.acknowledged: set[str] = set()

    def start(self) -> int:
        """One more; returns its pid."""
        self._requests.write("start\n")
        self._requests.flush()
        return int(self._read_until("started"))

    def wait_for_first_run(self, pid: int) -> str:
        """Its first run since this was called last; the id."""
        return self._read_until(str(pid))

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)

    def wait_until_dead(self) -> None:
        """All were killed. Then ``acknowledged`` is what they said before."""
        self._requests.write("wait\n")
        self._requests.flush()
        self._read_until("dead")

    def _read_until(self, first_word: str) -> str:
        for line in self._answers:
            word, *rest = line.split()
            if word.isdigit():
                self.acknowledged.add(rest[0])
            if word == first_word:
                return "".join(rest)
            if word == "failed":
                break
        raise AssertionError(f"No “{first_word}” came.")


@contextmanager
def committers(path: Path) -> Iterator[Committers]:
    """That write to the history at ``path``. What they had to tell a person fails the test."""
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.history.committer", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with nursery:
        yield Committers(nursery)
        _, errors = nursery.communicate()
    assert errors == ""
