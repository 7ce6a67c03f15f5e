"""The cursor of a view: where it shows, whether it blinks, and the text that an input method composes at it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from podium.ui.terminal.hit_tester import HitTester
from podium.ui.terminal.painting.canvas import CursorContent
from podium.ui.terminal.painting.cursor_blink import CursorBlink


class CursorDisplay:
    """Has the view repaint what changes of its cursor, and nothing else."""

    def __init__(self, hit_tester: HitTester, view: QWidget) -> None:
        self.preedit = ""
        """Text that is still composed."""
        self.blink = CursorBlink(view)
        self.blink.toggled.connect(self._on_blink_toggled)
        self._hit_tester = hit_tester
        self._view = view
        self._painted = QRect()
        self._told_input_area = QRect()

    def refresh(self) -> None:
        """The cursor, the focus or what is shown has changed."""
        content = self._content()
        self.blink.set_wanted(content is not None and content.cursor.blinking and content.focused)
        self._view.update(self._painted)
        self._view.update(self._area(content))
        if self._view.hasFocus() and self.input_area() != self._told_input_area:
            # An input method asks only when it is told; its list of candidates would stay where the cursor was.
            self._told_input_area = self.input_area()
            self._view.updateMicroFocus(Qt.InputMethodQuery.ImCursorRectangle)

    def take_for_painting(self) -> CursorContent | None:
        """The cursor to paint now; None while it is off or out of view."""
        content = self._content()
        self._painted = self._area(content)
        return content if self.blink.on or self.preedit else None

    def input_area(self) -> QRect:
        """The place of composed text; empty while it is not in view."""
        return self._area(self._hit_tester.cursor(focused=True, composing=True))

    def _content(self) -> CursorContent | None:
        focused = self._view.hasFocus() and self._view.isActiveWindow()
        return self._hit_tester.cursor(focused, composing=bool(self.preedit))

    def _area(self, content: CursorContent | None) -> QRect:
        return self._hit_tester.canvas.cursor_area(content) if content is not None else QRect()

    def _on_blink_toggled(self) -> None:
        self._view.update(self._painted)
