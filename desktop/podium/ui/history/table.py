"""The list of runs: the keys it leaves to the page, and what it says when a row is chosen."""

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from podium.history.run_list import ListedRun
from podium.ui.history.model import RunModel
from podium.ui.history.rows import ROW, RunPainter

_MOVES: Final = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_J: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_K: -1,
}
_FAR: Final = 1_000_000


class RunTable(QListView):
    """Its rows are equally high, so that thousands of them scroll as smoothly as ten."""

    run_chosen = Signal(object)
    """The ListedRun that is chosen now; None when none is."""
    activated_run = Signal()
    """A double click."""

    def __init__(self, model: RunModel, painter: RunPainter, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setItemDelegate(painter)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Runs")
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.doubleClicked.connect(lambda _index: self.activated_run.emit())

    @property
    def chosen(self) -> ListedRun | None:
        row = self._model.row(self.currentIndex().row())
        return row if isinstance(row, ListedRun) else None

    def choose(self, number: int) -> None:
        """Choose a row; -1 chooses none."""
        self.setCurrentIndex(self._model.index(number) if number >= 0 else QModelIndex())
        if number == 1:
            self.scrollToTop()  # The day of the first run is seen too.

    def step(self, by: int) -> None:
        """Choose the run so many runs further on."""
        number = self._model.next_run(self.currentIndex().row(), by)
        if number >= 0:
            self.choose(number)

    def take_key(self, event: QKeyEvent) -> bool:
        """Move by a key, pressed here or elsewhere on the page. False when it moves nothing."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in _MOVES:
            self.step(_MOVES[key])
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            page = max(1, self.viewport().height() // ROW - 1)
            self.step(page if key is Qt.Key.Key_PageDown else -page)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.step(_FAR if key is Qt.Key.Key_End else -_FAR)
        else:
            return False
        return True

    def _on_current_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.run_chosen.emit(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Not Qt's search by typed letters: they are the page's keys.
        if not self.take_key(event):
            event.ignore()
