"""The link under the pointer, and all links in sight while Control is held."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.ui.terminal.links.finder import LinkFinder
from podium.ui.terminal.links.scan import Link

REST_MS: Final = 50
"""The pointer rests so long on a cell before its link is looked up: moving over a screen asks for nothing."""
TOLD_MS: Final = 150
"""From the pointer's coming to rest on a link until its target is told, and from Control's press until all links are
marked: a shortcut marks nothing.
"""
AGAIN_MS: Final = 200
"""While Control is held, output that goes on is searched for links at most once in this time."""

Cell = tuple[int, int]


class LinkHover(QObject):
    """Cells are (absolute line, column)."""

    changed = Signal()
    """What is marked is another one now."""
    told = Signal(object)
    """The Link whose target is to be shown; None: it is to be hidden."""

    def __init__(self, finder: LinkFinder, parent: QObject) -> None:
        super().__init__(parent)
        self._finder = finder
        self._cell: Cell | None = None
        self._link: Link | None = None
        self._marked: list[Link] = []
        self._control = False
        self._told = False
        self._rest = self._timer(REST_MS, self._look)
        self._tell = self._timer(TOLD_MS - REST_MS, self._on_tell)
        self._mark = self._timer(TOLD_MS, self._mark_all)

    @property
    def link(self) -> Link | None:
        """The link under the pointer."""
        return self._link

    @property
    def marked(self) -> list[Link]:
        """The links to underline."""
        return self._marked

    def point_at(self, cell: Cell | None) -> None:
        """The pointer is over this cell of the text; None: over nothing that could be a link."""
        if cell == self._cell:
            return
        self._cell = cell
        if cell is not None and self._link is not None and self._link.covers(*cell):
            return
        self._drop()
        if cell is not None:
            self._rest.start()

    def hold_control(self, held: bool) -> None:
        """Control, and nothing that makes a shortcut of it, is held or not."""
        if held == self._control:
            return
        self._control = held
        if held:
            self._mark.start(TOLD_MS)
            return
        self._mark.stop()
        if self._marked:
            self._marked = []
            self.changed.emit()

    def text_changed(self, cell: Cell | None) -> None:
        """Output came, or the view was scrolled: ``cell`` is under the pointer now, and its text may be new."""
        if self._link is not None and (cell is None or not self._link.covers(*cell)):
            self._cell = None
            self._drop()
        self.point_at(cell)
        if self._control and not self._mark.isActive():
            self._mark.start(AGAIN_MS)

    def lines_changed(self) -> None:
        """What was found may stand no more."""
        if self._link is not None or self._marked:
            self._cell = None
            self._marked = []
            self._drop()
            self.changed.emit()

    def _timer(self, milliseconds: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(slot)
        return timer

    def stop_telling(self) -> None:
        """The target is to be hidden; the link stays marked."""
        self._tell.stop()
        if self._told:
            self._told = False
            self.told.emit(None)

    def _drop(self) -> None:
        self._rest.stop()
        self.stop_telling()
        if self._link is not None:
            self._link = None
            self.changed.emit()

    def _look(self) -> None:
        if (cell := self._cell) is not None:
            self._finder.find_at(*cell, lambda links: self._on_found(cell, links))

    def _on_found(self, cell: Cell, links: list[Link]) -> None:
        if cell != self._cell:
            return
        self._link = next((link for link in links if link.covers(*cell)), None)
        if self._link is not None:
            self.changed.emit()
            self._tell.start()

    def _on_tell(self) -> None:
        if self._link is not None:
            self._told = True
            self.told.emit(self._link)

    def _mark_all(self) -> None:
        self._finder.find_in_view(self._on_all_found)

    def _on_all_found(self, links: list[Link]) -> None:
        if self._control and links != self._marked:
            self._marked = links
            self.changed.emit()
