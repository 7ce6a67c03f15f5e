"""``make bench-terminals``: ``cat`` of a file in each terminal, until it has ended and its last screen is painted.

Painted is the same for all: the program ends with a block of a colour that nothing else has, and the display's
memory is read until that block is in each terminal's place. So parsing, painting and the way to the X server count.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psutil

from tests.bench.corpora import COLUMNS, LINES, corpus
from tests.bench.framebuffer import MARK, Area, Display, mapped_display
from tests.bench.peers import PEERS, Peer, app_environment
from tests.bench.recording import record
from tests.bench.tables import print_table
from tests.bench.ui import mark_command, running

WIDTH, HEIGHT = 2600, 1900
_LOG_BYTES = 50_000_000
_SCREEN_BYTES = 10_000_000
_PATIENCE = 180.0
_MARKED = 0.4
"""Share of a terminal's place that the block covers at least."""
_READY = 15.0


def write_corpora(folder: Path, scale: float) -> dict[str, Path]:
    recorded, there, _ = record()
    contents = {}
    for kind, size in (("plain logs", _LOG_BYTES), ("SGR logs", _LOG_BYTES), ("full screen", _SCREEN_BYTES)):
        piece = corpus(kind, 1_000_000)
        contents[kind] = piece * max(1, round(size * scale / len(piece)))
    if there:
        contents["recorded"] = recorded * max(1, round(_SCREEN_BYTES * scale / len(recorded)))
    files = {}
    for kind, data in contents.items():
        files[kind] = folder / kind.replace(" ", "-")
        files[kind].write_bytes(data)
    return files


class Race:
    """Some terminals of one kind that wait for a start together."""

    def __init__(self, display: Display, folder: Path, count: int) -> None:
        self._display, self._count = display, count
        self._folder = Path(tempfile.mkdtemp(dir=folder))
        self.environment = app_environment(display.name, folder)
        self._script = self._folder / "run"
        self._script.write_text(
            f"#!/bin/sh\ncd {self._folder}\n: >ready$1\n"
            f"while :; do\n  while [ ! -e clear$1 ]; do sleep 0.02; done\n  rm clear$1\n"
            "  printf '\\033[0m\\033[H\\033[2J'\n"
            f"  while [ ! -e go$1 ]; do sleep 0.02; done\n  rm go$1\n"
            f"  cat file\n  {mark_command()}\n  : >done$1\ndone\n"
        )
        self._script.chmod(0o755)
        self.places: list[Area] = []

    def command(self, *number: str) -> list[str]:
        return ["/bin/sh", str(self._script), *number]

    def wait_ready(self) -> bool:
        return self._wait(
            lambda: all((self._folder / f"ready{n}").exists() for n in range(self._count)), _READY
        )

    def run(self, file: Path) -> float:
        """Seconds from the start of all until all have ended and show it."""
        link = self._folder / "file"
        link.unlink(missing_ok=True)
        link.symlink_to(file)
        done = [self._folder / f"done{number}" for number in range(self._count)]
        for flag in done:
            flag.unlink(missing_ok=True)
        # What is left of the round before must not be taken for the end of this one.
        self._tell("clear")
        if not self._wait(
            lambda: all(self._display.share(place, MARK) == 0 for place in self.places), _READY
        ):
            return float("nan")
        start = time.perf_counter()
        self._tell("go")
        if not self._wait(lambda: all(flag.exists() for flag in done), _PATIENCE):
            return float("nan")
        shown = self._wait(
            lambda: all(self._display.share(place, MARK) > _MARKED for place in self.places), _PATIENCE
        )
        return time.perf_counter() - start if shown else float("nan")

    def _tell(self, word: str) -> None:
        for number in range(self._count):
            (self._folder / f"{word}{number}").touch()

    @staticmethod
    def _wait(look: object, patience: float) -> bool:
        deadline = time.perf_counter() + patience
        while not look():  # type: ignore[operator]
            if time.perf_counter() > deadline:
                return False
            time.sleep(0.004)
        return True


def own(race: Race, count: int, stack: ExitStack) -> bool:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.panes", str(count), *race.command()],
        env=dict(race.environment),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)  # It ends its workers in order.
    assert process.stdout is not None
    line = process.stdout.readline()
    race.places = [Area(*place) for place in json.loads(line)] if line else []
    return bool(line) and race.wait_ready()


def peer_terminals(peer: Peer, race: Race, count: int, stack: ExitStack, folder: Path) -> bool:
    for number in range(count):
        stack.enter_context(running(peer.command(race.command(str(number)), folder), race.environment))
        time.sleep(0.3)
    if not race.wait_ready():
        return False
    time.sleep(0.7)
    windows = _windows(race.environment)
    if len(windows) < count:
        return False
    race.places = []
    for number, window in enumerate(windows[:count]):
        left, top = WIDTH // 2 * (number % 2), HEIGHT // 2 * (number // 2)
        _xdotool(race.environment, "windowmove", window, str(left), str(top))
        shape = dict(
            line.split("=")
            for line in _xdotool(race.environment, "getwindowgeometry", "--shell", window).split()
        )
        race.places.append(Area(left, top, int(shape["WIDTH"]), int(shape["HEIGHT"])))
    time.sleep(0.7)
    return True


def _windows(environment: object) -> list[str]:
    """The terminals' windows: the visible ones that are large."""
    large = []
    for window in _xdotool(environment, "search", "--onlyvisible", "--maxdepth", "1", "--name", ".*").split():
        shape = dict(
            line.split("=") for line in _xdotool(environment, "getwindowgeometry", "--shell", window).split()
        )
        if 400 < int(shape.get("WIDTH", 0)) < WIDTH and int(shape.get("HEIGHT", 0)) > 300:
            large.append(window)
    return large


def _xdotool(environment: object, *arguments: str) -> str:
    return subprocess.run(
        ["xdotool", *arguments],
        env=environment,  # type: ignore[arg-type]
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def measure(
    name: str, count: int, files: dict[str, Path], display: Display, folder: Path, rounds: int
) -> list[str]:
    peer = next((peer for peer in PEERS if peer.name == name), None)
    with ExitStack() as stack:
        race = Race(display, folder, count)
        if peer is None:
            there = own(race, count, stack)
        else:
            there = peer_terminals(peer, race, count, stack, folder)
        if not there:
            return ["did not start" for _ in files]
        times = []
        for file in files.values():
            found = [race.run(file) for _ in range(rounds)]
            times.append(f"{statistics.median(found):.2f}")
    time.sleep(0.5)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-terminals", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the corpora, for a quick look")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("names", nargs="*", help="only these terminals")
    options = parser.parse_args()
    names = ["Podium", *(peer.name for peer in PEERS if peer.name != "qterminal")]
    names = [name for name in names if not options.names or name in options.names]
    missing = [peer.name for peer in PEERS if peer.name in names and not peer.present]
    print(f"{psutil.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    if missing:
        print(f"Missing here: {', '.join(missing)}")
    folder = Path(tempfile.mkdtemp(prefix="podium-bench-"))
    try:
        files = write_corpora(folder, options.scale)
        sizes = ", ".join(f"{kind} {file.stat().st_size / 1e6:.0f} MB" for kind, file in files.items())
        with mapped_display(WIDTH, HEIGHT) as display:
            for count in (1, 4):
                rows = []
                for name in names:
                    if name not in missing:
                        rows.append([name, *measure(name, count, files, display, folder, options.rounds)])
                print_table(
                    f"{count} at once, seconds until all have ended and show their last screen, {COLUMNS}×{LINES}, "
                    f"medians of {options.rounds} ({sizes})",
                    ["terminal", *files],
                    rows,
                )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
