"""A row of the inbox: an instance that ended, or rang its bell, and was not looked at since."""

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from podium.core.instances import AlertLevel
from podium.ui.inbox import words
from podium.ui.inbox.contents import Member
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_name, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.plain_text import plain_tip
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.widgets.buttons import Button

HEIGHT: Final = 34
_NAME: Final = 150
_LEFT: Final = 12


class EndedRow(QWidget):
    """Bar, shape, name, how it ended, when, and a way there."""

    chosen = Signal()
    show_requested = Signal()

    def __init__(self, themes: ThemeManager, member: Member, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._time = ""
        self._selected = self._focused = False
        self.member = member
        self.show_button = Button(themes, "Show", small=True, parent=self)
        self.show_button.clicked.connect(self.show_requested)
        self.setFixedHeight(HEIGHT)
        themes.changed.connect(self.update)

    def show_member(self, member: Member, time: str) -> None:
        self.member, self._time = member, time
        said = f"{member.view.spec.name}: {words.ending(member)}, {time}"
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.update()

    def show_selected(self, selected: bool, *, keyboard: bool) -> None:
        self._selected, self._focused = selected, selected and keyboard
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.show_requested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        hint = self.show_button.sizeHint()
        top = (self.height() - hint.height()) // 2
        self.show_button.setGeometry(self.width() - hint.width() - 4, top, hint.width(), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        middle = rect.center().y()
        if self._selected:
            fill_round(painter, rect, 6, colors.chrome.selected)
            if self._focused:
                stroke_round(painter, rect, 6, colors.chrome.focus_ring, FOCUS_RING)
        else:
            painter.fillRect(
                QRectF(_LEFT, rect.bottom() - 1, rect.width() - 2 * _LEFT, 1), colors.chrome.border
            )
        spec = self.member.view.spec
        accent = color(colors.theme(spec.theme).accent_ui)
        fill_round(painter, QRectF(_LEFT, middle - 7, 3, 14), 1.5, accent)
        state = words.shape(self.member)
        paint_state(painter, _LEFT + 10, middle - BOX / 2, state, colors.state(state))
        left = _LEFT + 10 + BOX + 8
        painter.setFont(font(Role.BODY, 500))
        paint_name(painter, QRectF(left, 0, _NAME - 8, HEIGHT), spec.name, colors.chrome.text)
        left += _NAME
        if spec.alerts is AlertLevel.MUTED:
            paint_icon(painter, "bell-off", colors.chrome.text_3, left - 18, round(middle - 7), 14)
        painter.setFont(font(Role.SMALL))
        right = self.show_button.x() - 10
        taken = QFontMetricsF(painter.font()).horizontalAdvance(self._time)
        time = QRectF(right - taken, 0, taken, HEIGHT)
        paint_text(painter, time, self._time, colors.chrome.text_3, Qt.AlignmentFlag.AlignRight)
        said = QRectF(left, 0, right - taken - 10 - left, HEIGHT)
        paint_text(painter, said, words.ending(self.member), colors.chrome.text_2)
