"""``2 waiting``: goes to the one that waits longest; joined to it is what opens the inbox."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from podium.core.commands import CommandId
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.widgets.command_tip import CommandTip
from podium.workspace.views import InstanceState

_HEIGHT = 24
_RADIUS = _HEIGHT / 2
_CHEVRON = 26


class _Half(QAbstractButton):
    """One of the halves, each a button."""

    def __init__(self, themes: ThemeManager, parent: QWidget, *, left: int = 0, right: int = 0) -> None:
        """So many px of the chip's outline are the other half's: ``left`` or ``right`` of this one."""
        super().__init__(parent)
        self._themes = themes
        self._filled = False
        self._left, self._right = left, right
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        themes.changed.connect(self.update)

    def fill(self, filled: bool) -> None:
        if filled is not self._filled:
            self._filled = filled
            self.update()

    def _paint_ground(self, painter: QPainter) -> QColor:
        """Paint all but what is on it; returns the colour for that."""
        colors = self._themes.colors
        rect = QRectF(self.rect()).adjusted(-self._left, 0, self._right, 0)
        tint = colors.state(InstanceState.WAITING)
        if self._filled:
            fill_round(painter, rect, _RADIUS, color(colors.waiting.fill))
            tint = color(colors.waiting.on_fill)
        elif self.underMouse():
            veil = QColor(tint)
            veil.setAlphaF(0.12)
            fill_round(painter, rect, _RADIUS, veil)
        stroke_round(painter, rect, _RADIUS, colors.waiting_outline)
        return tint

    def _paint_focus(self, painter: QPainter) -> None:
        if self.hasFocus():
            stroke_round(
                painter, QRectF(self.rect()), _RADIUS, self._themes.colors.chrome.focus_ring, FOCUS_RING
            )


class WaitingChip(_Half):
    """Filled while one of those that wait has no tab in sight."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(themes, parent, right=_HEIGHT)
        self.setFont(font(Role.SMALL, 600))

    def show_count(self, count: int, *, filled: bool, short: bool = False) -> None:
        """``short``: without the word."""
        self.fill(filled)
        text = str(count) if short else f"{count} waiting"
        if text == self.text() and (count > 0) is not self.isHidden():
            return
        self.setText(text)
        self.setAccessibleName(f"{count} waiting, go to the one that waits longest")
        CommandTip(self, CommandId.NEXT_WAITING, "Go to the one that waits longest")
        self.setVisible(count > 0)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        text = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        return QSize(round(text) + 40, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = self._paint_ground(painter)
        painter.setFont(self.font())
        paint_state(painter, 12, (self.height() - BOX) / 2, InstanceState.WAITING, tint)
        paint_text(painter, QRectF(self.rect()).adjusted(28, 0, -4, 0), self.text(), tint)
        self._paint_focus(painter)


class InboxChevron(_Half):
    """Follows the chip without a gap."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(themes, parent, left=_HEIGHT)
        self.setAccessibleName("Inbox")
        CommandTip(self, CommandId.INBOX)

    def sizeHint(self) -> QSize:
        return QSize(_CHEVRON, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = self._paint_ground(painter)
        line = (
            color(self._themes.colors.waiting.rule) if self._filled else self._themes.colors.waiting_outline
        )
        painter.fillRect(QRectF(0, 1, 1, self.height() - 2), line)
        paint_icon(painter, "chevron", tint, 6, 6, 12)
        self._paint_focus(painter)
