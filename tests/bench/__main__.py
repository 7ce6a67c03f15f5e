"""Prints the measured tables: parsing beside stock pyte, frames, and a worker's start and echo."""

import platform
import statistics
import time
from collections.abc import Callable

import psutil
import pyte

from podium.core.reports import Ready
from podium.core.requests import RawInput
from podium.terminal import Emulator
from podium.terminal.frames import FrameSource
from tests.bench.corpora import COLUMNS, KINDS, LINES, corpus
from tests.worker.harness import WorkerHarness

ROUNDS = 5
CHUNK = 16 * 1024
OWN_BYTES, PEER_BYTES = 1_000_000, 60_000
"""Stock pyte is tens of times slower; both are given as MB/s, so each gets what it can do in about a second."""


def seconds(work: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def feed_own(data: bytes) -> None:
    emulator = Emulator(COLUMNS, LINES, 10_000)
    for start in range(0, len(data), CHUNK):
        emulator.feed(data[start : start + CHUNK])


def feed_pyte(data: bytes) -> None:
    stream = pyte.ByteStream(pyte.HistoryScreen(COLUMNS, LINES, 10_000))
    for start in range(0, len(data), CHUNK):
        stream.feed(data[start : start + CHUNK])


def parsing() -> None:
    print(f"\nParsing at {COLUMNS}×{LINES}, 10,000 lines of scrollback, medians of {ROUNDS}, interleaved")
    print(f"{'corpus':<14}{'Podium MB/s':>12}{'pyte MB/s':>12}{'ratio':>8}")
    for kind in KINDS:
        own, peer = corpus(kind, OWN_BYTES), corpus(kind, PEER_BYTES)
        own_rates, peer_rates = [], []
        for _ in range(ROUNDS):
            own_rates.append(len(own) / 1e6 / seconds(feed_own, own))
            peer_rates.append(len(peer) / 1e6 / seconds(feed_pyte, peer))
        rate, peer_rate = statistics.median(own_rates), statistics.median(peer_rates)
        print(f"{kind:<14}{rate:>12.2f}{peer_rate:>12.2f}{rate / peer_rate:>7.1f}×")


def frames() -> None:
    emulator = Emulator(COLUMNS, LINES)
    emulator.feed(corpus("SGR logs", 20_000))
    source = FrameSource(emulator)
    times = []
    for number in range(1, 201):
        source.invalidate()
        times.append(seconds(source.take, number) * 1e6)
    print(f"\nA full {COLUMNS}×{LINES} frame, median: {statistics.median(times):.0f} µs")


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


def main() -> None:
    print(f"Python {platform.python_version()} on {platform.machine()}, {psutil.cpu_count()} processors")
    parsing()
    frames()
    workers()


if __name__ == "__main__":
    main()
