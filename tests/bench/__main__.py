"""Prints the measured tables: parsing beside xterm.js and stock pyte, frames, a worker's start and echo, and what
many workers leave behind.

``python -m tests.bench [MB]``: megabytes of each file to parse, 16 unless said otherwise.
"""

import platform
import statistics
import sys
import time
from collections.abc import Callable

import psutil

from podium.core.protocol.reports import Ready
from podium.core.protocol.requests import RawInput
from podium.terminal import Emulator
from podium.terminal.output.frames import MAX_ATTRIBUTES, FrameSource
from tests.bench.corpora import COLUMNS, LINES, corpus, random_colours
from tests.bench.engine import form
from tests.bench.parsing import BYTES, ROUNDS, parsing
from tests.bench.scale import scale
from tests.bench.searching import searching
from tests.worker.harness import WorkerHarness


def seconds(work: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def frames() -> None:
    emulator = Emulator(COLUMNS, LINES)
    emulator.feed(corpus("SGR logs", 20_000))
    times = [seconds(FrameSource(emulator).take, number) * 1e6 for number in range(1, 201)]
    print(f"\nA full {COLUMNS}×{LINES} frame, {form()}, median: {statistics.median(times):.0f} µs")


def attribute_table() -> None:
    """The most entries a window ever has to keep while a program shows random colours."""
    emulator = Emulator(COLUMNS, LINES)
    source = FrameSource(emulator)
    data = random_colours(200_000)
    entries = most = 0
    epoch = -1
    for number, at in enumerate(range(0, len(data), 16_384)):
        emulator.feed(data[at : at + 16_384])
        frame = source.take(number)
        entries = len(frame.attributes) + (entries if frame.attribute_epoch == epoch else 0)
        epoch, most = frame.attribute_epoch, max(most, entries)
    print(
        f"Attribute table after 200,000 random colours: {most} entries at most, new from {MAX_ATTRIBUTES} on"
    )


def workers() -> None:
    ready, echo, memory = [], [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        with WorkerHarness(COLUMNS, LINES) as worker:
            worker.wait_for(Ready)
            ready.append((time.perf_counter() - start) * 1000)
            worker.shell("stty raw -echo; echo up; exec cat")
            worker.wait_screen("up")
            for number in range(40):
                before = len(worker.reports)
                start = time.perf_counter()
                worker.send(RawInput(b"%d" % (number % 10)))
                worker.wait_until(lambda before=before: len(worker.reports) > before, "the echo")
                echo.append((time.perf_counter() - start) * 1000)
                time.sleep(0.02)
            process = psutil.Process(worker.process.pid)
            info = process.memory_full_info()
            memory.append(getattr(info, "uss", info.rss) / 2**20)
    print("\nA worker, medians")
    print(f"  ready after      {statistics.median(ready):6.0f} ms")
    echo.sort()
    print(f"  key to frame     {statistics.median(echo):6.2f} ms   (p99 {echo[int(len(echo) * 0.99)]:.2f})")
    print(f"  private memory   {statistics.median(memory):6.1f} MiB")


def main(size: int) -> None:
    print(
        f"Python {platform.python_version()} on {platform.machine()}, {psutil.cpu_count()} processors; "
        f"the engine runs {form()}"
    )
    parsing(size)
    frames()
    attribute_table()
    workers()
    scale()
    searching()


if __name__ == "__main__":
    main(int(sys.argv[1]) * 1_000_000 if len(sys.argv) > 1 else BYTES)
