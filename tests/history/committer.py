"""A program that keeps a history and says what is on the disk.

``python -m tests.history.committer PATH`` starts such programs on request, by forking, and so in no time: the line
``start`` on its standard input starts one more, answered with ``started PID``; ``wait`` waits until all that were
started are dead, answered with ``dead``. Each of them begins runs without end and writes ``PID ID`` for each once
the history acknowledged it. What the history told a person is written to standard error.
"""

import os
import sys
import threading
from pathlib import Path

from podium.core.system.process_identity import identity
from podium.history import runs
from podium.history.writer import HistoryThread
from tests.history.records import a_run


def commit_for_ever(path: Path) -> None:
    own = os.getpid()
    owner = {"owner_pid": own, "owner_identity": identity(own)}
    room = threading.Semaphore(8)
    history = HistoryThread(path, lambda text: print(text, file=sys.stderr, flush=True))
    history.start()
    length = 0
    while True:
        room.acquire()
        run = a_run(**owner, reason="x" * length)
        length = (length + 97) % 700

        def acknowledged(_: None, run: str = run.id) -> None:
            os.write(1, f"{own} {run}\n".encode())  # Short enough to be written whole or not at all.
            room.release()

        history.submit(lambda database, run=run: runs.begin(database, run), acknowledged)


def main() -> None:
    started: list[int] = []
    for line in sys.stdin:
        if line == "start\n":
            program = os.fork()
            if not program:
                try:
                    commit_for_ever(Path(sys.argv[1]))
                finally:
                    os.write(1, b"failed\n")
            started.append(program)
            os.write(1, f"started {program}\n".encode())
        else:
            while started:
                os.waitpid(started.pop(), 0)
            os.write(1, b"dead\n")


if __name__ == "__main__":
    main()
