"""Recorded agents at work: what classifying 16 of them costs, and a program that plays one in a terminal.

``python tests/bench/agents.py FOLDER RECORDING FIRST LAST`` prints a stretch of a recording in its own time, again and
again.
"""

import json
import sys
import time
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[1] / "terminal" / "data" / "typescripts"
STRETCHES: Final = {
    "claude": ("claude-permission-manual", 15.3, 18.6),
    "codex": ("codex-busy", 3.0, 23.9),
    "gemini": ("gemini-permission", 17.0, 20.6),
    "opencode": ("opencode-permission", 22.2, 25.7),
}
"""By tool: a recording, and the seconds of it in which the tool works."""
AGENTS: Final = 16


def pieces(
    name: str, first: float, last: float, folder: Path = FOLDER
) -> tuple[bytes, list[tuple[float, bytes]]]:
    """What was printed before ``first``, and each output until ``last`` with the seconds before it."""
    timing = json.loads((folder / f"{name}.json").read_text("utf-8"))["timing"]
    raw = (folder / f"{name}.raw").read_bytes()
    before, stretch, offset, at = b"", [], 0, first
    for moment, size in timing:
        data = raw[offset : offset + size]
        offset += size
        if moment < first:
            before += data
        elif moment <= last:
            stretch.append((moment - at, data))
            at = moment
    return before, stretch


def play(folder: Path, name: str, first: float, last: float) -> None:
    before, stretch = pieces(name, first, last, folder)
    output = sys.stdout.buffer
    output.write(before)
    while True:
        for pause, data in stretch:
            output.flush()
            time.sleep(pause)
            output.write(data)


if __name__ == "__main__":
    play(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
