"""The terminal engine beside its peers: the same files, the same chunks, in turn, medians of five."""

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
BYTES, STOCK_BYTES = 2_000_000, 60_000
"""Stock pyte is tens of times slower; all are given as MB/s, so each gets what it can do in about a second."""
KEPT_LINES = 10_000


def write_corpora(folder: Path) -> dict[str, tuple[Path, Path]]:
    """Files of every kind: the whole one, and the shorter one for stock pyte."""
    contents = {kind: (corpus(kind, BYTES), corpus(kind, STOCK_BYTES)) for kind in KINDS}
    recorded, there, missing = record()
    if missing:
        print(f"Not recorded, because they are not here: {', '.join(missing)}")
    if there:
        print(f"Recorded: {', '.join(there)}, {len(recorded):,} bytes")
        contents["recorded"] = (recorded * max(1, BYTES // len(recorded)), recorded[:STOCK_BYTES])
    files = {}
    for kind, pair in contents.items():
        paths = tuple(folder / f"{kind.replace(' ', '-')}-{len(data)}" for data in pair)
        for path, data in zip(paths, pair, strict=True):
            path.write_bytes(data)
        files[kind] = (paths[0], paths[1])
    return files


def parsing() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_corpora(folder)
        with engines(COLUMNS, LINES, CHUNK) as all_engines:
            for missing in all_engines.missing:
                print(f"Missing: {missing}")
            _speed(all_engines, files)
        with engines(COLUMNS, LINES, SLICE) as all_engines:
            _memory(all_engines, folder)  # First of all: what was freed before would hide what it takes.
            _slices(all_engines, files)


def _speed(all_engines: Engines, files: dict[str, tuple[Path, Path]]) -> None:
    compiled, interpreted, stock, xterm, _ = all_engines
    rows = []
    for kind, (whole, short) in files.items():
        rates: dict[Engine, float] = {}
        sums: dict[Engine, str] = {}
        results: dict[Engine, list[Parsed]] = {engine: [] for engine in all_engines.present()}
        paths = {engine: short if engine is stock else whole for engine in results}
        for engine, path in paths.items():
            engine.parse(path)  # Once unmeasured: node compiles while it runs.
        for _ in range(ROUNDS):
            for engine, path in paths.items():
                results[engine].append(engine.parse(path))
        for engine, parsed in results.items():
            size = paths[engine].stat().st_size / 1e6
            rates[engine] = size / statistics.median(result.seconds for result in parsed)
            sums[engine] = parsed[0].checksum
        own = sums[compiled or interpreted]
        alike = "–" if xterm is None else "yes" if sums[xterm] == own else "no"
        peer = rates.get(xterm) if xterm is not None else None
        fast = rates.get(compiled) if compiled is not None else None
        slow = rates[interpreted]
        row = [kind, number(fast), number(slow), number(rates[stock], ".2f"), number(peer)]
        rows.append([*row, ratio(fast, peer), ratio(slow, peer), ratio(fast or slow, rates[stock]), alike])
    version = xterm.form if xterm is not None else ""
    print_table(
        f"Parsing, MB/s: {COLUMNS}×{LINES}, 10,000 lines of scrollback, chunks of {CHUNK // 1024} KiB, "
        f"ours with 60 frames a second, medians of {ROUNDS} in turn{f', xterm.js {version}' if version else ''}",
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


def _slices(all_engines: Engines, files: dict[str, tuple[Path, Path]]) -> None:
    own = [engine for engine in (all_engines.compiled, all_engines.interpreted) if engine is not None]
    rows = []
    for kind, (whole, _) in files.items():
        longest = {engine: min(engine.parse(whole).longest for _ in range(3)) for engine in own}
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
