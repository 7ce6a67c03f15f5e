"""``make bench-api``: the control API under load, and what that costs the window."""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

from tests.bench.api_clients import TARGETS
from tests.bench.framebuffer import mapped_display
from tests.bench.scenarios import API_CLIENTS, API_RATE, API_REQUESTS
from tests.bench.tables import print_table
from tests.bench.ui import scenario


def main() -> None:
    print(f"{psutil.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    folder = Path(tempfile.mkdtemp(prefix="podium-bench-"))
    try:
        with mapped_display(1440, 900) as display:
            found = scenario("api", display, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    number = lambda name: f"{found.get(name, float('nan')):.1f}"  # noqa: E731
    print_table(
        f"{API_REQUESTS:,} requests from {API_CLIENTS} clients, {API_RATE:g} a second in all, over the Unix socket, "
        "while four instances in sight flood; ms",
        ["", "median", "p99", "max"],
        [
            [name, *(number(f"{name} {figure}") for figure in ("median", "p99", "max"))]
            for name in ("all", *TARGETS)
        ],
    )
    print(f"\nAnswered: {found.get('requests', 0):.0f}, errors: {found.get('errors', -1):.0f}")
    print_table(
        "The window's stalls meanwhile, ms",
        ["", "longest", "p99"],
        [
            ["no request", number("stall without"), number("stall p99 without")],
            ["with the clients", number("stall with"), number("stall p99 with")],
            ["while the API is loaded", number("stall while loading"), ""],
        ],
    )


if __name__ == "__main__":
    main()
