"""How long the command palette takes until it is painted, with as many instances as there may be."""

import os
import statistics
import time
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QTimer

from podium.core.commands import CommandId
from podium.core.instances import MAX_INSTANCES, InstanceSpec, Kind
from podium.ui.command_palette.palette import CommandPalette
from podium.workspace.arrangement import Layout
from tests.bench.probe import Probe, Step

_ROUNDS = 20


class _Painted(QObject):
    """When a widget's next paint is over."""

    def __init__(self, widget: QObject) -> None:
        super().__init__(widget)
        self.at = 0.0
        self.spent = 0.0
        """The process's CPU time by then, in s."""
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            QTimer.singleShot(0, self, self._on_painted)
        return False

    def _on_painted(self) -> None:
        if not self.at:
            self.at, self.spent = time.perf_counter(), time.process_time()


def opening(probe: Probe) -> Iterator[Step]:
    """Four shells run in a grid, the others are there; from the key's command to the painted palette, and from a letter
    to the painted list. In ms.
    """
    workspace = probe.workspace
    for number in range(4):
        probe.add(f"shell {number}")
    for number in range(4, MAX_INSTANCES):
        id = workspace.new_id(f"shell {number}")
        folder = os.getcwd()  # noqa: PTH109
        workspace.create(
            InstanceSpec(id, f"shell {number}", Kind.SHELL, workspace.next_theme(), folder), start=False
        )
    workspace.arrangement.set_layout(Layout.GRID)
    probe.show()
    yield lambda: all(workspace.view(id).busy for id in workspace.ids()[:4])
    yield 2.0
    opened: list[float] = []
    spent: list[float] = []
    typed: list[float] = []
    for _ in range(_ROUNDS):
        start, before = time.perf_counter(), time.process_time()
        probe.window.run(CommandId.COMMAND_PALETTE, None)
        (sheet,) = probe.window.sheets
        assert isinstance(sheet, CommandPalette)
        painted = _Painted(sheet.list.viewport())
        yield lambda painted=painted: painted.at
        opened.append((painted.at - start) * 1000)
        spent.append((painted.spent - before) * 1000)
        for text in ("r", "re", "res", "rest"):
            painted = _Painted(sheet.list.viewport())
            start = time.perf_counter()
            sheet.field.setText(text)
            yield lambda painted=painted: painted.at
            typed.append((painted.at - start) * 1000)
        sheet.reject()
        yield 0.05
    probe.result.update(
        first=opened[0],
        median=statistics.median(opened[1:]),
        longest=max(opened[1:]),
        spent=statistics.median(spent[1:]),
        letter=statistics.median(typed),
    )
