"""Neighbouring lines of the scrollback, for who reads them later."""

from collections.abc import Callable

from podium.terminal.screen.lines.archive import Archive, ArchivedChunk
from podium.terminal.screen.lines.chunk import Chunk
from podium.terminal.screen.lines.packed import PackedLine, UnparsedLines


class LineSlice:
    """Lines of one chunk as they are now. They are parsed, or read, when they are wanted; archived ones that have left
    the scrollback by then are none.
    """

    __slots__ = ("_archive", "_changes", "_chunk", "_columns", "_lines", "_read", "_start", "count", "first")

    def __init__(
        self,
        archive: Archive,
        read: Callable[[Chunk], list[PackedLine]],
        chunk: Chunk | ArchivedChunk,
        start: int,
        stop: int,
    ) -> None:
        """The lines ``start`` to ``stop`` (exclusive) of a chunk; ``read`` gives all lines of one in memory."""
        self.first = chunk.first + start
        """The absolute number of the first one."""
        self.count = stop - start
        self._archive = archive
        self._read = read
        self._chunk = chunk
        self._start = start
        self._columns = archive.columns
        self._changes = archive.changes
        self._lines: list[PackedLine] = chunk.lines[start:stop] if isinstance(chunk, Chunk) else []

    def read_unparsed(self) -> UnparsedLines | None:
        """The whole chunk they are in, if they are not parsed yet; its first ``skipped`` rows are not among them, if
        they have not flowed.
        """
        chunk = self._chunk
        if len(self._lines) >= self.count:
            return None
        if isinstance(chunk, ArchivedChunk):
            return self._archive.unparsed_of(chunk)
        return chunk.unparsed

    @property
    def skipped(self) -> int:
        return self._start

    def has_flowed(self) -> bool:
        """Whether unparsed ones fill other rows now than when they were printed."""
        chunk = self._chunk
        return isinstance(chunk, ArchivedChunk) and self._archive.has_flowed(chunk, self._changes)

    def may_go_on(self) -> bool:
        """Whether the last line may go on below; then ``lines`` tells."""
        if isinstance(self._chunk, ArchivedChunk):
            return self._chunk.lengths.goes_on
        return bool(self._lines) and self._lines[-1].wrapped

    def lines(self) -> list[PackedLine]:
        """All of them, oldest first."""
        if len(self._lines) < self.count:
            chunk = self._chunk
            if isinstance(chunk, ArchivedChunk):
                lines = self._archive.lines_as_of(chunk, self._columns, self._changes)
            else:
                lines = self._read(chunk)
            self._lines = lines[self._start : self._start + self.count]
            self.count = len(self._lines)
        return self._lines
