"""Keeps a session's screen on disk, so that it outlives the session: for the pane, and for the next session.

Converting the lines goes in slices of a millisecond, writing on a thread: the session serves its window meanwhile.
While a full-screen program runs, what it shows is kept below the text it hides: that is what was seen last.
"""

import contextlib
import time
from collections.abc import Callable
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.saved_screen import KEPT_LINES, MAX_BYTES, KeptScreen, read
from podium.terminal import Emulator
from podium.terminal.output.snapshot import Conversion, Snapshot
from podium.terminal.screen.lines.packed import PackedLine
from podium.worker.program.shell_folder import shell_folder
from podium.worker.saving.screen_write import ScreenWrite, remove_screen

QUIET: Final = 1.5
"""Seconds without output after which it is kept."""
LONGEST: Final = 10.0
"""Seconds of output without a pause after which it is kept all the same."""
SHORTEST: Final = 3.0
"""Seconds between two writes, however often output comes and pauses."""
FINAL_PATIENCE: Final = 2.0
"""Seconds that the end of a session waits for the disk."""
_RETRY: Final = 60.0
_LARGEST_SHARE: Final = 0.01
"""Of the session's time, for conversions: screens in which every cell has a colour of its own are kept less often."""
_SLICE: Final = 0.001
_SLICE_LINES: Final = 4
_CHECK_AGAIN: Final = 0.1
_ROOM: Final = MAX_BYTES - (32 << 10)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ScreenSaver:
    """Watches one emulator. With an empty ``path`` it does nothing."""

    def __init__(
        self,
        emulator: Emulator,
        path: str,
        clock: Clock,
        wall_clock: Callable[[], float] = time.time,
        marker: str = "",
    ) -> None:
        """``marker`` is that of this worker process, by which the window tells its file from an older one."""
        self._marker = marker
        self._emulator = emulator
        self._path = path
        self._clock = clock
        self._wall_clock = wall_clock
        self._touched = False
        self._changed_at = 0.0
        self._since: float | None = None
        """The clock's time of the first change that no write has taken up."""
        self._urgent = False
        self._drawn = False
        self._not_before = 0.0
        self._snapshot: Snapshot | None = None
        self._conversion: Conversion | None = None
        self._spent = 0.0
        self._write: ScreenWrite | None = None
        self._check_at = 0.0
        self._failure = ""
        self._failed = False
        self._shell: int | None = None
        self._folder = ""
        self._last_picture: list[PackedLine] = []

    # For the loop

    @property
    def busy(self) -> bool:
        """Whether a screen is being converted."""
        return self._conversion is not None

    def next_deadline(self) -> float | None:
        """The clock's time at which ``step`` should be called at the latest."""
        if not self._path or self._conversion is not None:
            return None
        if self._write is not None:
            return self._check_at
        return self._due()

    def step(self) -> None:
        """Do a slice of what is due."""
        if not self._path:
            return
        now = self._clock()
        if self._touched:
            self._touched = False
            self._changed_at = now
            if self._since is None:
                self._since = now
        if self._write is not None and now >= self._check_at:
            self._check_write(now)
        if self._conversion is not None:
            self._convert_slice(now)
        elif self._write is None:
            due = self._due()
            if due is not None and now >= due:
                self._begin()

    def take_failure(self) -> str:
        """The failure to show to the person, once for a session; usually ""."""
        failure, self._failure = self._failure, ""
        return failure

    # What happens

    def changed(self) -> None:
        """There was output."""
        self._touched = self._drawn = True

    def save_soon(self) -> None:
        """Something changed that should be on disk at once."""
        self._touched = self._urgent = True

    def program_started(self, shell: int | None) -> None:
        """``shell`` is the process whose folder is kept with the screen, if that is worth keeping."""
        self._shell = shell
        self._folder = ""
        self._last_picture = []

    def program_ended(self) -> None:
        self._shell = None
        self.save_soon()

    def set_path(self, path: str) -> None:
        """Use another file. An empty path: keep nothing, and delete what was kept."""
        if path == self._path:
            return
        if self._write is not None:
            self._write.cancel()
        if self._path:
            remove_screen(self._path)
        self._path = path
        self._write = self._conversion = self._snapshot = None
        self._failed = False
        if self._drawn:
            self.save_soon()

    def restore(self) -> None:
        """Print what the last session kept, dimmed, and a line that says until when that was."""
        kept, _ = read(self._path) if self._path else (None, "")
        if kept is None or not kept.lines:
            return
        self._emulator.print_again(kept.lines, kept.columns, kept.table())
        self._emulator.feed(_rule(kept.saved_at, self._wall_clock()).encode())

    # The end

    def prepare_exit(self) -> None:
        """The session is about to end its program: keep what is in sight, also if the program takes it away."""
        if not self._path:
            return
        if self._emulator.alternate_screen:
            self._last_picture = self._emulator.snapshot(0).picture
        self._save_now()

    def close(self) -> None:
        """Keep the last output, and wait a little for the disk."""
        if not self._path:
            return
        # What made the session fail may fail this as well.
        with contextlib.suppress(Exception):
            self._save_now()
        if self._write is not None:
            self._write.wait(FINAL_PATIENCE)

    # Inside

    def _due(self) -> float | None:
        if self._since is None:
            return None
        if self._urgent:
            return self._since
        return max(min(self._changed_at + QUIET, self._since + LONGEST), self._not_before)

    def _begin(self) -> None:
        self._since = None
        self._urgent = False
        self._spent = 0.0
        start = self._clock()
        self._snapshot = self._emulator.snapshot(KEPT_LINES)
        picture = self._snapshot.picture or self._last_picture
        self._conversion = self._snapshot.conversion(picture, _ROOM)
        if self._shell is not None:
            self._folder = shell_folder(self._shell) or self._folder
        self._spent += self._clock() - start

    def _convert_slice(self, start: float) -> None:
        assert self._conversion is not None
        now = start
        while not self._conversion.done and now - start < _SLICE:
            self._conversion.convert(_SLICE_LINES)
            now = self._clock()
        self._spent += now - start
        if self._conversion.done:
            self._start_write(now, durable=False)

    def _start_write(self, now: float, *, durable: bool) -> None:
        assert self._snapshot is not None
        assert self._conversion is not None
        lines = tuple(self._conversion.lines())
        picture = len(self._snapshot.picture or self._last_picture)
        screen = KeptScreen(
            self._snapshot.columns,
            lines,
            tuple(self._conversion.attributes()),
            min(picture, len(lines)),
            self._snapshot.first + self._conversion.left_out,
            self._snapshot.line_epoch,
            self._marker,
            self._folder,
            self._wall_clock(),
        )
        self._snapshot = self._conversion = None
        self._write = ScreenWrite(self._path, screen, durable=durable, before=self._write)
        self._check_at = now + _CHECK_AGAIN
        self._not_before = now + max(SHORTEST, self._spent / _LARGEST_SHARE)

    def _check_write(self, now: float) -> None:
        assert self._write is not None
        if not self._write.done:
            self._check_at = now + _CHECK_AGAIN
            return
        error, self._write = self._write.error, None
        if not error:
            return
        self._since = now
        self._not_before = now + _RETRY
        if not self._failed:
            self._failed = True
            self._failure = (
                f"What it shows can't be kept on disk ({error}). Podium tries again; everything else works."
            )

    def _save_now(self) -> None:
        """Write the changes to the disk at once."""
        if not (self._touched or self._since is not None or self._conversion is not None):
            return
        self._touched = False
        self._begin()
        assert self._conversion is not None
        while not self._conversion.done:
            self._conversion.convert(KEPT_LINES)
        self._start_write(self._clock(), durable=True)


def _rule(saved_at: float, now: float) -> str:
    """``── before 25 Nov, 18:40 ──``, dimmed; with the year when it is another one."""
    then = time.localtime(saved_at)
    year = f" {then.tm_year}" if then.tm_year != time.localtime(now).tm_year else ""
    date = f"{then.tm_mday} {_MONTHS[then.tm_mon - 1]}{year}, {then.tm_hour:02}:{then.tm_min:02}"
    return f"\x1b[2m── before {date} ──\x1b[0m\r\n"
