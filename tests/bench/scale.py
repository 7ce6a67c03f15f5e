"""Many workers: whether their window is afterwards what it was before, how soon one is ready and how much it holds."""

import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psutil

from tests.bench.tables import print_table
from tests.faults.hosted import Host

AT_ONCE = 10
"""Workers that start at the same time: more would only wait for each other on a small machine."""
_SETTLE = 30.0


@dataclass(frozen=True, slots=True)
class Size:
    """What a process holds."""

    descriptors: int
    threads: int
    mebibytes: float
    children: int

    def within(self, share: float, other: "Size") -> bool:
        """Nothing left over, and memory the same but for ``share`` of it."""
        same = (self.descriptors, self.threads, self.children) == (
            other.descriptors,
            other.threads,
            other.children,
        )
        return same and self.mebibytes <= other.mebibytes * (1 + share)


@dataclass(frozen=True, slots=True)
class Scale:
    before: Size
    after: tuple[Size, ...]
    """When the workers of each round are gone."""
    ready: tuple[float, ...]
    """Milliseconds from asking for a worker to its being ready, one at a time."""
    private: tuple[float, ...]
    """MiB of an idle worker that nobody else shares."""


def measure(workers: int, rounds: int) -> Scale:
    """Start and stop ``workers`` workers ``rounds`` times in one window's process."""
    # Compiled modules are kept, whatever this shell wants: nobody's workers compile Podium at each start.
    with Host({"start_timeout": 120.0}, environment={"PYTHONDONTWRITEBYTECODE": ""}) as host:
        host.tell("load")  # So that it holds what a window does.
        window = psutil.Process(host.pid)
        names = [f"w{number}" for number in range(workers)]
        _start_and_stop(host, names[:AT_ONCE])  # What is loaded with the first workers is no leak.
        before = _settled(host, window)
        ready, private = _one_by_one(host)
        sizes = []
        for _ in range(rounds):
            _start_and_stop(host, names)
            sizes.append(_settled(host, window))
        return Scale(before, tuple(sizes), tuple(ready), tuple(private))


def _one_by_one(host: Host, count: int = 9) -> tuple[list[float], list[float]]:
    ready, private = [], []
    for _ in range(count):
        since = len(host.said)
        start = time.perf_counter()
        host.tell("spawn", "one")
        pid = host.wait_state("one", "running", since)["pid"]
        ready.append((time.perf_counter() - start) * 1000)
        info = psutil.Process(pid).memory_full_info()
        private.append(getattr(info, "uss", info.rss) / 2**20)
        _stop(host, ["one"])
    return ready, private


def _start_and_stop(host: Host, names: Sequence[str]) -> None:
    for at in range(0, len(names), AT_ONCE):
        since = len(host.said)
        batch = names[at : at + AT_ONCE]
        host.tell("spawn", *batch)
        for name in batch:
            host.wait_state(name, "running", since)
    _stop(host, names)


def _stop(host: Host, names: Sequence[str]) -> None:
    since = len(host.said)
    host.tell("kill", *names)
    for name in names:
        host.wait_state(name, "stopped", since)
    host.tell("remove", *names)
    host.statuses()


def _settled(host: Host, window: psutil.Process) -> Size:
    """Its size as soon as that does not change any more."""
    deadline = time.monotonic() + _SETTLE
    last = _size(host, window)
    while time.monotonic() < deadline:
        time.sleep(0.5)
        now = _size(host, window)
        if now.within(0.002, last) and last.within(0.002, now):
            return now
        last = now
    return last


def _size(host: Host, window: psutil.Process) -> Size:
    since = len(host.said)
    host.tell("tidy")
    host.wait("tidy", since=since)
    info = window.memory_full_info()
    memory = getattr(info, "uss", info.rss) / 2**20
    return Size(window.num_fds(), window.num_threads(), memory, len(window.children()))


def scale(workers: int = 100, rounds: int = 3) -> None:
    found = measure(workers, rounds)
    rows = [["before", *_cells(found.before)]]
    rows += [[f"round {number}", *_cells(size)] for number, size in enumerate(found.after, 1)]
    print_table(
        f"A window after {workers} workers have started and stopped",
        ["", "descriptors", "threads", "MiB", "children"],
        rows,
    )
    print(f"\nA worker beside a window, medians of {len(found.ready)}")
    print(f"  ready after      {statistics.median(found.ready):6.0f} ms   (aim: 150)")
    print(f"  private memory   {statistics.median(found.private):6.1f} MiB  (aim: 25)")


def _cells(size: Size) -> Iterable[str]:
    return (str(size.descriptors), str(size.threads), f"{size.mebibytes:.1f}", str(size.children))


if __name__ == "__main__":
    scale()
