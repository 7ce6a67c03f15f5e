"""``podium worker``: the child process behind one instance."""

import faulthandler
import os
import signal
import sys
from collections.abc import Sequence

from podium import __version__
from podium.worker.loop import SessionLoop
from podium.worker.priority import lowered_priority
from podium.worker.stdio_link import StdioLink


def main(arguments: Sequence[str]) -> int:
    """Serve one session over stdin and stdout. Returns 0 after a shutdown, 1 when the window has gone."""
    if arguments or sys.stdin is None or sys.stdin.isatty():
        print("podium worker is started by Podium itself; run `podium` instead.", file=sys.stderr)
        return 2
    faulthandler.enable()
    # Descriptor 1 carries messages only: whatever else prints goes to stderr, where the window keeps it.
    read, write = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    wake, wakened = os.pipe()
    for descriptor in (wake, wakened):
        os.set_blocking(descriptor, False)
    loop = SessionLoop(
        StdioLink(read, write),
        os.getpid(),
        __version__,
        spawner=lowered_priority(),
        wake_descriptor=wake,
    )
    signal.set_wakeup_fd(wakened, warn_on_full_buffer=False)
    # Ctrl+C in the terminal that Podium was started from is not meant for its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: loop.end())
    return loop.run()
