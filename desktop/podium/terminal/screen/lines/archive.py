"""The older lines of a scrollback, compressed in a store outside of the engine.

An archived chunk ends with a logical line, and what it holds is never changed: after a change of the width its rows
are counted from the lengths of its lines, and its text flows when it is read.
"""

import zlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from podium.terminal.images.placement import Strips
from podium.terminal.screen.lines.chunk import memory_of
from podium.terminal.screen.lines.coding import decode, encode
from podium.terminal.screen.lines.flow import Mark, edge_marks, flow
from podium.terminal.screen.lines.lengths import Lengths, lengths_of_packed, lengths_of_unparsed
from podium.terminal.screen.lines.packed import Marks, PackedLine, UnparsedLines

_LEVEL: Final = 1
"""Of zlib: the next one takes half as long again, for a tenth of the size."""
_RECENT: Final = 4
_RECENT_BYTES: Final = 4 * 1024 * 1024
"""Chunks that are kept as they were read last, and how much memory they take at most; one may be more."""
MAX_ARCHIVED_STRIPS: Final = 32_768
"""Parts of images in archived rows, which stay in memory; of more, the oldest rows lose theirs."""
_TRIES: Final = 64
"""Old chunks that make room for a new one, before that is given up."""

Parse = Callable[[UnparsedLines], list[PackedLine]]


class LineStore(Protocol):
    """Keeps blocks of bytes. Nothing raises, and nothing waits for long."""

    def put(self, block: bytes) -> int:
        """Keep ``block`` under the key that is returned, from 0 on; -1 when it can't be kept."""

    def get(self, key: int) -> bytes:
        """The block, or anything else when it was lost."""

    def drop(self, key: int) -> None:
        """Forget a block. Its key may be given to another one."""


class MemoryStore:
    """Keeps blocks in memory."""

    def __init__(self) -> None:
        self._blocks: dict[int, bytes] = {}
        self._next = 0

    def put(self, block: bytes) -> int:
        self._next += 1
        self._blocks[self._next] = block
        return self._next

    def get(self, key: int) -> bytes:
        return self._blocks.get(key, b"")

    def drop(self, key: int) -> None:
        self._blocks.pop(key, None)


class ArchivedChunk:
    """Neighbouring lines in the store, and what is known of them without reading."""

    __slots__ = (
        "checksum",
        "columns",
        "count",
        "first",
        "images",
        "key",
        "lengths",
        "marked",
        "placed",
        "placed_at",
        "since",
        "taken",
        "taken_at",
        "unparsed",
    )

    def __init__(self, first: int, count: int, columns: int, since: int, lengths: Lengths) -> None:
        self.first = first
        """The absolute number of its first line."""
        self.count = count
        """Its rows at the present width."""
        self.columns = columns
        """The width of the screen its lines were archived for."""
        self.since = since
        """The number of the last change of the width before that."""
        self.lengths = lengths
        self.marked: list[tuple[int, Marks]] = []
        """The rows with marks, as they were archived."""
        self.images: list[tuple[int, Strips]] = []
        """The rows with images, as they were archived."""
        self.placed: list[tuple[int, Marks]] = []
        """The same after ``placed_at`` changes of the width, each row from the first line on."""
        self.placed_at = -1
        self.unparsed: UnparsedLines | None = None
        """For lines that are not parsed yet: all about them but their text."""
        self.key = -1
        """Of its block; -1 when it has left the archive."""
        self.taken: list[PackedLine] = []
        """Its lines after ``taken_at`` changes of the width, when they went back into memory: for who holds it."""
        self.taken_at = -1
        self.checksum = 0


class Archive:
    """Chunks from the oldest to the newest."""

    def __init__(self, store: LineStore, columns: int) -> None:
        self.chunks: deque[ArchivedChunk] = deque()
        self.rows = 0
        """Of all chunks together."""
        self.marked = 0
        """Rows with marks."""
        self.strips = 0
        """Parts of images in all rows."""
        self.lost = 0
        """Rows that were lost because the store failed."""
        self.folder_before = 0
        """The number of the shell's folder before the oldest line, 0 when it is not known."""
        self.parse: Parse = _unreadable
        self.columns = columns
        self.changes = 0
        """Changes of the width so far."""
        self._last_change: dict[int, int] = {}
        """For each width the number of the last change to it."""
        self._store = store
        self._recent: list[tuple[ArchivedChunk, list[PackedLine]]] = []

    # Chunks come and go

    def add(self, first: int, lines: list[PackedLine], unparsed: UnparsedLines | None) -> None:
        """Archive lines below all others. Where the store has no room, the oldest ones make room, and may be lost."""
        chunk = self._stored(first, lines, unparsed, make_room=True)
        if chunk is not None:
            self.chunks.append(chunk)
            self._limit_strips()

    def _limit_strips(self) -> None:
        for chunk in self.chunks:
            if self.strips <= MAX_ARCHIVED_STRIPS:
                return
            if chunk.images:
                self.strips -= _strips_of(chunk)
                chunk.images = []
                self._forget_read(chunk)

    def _stored(
        self, first: int, lines: list[PackedLine], unparsed: UnparsedLines | None, make_room: bool
    ) -> ArchivedChunk | None:
        if unparsed is not None:
            known = lengths_of_unparsed(unparsed)
            if known is None:
                known = lengths_of_packed(self.parse(unparsed), unparsed.columns)
            chunk = ArchivedChunk(first, unparsed.count, unparsed.columns, self.changes, known)
            data = unparsed.text
            chunk.unparsed = unparsed.without_text()
        else:
            lengths = lengths_of_packed(lines, self.columns)
            chunk = ArchivedChunk(first, len(lines), self.columns, self.changes, lengths)
            data = encode(lines)
            chunk.marked = [(y, line.marks) for y, line in enumerate(lines) if line.marks]
            chunk.images = _visible_images(lines)
        block = zlib.compress(data, _LEVEL)
        chunk.checksum = zlib.crc32(block)
        chunk.key = self._store.put(block)
        tries = _TRIES
        while chunk.key < 0 and make_room and self.chunks and tries:
            self._lose(self.chunks[0])
            chunk.key = self._store.put(block)
            tries -= 1
        if chunk.key < 0:
            if make_room and self.chunks:
                self._lose(self.chunks[-1])
            self.lost += chunk.count
            self._note_folder(chunk.marked)
            return None
        self.rows += chunk.count
        self.marked += len(chunk.marked)
        self.strips += _strips_of(chunk)
        return chunk

    def drop_oldest(self) -> None:
        chunk = self.chunks.popleft()
        self._note_folder(chunk.marked)
        self._leave(chunk)

    def take_newest(self) -> list[PackedLine]:
        """Remove the newest chunk and return its lines; none when it was lost, and all others with it."""
        chunk = self.chunks[-1]
        lines = self.lines_of(chunk)
        if chunk.key >= 0:
            self.chunks.pop()
            self._leave(chunk)
            chunk.taken, chunk.taken_at = lines, self.changes
        return lines

    def clear(self) -> None:
        while self.chunks:
            self.drop_oldest()

    def drop_oldest_mark(self) -> None:
        """Forget the marks of the oldest row that has some."""
        for chunk in self.chunks:
            if chunk.marked:
                chunk.marked = chunk.marked[1:]
                chunk.placed_at = -1
                chunk.lengths.starts = chunk.lengths.starts[1:]
                self.marked -= 1
                return

    def _leave(self, chunk: ArchivedChunk) -> None:
        self._store.drop(chunk.key)
        chunk.key = -1
        self.rows -= chunk.count
        self.marked -= len(chunk.marked)
        self.strips -= _strips_of(chunk)
        self._forget_read(chunk)

    def _forget_read(self, chunk: ArchivedChunk) -> None:
        self._recent = [entry for entry in self._recent if entry[0] is not chunk]

    def _lose(self, chunk: ArchivedChunk) -> None:
        """The store failed with this one: it goes, and what is older."""
        while chunk.key >= 0:
            self.lost += self.chunks[0].count
            self.drop_oldest()

    def _note_folder(self, gone: list[tuple[int, Marks]]) -> None:
        for _, marks in gone:
            self.folder_before = last_folder(marks) or self.folder_before

    # Reading

    def lines_of(self, chunk: ArchivedChunk) -> list[PackedLine]:
        """All lines of a chunk as they are at the present width; none when it was lost. They are not to be changed."""
        for number, entry in enumerate(self._recent):
            if entry[0] is chunk:
                self._recent.append(self._recent.pop(number))
                return entry[1]
        lines = self._read(chunk, self.columns, self.changes)
        if len(lines) != chunk.count:
            # Whatever the reason is: no line may be shown under another one's number.
            self._lose(chunk)
            return []
        self._recent.append((chunk, lines))
        while len(self._recent) > _RECENT or (len(self._recent) > 1 and self._recent_bytes() > _RECENT_BYTES):
            del self._recent[0]
        return lines

    def _recent_bytes(self) -> int:
        return sum([memory_of(entry[1]) for entry in self._recent])

    def lines_as_of(self, chunk: ArchivedChunk, columns: int, changes: int) -> list[PackedLine]:
        """The lines as they were after so many changes of the width, at ``columns`` then."""
        if chunk.taken_at == changes:
            return chunk.taken
        return self.lines_of(chunk) if changes == self.changes else self._read(chunk, columns, changes)

    def unparsed_of(self, chunk: ArchivedChunk) -> UnparsedLines | None:
        """Lines that are not parsed yet, as they were archived; None for others."""
        about = chunk.unparsed
        if about is None:
            return None
        data = self._data(chunk)
        return about.with_text(data) if data else None

    def _read(self, chunk: ArchivedChunk, columns: int, changes: int) -> list[PackedLine]:
        data = self._data(chunk)
        if not data:
            return []
        if chunk.unparsed is not None:
            lines = self.parse(chunk.unparsed.with_text(data))
        else:
            lines = decode(data)
            for y, marks in chunk.marked:
                lines[y].marks = marks
            for y, strips in chunk.images:
                lines[y].images = strips
        if changes == chunk.since:
            return lines
        return flow(lines, chunk.columns, columns, [], self._widths(chunk, changes))

    def _data(self, chunk: ArchivedChunk) -> bytes:
        """The bytes that were stored; b"" when they are lost, and the chunk has left the archive."""
        if chunk.key < 0:
            return b""
        block = self._store.get(chunk.key)
        if zlib.crc32(block) != chunk.checksum:
            self._lose(chunk)
            return b""
        return zlib.decompress(block)

    # Another width

    def resize(self, columns: int, end: int, places: list[Mark]) -> int:
        """The screen is ``columns`` wide from now on: lines get other numbers. ``places``, positions at absolute lines
        in the archive, move along.

        ``end`` is the number of the line after the newest one; returns what it is now.
        """
        moved = self._flow_places(columns, places)
        self.columns = columns
        self.changes += 1
        self._last_change[columns] = self.changes
        self._recent.clear()
        first = self.chunks[0].first if self.chunks else end
        for chunk in tuple(self.chunks):
            if not chunk.lengths.exact:
                count = len(self._read(chunk, columns, self.changes))
            else:
                count = chunk.lengths.rows_at(columns)
            if chunk.key < 0:
                continue  # It was lost.
            chunk.first = first
            self.rows += count - chunk.count
            chunk.count = count
            first += count
        for chunk, mark in moved:
            mark.line += chunk.first
        return first

    def _flow_places(self, columns: int, places: list[Mark]) -> list[tuple[ArchivedChunk, Mark]]:
        moved: list[tuple[ArchivedChunk, Mark]] = []
        for mark in places:
            for chunk in reversed(self.chunks):
                if chunk.first <= mark.line < chunk.first + chunk.count:
                    mark.line -= chunk.first
                    lines = self.lines_of(chunk)
                    edges = edge_marks(lines, [mark], self.columns)
                    flow(lines, self.columns, columns, [mark])
                    for edge in edges:
                        edge.x = columns
                    moved.append((chunk, mark))
                    break
        return moved

    def replace_oldest(self, skip: int) -> None:
        """Archive the oldest chunk anew, without its first ``skip`` rows."""
        chunk = self.chunks[0]
        first = chunk.first + skip
        lines = self.lines_of(chunk)
        if chunk.key < 0:
            return  # It was lost.
        self._note_folder([(0, line.marks) for line in lines[:skip]])
        lines = lines[skip:]
        self.chunks.popleft()
        self._leave(chunk)
        kept = self._stored(first, lines, None, make_room=False)
        if kept is not None:
            self.chunks.appendleft(kept)

    def _widths(self, chunk: ArchivedChunk, changes: int) -> list[int]:
        """The widths the screen had since the chunk was archived, until so many changes of the width had come."""
        return [width for width, number in self._last_change.items() if chunk.since < number <= changes]

    def has_flowed(self, chunk: ArchivedChunk, changes: int) -> bool:
        """Whether lines that are not parsed yet fill other rows after so many changes of the width than before."""
        about = chunk.unparsed
        widths = self._widths(chunk, changes)
        return about is None or (bool(widths) and not about.same_at(min(widths)))

    # Marks

    def marks_of(self, chunk: ArchivedChunk) -> Iterator[tuple[int, Marks]]:
        """The rows of a chunk that have marks, by absolute number, with their marks, in order."""
        if chunk.marked and chunk.placed_at != self.changes:
            chunk.placed = self._placed(chunk)
            chunk.placed_at = self.changes
        for row, marks in chunk.placed if chunk.marked else []:
            yield chunk.first + row, marks

    def _placed(self, chunk: ArchivedChunk) -> list[tuple[int, Marks]]:
        if chunk.since == self.changes:
            return chunk.marked
        if not chunk.lengths.exact:
            return [(y, line.marks) for y, line in enumerate(self.lines_of(chunk)) if line.marks]
        placed: list[tuple[int, Marks]] = []
        for number, (_, marks) in enumerate(chunk.marked):
            for mark in marks:
                row, column = chunk.lengths.place(number, mark.column, self.columns)
                placed.append((row, (mark.moved(column - mark.column),)))
        return placed


def _visible_images(lines: list[PackedLine]) -> list[tuple[int, Strips]]:
    """The rows with images that still are to be seen."""
    found: list[tuple[int, Strips]] = []
    for y, line in enumerate(lines):
        if line.images:
            strips = tuple([strip for strip in line.images if strip.placement.visible])
            if strips:
                found.append((y, strips))
    return found


def _strips_of(chunk: ArchivedChunk) -> int:
    return sum([len(strips) for _, strips in chunk.images])


def last_folder(marks: Marks) -> int:
    """The number of the last folder that ``marks`` name; 0 for none."""
    folder = 0
    for mark in marks:
        folder = mark.folder or folder
    return folder


def _unreadable(_: UnparsedLines) -> list[PackedLine]:
    return []
