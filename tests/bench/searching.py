"""Searching 100,000 lines of scrollback: in one thread alone, and in a worker whose program prints without a pause."""

import statistics
import time
from collections.abc import Callable

from podium.core.clock import monotonic
from podium.core.finding.query import SearchQuery
from podium.core.protocol.finding import Find, FindOn, Unfind
from podium.core.protocol.reports import FoundReport, Report
from podium.terminal import Emulator
from podium.worker.finding.block_search import PlainSearch
from podium.worker.finding.live_search import LiveSearch
from tests.bench.corpora import COLUMNS, LINES
from tests.bench.engine import form
from tests.bench.tables import number, print_table
from tests.worker.harness import WorkerHarness

_LINES = 100_000
_PLAIN = "2026-11-30T09:14:02Z worker-{0} INFO outbox batch {1} sent to peer in {2} ms and more words here"
_COLOURED = (
    "\x1b[2m2026-11-30T09:14:02Z\x1b[0m \x1b[32mINFO\x1b[0m worker-{0} batch \x1b[1;36m{1}\x1b[0m in {2} ms"
)
_LETTERS = "2026-11-30T09:14:02Z worker-{0} INFO büro → batch {1} gesendet 漢字 in {2} ms"
_LOGS = {"plain": _PLAIN, "coloured": _COLOURED, "letters": _LETTERS}
_QUERIES = (
    SearchQuery("absent"),
    SearchQuery("batch 50001"),
    SearchQuery("ms"),
    SearchQuery("batch", word=True),
)
_ROUNDS = 5
_BULK = 64 << 10
_PARSED = 1 << 10
_FLOODS = {
    "plain": "yes '2026-11-30 worker INFO outbox batch sent to peer in 12 ms and more words'",
    "coloured": "yes \"$(printf '\\033[2m2026-11-30\\033[0m \\033[32mINFO\\033[0m outbox batch sent')\"",
}


def _filled(log: str, piece: int) -> Emulator:
    emulator = Emulator(COLUMNS, LINES, _LINES)
    lines = (log.format(n % 7, n, n % 99) for n in range(_LINES))
    data = "".join(f"{line}\r\n" for line in lines).encode()
    for at in range(0, len(data), piece):
        emulator.feed(data[at : at + piece])
    return emulator


def _searched(emulator: Emulator, query: SearchQuery) -> tuple[float, float, int]:
    """Milliseconds of processor time until the first report and until all is searched, and the number of matches."""
    reports: list[Report] = []
    search = LiveSearch(1, emulator, PlainSearch(query), reports.append, monotonic)
    start = time.process_time()
    first = 0.0
    while True:
        search.step()
        if reports:
            first = first or time.process_time() - start
            report = reports[-1]
            assert isinstance(report, FoundReport)
            if report.complete:
                return first * 1000, (time.process_time() - start) * 1000, report.total
            search.take_credit()


def _under_flood(flood: str, query: SearchQuery) -> tuple[float, float]:
    """Milliseconds from the request until the first report and until one that says that all was searched."""
    with WorkerHarness(COLUMNS, LINES, scrollback=_LINES) as worker:
        worker.shell(flood)
        begin = time.monotonic()
        worker.wait_until(lambda: time.monotonic() - begin > 2, "two seconds of output")
        times = []
        for request in range(1, 2 + _ROUNDS):
            start = time.perf_counter()
            worker.send(Find(request, query))
            first = 0.0
            while True:
                report = worker.wait_for(FoundReport, _of(request))
                first = first or time.perf_counter() - start
                if report.complete:
                    break
                worker.send(FindOn(request))
            times.append((first * 1000, (time.perf_counter() - start) * 1000))
            worker.send(Unfind(request))
        return statistics.median(first for first, _ in times), statistics.median(last for _, last in times)


def _of(request: int) -> Callable[[FoundReport], bool]:
    return lambda report: report.request == request


def searching() -> None:
    rows = []
    for name, log in _LOGS.items():
        for kind, piece in (("unparsed", _BULK), ("parsed", _PARSED)):
            emulator = _filled(log, piece)
            for query in _QUERIES:
                first, last, total = _searched(emulator, query)
                word = ", whole words" if query.word else ""
                told = (number(first), number(last), f"{total:,}")
                rows.append((f"{name}, {kind}, “{query.text}”{word}", *told))
    headings = ("", "first report", "all", "matches")
    print_table(f"Searching {_LINES:,} lines, ms of processor time, {form()}", headings, rows)
    rows = []
    for name, flood in _FLOODS.items():
        for query in (SearchQuery("absent"), SearchQuery("batch")):
            first, last = _under_flood(flood, query)
            rows.append((f"{name}, “{query.text}”", number(first), number(last)))
    title = f"The same in a worker while its program prints without a pause, ms, median of {_ROUNDS + 1}"
    print_table(title, ("", "first report", "all"), rows)


if __name__ == "__main__":
    searching()
