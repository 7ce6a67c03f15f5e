"""The small box that says where the link under the pointer leads."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from podium.core.links.hosts import leads_elsewhere, shown_address
from podium.core.links.targets import CommitLink, FileLink, Target, WebLink
from podium.core.visible_text import visible
from podium.ui.terminal.painting.fonts import terminal_font
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.short_text import short_path
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.widgets.keycaps import keycaps_width, paint_keycaps
from podium.workspace.views import InstanceState

HEIGHT: Final = 28
_PADDING: Final = 10
_GAP: Final = 8
_MARGIN: Final = 8
_MOST_PATH: Final = 240
"""Characters behind a host that are laid out; the host is always shown in full."""


class LinkBox(QWidget):
    """Lies over the window and takes no events; one serves all terminals."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._area = parent
        self._before = self._host = self._after = ""
        self._elsewhere = ""
        self._keys: tuple[str, ...] = ()
        self._verb = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def text(self) -> str:
        """All that it says, for tests and screen readers."""
        goes = f"goes to {self._elsewhere}" if self._elsewhere else ""
        target = self._before + self._host + self._after
        return " ".join(filter(None, (goes, self._verb, target, "+".join(self._keys), "click")))

    def show_target(self, target: Target, near: QRect, keys: tuple[str, ...]) -> None:
        """Show it below ``near``, a rectangle of the parent's, or above where there is no room."""
        self._take(target)
        self._keys = keys
        self.setAccessibleName(self.text)
        parent = self._area
        room = parent.width() - 2 * _MARGIN
        width = min(round(self._wanted_width()), room)
        left = max(_MARGIN, min(near.x() - _PADDING, parent.width() - _MARGIN - width))
        top = near.bottom() + 5
        if top + HEIGHT > parent.height() - _MARGIN:
            top = near.top() - 5 - HEIGHT
        self.setGeometry(left, top, width, HEIGHT)
        self.show()
        self.raise_()
        self.update()

    def _take(self, target: Target) -> None:
        self._elsewhere = ""
        self._before = self._host = self._after = ""
        match target:
            case WebLink(url, named):
                self._verb = "Opens"
                before, self._host, after = shown_address(url)
                self._before, self._after = visible(before), visible(after)[:_MOST_PATH]
                self._elsewhere = leads_elsewhere(url, named)
            case FileLink(path, line, column, is_folder):
                self._verb = "Shows" if is_folder else "Opens"
                place = ":".join(str(number) for number in (line, column) if number)
                self._after = visible(short_path(path)) + (f":{place}" if place else "")
            case CommitLink(id):
                self._verb = "Runs"
                self._after = f"git show {id[:10]}"

    def _wanted_width(self) -> float:
        text, mono = QFontMetricsF(font(Role.SMALL)), QFontMetricsF(self._mono())
        width = 2.0 * _PADDING + text.horizontalAdvance(self._verb) + _GAP
        width += mono.horizontalAdvance(self._before + self._host + self._after) + _GAP + 1
        width += keycaps_width(self._keys) + text.horizontalAdvance("click") + _GAP + 4
        if self._elsewhere:
            width += BOX + 6 + text.horizontalAdvance(self._goes_to()) + _GAP
        return width

    def _goes_to(self) -> str:
        return f"goes to {self._elsewhere}"

    def _mono(self) -> QFont:
        return terminal_font(12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        chrome = colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 6, chrome.overlay)
        stroke_round(painter, rect, 6, chrome.border_strong)
        left, right, middle = float(_PADDING), rect.width() - _PADDING, rect.height() / 2
        small = QFontMetricsF(font(Role.SMALL))
        if self._elsewhere:
            # The triangle.
            paint_state(painter, left, middle - BOX / 2, InstanceState.EXITED, chrome.danger_text)
            left += BOX + 6
            left = self._paint(painter, left, self._goes_to(), font(Role.SMALL, 600), chrome.danger_text)
            left += _GAP
        left = self._paint(painter, left, self._verb, font(Role.SMALL), chrome.text_2) + _GAP
        width = small.horizontalAdvance("click") + 2
        painter.setFont(font(Role.SMALL))
        paint_text(painter, QRectF(right - width, 0, width, rect.height()), "click", chrome.text_2)
        right = paint_keycaps(painter, self._keys, right - width - 4, middle, chrome) - _GAP
        self._paint_target(painter, left, right)

    def _paint_target(self, painter: QPainter, left: float, right: float) -> None:
        """The host in full, and as much of the rest as there is room for."""
        chrome = self._themes.colors.chrome
        mono = QFontMetricsF(self._mono())
        host = mono.horizontalAdvance(self._host)
        before = min(mono.horizontalAdvance(self._before), max(0.0, right - left - host))
        painter.setFont(self._mono())
        height = self.height()
        elide_left, elide_right = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
        aligned = Qt.AlignmentFlag.AlignLeft
        if self._before:
            paint_text(
                painter, QRectF(left, 0, before, height), self._before, chrome.text_2, aligned, elide_left
            )
            left += before
        if self._host:
            paint_text(painter, QRectF(left, 0, host, height), self._host, chrome.text)
            left += host
        rest = QRectF(left, 0, max(0.0, right - left), height)
        elide = elide_right if self._host else elide_left
        paint_text(painter, rest, self._after, chrome.text_2 if self._host else chrome.text, aligned, elide)

    def _paint(self, painter: QPainter, left: float, text: str, face: QFont, tint: QColor) -> float:
        painter.setFont(face)
        width = QFontMetricsF(face).horizontalAdvance(text)
        paint_text(painter, QRectF(left, 0, width + 1, self.height()), text, tint)
        return left + width
