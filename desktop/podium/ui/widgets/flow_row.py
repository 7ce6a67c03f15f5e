"""Widgets in a row that goes on in the next line where the room ends, as words do.

A widget and no QLayout: the items of a layout are destroyed by Qt, unknown to their wrappers in Python.
"""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget


class FlowRow(QWidget):
    """Places what is ``add``-ed in that order, centred in its line; as high as its width makes it."""

    def __init__(self, gap: int = 6) -> None:
        super().__init__()
        self._gap = gap
        self._widgets: list[QWidget] = []
        # Not Fixed: a layout would then take the height of one line for the most.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, *widgets: QWidget) -> None:
        """Several widgets stay together in one line."""
        widget = widgets[0] if len(widgets) == 1 else _group(widgets, self._gap)
        widget.setParent(self)
        widget.show()
        self._widgets.append(widget)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        return lines[-1][-1][1].bottom() + 1 + self.contentsMargins().bottom() if lines else 0

    def sizeHint(self) -> QSize:
        sizes = [self._size(widget, 1 << 20) for widget in self._shown()]
        if not sizes:
            return QSize(0, 0)
        width = sum(size.width() for size in sizes) + self._gap * (len(sizes) - 1)
        return self._with_margins(QSize(width, max(size.height() for size in sizes)))

    def minimumSizeHint(self) -> QSize:
        sizes = [widget.minimumSizeHint() for widget in self._shown()]
        width = max((size.width() for size in sizes), default=0)
        return self._with_margins(QSize(width, max((size.height() for size in sizes), default=0)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._arrange()
        return super().event(event)

    def _shown(self) -> list[QWidget]:
        return [widget for widget in self._widgets if not widget.isHidden()]

    def _with_margins(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())

    @staticmethod
    def _size(widget: QWidget, room: int) -> QSize:
        hint = widget.sizeHint().expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize())
        width = min(hint.width(), room)
        return QSize(width, widget.heightForWidth(width) if widget.hasHeightForWidth() else hint.height())

    def _lines(self, width: int) -> list[list[tuple[QWidget, QRect]]]:
        """The shown widgets, line by line, each with its place in a row ``width`` px wide."""
        margins = self.contentsMargins()
        end = width - margins.right()
        lines: list[list[tuple[QWidget, QRect]]] = []
        left, top = margins.left(), margins.top()
        for widget in self._shown():
            size = self._size(widget, end - margins.left())
            if not lines or left + size.width() > end:
                if lines:
                    top = max(rect.bottom() for _, rect in lines[-1]) + 1 + self._gap
                left = margins.left()
                lines.append([])
            lines[-1].append((widget, QRect(QPoint(left, top), size)))
            left += size.width() + self._gap
        return [_centred(line) for line in lines]

    def _arrange(self) -> None:
        for line in self._lines(self.width()):
            for widget, rect in line:
                widget.setGeometry(rect)


def _centred(line: list[tuple[QWidget, QRect]]) -> list[tuple[QWidget, QRect]]:
    """The highest widget last: it decides where the line ends."""
    height = max(rect.height() for _, rect in line)
    moved = [(widget, rect.translated(0, (height - rect.height()) // 2)) for widget, rect in line]
    return sorted(moved, key=lambda place: place[1].bottom())


def _group(widgets: tuple[QWidget, ...], gap: int) -> QWidget:
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(gap)
    for widget in widgets:
        row.addWidget(widget)
    return group
