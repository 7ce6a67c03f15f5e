"""The platform seam for a worker's priority: below the window's, while its program keeps the person's own.

On Linux priority belongs to a thread, so the loop's thread is lowered and programs are forked from another one.
Elsewhere it belongs to the process and programs would inherit it, so it is left alone.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
    return lambda spawn: spawner.submit(spawn).result()
