"""The real window with panes of exactly 120×40, for bench-terminals. Arguments: how many, and the command
that each runs with its number as the last argument.

Prints the panes' places on the display as a line of JSON when all run, and lives until it is killed.
"""

import json
import sys
from collections.abc import Iterator

from PySide6.QtCore import QPoint

from podium.workspace.arrangement import Layout
from tests.bench.corpora import COLUMNS, LINES
from tests.bench.probe import Probe, ProbedTerminal, Step


def _fit(probe: Probe, terminals: list[ProbedTerminal]) -> bool:
    """Change the window's size until the first pane has the right one."""
    columns, lines = terminals[0].grid_size()
    if (columns, lines) == (COLUMNS, LINES):
        return True
    rows = columns_of_panes = 2 if len(terminals) > 1 else 1
    window = probe.window
    wider = (COLUMNS - columns) * columns_of_panes * (terminals[0].width() // columns)
    higher = (LINES - lines) * rows * (terminals[0].height() // lines)
    window.resize(window.width() + wider, window.height() + higher)
    return False


def panes(probe: Probe, count: int, command: tuple[str, ...]) -> Iterator[Step]:
    terminals = [probe.add(f"pane {number}", *command, str(number)) for number in range(count)]
    if count > 1:
        probe.workspace.arrangement.set_layout(Layout.GRID)
    probe.show()
    probe.window.move(0, 0)
    yield probe.all_run
    yield lambda: _fit(probe, terminals)
    yield 1.0
    places = []
    for terminal in terminals:
        at = terminal.mapToGlobal(QPoint(0, 0))
        places.append((at.x(), at.y(), terminal.width(), terminal.height()))
    print(json.dumps(places), flush=True)
    yield 3600.0


def main() -> None:
    probe = Probe()
    probe.run(panes(probe, int(sys.argv[1]), tuple(sys.argv[2:])))


if __name__ == "__main__":
    main()
