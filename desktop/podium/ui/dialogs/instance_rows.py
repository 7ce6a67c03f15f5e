"""Instances as rows of a dialog: accent, shape, name, word."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from podium.ui.look.fonts import Role, font
from podium.ui.look.painting import fill_round, paint_text
from podium.ui.look.palette import Looks, color
from podium.ui.look.plain_text import plain_label
from podium.ui.look.state_shapes import BOX, paint_state
from podium.workspace.views import InstanceView

_ROW = 28
_MOST_ROWS = 10


def add_instance_rows(layout: QVBoxLayout, looks: Looks, views: Sequence[InstanceView]) -> None:
    """Add a row for each of ``views``; of very many the first ones, and how many more there are."""
    for view in views[:_MOST_ROWS]:
        layout.addWidget(_InstanceRow(looks, view))
    if len(views) > _MOST_ROWS:
        rest = plain_label(f"and {len(views) - _MOST_ROWS} more")
        rest.setFont(font(Role.SMALL))
        rest.setProperty("role", "tertiary")
        layout.addWidget(rest)


class _InstanceRow(QWidget):
    """Accent, shape, name, word."""

    def __init__(self, looks: Looks, view: InstanceView) -> None:
        super().__init__()
        self._looks = looks
        self._view = view
        self.setFixedHeight(_ROW)
        self.setAccessibleName(f"{view.spec.name}, {view.word}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = self._looks.look
        view = self._view
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        fill_round(painter, QRectF(2, middle - 7, 3, 14), 1.5, color(look.theme(view.spec.theme).accent_ui))
        paint_state(painter, 14, middle - BOX / 2, view.state, look.state(view.state))
        painter.setFont(font(Role.BODY, 500))
        paint_text(painter, QRectF(34, 0, self.width() - 190, _ROW), view.spec.name, look.chrome.text)
        painter.setFont(font(Role.SMALL))
        paint_text(painter, QRectF(self.width() - 150, 0, 150, _ROW), view.word, look.chrome.text_2)
