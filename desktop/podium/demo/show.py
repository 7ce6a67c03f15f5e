"""The full-screen program's terminal: takes it over, redraws what changed, gives it back."""

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Final

from podium.core.system.pipes.descriptors import set_nonblocking
from podium.core.system.signals import HANG_UP, RESIZED
from podium.core.system.terminal_modes import make_raw
from podium.demo.picture import Picture

_FRAME_SECONDS: Final = 1 / 6
"""Six pictures a second look alive and cost next to nothing."""
_STDIN: Final = 0
_STDOUT: Final = 1
_QUIT_KEYS: Final = b"qQ\x03\x04"
_QUIT_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, HANG_UP)

_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b]2;Aurora\x07\x1b[2J"
_LEAVE: Final = "\x1b[0m\x1b[?25h\x1b[?1049l"
_BEGIN_FRAME: Final = "\x1b[?2026h"
_END_FRAME: Final = "\x1b[?2026l"


def terminal_is_there() -> bool:
    """Whether the program's output is a terminal."""
    return os.isatty(_STDOUT)


class Show:
    """Runs until q, Ctrl+C or a signal; then the terminal is as it was."""

    def __init__(self) -> None:
        self._picture = Picture()
        self._shown: list[str] = []
        self._resized = True
        self._quit = False
        self._size = (0, 0)

    def run(self) -> int:
        """Return the exit code."""
        listens = os.isatty(_STDIN)
        give_back: Callable[[], None] | None = None
        # Signals end the waiting at once: Python writes a byte here, and the loop waits for it too.
        waking, woken = os.pipe()
        set_nonblocking(woken)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        for number in _QUIT_SIGNALS:
            signal.signal(number, self._on_quit_signal)
        if RESIZED is not None:
            signal.signal(RESIZED, self._on_resize)
        try:
            if listens:
                give_back = make_raw(_STDIN, keep_typed=True)
            self._write(_ENTER)
            self._loop(waking, listens)
        except OSError:
            return 1  # The terminal has gone.
        finally:
            signal.set_wakeup_fd(-1)
            self._restore(give_back)
        return 0

    def _loop(self, waking: int, listens: bool) -> None:
        sources = [waking, _STDIN] if listens else [waking]
        next_frame = time.monotonic()
        while not self._quit:
            ready, _, _ = select.select(sources, [], [], max(0.0, next_frame - time.monotonic()))
            if waking in ready:
                os.read(waking, 1024)
            if _STDIN in ready:
                keys = os.read(_STDIN, 1024)
                if not keys:
                    sources.remove(_STDIN)
                self._quit |= any(key in _QUIT_KEYS for key in keys)
            if self._resized or time.monotonic() >= next_frame:
                self._draw()
                next_frame = time.monotonic() + _FRAME_SECONDS

    def _draw(self) -> None:
        """Write the rows that differ from what the terminal shows."""
        clear = ""
        if self._resized:
            self._resized = False
            self._size = os.get_terminal_size(_STDOUT)
            self._shown = []
            clear = "\x1b[0m\x1b[2J"
        columns, lines = self._size
        rows = self._picture.rows(columns, lines, time.time())
        changed = [
            f"\x1b[{number + 1};1H{row}\x1b[K"
            for number, row in enumerate(rows)
            if number >= len(self._shown) or self._shown[number] != row
        ]
        self._shown = rows
        if changed or clear:
            self._write(_BEGIN_FRAME + clear + "".join(changed) + _END_FRAME)

    def _write(self, text: str) -> None:
        data = text.encode()
        while data:
            data = data[os.write(_STDOUT, data) :]

    def _restore(self, give_back: Callable[[], None] | None) -> None:
        try:
            self._write(_LEAVE)
            if give_back is not None:
                give_back()
        except OSError:
            print("podium demo-show: the terminal has gone.", file=sys.stderr)

    def _on_quit_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._quit = True

    def _on_resize(self, _number: int, _frame: FrameType | None) -> None:
        self._resized = True
