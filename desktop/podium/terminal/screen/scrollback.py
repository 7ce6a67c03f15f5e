"""The scrollback: lines under absolute numbers. The newest are in memory, packed or not parsed yet; what is more than
that is archived.
"""

from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import Final

from podium.terminal.screen.attributes import StyleTable
from podium.terminal.screen.lines.archive import (
    Archive,
    LineStore,
    MemoryStore,
    Parse,
    last_folder,
)
from podium.terminal.screen.lines.chunk import Chunk, memory_of
from podium.terminal.screen.lines.flow import Mark
from podium.terminal.screen.lines.packed import Marks, PackedLine, UnparsedLines, pack, unlink
from podium.terminal.screen.lines.slice import LineSlice
from podium.terminal.screen.row import Row

MAX_LINK_TEXT: Final = 8 * 1024 * 1024
"""Characters of link targets that the lines in memory keep; beyond that the oldest of them lose theirs. Each target
counts as often as a line uses it."""
MAX_MARKED: Final = 16_384
"""Lines with marks; of more, the oldest lose theirs."""
MEMORY_LINES: Final = 10_000
MEMORY_BYTES: Final = 8 * 1024 * 1024
"""Lines that are not archived yet, and how much memory they take at most; one chunk may be more."""
_CHUNK_LINES: Final = 256
_LONGEST_CHUNK: Final = 1024
"""A chunk ends with a logical line, unless that makes it longer than this."""


class Scrollback:
    """The newest ``limit`` lines that left the top of the main screen.

    ``end`` is the absolute number of the line after the newest one, that is of the screen's top row.
    """

    def __init__(self, limit: int, columns: int = 80, store: LineStore | None = None) -> None:
        """``store`` keeps what is archived; without one it stays in memory."""
        self.limit = max(0, limit)
        self.end = 0
        self.skip_rows = 0
        """The number of rows to come that never were on the screen; see ``bulk``."""
        self.archive = Archive(store if store is not None else MemoryStore(), columns)
        self.memory_lines = MEMORY_LINES
        self.memory_bytes = MEMORY_BYTES
        self.linked: deque[PackedLine] = deque()
        """The lines in memory that have links, oldest first."""
        self.link_text = 0
        self.link_limit = MAX_LINK_TEXT
        self.marked: deque[PackedLine] = deque()
        """The lines in memory that have marks, oldest first."""
        self._chunks: deque[Chunk] = deque()
        self._stored = 0
        """Lines in all chunks in memory; the oldest chunk of all may hold some that are too old by now."""
        self._size = 0
        """The memory they take, in bytes, without the newest chunk of packed ones."""
        self._kept = 0

    def __len__(self) -> int:
        return min(self._kept, self._stored + self.archive.rows)

    def parse_with(self, parse: Parse) -> None:
        """``parse`` is what parses unparsed lines."""
        self.archive.parse = parse

    def set_limit(self, limit: int) -> None:
        """Keep up to ``limit`` lines from now on; of more, the oldest go."""
        self.limit = max(0, limit)
        if not self.limit:
            self.clear()
        elif self._chunks or self.archive.chunks:
            self._grown(0)

    # Lines come

    def push(self, row: Row, table: StyleTable) -> None:
        """A row left the screen at its top."""
        if self.skip_rows:
            self.skip_rows -= 1
            return
        self.end += 1
        if self.limit:
            self._append(pack(row, table), self.end - 1)

    def end_line(self) -> None:
        """The newest line goes on no more: what it went on in is gone from the screen."""
        if not self._chunks:
            return
        chunk = self._chunks[-1]
        if chunk.unparsed is not None and chunk.unparsed.longest <= chunk.unparsed.columns:
            return
        lines = self.lines_of(chunk)
        if lines:
            lines[-1].wrapped = False

    def push_unparsed(self, unparsed: UnparsedLines) -> None:
        """Keep lines that never were on the screen."""
        self.end += unparsed.count
        if self.limit:
            self._begin_chunk(Chunk(self.end - unparsed.count, unparsed))
            self._size += len(unparsed.text)
            self._grown(unparsed.count)

    def _append(self, line: PackedLine, number: int) -> None:
        chunks = self._chunks
        if (
            not chunks
            or chunks[-1].unparsed is not None
            or (
                chunks[-1].count >= _CHUNK_LINES
                and (not chunks[-1].goes_on() or chunks[-1].count >= _LONGEST_CHUNK)
            )
        ):
            self._begin_chunk(Chunk(number))
        chunk = chunks[-1]
        chunk.lines.append(line)
        chunk.count += 1
        if line.links:
            self._count_links(line)
        if line.marks:
            chunk.marked = True
            self._count_marks(line)
        self._grown(1)

    def _begin_chunk(self, chunk: Chunk) -> None:
        chunks = self._chunks
        if chunks and not chunks[-1].size:
            chunks[-1].size = memory_of(chunks[-1].lines)
            self._size += chunks[-1].size
        chunks.append(chunk)

    def _grown(self, count: int) -> None:
        kept = min(self._kept, self._stored + self.archive.rows)
        self._stored += count
        self._kept = min(kept + count, self.limit)
        if self._is_too_much():
            self._archive_oldest()
        archive = self.archive
        while archive.chunks and self._stored + archive.rows - archive.chunks[0].count >= self._kept:
            archive.drop_oldest()
        while self._chunks and not archive.chunks and self._stored - self._chunks[0].count >= self._kept:
            self._note_folders(self._remove_oldest().lines)

    def _note_folders(self, gone: list[PackedLine]) -> None:
        """Remember the folder that the lines after these, which go, were printed in."""
        for line in gone:
            if line.marks:
                self.archive.folder_before = last_folder(line.marks) or self.archive.folder_before

    def _is_too_much(self) -> bool:
        """Whether more is in memory than may be. Lines that are too old by now don't count."""
        return min(self._stored, self._kept) > self.memory_lines or self._size > self.memory_bytes

    def _archive_oldest(self) -> None:
        while len(self._chunks) > 1 and self._is_too_much():
            chunk = self._remove_oldest()
            self.archive.add(chunk.first, chunk.lines, chunk.unparsed)
        while len(self.marked) + self.archive.marked > MAX_MARKED:
            self._drop_oldest_mark()

    def _remove_oldest(self) -> Chunk:
        chunk = self._chunks.popleft()
        self._stored -= chunk.count
        self._size -= chunk.size
        for line in chunk.lines:
            if line.links and self.linked and self.linked[0] is line:
                self.link_text -= self.linked.popleft().links
            if line.marks and self.marked and self.marked[0] is line:
                self.marked.popleft()
        return chunk

    def _count_links(self, line: PackedLine) -> None:
        self.linked.append(line)
        self.link_text += line.links
        # At most as many as there are lines: what was dropped at the other end must not pile up here.
        while self.link_text > self.link_limit or len(self.linked) > self.limit:
            oldest = self.linked.popleft()
            self.link_text -= oldest.links
            unlink(oldest)

    def _count_marks(self, line: PackedLine) -> None:
        self.marked.append(line)
        while len(self.marked) + self.archive.marked > min(MAX_MARKED, self.limit):
            self._drop_oldest_mark()

    def _drop_oldest_mark(self) -> None:
        if self.archive.marked:
            self.archive.drop_oldest_mark()
        else:
            self.marked.popleft().marks = ()

    # Marks

    @property
    def folder_before(self) -> int:
        """The number of the shell's folder before the oldest line, 0 when it is not known."""
        folder = self.archive.folder_before
        oldest = self.end - len(self)
        for number, marks in self._marks(0, oldest):
            if number < oldest:
                folder = last_folder(marks) or folder
        return folder

    @folder_before.setter
    def folder_before(self, folder: int) -> None:
        self.archive.folder_before = folder

    def marked_lines(self, first: int, stop: int) -> Iterator[tuple[int, Marks]]:
        """The marks of the kept lines from ``first`` to ``stop`` (exclusive), with the lines' absolute numbers. A line
        may come several times.
        """
        return self._marks(max(first, self.end - len(self)), stop)

    def _marks(self, first: int, stop: int) -> Iterator[tuple[int, Marks]]:
        for archived in tuple(self.archive.chunks):
            if archived.first >= stop:
                return
            if archived.marked and archived.first + archived.count > first:
                for number, marks in self.archive.marks_of(archived):
                    if first <= number < stop:
                        yield number, marks
        for chunk in self._chunks:
            if chunk.first >= stop:
                return
            if chunk.marked and chunk.first + chunk.count > first:
                for i, line in enumerate(chunk.lines):
                    if line.marks and first <= chunk.first + i < stop:
                        yield chunk.first + i, line.marks

    def marked_backwards(self, stop: int) -> Iterator[tuple[int, Marks]]:
        """The marks of the kept lines before ``stop``, from the newest on, with the lines' absolute numbers. A line may
        come several times.
        """
        oldest = self.end - len(self)
        for chunk in reversed(self._chunks):
            if chunk.marked and chunk.first < stop:
                for i in range(min(chunk.count, stop - chunk.first) - 1, -1, -1):
                    line = chunk.lines[i]
                    if chunk.first + i < oldest:
                        return
                    if line.marks:
                        yield chunk.first + i, line.marks
        for archived in reversed(tuple(self.archive.chunks)):
            if archived.marked and archived.first < stop:
                for number, marks in reversed(list(self.archive.marks_of(archived))):
                    if oldest <= number < stop:
                        yield number, marks

    # Reading

    def lines_of(self, chunk: Chunk) -> list[PackedLine]:
        if chunk.unparsed is not None:
            chunk.lines = self.archive.parse(chunk.unparsed)
            chunk.unparsed = None
            self._size -= chunk.size
            chunk.size = memory_of(chunk.lines)
            self._size += chunk.size
        return chunk.lines

    def lines(self, first: int, stop: int) -> list[PackedLine]:
        """The kept lines with absolute numbers from ``first`` to ``stop`` (exclusive). If some are lost in this moment,
        those after them.
        """
        parts: list[list[PackedLine]] = []
        for piece in reversed(self.slices(first, stop)):
            wanted = piece.count
            parts.append(piece.lines())
            if piece.count < wanted:
                break
        parts.reverse()
        return list(chain.from_iterable(parts))

    def slices(self, first: int, stop: int) -> list[LineSlice]:
        """The same lines, without parsing or reading any."""
        first = max(first, self.end - len(self))
        wanted: list[LineSlice] = []
        for chunk in reversed(self._chunks):
            if chunk.first < stop and chunk.first + chunk.count > first:
                start = max(0, first - chunk.first)
                wanted.append(
                    LineSlice(self.archive, self.lines_of, chunk, start, min(stop - chunk.first, chunk.count))
                )
            elif chunk.first + chunk.count <= first:
                break
        if self._first_in_memory() > first:
            for archived in reversed(self.archive.chunks):
                if archived.first < stop and archived.first + archived.count > first:
                    start = max(0, first - archived.first)
                    end = min(stop - archived.first, archived.count)
                    wanted.append(LineSlice(self.archive, self.lines_of, archived, start, end))
                elif archived.first + archived.count <= first:
                    break
        wanted.reverse()
        return wanted

    def _first_in_memory(self) -> int:
        """The absolute number of the first line that is not archived."""
        return self.end - self._stored

    # What a change of the size does

    def have_in_memory(self, count: int) -> None:
        """Take the newest archived lines back into memory until there are ``count`` whole logical lines, if so many are
        kept.
        """
        if self._stored >= self.memory_lines or not self.archive.chunks:
            return
        whole = 0
        for chunk in reversed(self._chunks):
            whole += sum([not line.wrapped for line in self.lines_of(chunk)])
            if whole >= count:
                return
        while whole < count and self.archive.chunks:
            whole += len(self.archive.chunks[-1].lengths.each)
            self._take_up_newest()

    def _take_up_newest(self) -> None:
        lines = self.archive.take_newest()
        if not lines:
            return  # They are lost, and all before them.
        chunk = Chunk(self._first_in_memory() - len(lines))
        chunk.lines = list(lines)
        chunk.count = len(lines)
        chunk.size = memory_of(lines)
        for line in reversed(lines):
            if line.links:
                self.linked.appendleft(line)
                self.link_text += line.links
            if line.marks:
                chunk.marked = True
                self.marked.appendleft(line)
        self._chunks.appendleft(chunk)
        self._stored += chunk.count
        self._size += chunk.size

    def take_back(self) -> PackedLine:
        """Give the newest line back to the screen. Raises IndexError when there is none."""
        if not self._chunks and self.archive.chunks:
            self._take_up_newest()
        if not len(self):
            raise IndexError("no line is kept")
        kept = len(self)
        chunk = self._chunks[-1]
        line = self.lines_of(chunk).pop()
        chunk.count -= 1
        self._stored -= 1
        self._kept = kept - 1
        self.end -= 1
        if not chunk.count:
            self._chunks.pop()
            self._size -= chunk.size
        elif chunk.size:
            # It may grow again.
            self._size -= chunk.size
            chunk.size = 0
        if self.linked and self.linked[-1] is line:
            self.linked.pop()
            self.link_text -= line.links
        if self.marked and self.marked[-1] is line:
            self.marked.pop()
        return line

    def reflow_archive(self, columns: int, places: list[Mark]) -> list[Mark]:
        """The archived lines are for a screen of ``columns`` from now on, and all lines get other numbers. ``places``,
        at absolute lines, move along; those in archived lines are returned, as they have flowed already.
        """
        archive = self.archive
        dead = self._stored + archive.rows - len(self)
        if dead and archive.chunks:
            archive.replace_oldest(dead)
        kept = len(self)
        start = self._first_in_memory()
        archived = [mark for mark in places if start - archive.rows <= mark.line < start]
        by = archive.resize(columns, start, archived) - start
        for mark in places:
            if mark.line >= start and mark not in archived:
                mark.line += by
        for chunk in self._chunks:
            chunk.first += by
        self.end += by
        self._kept = kept + by
        return archived

    def same_until(self, columns: int) -> int:
        """The absolute number before which all lines are the same on a screen of ``columns``, or archived."""
        for chunk in self._chunks:
            if chunk.unparsed is not None:
                same = chunk.unparsed.same_at(columns)
            else:
                same = all(not line.wrapped and len(line.text) <= columns for line in chunk.lines)
            if not same:
                return chunk.first
        return self.end

    def replace_from(self, first: int, lines: list[PackedLine]) -> None:
        """Keep ``lines`` instead of those from the absolute number ``first`` on, which ``same_until`` gave."""
        kept = len(self)
        gone: set[PackedLine] = set()
        while self._chunks and self._chunks[-1].first + self._chunks[-1].count > first:
            chunk = self._chunks.pop()
            self._stored -= chunk.count
            self._size -= chunk.size
            self._note_folders(chunk.lines[: max(0, first - chunk.first)])
            gone.update(chunk.lines)
        while self.linked and self.linked[-1] in gone:
            self.link_text -= self.linked.pop().links
        while self.marked and self.marked[-1] in gone:
            self.marked.pop()
        self._kept = max(0, kept - (self.end - first))
        self.end = first
        for line in lines:
            self.end += 1
            if self.limit:
                self._append(line, self.end - 1)
        self._grown(0)

    def clear(self) -> None:
        self.archive.clear()
        for chunk in self._chunks:
            self._note_folders(chunk.lines)
        self._chunks.clear()
        self._stored = self._size = self._kept = 0
        self.linked.clear()
        self.link_text = 0
        self.marked.clear()
