"""Instances as rows of a dialog: accent, shape, name, and what there is to say of each."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_name, paint_text
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.plain_text import plain_label, plain_tip
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.workspace.views import InstanceView

_ROW = 28
_MOST_ROWS = 10
_NAME_LEFT = 34
_GAP = 16
_MOST_OF_NAME = 0.5


class InstanceLine(NamedTuple):
    """A row: the instance, and a remark, such as what runs in it."""

    view: InstanceView
    text: str


def add_instance_rows(layout: QVBoxLayout, themes: ThemeManager, lines: Sequence[InstanceLine]) -> None:
    """Add a row for each of ``lines``; of very many the first ones, and how many more there are."""
    for line in lines[:_MOST_ROWS]:
        layout.addWidget(_InstanceRow(themes, line))
    if len(lines) > _MOST_ROWS:
        rest = plain_label(f"and {len(lines) - _MOST_ROWS} more")
        rest.setFont(font(Role.SMALL))
        rest.setProperty("role", "tertiary")
        layout.addWidget(rest)


class _InstanceRow(QWidget):
    def __init__(self, themes: ThemeManager, line: InstanceLine) -> None:
        super().__init__()
        self._themes = themes
        self._line = line
        self.setFixedHeight(_ROW)
        self.setAccessibleName(f"{line.view.spec.name}, {line.text}")
        self.setToolTip(plain_tip(f"{line.view.spec.name}\n{line.text}"))  # a narrow row may cut it

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        view, text = self._line
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        fill_round(painter, QRectF(2, middle - 7, 3, 14), 1.5, color(colors.theme(view.spec.theme).accent_ui))
        paint_state(painter, 14, middle - BOX / 2, view.state, colors.state(view.state))
        painter.setFont(font(Role.BODY, 500))
        room = self.width() - _NAME_LEFT
        name = min(QFontMetricsF(painter.font()).horizontalAdvance(view.spec.name) + 2, room * _MOST_OF_NAME)
        paint_name(painter, QRectF(_NAME_LEFT, 0, name, _ROW), view.spec.name, colors.chrome.text)
        painter.setFont(font(Role.SMALL))
        left = max(_NAME_LEFT + name + _GAP, min(self.width() - 150, self.width() * 0.6))
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 2
        left = min(left, max(_NAME_LEFT + name + _GAP, self.width() - width))
        paint_text(painter, QRectF(left, 0, self.width() - left, _ROW), text, colors.chrome.text_2)
