"""One line of text with its found letters marked, elided where it has to be."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from podium.ui.command_palette.matching import Spans


def paint_marked(
    painter: QPainter,
    rect: QRectF,
    text: str,
    spans: Spans,
    tint: QColor,
    mark: QColor,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """Paint ``text`` in the painter's font, centred in height, with ``spans`` in ``mark`` and 600; its width in px."""
    if rect.width() <= 0 or not text:
        return 0.0
    font = painter.font()
    shown = QFontMetricsF(font).elidedText(text, elide, rect.width() + 0.5)
    layout = _laid_out(shown, moved(spans, text, shown), font, mark)
    line = layout.lineAt(0)
    width = line.naturalTextWidth()
    if width > rect.width() + 0.5:  # The marked letters are wider than those it was elided by.
        shown = QFontMetricsF(font).elidedText(text, elide, 2 * rect.width() - width)
        layout = _laid_out(shown, moved(spans, text, shown), font, mark)
        line = layout.lineAt(0)
    painter.setPen(tint)
    layout.draw(painter, QPointF(rect.left(), rect.center().y() - line.height() / 2))
    return line.naturalTextWidth()


def moved(spans: Spans, text: str, shown: str) -> Sequence[tuple[int, int]]:
    """``spans`` of ``text`` in ``shown``, which is the same with a piece replaced by one "…", or all of it."""
    if shown == text:
        return spans
    before = shown.find("…")
    while before > 0 and not text.startswith(shown[:before]):
        before -= 1
    before = max(0, before)
    after = len(shown) - before - 1
    gap_end = len(text) - after
    found = []
    for start, end in spans:
        found += [
            (start, min(end, before)),
            (max(start, gap_end) - gap_end + before + 1, end - gap_end + before + 1),
        ]
    return [(start, end) for start, end in found if 0 <= start < end]


def _laid_out(text: str, spans: Sequence[tuple[int, int]], font: QFont, mark: QColor) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    # A name from right to left stays at the left, where all names begin.
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    layout.setTextOption(option)
    formats = []
    for start, end in spans:
        found = QTextLayout.FormatRange()
        found.start, found.length = _units(text[:start]), _units(text[start:end])
        look = QTextCharFormat()
        look.setForeground(mark)
        look.setFontWeight(QFont.Weight.DemiBold)
        found.format = look
        formats.append(found)
    layout.setFormats(formats)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return layout


def _units(text: str) -> int:
    """Qt counts in UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
