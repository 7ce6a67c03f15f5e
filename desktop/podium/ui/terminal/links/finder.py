"""Finds the links of a view: what has to be looked up is asked for, and answered a moment later."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, Signal

from podium.core.links.targets import Answer
from podium.ui.terminal.links.scan import Link, Scan, Wanted, scan_cell, scan_view
from podium.ui.terminal.view_state import ViewState

MOST_WAITING: Final = 8
"""Queries of one view that may wait; of more, the oldest are given up."""

Receive = Callable[[list[Link]], None]


class LinkQuery(NamedTuple):
    """Candidates to look up on the disk. ``number`` is the view's own."""

    number: int
    wanted: tuple[Wanted, ...]


class LinkFinder(QObject):
    """What it finds is handed on once, or never, where the query was given up."""

    wanted = Signal(object)
    """A LinkQuery, to be answered by ``answer``."""

    def __init__(self, state: ViewState, next_request: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._next_request = next_request
        self._waiting: dict[int, tuple[Scan, Receive]] = {}

    def find_in_view(self, receive: Receive) -> None:
        """Find all links in sight."""
        top = self._state.viewport.top
        self._find(scan_view(self._state.model, top, top + self._state.model.lines), receive)

    def known_in_view(self) -> list[Link]:
        """The links in sight that need no looking up."""
        top = self._state.viewport.top
        scan = scan_view(self._state.model, top, top + self._state.model.lines)
        return scan.links(self._state.model, ())

    def find_at(self, line: int, column: int, receive: Receive) -> None:
        """Find the links of a line, if something at ``column`` may be one."""
        scan = scan_cell(self._state.model, line)
        if scan.covers(line, column):
            self._find(scan, receive)
        else:
            receive([])

    def answer(self, number: int, answers: Sequence[Answer | None]) -> None:
        """Take the answers to a query: one for each candidate."""
        waiting = self._waiting.pop(number, None)
        if waiting is not None:
            scan, receive = waiting
            receive(scan.links(self._state.model, answers))

    def clear(self) -> None:
        """Give up all queries."""
        self._waiting.clear()

    def _find(self, scan: Scan, receive: Receive) -> None:
        if not scan.wanted:
            receive(scan.links(self._state.model, ()))
            return
        number = self._next_request()
        self._waiting[number] = scan, receive
        while len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        self.wanted.emit(LinkQuery(number, scan.wanted))
