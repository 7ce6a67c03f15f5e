"""One engine in a process of its own: a line with a command and a file in, a line with the figures out.

``parse FILE`` feeds the file to a new terminal and answers ``SECONDS LONGEST CHECKSUM``: seconds for all of it,
frames at a worker's pace among it, the longest single feed, and the CRC of the screen's text, so that it is plain that
everything was really parsed.
``keep FILE`` keeps the terminal and answers with the bytes that its lines took.
"""

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Protocol

import psutil

SCROLLBACK = 10_000
FRAME_INTERVAL = 1 / 60


class Terminal(Protocol):
    def feed(self, data: bytes) -> None: ...

    def screen(self) -> list[str]: ...

    def show(self) -> object:
        """What a worker does 60 times a second while there is somebody to see it."""


class SourceOnly(importlib.abc.MetaPathFinder):
    """Finds the engine's modules as source, also where compiled ones lie beside them."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not name.startswith("podium.terminal.") or path is None:
            return None
        for folder in path:
            file = Path(folder) / f"{name.rpartition('.')[2]}.py"
            if file.exists():
                return importlib.util.spec_from_file_location(name, file)
        return None


def own_terminal(columns: int, lines: int) -> Terminal:
    from podium.terminal import Emulator
    from podium.terminal.output.frames import FrameSource

    class Own:
        def __init__(self) -> None:
            self._emulator = Emulator(columns, lines, SCROLLBACK)
            self._frames = FrameSource(self._emulator)
            self.feed = self._emulator.feed

        def show(self) -> object:
            return self._frames.take(1)

        def screen(self) -> list[str]:
            return list(self._emulator.display)

    return Own()


def stock_terminal(columns: int, lines: int) -> Terminal:
    import pyte

    class Stock:
        def __init__(self) -> None:
            self._screen = pyte.HistoryScreen(columns, lines, SCROLLBACK)
            self.feed = pyte.ByteStream(self._screen).feed

        def show(self) -> object:
            return None  # It has no frames; its time is for parsing alone, as is that of xterm.js.

        def screen(self) -> list[str]:
            return list(self._screen.display)

    return Stock()


def form() -> str:
    """How the engine that is loaded here runs."""
    import podium.terminal.screen.state

    return (
        "compiled"
        if (podium.terminal.screen.state.__file__ or "").endswith((".so", ".pyd"))
        else "interpreted"
    )


def checksum(screen: Sequence[str]) -> str:
    text = "\n".join(line.rstrip() for line in screen).rstrip("\n")
    return f"{zlib.crc32(text.encode()):08x}"


def parse(make: Callable[[], Terminal], data: bytes, chunk: int) -> str:
    gc.collect()
    pieces = [data[at : at + chunk] for at in range(0, len(data), chunk)]
    terminal = make()
    longest = 0.0
    feed, clock = terminal.feed, time.perf_counter
    begin = before = shown = clock()
    for piece in pieces:
        try:
            feed(piece)
        except Exception:
            return "nan 0 failed"  # Stock pyte raises on what real programs send, and loses the rest.
        now = clock()
        if now - shown >= FRAME_INTERVAL:
            shown = now
            terminal.show()
            now = clock()
        longest = max(longest, now - before)
        before = now
    terminal.show()
    before = clock()
    return f"{before - begin:.6f} {longest:.6f} {checksum(terminal.screen())}"


def keep(make: Callable[[], Terminal], data: bytes, chunk: int, kept: list[Terminal]) -> str:
    def used() -> int:
        gc.collect()
        return psutil.Process().memory_full_info().uss

    before = used()
    terminal = make()
    for at in range(0, len(data), chunk):
        terminal.feed(data[at : at + chunk])
    kept.append(terminal)
    return str(used() - before)


def main() -> None:
    kind, columns, lines, chunk = sys.argv[1], *map(int, sys.argv[2:5])
    if kind == "interpreted":
        sys.meta_path.insert(0, SourceOnly())
    build = stock_terminal if kind == "pyte" else own_terminal

    def make() -> Terminal:
        return build(columns, lines)

    if kind != "pyte":
        from podium.worker.main import tune_gc

        make()
        tune_gc()  # As in a worker, because that is how it is used.
    print("stock" if kind == "pyte" else form(), flush=True)
    kept: list[Terminal] = []
    for line in sys.stdin:
        command, _, path = line.strip().partition(" ")
        data = Path(os.fsdecode(path)).read_bytes()
        answer = parse(make, data, chunk) if command == "parse" else keep(make, data, chunk, kept)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
