"""A program that keeps a history and says what is on the disk: ``python -m tests.history.committer PATH COUNT``.

Begins COUNT runs (0: without end), each id printed once the history acknowledged it, then waits to be killed.
"""

import os
import sys
import threading
from pathlib import Path

from podium.core.process_identity import identity
from podium.history import runs
from podium.history.writer import HistoryThread
from tests.history.records import a_run


def main() -> None:
    path, most = Path(sys.argv[1]), int(sys.argv[2])
    own = os.getpid()
    owner = {"owner_pid": own, "owner_identity": identity(own)}
    room = threading.Semaphore(8)

    def acknowledged(run: str) -> None:
        os.write(1, f"{run}\n".encode())
        room.release()

    def told(text: str) -> None:
        os.write(2, f"{text}\n".encode())

    history = HistoryThread(path, told)
    history.start()
    begun = 0
    while not most or begun < most:
        room.acquire()
        run = a_run(**owner, reason="x" * (begun % 700))
        history.submit(
            lambda database, run=run: runs.begin(database, run), lambda _, run=run: acknowledged(run.id)
        )
        begun += 1
    threading.Event().wait()


if __name__ == "__main__":
    main()
