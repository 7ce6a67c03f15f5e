"""A button that shows what is chosen and opens the choices below it."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QPoint, QRectF, QSize, Signal
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from podium.ui.theme.icons import paint_icon
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.buttons import Button, ButtonKind

_CHEVRON: Final = 18
_LONGEST: Final = 24


class Choice(Button):
    """``title`` is what the choice is about, for those who don't see where it stands."""

    chosen = Signal(object)
    """The value of what was chosen, if it is another one."""

    def __init__(self, themes: ThemeManager, title: str, parent: QWidget) -> None:
        super().__init__(themes, kind=ButtonKind.OUTLINED, parent=parent)
        self._title = title
        self._entries: Sequence[tuple[str, Any]] = ()
        self._value: Any = None
        self.clicked.connect(self._open)

    @property
    def entries(self) -> Sequence[tuple[str, Any]]:
        return self._entries

    def offer(self, entries: Sequence[tuple[str, Any]], value: Any, shown: str = "") -> None:
        """``shown`` is the button's text; that of the chosen entry by default."""
        self._entries, self._value = entries, value
        text = shown or next((text for text, other in entries if other == value), self._title)
        text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
        # A button takes "&" for the mark of a key, and paints none; a name must not lose a letter.
        self.setText(text.replace("&", "＆"))
        self.setAccessibleName(f"{self._title}: {text}")
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + _CHEVRON, hint.height())

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        super()._paint_content(painter, rect.adjusted(0, 0, -_CHEVRON, 0))
        tint = self._themes.colors.chrome.text_2
        paint_icon(painter, "chevron", tint, self.width() - 26, (self.height() - 16) // 2)

    def menu_entries(self, menu: QMenu) -> None:
        for text, value in self._entries:
            action = QAction(text.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked(value == self._value)
            action.triggered.connect(lambda _on, value=value: self._choose(value))
            menu.addAction(action)

    def _choose(self, value: Any) -> None:
        if value != self._value:
            self.chosen.emit(value)

    def _open(self) -> None:
        menu = QMenu(self)
        self.menu_entries(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))
