"""Neighbouring lines of the scrollback in memory."""

from podium.terminal.screen.lines.packed import PackedLine, UnparsedLines


class Chunk:
    """Neighbouring lines in memory: packed ones, or unparsed ones until they are read."""

    __slots__ = ("count", "first", "lines", "marked", "size", "unparsed")

    def __init__(self, first: int, unparsed: UnparsedLines | None = None) -> None:
        self.first = first
        """The absolute number of its first line."""
        self.lines: list[PackedLine] = []
        self.marked = False
        """Whether any of its lines may have marks."""
        self.unparsed = unparsed
        self.count = unparsed.count if unparsed is not None else 0
        self.size = len(unparsed.text) if unparsed is not None else 0
        """Bytes of memory, about; 0 while it still grows."""

    def goes_on(self) -> bool:
        """Whether its last line goes on below."""
        return bool(self.lines) and self.lines[-1].wrapped


def memory_of(lines: list[PackedLine]) -> int:
    """Bytes that packed lines take, about; at least 1."""
    size = 1
    for line in lines:
        text = line.text
        size += 200 + (len(text) if text.isascii() else 4 * len(text)) + len(line.numbers) + line.links
        if line.kept is not None:
            size += 64 + 64 * len(line.kept)
        if line.images:
            size += 400 * len(line.images)
        if line.clusters:
            size += 200 + 150 * len(line.clusters)
    return size
