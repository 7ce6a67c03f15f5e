"""One export: lines are read a page at a time and written on another thread, until all are in the file."""

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from podium.core.background import RunInBackground
from podium.core.exporting.document import (
    DocumentStyle,
    DocumentWriter,
    ExportFormat,
    screen_page,
    writer_for,
)
from podium.core.exporting.pages import LinePage, LinesRenumbered, PageReader, TerminalLines
from podium.core.ids import InstanceId
from podium.core.protocol.reports import ErrorReport, ScreenReport
from podium.core.protocol.requests import LinesWanted, Request, ScreenWanted
from podium.core.system.whole_file import WholeFile
from podium.sessions.hub import SessionHub
from podium.sessions.line_pages import whole_page
from podium.sessions.queries import PendingQuery, Reply, SessionGone


class ExportState(Enum):
    READING = auto()
    """It waits for the session."""
    WRITING = auto()
    """It waits for the disk."""
    FINISHING = auto()
    """The file takes its place; that can't be taken back."""
    FINISHED = auto()
    FAILED = auto()
    CANCELLED = auto()


class ExportJob:
    """Called on the window's thread; of the file only the thread that writes knows. ``changed`` is called whenever
    something is new: ``state``, ``share``, and ``failure`` for a person.
    """

    def __init__(
        self,
        hub: SessionHub,
        instance: InstanceId,
        send: Callable[[Request], bool],
        run: RunInBackground,
        path: Path,
        format: ExportFormat,
        style: DocumentStyle,
        shown: Callable[[], TerminalLines],
        changed: Callable[[], None],
    ) -> None:
        """``send`` passes requests on to the session, or to what was kept of it; ``shown`` is what the window has when
        there is no session.
        """
        self._hub = hub
        self._instance = instance
        self._send = send
        self._run = run
        self._path = path
        self._format = format
        self._style = style
        self._shown = shown
        self._changed = changed
        self._pending: PendingQuery | None = None
        self._screen_end: LinePage | None = None
        self._reader: PageReader | None = None
        self._writer: DocumentWriter | None = None
        self._file: WholeFile | None = None
        self._head: ScreenReport | None = None
        self.state = ExportState.READING
        self.failure = ""

    @property
    def share(self) -> float:
        """How much is read, from 0 to 1."""
        return self._reader.share if self._reader is not None else 0.0

    @property
    def dropped(self) -> int:
        """Lines that newer ones took the room of before they were read."""
        return self._reader.dropped if self._reader is not None else 0

    @property
    def over(self) -> bool:
        return self.state in (ExportState.FINISHED, ExportState.FAILED, ExportState.CANCELLED)

    def begin(self) -> None:
        self._pending = self._hub.ask(
            self._instance, whole_page(self._on_screen, self._on_head), ScreenWanted(0)
        )

    def cancel(self) -> None:
        """Give it up: there will be no file, and one that was there stays as it was."""
        if self.state in (ExportState.READING, ExportState.WRITING):
            self._end(ExportState.CANCELLED)

    # Reading

    def _on_head(self, reply: Reply) -> None:
        if isinstance(reply, ScreenReport):
            self._head = reply

    def _on_screen(self, page: LinePage | None, _failure: ErrorReport | SessionGone | None) -> None:
        head = self._head
        if self.over:
            return
        if page is None or head is None:
            lines = self._shown()
        else:
            lines = TerminalLines(head.columns, head.lines, head.oldest_line, page)
        self._reader = PageReader(lines)
        self._screen_end = screen_page(self._format, lines)
        writer = self._writer = writer_for(self._format, lines, self._style)

        def open_file() -> None:
            self._file = WholeFile(self._path)
            self._file.write(_encoded(writer.begin()))

        self._write(open_file, self._read_on)

    def _read_on(self) -> None:
        assert self._reader is not None
        wanted = self._reader.next_range()
        if wanted is None:
            self._write(self._finish_file, lambda: self._end(ExportState.FINISHED), ExportState.FINISHING)
            return
        self.state = ExportState.READING
        self._pending = self._hub.ask(
            self._instance, whole_page(self._on_page), LinesWanted(0, *wanted), send=self._send
        )

    def _on_page(self, page: LinePage | None, failure: ErrorReport | SessionGone | None) -> None:
        if self.over:
            return
        assert self._reader is not None
        if page is None:
            reason = failure.message if isinstance(failure, ErrorReport) else "Its session has ended."
            self._fail(f"{reason} Export it again.")
            return
        try:
            lines = self._reader.take(page)
        except LinesRenumbered as error:
            self._fail(str(error))
            return
        self._write(lambda: self._write_lines(lines), self._read_on)

    # Writing

    def _write(
        self, work: Callable[[], None], then: Callable[[], None], state: ExportState = ExportState.WRITING
    ) -> None:
        self.state = state
        self._changed()

        def written(_: object) -> None:
            if self.over:
                self._discard()
            else:
                then()

        self._run(work, written, self._on_write_failed)

    def _write_lines(self, page: LinePage) -> None:
        assert self._file is not None
        assert self._writer is not None
        self._file.write(_encoded(self._writer.add(page)))

    def _finish_file(self) -> None:
        assert self._screen_end is not None
        assert self._writer is not None
        assert self._file is not None
        self._write_lines(self._screen_end)
        self._file.write(_encoded(self._writer.end()))
        self._file.finish()

    def _on_write_failed(self, error: Exception) -> None:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self._fail(f"{words or type(error).__name__}.")
        self._discard()

    # The end

    def _fail(self, reason: str) -> None:
        if not self.over:
            self.failure = reason
            self._end(ExportState.FAILED)

    def _end(self, state: ExportState) -> None:
        reading, self.state = self.state is ExportState.READING, state
        if self._pending is not None:
            self._pending.cancel()
        if reading:
            self._discard()
        self._changed()

    def _discard(self) -> None:
        """Remove what was written, unless it has taken its place. Not while a write runs."""
        file, self._file = self._file, None
        if file is not None:
            self._run(file.discard, lambda _: None, lambda _: None)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
