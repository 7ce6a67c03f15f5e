"""The buttons of window and dialogs: painted, because a style sheet can't tint icons or animate a hover."""

from enum import Enum, auto

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QPushButton, QWidget

from podium.core.themes import load_tokens
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, mix, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, color

_ICON = 16
_SMALL_ICON = 14
"""Beside the text of a small button."""
_GAP = 3


class ButtonKind(Enum):
    PLAIN = auto()
    """No frame until the pointer is on it."""
    OUTLINED = auto()
    PRIMARY = auto()
    DANGER = auto()
    WAITING = auto()
    """On the filled bar of an instance that waits."""


class Button(QPushButton):
    """A button with an icon, a text or both. In the chrome it never takes the focus by a click.

    Enter presses it as Space does, once for each time the key goes down.
    """

    def __init__(
        self,
        themes: ThemeManager,
        text: str = "",
        *,
        icon: str = "",
        kind: ButtonKind = ButtonKind.PLAIN,
        small: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._themes = themes
        self._icon_name = icon
        self._kind = kind
        self._small = small
        self._on_fill = False
        self._waiting_fill = False
        self._hover = QVariantAnimation(self)
        self._hover.setDuration(load_tokens().motion["hover_ms"])
        self._hover.setStartValue(0.0)
        self._hover.setEndValue(1.0)
        self._hover.valueChanged.connect(self.update)
        self._ring = False
        self.setFont(self._font())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setFixedHeight(load_tokens().size["button_small" if small else "button"])
        if name:
            self.setAccessibleName(name)
            self.setToolTip(name)
        themes.changed.connect(self.update)

    @property
    def kind(self) -> ButtonKind:
        return self._kind

    def set_kind(self, kind: ButtonKind) -> None:
        if kind is not self._kind:
            self._kind = kind
            self.setFont(self._font())
            self.updateGeometry()
            self.update()

    def set_icon(self, name: str) -> None:
        self._icon_name = name
        self.update()

    def set_filled(self, filled: bool) -> None:
        """Fill it with the waiting yellow: something that waits is behind it."""
        self._waiting_fill = filled
        self.update()

    def set_on_fill(self, on: bool) -> None:
        """It stands on the waiting bar's fill, so plain text and icon are dark in both schemes."""
        self._on_fill = on
        self.update()

    def sizeHint(self) -> QSize:
        width = 0.0
        text = self.text().replace("&", "")
        if text:
            width = QFontMetricsF(self.font()).horizontalAdvance(text) + 2 * self._padding()
        if self._icon_name:
            width += self._icon_size() + _GAP if text else self.height()
        return QSize(round(width + 0.5), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._hover.setDirection(QVariantAnimation.Direction.Forward)
        self._hover.start()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover.setDirection(QVariantAnimation.Direction.Backward)
        self._hover.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        event.accept()
        if not event.isAutoRepeat():
            self.click()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # A click needs no ring: the pointer is there already.
        self._ring = event.reason() is not Qt.FocusReason.MouseFocusReason
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring = False
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        rect = QRectF(self.rect())
        body = rect.adjusted(3, 3, -3, -3) if self._ring and self._filled() else rect
        radius = load_tokens().radius["control"] - (2 if body is not rect else 0)
        self._paint_body(painter, body, radius)
        if self._ring:
            outer = load_tokens().radius["control"]
            stroke_round(painter, rect, outer, self._themes.colors.chrome.focus_ring, FOCUS_RING)
        self._paint_content(painter, rect)

    def _paint_body(self, painter: QPainter, rect: QRectF, radius: float) -> None:
        chrome = self._themes.colors.chrome
        hover = float(self._hover.currentValue() or 0) if self.isEnabled() else 0.0
        match self._kind:
            case ButtonKind.PRIMARY:
                fill = (
                    chrome.primary_pressed
                    if self.isDown()
                    else mix(chrome.primary, chrome.primary_hover, hover)
                )
                fill_round(painter, rect, radius, fill if self.isEnabled() else chrome.border_strong)
            case ButtonKind.DANGER:
                fill_round(painter, rect, radius, mix(chrome.danger, chrome.danger_hover, hover))
            case ButtonKind.WAITING:
                fill_round(painter, rect, radius, color(self._themes.colors.waiting.button_fill))
            case ButtonKind.OUTLINED:
                fill = chrome.pressed if self.isDown() else mix(chrome.raised, chrome.hover, hover)
                fill_round(painter, rect, radius, fill)
                stroke_round(painter, rect, radius, chrome.border_strong)
            case ButtonKind.PLAIN if self._waiting_fill:
                fill_round(painter, rect, radius, color(self._themes.colors.waiting.fill))
            case ButtonKind.PLAIN:
                # A veil of the text's colour instead of a fixed fill: it sits on bars of every theme.
                veil = QColor(self._tint())
                veil.setAlphaF(0.16 if self.isDown() or self.isChecked() else 0.10 * hover)
                fill_round(painter, rect, radius, veil)

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        tint = self._tint()
        text = self.text().replace("&", "")
        middle = (rect.height() - _ICON) / 2
        if not text:
            paint_icon(painter, self._icon_name, tint, round((rect.width() - _ICON) / 2), round(middle))
            return
        if self._icon_name:
            left, size = self._padding() - 2, self._icon_size()
            paint_icon(painter, self._icon_name, tint, left, round((rect.height() - size) / 2), size)
            rect = rect.adjusted(left + size + _GAP, 0, 0, 0)
            paint_text(painter, rect, text, tint)
        else:
            paint_text(painter, rect, text, tint, Qt.AlignmentFlag.AlignHCenter)

    def _tint(self) -> QColor:
        colors = self._themes.colors
        chrome = colors.chrome
        if not self.isEnabled():
            return chrome.text_disabled
        match self._kind:
            case ButtonKind.PRIMARY:
                return chrome.on_primary
            case ButtonKind.DANGER:
                return chrome.on_danger
            case ButtonKind.WAITING:
                return color(colors.waiting.button_text)
            case ButtonKind.OUTLINED:
                return chrome.text
            case ButtonKind.PLAIN:
                if self._on_fill or self._waiting_fill:
                    return color(colors.waiting.on_fill)
                return chrome.text if self.underMouse() else chrome.text_2

    def _filled(self) -> bool:
        return self._kind in (ButtonKind.PRIMARY, ButtonKind.DANGER, ButtonKind.WAITING)

    def _padding(self) -> int:
        if self._small:
            return 9 if self._filled() or self._kind is ButtonKind.OUTLINED else 7
        return 13 if self._kind is not ButtonKind.PLAIN else 9

    def _icon_size(self) -> int:
        return _SMALL_ICON if self._small and self.text() else _ICON

    def _font(self) -> QFont:
        if self._filled():
            return font(Role.SMALL, 600) if self._small else font(Role.BODY_STRONG)
        return font(Role.SMALL) if self._small else font(Role.BODY, 500)
