"""``podium worker``: the child process behind one instance."""

import faulthandler
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import Final

from podium import __version__
from podium.worker.program.priority import SessionPriority, lowered_priority

_COLLECT_AFTER: Final = 100_000
"""New objects between two garbage collections. Output makes many, none of them in circles."""


def tune_gc() -> None:
    """Keep the garbage collector from walking through the scrollback again and again during much output."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 50, 100)
    gc.enable()


def main(arguments: Sequence[str]) -> int:
    """Serve one session over stdin and stdout. Returns 0 after a shutdown, 1 when the window has gone."""
    if arguments or sys.stdin is None or sys.stdin.isatty():
        print("podium worker is started by Podium itself; run `podium` instead.", file=sys.stderr)
        return 2
    faulthandler.enable()
    spawner = lowered_priority()
    gc.disable()  # Until all is loaded: nothing of it is garbage, and looking for some is a tenth of the start.
    # Only now: as a rule the window loads at the same time, and it goes first.
    from podium.core.system.pipes.streams import reading_stream, wake_streams, writing_stream
    from podium.core.system.signals import CHILD_ENDED, HANG_UP
    from podium.core.system.subreaper import become_subreaper, reap_orphans
    from podium.worker.loop import SessionLoop
    from podium.worker.stdio import StdioTransport

    notice = _bind_children()
    # Descriptor 1 carries messages only: whatever else prints goes to stderr, where the window keeps it.
    read, write = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    wake, wakened = wake_streams()
    transport = StdioTransport(reading_stream(read), writing_stream(write))
    loop = SessionLoop(
        transport,
        os.getpid(),
        __version__,
        spawner=spawner,
        wake=wake,
        on_step=SessionPriority().step,
        reap=reap_orphans if become_subreaper() else None,
        notice=notice,
    )
    signal.set_wakeup_fd(wakened.fileno(), warn_on_full_buffer=False)
    # Ctrl+C in the terminal that Podium was started from is not meant for its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if CHILD_ENDED is not None:
        signal.signal(CHILD_ENDED, lambda *_: None)  # Only to wake the loop, which reaps.
    for number in (signal.SIGTERM, HANG_UP):
        signal.signal(number, lambda *_: loop.end())
    tune_gc()
    try:
        return loop.run()
    finally:
        transport.close()


def _bind_children() -> str:
    """Where orphans are not inherited but can be bound to this process, do so; if that fails, why, for a person."""
    if sys.platform == "win32":
        from podium.core.system.windows.job_object import end_with_this_process

        try:
            end_with_this_process()
        except OSError as error:
            return f"If this worker is killed, programs that it started may keep running: {error.strerror or error}."
    return ""
