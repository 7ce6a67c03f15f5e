"""The groups of the settings at the left: the one in sight is marked, a click goes to one."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.state_shapes import paint_warning

_ROW = 31


class GroupButton(QAbstractButton):
    """Marked while its group is in sight."""

    accessible_role = QAccessible.Role.RadioButton

    def __init__(self, themes: ThemeManager, title: str) -> None:
        super().__init__()
        self._themes = themes
        self._faults = 0
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFixedHeight(_ROW)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_faults(0)

    def show_faults(self, count: int) -> None:
        """So many of its entries in the file can't be used."""
        self._faults = count
        said = f", {count} can't be used" if count else ""
        self.setAccessibleName(f"{self.text()}{said}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked():
            fill_round(painter, rect, 6, chrome.selected)
        elif self.underMouse():
            fill_round(painter, rect, 6, chrome.hover)
        if self.hasFocus():
            stroke_round(painter, rect, 6, chrome.focus_ring, FOCUS_RING)
        painter.setFont(font(Role.BODY_STRONG if self.isChecked() else Role.BODY))
        tint = chrome.text if self.isChecked() else chrome.text_2
        paint_text(painter, QRectF(12, 0, self.width() - 60, _ROW), self.text(), tint)
        if self._faults:
            painter.setFont(font(Role.SMALL, 600))
            right = QRectF(self.width() - 30, 0, 18, _ROW)
            paint_text(painter, right, str(self._faults), chrome.danger_text, Qt.AlignmentFlag.AlignRight)
            paint_warning(painter, self.width() - 40, (_ROW - 10) / 2, chrome.danger_text)


class GroupList(QWidget):
    """Arrow keys go through the groups."""

    chosen = Signal(str)
    """The name of a section."""

    def __init__(self, themes: ThemeManager, groups: Sequence[tuple[str, str]]) -> None:
        """``groups``: names and titles."""
        super().__init__()
        self.setAccessibleName("Groups of settings")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.buttons: dict[str, GroupButton] = {}
        for name, title in groups:
            button = self.buttons[name] = GroupButton(themes, title)
            button.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            column.addWidget(button)

    def show_current(self, name: str) -> None:
        if name in self.buttons:
            self.buttons[name].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        shown = [name for name, button in self.buttons.items() if not button.isHidden()]
        at = next((index for index, name in enumerate(shown) if self.buttons[name].hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        event.accept()
        name = shown[(at + step) % len(shown)]
        self.buttons[name].setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(name)
