"""The platform seam for a worker's priority: below the window's, while its program keeps the person's own.

On Linux priority belongs to a thread, so the loop's thread is lowered and programs are forked from another one.
Where the kernel groups sessions (autogroup) a thread's priority counts within its session only, and a worker is the
leader of one: there the whole session is lowered too. A program has a session of its own, which keeps its priority.
Elsewhere it belongs to the process and programs would inherit it, so it is left alone.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from podium.worker.pty import Pty

WORKER_NICENESS: Final = 10


def lowered_priority() -> Callable[[Callable[[], Pty]], Pty]:
    """Lower the calling thread's priority; return how to fork at the priority it had before."""
    if not sys.platform.startswith("linux"):
        return lambda spawn: spawn()
    spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")
    spawner.submit(lambda: None).result()  # The thread must exist before this one is lowered.
    os.setpriority(os.PRIO_PROCESS, 0, WORKER_NICENESS)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):  # Not every kernel groups sessions.
            Path("/proc/self/autogroup").write_text(str(WORKER_NICENESS))
    return lambda spawn: spawner.submit(spawn).result()
