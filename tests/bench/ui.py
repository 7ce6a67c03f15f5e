"""``make bench-ui``: the real window under Xvfb, measured from inside, and beside other terminals from outside."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.bench.agents import AGENTS
from tests.bench.classifying import rows as classifying_rows
from tests.bench.engine import form
from tests.bench.framebuffer import MARK, WHITE, Display, mapped_display
from tests.bench.peers import PEERS, Peer, app_environment, own_peer
from tests.bench.scenarios import KEYS, pss
from tests.bench.tables import print_table

_START_ROUNDS = 5
_PATIENCE = 30.0
_COVERED = 0.1
"""Share of the display that every window covers once it has painted; they are of different sizes."""


def scenario(name: str, display: Display, folder: Path) -> dict[str, float]:
    """Run one of scenarios.py in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.scenarios", name, str(folder)],
        env=app_environment(display.name, folder),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    result: dict[str, float] = json.loads(lines[-1]) if lines else {}
    return result


def floods(display: Display, folder: Path) -> None:
    rows, parts = [], []
    spans = ("to the window", "to the program and back", "painting")
    for name, shown in (
        ("flood-grid", "grid: typed one and three floods"),
        ("flood-tabs", "tabs: typed one"),
    ):
        found = scenario(name, display, folder)
        rows.append(
            [
                shown,
                *(f"{found.get(key, float('nan')):.1f}" for key in ("echo", "echo p99", "echo max")),
                f"{found.get('echoed', 0):.0f}/{KEYS}",
                *(f"{found.get(key, float('nan')):.1f}" for key in ("stall", "stall p99")),
                f"{100 * found.get('cpu', float('nan')):.0f} %",
                f"{found.get('fps', float('nan')):.0f}",
            ]
        )
        parts.append([shown, *(f"{found.get(s, 0):.1f} / {found.get(f'{s} p99', 0):.1f}" for s in spans)])
    print_table(
        "Four instances flood (two coloured logs, two full-screen streams), a key goes into a fifth's shell, ms: "
        "from X's key event to the end of the paint event that shows it",
        ["in sight", "echo", "p99", "max", "keys", "longest stall", "p99", "window's CPU", "frames/s a pane"],
        rows,
    )
    print_table("Where the echo's time goes, ms, median / p99", ["in sight", *spans], parts)


def tab_switch(display: Display, folder: Path) -> None:
    found = scenario("tabs", display, folder)
    print(
        f"\nSwitching tabs with 16 instances, from the choice to the painted terminal: "
        f"median {found.get('median', 0):.1f} ms, longest {found.get('longest', 0):.1f} ms"
    )


def settings_page(display: Display, folder: Path) -> None:
    times = sorted(scenario("settings", display, folder).get("opened", 0.0) for _ in range(_START_ROUNDS))
    print(
        f"\nThe settings page, first shown: median {statistics.median(times):.0f} ms, longest {times[-1]:.0f} ms"
    )


def palette(display: Display, folder: Path) -> None:
    found = scenario("palette", display, folder)
    print(
        f"\nThe command palette with 64 instances, until it is painted: the first time {found.get('first', 0):.0f} ms, "
        f"later median {found.get('median', 0):.1f} ms (CPU time {found.get('spent', 0):.1f} ms), longest "
        f"{found.get('longest', 0):.1f} ms; after a letter median {found.get('letter', 0):.1f} ms"
    )


def idle(display: Display, folder: Path) -> None:
    rows = []
    for count in (4, 64):
        found = scenario(f"idle-{count}", display, folder)
        rows.append([str(count), f"{100 * found.get('cpu', 0):.2f} %", f"{found.get('wakes', 0):.1f}"])
    print_table("Idle shells: the window's process", ["instances", "CPU", "wakes a second"], rows)


def classifying(display: Display, folder: Path) -> None:
    print_table(
        f"Agents at work, in recorded streams: what it costs to know what they do, of a core ({form()})",
        ["", "their workers", "the window", "in all"],
        classifying_rows(),
    )
    rows = []
    for name, shown in (
        ("agents-grid", "grid: four of 16 in sight"),
        ("agents-tabs", "tabs: one of 16 in sight"),
    ):
        for suffix, how in (("", "classified"), ("-unknown", "not classified")):
            found = scenario(f"{name}{suffix}", display, folder)
            rows.append(
                [
                    f"{shown}, {how}",
                    *(f"{found.get(key, float('nan')):.1f}" for key in ("stall", "stall p99", "median")),
                    f"{100 * found.get('cpu', float('nan')):.1f} %",
                    f"{100 * found.get('workers', float('nan')):.1f} %",
                ]
            )
    print_table(
        f"{AGENTS} agents at work: the window's event loop, ms",
        ["in sight", "longest stall", "p99", "median", "window's CPU", "workers' CPU"],
        rows,
    )


def first_paint(display: Display, folder: Path) -> None:
    rows = []
    for peer in (own_peer(), *PEERS):
        if not peer.present:
            rows.append([peer.name, "missing", "missing"])
            continue
        painted, marked = [], []
        for _ in range(_START_ROUNDS):
            shown, output = start_once(peer, display, folder)
            painted.append(shown * 1000)
            marked.append(output * 1000)
        rows.append([peer.name, f"{statistics.median(painted):.0f}", f"{statistics.median(marked):.0f}"])
    print_table(
        f"After start, ms, medians of {_START_ROUNDS}: a tenth of the display painted; a program's first output "
        "painted (both read from the display's pixels)",
        ["terminal", "first paint", "first output"],
        rows,
    )


def start_once(peer: Peer, display: Display, folder: Path) -> tuple[float, float]:
    """Seconds from the start until a tenth of the display is painted, and until a program's first output is."""
    mark = ["/bin/sh", "-c", f"{mark_command()}; exec sleep 60"]
    start = time.perf_counter()
    with running(peer.command(mark, folder), app_environment(display.name, folder)):
        shown = _wait_for(lambda: display.share(display.whole, WHITE) < 1 - _COVERED) - start
        # A terminal covers the display's upper left; a tenth of the display is plenty and fits all of them.
        output = _wait_for(lambda: display.share(display.whole, MARK) > 0.1) - start
    _wait_for(lambda: display.share(display.whole, WHITE) == 1)
    return shown, output


def mark_command() -> str:
    """A shell command that fills 100 × 36 cells with a colour that nothing else has."""
    return (
        r"""printf '\033[2J\033[H\033[48;5;201m'; i=0; while [ $i -lt 36 ]; do """
        r"""printf '%100s\r\n' ''; i=$((i+1)); done; printf '\033[0m'"""
    )


def _wait_for(look: object) -> float:
    deadline = time.perf_counter() + _PATIENCE
    while not look():  # type: ignore[operator]
        if time.perf_counter() > deadline:
            return float("nan")
        time.sleep(0.002)
    return time.perf_counter()


@contextmanager
def running(command: list[str], environment: Mapping[str, str]) -> Iterator[psutil.Process]:
    """A program and all that it starts, ended afterwards."""
    process = subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    root = psutil.Process(process.pid)
    try:
        yield root
    finally:
        family = [*root.children(recursive=True), root] if root.is_running() else []
        for member in family:
            try:
                member.kill()
            except psutil.Error:
                pass
        process.wait()


def memory(display: Display, folder: Path) -> None:
    found = scenario("memory", display, folder)
    window, workers = found.get("window", 0), found.get("workers", 0)
    rows = [["Podium", f"{window + workers:.0f}", f"window {window:.0f}, four workers {workers:.0f}"]]
    for peer in PEERS:
        if peer.four_shells is None:
            continue
        if not peer.present:
            rows.append([peer.name, "missing", ""])
            continue
        with running(peer.four_shells(folder), app_environment(display.name, folder)) as root:
            time.sleep(4)
            family = [root, *root.children(recursive=True)]
            shells = [member for member in family if member.name() in ("sh", "dash", "bash")]
            rest = sum(pss(member) for member in family if member not in shells)
        rows.append([peer.name, f"{rest:.0f}", f"{len(shells)} shells not counted"])
    print_table("Memory with four shells, PSS in MiB, without the shells", ["terminal", "PSS", ""], rows)


def main() -> None:
    chosen = sys.argv[1:]
    print(f"{psutil.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    folder = Path(tempfile.mkdtemp(prefix="podium-bench-"))
    try:
        with mapped_display(1440, 900) as display:
            for part in (first_paint, memory, idle, tab_switch, palette, settings_page, classifying, floods):
                if not chosen or part.__name__ in chosen:
                    part(display, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
