"""The terminal engine beside its peers: the same files, the same chunks, in turn; medians with their ranges."""

import math
import os
import statistics
import tempfile
from pathlib import Path

from tests.bench.corpora import COLUMNS, KINDS, LINES, coloured_lines, corpus, random_colours
from tests.bench.engines import Engine, Engines, Parsed, engines
from tests.bench.recording import record
from tests.bench.tables import number, print_table, ratio

ROUNDS = 5
CHUNK = 64 * 1024
"""What a worker reads from a program at once at most."""
SLICE = 16 * 1024
"""The most a worker feeds between two chances to answer."""
INTERPRETED_ROUNDS = 3
"""It takes seconds for each file, so that a single round says as much as several of the others."""
BYTES, STOCK_BYTES = 16_000_000, 60_000
"""Short files flatter whoever starts fast: 2 MB gave ratios to xterm.js twice those of 16 MB. Stock pyte alone, which
is tens of times slower, gets what it can do in about a second; all are given as MB/s."""
TASKS = f"""
What each engine is asked to do:
  compiled, interpreted: parse the file in chunks of {CHUNK // 1024} KiB, keep 10,000 lines of scrollback, take a frame
    (the changed rows as runs) 60 times a second, as a worker does for a pane in sight
  xterm.js (headless): parse the same chunks into its buffer, keep 10,000 lines of scrollback; nothing is rendered, no
    frame is made, and the time ends when the last callback came
  pyte: parse the first {STOCK_BYTES // 1000} KB of the file in the same chunks into a HistoryScreen; no frames"""
SLICES_BYTES = 2_000_000
KEPT_LINES = 10_000


def write_corpora(folder: Path, size: int) -> dict[str, tuple[Path, Path]]:
    """Files of every kind: the whole one of ``size`` bytes, and the shorter one for stock pyte."""
    contents = {kind: (corpus(kind, size), corpus(kind, STOCK_BYTES)) for kind in KINDS}
    recorded, there, missing = record()
    if missing:
        print(f"Not recorded, because they are not here: {', '.join(missing)}")
    if there:
        print(f"Recorded: {', '.join(there)}, {len(recorded):,} bytes")
        contents["recorded"] = (recorded * max(1, size // len(recorded)), recorded[:STOCK_BYTES])
    files = {}
    for kind, pair in contents.items():
        paths = tuple(folder / f"{kind.replace(' ', '-')}-{len(data)}" for data in pair)
        for path, data in zip(paths, pair, strict=True):
            path.write_bytes(data)
        files[kind] = (paths[0], paths[1])
    return files


def print_load(when: str) -> None:
    """How busy the machine is: figures from a busy one compare nothing."""
    one, five, _ = os.getloadavg()
    print(f"Load {when}: {one:.1f} in the last minute, {five:.1f} in the last five", flush=True)


def parsing(size: int) -> None:
    print_load("before parsing")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_corpora(folder, size)
        with engines(COLUMNS, LINES, CHUNK) as all_engines:
            for missing in all_engines.missing:
                print(f"Missing: {missing}")
            _speed(all_engines, files, size)
            print_load("after parsing")
        with engines(COLUMNS, LINES, SLICE) as all_engines:
            _memory(all_engines, folder)  # First of all: what was freed before would hide what it takes.
            _slices(all_engines, files)


def _measure(all_engines: Engines, whole: Path, short: Path) -> dict[Engine, list[Parsed]]:
    """What each engine made of its file, in turn."""
    paths = {engine: short if engine is all_engines.stock else whole for engine in all_engines.present()}
    for engine, path in paths.items():
        if engine is not all_engines.interpreted:
            engine.parse(path)  # Once unmeasured: node compiles while it runs.
    results: dict[Engine, list[Parsed]] = {engine: [] for engine in paths}
    for round_number in range(ROUNDS):
        for engine, path in paths.items():
            if engine is not all_engines.interpreted or round_number < INTERPRETED_ROUNDS:
                results[engine].append(engine.parse(path))
    return results


def _speed(all_engines: Engines, files: dict[str, tuple[Path, Path]], size: int) -> None:
    compiled, interpreted, stock, xterm, _ = all_engines
    rows = []
    for kind, (whole, short) in files.items():
        results = _measure(all_engines, whole, short)
        rates = {
            engine: Rates(
                [(short if engine is stock else whole).stat().st_size / 1e6 / one.seconds for one in parsed]
            )
            for engine, parsed in results.items()
        }
        sums = {engine: parsed[0].checksum for engine, parsed in results.items()}
        own = sums[compiled or interpreted]
        alike = "–" if xterm is None else "yes" if sums[xterm] == own else "no"
        peer = rates[xterm].median if xterm is not None else None
        fast = rates[compiled].median if compiled is not None else None
        slow = rates[interpreted].median
        row = [kind, *(_range(rates, engine) for engine in (compiled, interpreted, stock, xterm))]
        row += [ratio(fast, peer), ratio(slow, peer), ratio(fast or slow, rates[stock].median), alike]
        rows.append(row)
    print(TASKS)
    version = f", xterm.js {xterm.form}" if xterm is not None else ""
    print_table(
        f"Parsing {size / 1e6:g} MB, MB/s as median (lowest–highest): {COLUMNS}×{LINES}, {ROUNDS} rounds in turn, "
        f"interpreted {INTERPRETED_ROUNDS}{version}",
        [
            "corpus",
            "compiled",
            "interpreted",
            "pyte",
            "xterm.js",
            "c/xterm",
            "i/xterm",
            "ours/pyte",
            "same screen",
        ],
        rows,
    )


class Rates:
    """The rates of one engine for one file."""

    def __init__(self, rates: list[float]) -> None:
        self.median = statistics.median(rates)
        self.lowest = min(rates)
        self.highest = max(rates)


def _range(rates: dict[Engine, Rates], engine: Engine | None) -> str:
    if engine is None:
        return "–"
    measured = rates[engine]
    if math.isnan(measured.median):
        return "–"
    form = ".2f" if measured.median < 1 else ".1f"
    return (
        f"{number(measured.median, form)} ({number(measured.lowest, form)}–{number(measured.highest, form)})"
    )


def _slices(all_engines: Engines, files: dict[str, tuple[Path, Path]]) -> None:
    own = [engine for engine in (all_engines.compiled, all_engines.interpreted) if engine is not None]
    rows = []
    for kind, (whole, _) in files.items():
        short = whole.with_suffix(".short")
        short.write_bytes(whole.read_bytes()[:SLICES_BYTES])
        longest = {engine: min(engine.parse(short).longest for _ in range(3)) for engine in own}
        rows.append([kind, *(f"{longest[engine] * 1000:.2f}" for engine in own)])
    print_table(
        f"Longest feed of one piece of {SLICE // 1024} KiB, ms, best of three: so long a key or a ping waits",
        ["corpus", *(engine.form for engine in own)],
        rows,
    )


def _memory(all_engines: Engines, folder: Path) -> None:
    lines, colours = folder / "coloured", folder / "colours"
    lines.write_bytes(coloured_lines(KEPT_LINES + LINES))
    colours.write_bytes(random_colours(200_000))
    rows = []
    for engine in all_engines.present():
        if engine is all_engines.stock:
            continue  # 200 MB and a minute, as everybody knows by now.
        label = engine.form if engine is not all_engines.xterm else "xterm.js"
        kept = engine.keep(lines) / 1e6
        rows.append([label, f"{kept:.1f}", f"{engine.keep(colours) / 1e6:.1f}"])
    print_table(
        f"Memory, MB: {KEPT_LINES:,} coloured lines of 117 columns; one screen after 200,000 random colours",
        ["engine", "lines", "colours"],
        rows,
    )
