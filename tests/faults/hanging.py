"""A real Podium in which one thing hangs: ``python -m tests.faults.hanging WHAT FIFO [ARGUMENT …]``.

It reads a FIFO that nobody writes to, as a folder on a network drive that is gone would be read: the thread stands in
a system call until the process ends. ``ARGUMENT …`` is Podium's own command line.
"""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer


def read_for_ever(fifo: str) -> None:
    descriptor = os.open(fifo, os.O_RDWR)  # Both ends: it neither fails to open nor ever ends.
    os.read(descriptor, 1)


def prepare(what: str, fifo: str) -> None:
    """Have ``what`` hang; ``FIFO.hangs`` is there as soon as it does."""

    def hang(*_: Any, **__: Any) -> Any:
        Path(f"{fifo}.hangs").touch()
        read_for_ever(fifo)

    HANGS[what](hang)


def _own_disk(hang: Callable[..., Any]) -> None:
    """Many jobs at once, more than there are processors."""
    _in_background(lambda background: [background.own.run(hang) for _ in range(8)])


def _foreign_folders(hang: Callable[..., Any]) -> None:
    """More jobs than there are threads for them."""
    from podium.app.background import MOST_FOREIGN_THREADS

    _in_background(lambda background: [background.foreign.run(hang) for _ in range(2 * MOST_FOREIGN_THREADS)])


def _in_background(fill: Callable[[Any], object]) -> None:
    from podium.app import background

    before = background.Background.__init__

    def begin(self: background.Background, *arguments: Any) -> None:
        before(self, *arguments)
        fill(self)

    background.Background.__init__ = begin  # type: ignore[method-assign]


def _kept_screens(hang: Callable[..., Any]) -> None:
    from podium.workspace import kept_screens

    kept_screens.read = hang


def _state(hang: Callable[..., Any]) -> None:
    from podium.app.state import state_keeper

    state_keeper.save = hang


def _history(hang: Callable[..., Any]) -> None:
    from podium.history import runs

    runs.begin = hang


def _last_look(hang: Callable[..., Any]) -> None:
    from podium.app.state import history_service

    history_service.find_leftovers = hang


def _log(hang: Callable[..., Any]) -> None:
    from podium.app.logs import log_files

    log_files._Files._write = hang  # type: ignore[method-assign]


def _window_thread(hang: Callable[..., Any]) -> None:
    """The worst: the thread that should end it all stands still itself."""
    from podium.app.startup import shutdown

    before = shutdown.Shutdown.begin

    def begin(self: shutdown.Shutdown) -> None:
        before(self)
        hang()

    shutdown.Shutdown.begin = begin  # type: ignore[method-assign]


def _question(hang: Callable[..., Any]) -> None:
    """Qt's own pool, which its destructor waits for."""
    from PySide6.QtCore import QThreadPool

    QTimer.singleShot(0, lambda: QThreadPool.globalInstance().start(hang))


def _worker(_hang: Callable[..., Any]) -> None:
    """No worker ever seems to end, as if the kernel could not kill it."""
    from podium.pool import worker_process

    worker_process.WorkerProcess._on_finished = lambda *_: None  # type: ignore[method-assign]


def start_one(command: tuple[str, ...]) -> None:
    """Have the window start what it remembers, and ``podium serve`` an instance with this command."""
    from podium.app.startup import serve_session as serve
    from podium.app.state import saved_window
    from podium.core.ids import InstanceId
    from podium.core.instances import InstanceSpec, Kind, ThemeName

    before = saved_window.SavedWindow._show
    spec = InstanceSpec(InstanceId("kept"), "kept", Kind.SHELL, ThemeName.ROSE, "/", command)

    def show(self: saved_window.SavedWindow, *arguments: Any) -> None:
        before(self, *arguments)
        for instance in self._workspace.ids():
            self._workspace.start(instance)

    saved_window.SavedWindow._show = show  # type: ignore[method-assign]
    import_module("podium.app.main").has_display = lambda: True  # type: ignore[attr-defined]
    served = serve.ServeSession._on_served

    def on_served(self: serve.ServeSession, serving: Any) -> None:
        served(self, serving)
        self.workspace.create(spec)

    serve.ServeSession._on_served = on_served  # type: ignore[method-assign]


HANGS: dict[str, Callable[[Callable[..., Any]], None]] = {
    "own disk": _own_disk,
    "foreign folders": _foreign_folders,
    "kept screens": _kept_screens,
    "state": _state,
    "history": _history,
    "last look": _last_look,
    "log": _log,
    "window thread": _window_thread,
    "question": _question,
    "worker": _worker,
}


def main() -> int:
    what, fifo, *arguments = sys.argv[1:]
    from podium.__main__ import main as podium

    prepare(what, fifo)
    start_one(("/bin/sh", "-c", f'touch "{fifo}.up"; exec sleep 1000'))
    sys.argv[1:] = arguments
    return podium(arguments)


if __name__ == "__main__":
    sys.exit(main())
