"""The 2 px line of a program's progress (OSC 9;4), the same in pane bars and tabs."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from podium.core.protocol.reports import ProgressState
from podium.ui.theme.palette import WindowColors, color
from podium.workspace.views import InstanceState, InstanceView

_DASH = 6
"""Of work without a known end: it stands still, as nothing in the chrome spins."""


def paint_progress(
    painter: QPainter, line: QRectF, view: InstanceView, colors: WindowColors, done: float
) -> None:
    """Paint ``done`` of ``line`` over its track, after an error in the colour of failures, while paused grey."""
    theme = colors.theme(view.spec.theme)
    tint = color(theme.accent_ui)
    if view.round is None:
        match view.task.state:
            case ProgressState.ERROR:
                tint = colors.state(InstanceState.FAILED)
            case ProgressState.PAUSED:
                tint = colors.chrome.text_3
    painter.fillRect(line, color(theme.progress_track))
    if view.round is None and view.task.state is ProgressState.UNKNOWN:
        x = line.x()
        while x < line.right():
            painter.fillRect(QRectF(x, line.y(), min(_DASH, line.right() - x), line.height()), tint)
            x += 2 * _DASH
    else:
        painter.fillRect(QRectF(line.x(), line.y(), line.width() * done, line.height()), tint)
