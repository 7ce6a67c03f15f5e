"""How long programs waited for a person today, below the day's cost; nothing is shown while they did not."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from podium.core.blocked import Blocked
from podium.core.ids import InstanceId
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import paint_text
from podium.ui.theme.palette import ThemeManager
from podium.workspace.meters import blocked_text

_NAMED: Final = 3
"""The most instances that the tooltip names."""

BlockedToday = Callable[[], Mapping[InstanceId, Blocked]]


class BlockedLabel(QWidget):
    """``source`` says what was waited today, by instance, and is asked at each ``refresh``; ``name_of`` gives an
    instance's name, "" for one that was removed.
    """

    def __init__(
        self, themes: ThemeManager, name_of: Callable[[InstanceId], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._name_of = name_of
        self.source: BlockedToday = dict
        self.text = ""
        self._today: Mapping[InstanceId, Blocked] = {}
        self.hide()

    def refresh(self) -> bool:
        """Show what it is now. Returns whether its text is another, and with it perhaps its width."""
        self._today = self.source()
        text = blocked_text(sum(blocked.seconds for blocked in self._today.values()))
        if text == self.text:
            return False
        self.text = text
        self.setAccessibleName(f"{text} today" if text else "")
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()
        return True

    def sizeHint(self) -> QSize:
        return QSize(round(QFontMetricsF(font(Role.CAPTION)).horizontalAdvance(self.text)) + 1, 18)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            self.setToolTip(self._explanation())
        return super().event(event)

    def _explanation(self) -> str:
        total = sum(self._today.values(), Blocked())
        questions = "1 question" if total.questions == 1 else f"{total.questions:,} questions"
        most = sorted(self._today.items(), key=lambda one: one[1].seconds, reverse=True)
        named = [
            f"{self._name_of(id) or id} {blocked_text(blocked.seconds, '')}"
            for id, blocked in most[:_NAMED]
            if blocked.seconds
        ]
        if len(most) > _NAMED:
            named.append(f"{len(most) - _NAMED} more")
        return (
            f"Programs waited {blocked_text(total.seconds, '')} for you today "
            f"({questions}, the longest wait {blocked_text(total.longest, '')}).\n"
            f"{', '.join(named)}"
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font(Role.CAPTION))
        tint = self._themes.colors.chrome.text_2
        paint_text(painter, QRectF(self.rect()), self.text, tint, Qt.AlignmentFlag.AlignRight)
