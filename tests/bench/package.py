"""``make bench-package``: the frozen program beside this environment's, and beside other terminals.

All in one run, and in each round one after the other in an order that changes, so that what else the machine does falls
on all of them. The aims are printed beside the figures.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import psutil

from podium.core.protocol.reports import Ready
from podium.core.system.reexec import podium_command
from tests.bench.corpora import COLUMNS, LINES
from tests.bench.framebuffer import mapped_display
from tests.bench.peers import PEERS, Peer
from tests.bench.scenarios import private
from tests.bench.tables import number, print_table
from tests.bench.ui import start_once
from tests.worker.harness import WorkerHarness

ROOT: Final = Path(__file__).parents[2]
FROZEN: Final = ROOT / "dist" / "frozen" / "podium"
_TERMINALS: Final = ("konsole", "xterm")
_MANY: Final = 8
_MB: Final = 2**20 / 1e6

AIM_READY: Final = 120.0
"""Milliseconds until a worker is ready."""
AIM_PRIVATE: Final = 20.0
"""MB of a worker with a program that no other process shares, while others run: a worker is never alone, for its window
has the same libraries in memory."""
AIM_DISK: Final = 110.0
"""MB of the frozen program's folder."""


class Podium(NamedTuple):
    name: str
    command: tuple[str, ...]

    @property
    def peer(self) -> Peer:
        return Peer(self.name, lambda argv, _: [*self.command, "run", "--", *argv])


Measured = TypeVar("Measured", Podium, Peer)


class Worker(NamedTuple):
    """Milliseconds, and MB of one worker."""

    ready: float
    alone: float
    many: float
    among_many: float


def one_round(podium: Podium) -> Worker:
    """Milliseconds and MB of one worker, and of eight at once."""
    worker = (*podium.command, "worker")
    start = time.perf_counter()
    with WorkerHarness(COLUMNS, LINES, command=worker) as one:
        one.wait_for(Ready)
        ready = (time.perf_counter() - start) * 1000
        _run_program(one)
        alone = _private(one)
    with ExitStack() as stack:
        start = time.perf_counter()
        several = [stack.enter_context(WorkerHarness(COLUMNS, LINES, command=worker)) for _ in range(_MANY)]
        for each in several:
            each.wait_for(Ready)
        many = (time.perf_counter() - start) * 1000
        for each in several:
            _run_program(each)
        return Worker(ready, alone, many, statistics.mean(map(_private, several)))


def _run_program(worker: WorkerHarness) -> None:
    worker.shell("echo up; exec cat")
    worker.wait_screen("up")


def _private(worker: WorkerHarness) -> float:
    return private(worker.process.pid) * _MB


def workers(podiums: Sequence[Podium], rounds: int) -> None:
    found = alternate(podiums, one_round, rounds)
    rows = []
    for podium in podiums:
        columns = list(zip(*found[podium.name], strict=True))
        rows.append([podium.name, *(number(statistics.median(column)) for column in columns)])
    aims = ["aim", f"≤ {AIM_READY:.0f}", "", "", f"≤ {AIM_PRIVATE:.0f}"]
    headings = [
        "Podium",
        "ready, ms",
        "alone, private MB",
        f"{_MANY} ready, ms",
        f"each of {_MANY}, private MB",
    ]
    print_table(f"A worker, and {_MANY} started at once; medians of {rounds}", headings, [*rows, aims])


def first_paint(podiums: Sequence[Podium], rounds: int, folder: Path) -> None:
    others = [peer for peer in PEERS if peer.name in _TERMINALS]
    for missing in (peer.name for peer in others if not peer.present):
        print(f"{missing} is not installed, so it is not measured")
    peers = [*(podium.peer for podium in podiums), *(peer for peer in others if peer.present)]
    with mapped_display(1440, 900) as display:
        found = alternate(peers, lambda peer: start_once(peer, display, folder), rounds)
    rows = [
        [
            peer.name,
            *(
                number(statistics.median(column) * 1000, ".0f")
                for column in zip(*found[peer.name], strict=True)
            ),
        ]
        for peer in peers
    ]
    title = f"After start, ms, medians of {rounds}: a tenth of the display painted; a program's first output painted"
    print_table(title, ["program", "first paint", "first output"], rows)


def alternate(
    each: Sequence[Measured], measured: Callable[[Measured], tuple[float, ...]], rounds: int
) -> dict[str, list[tuple[float, ...]]]:
    """What was measured of each, by its name. The first round, which fills the caches, does not count."""
    found: dict[str, list[tuple[float, ...]]] = {one.name: [] for one in each}
    for turn in range(rounds + 1):
        for place in range(len(each)):
            one = each[(turn + place) % len(each)]
            figures = measured(one)
            if turn:
                found[one.name].append(figures)
    return found


def on_disk() -> None:
    rows = [["dist/frozen/podium", f"{_size(FROZEN):.0f}", f"≤ {AIM_DISK:.0f}"]]
    for pattern in ("podium_*.deb", "podium-*.tar.xz"):
        for package in sorted((ROOT / "dist").glob(pattern)):
            rows.append([f"dist/{package.name}", f"{package.stat().st_size / 1e6:.0f}", ""])
    print_table("On disk, MB", ["", "size", "aim"], rows)


def _size(folder: Path) -> float:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-package", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    program = FROZEN / "podium"
    if not program.is_file():
        print("bench: there is no dist/frozen/podium; run make package first", file=sys.stderr)
        return 1
    podiums = [Podium("frozen", (str(program),)), Podium("environment", podium_command())]
    # Compiled modules are kept, whatever this shell wants: nobody's workers compile Podium at each start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(f"{psutil.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    folder = Path(tempfile.mkdtemp(prefix="podium-bench-"))
    try:
        on_disk()
        workers(podiums, options.rounds)
        first_paint(podiums, options.rounds, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
