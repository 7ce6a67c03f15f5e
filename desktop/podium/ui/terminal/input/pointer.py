"""The mouse in a terminal: it belongs to the program, selects text, or moves the scrollbar."""

import time
from typing import Final, Protocol

from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWheelEvent

from podium.core.protocol.frames import MOUSE_MODES, ScreenMode
from podium.core.protocol.reports import Match
from podium.core.protocol.requests import KeyInput, MouseAction, MouseButton, MouseInput
from podium.ui.terminal.hit_tester import HitTester
from podium.ui.terminal.input.keyboard import key_modifiers
from podium.ui.terminal.input.mouse import NOTCH, MouseReporter, WheelSteps
from podium.ui.terminal.model.cell_position import CellPosition
from podium.ui.terminal.selection.selection import SelectionMode

AUTO_SCROLL_MS: Final = 40
ALTERNATE_SCROLL_KEYS: Final = 3
"""Arrow keys a notch of the wheel sends to a full-screen program that does not track the mouse."""

_BUTTONS: Final = {
    Qt.MouseButton.LeftButton: MouseButton.LEFT,
    Qt.MouseButton.MiddleButton: MouseButton.MIDDLE,
    Qt.MouseButton.RightButton: MouseButton.RIGHT,
    Qt.MouseButton.BackButton: MouseButton.BACK,
    Qt.MouseButton.ForwardButton: MouseButton.FORWARD,
    Qt.MouseButton.ExtraButton3: MouseButton.EXTRA_10,
    Qt.MouseButton.ExtraButton4: MouseButton.EXTRA_11,
}


class PointerHost(Protocol):
    """The view, as the pointer uses it."""

    def send(self, request: object) -> None: ...
    def scroll_lines(self, lines: int) -> None: ...
    def scroll_to(self, top: int) -> None: ...
    def refresh(self) -> None: ...
    def refresh_scrollbar(self) -> None: ...
    def copy_selected(self) -> None: ...
    def paste_primary(self) -> None: ...
    def activate_link(self, position: QPointF) -> None: ...
    def zoom(self, steps: int) -> None: ...
    def choose_match(self, match: Match) -> None: ...
    def show_line(self, line: int) -> None: ...


class Pointer(QObject):
    """Interprets mouse events of one view."""

    def __init__(self, hit_tester: HitTester, host: PointerHost, parent: QObject) -> None:
        super().__init__(parent)
        self._hit_tester = hit_tester
        self._selection = hit_tester.state.selection
        self._scrollbar = hit_tester.scrollbar
        self._host = host
        self._reporter = MouseReporter()
        self._wheel_x = WheelSteps()
        self._wheel_y = WheelSteps()
        self._wheel_zoom = WheelSteps()
        self._selecting = False
        self._position = QPointF()
        self._double_click: tuple[float, QPointF] | None = None
        self._auto_scroll = QTimer(self)
        self._auto_scroll.setInterval(AUTO_SCROLL_MS)
        self._auto_scroll.timeout.connect(self._on_auto_scroll)

    @property
    def _modes(self) -> int:
        return self._hit_tester.state.program_modes

    def shape(self, position: QPointF) -> Qt.CursorShape:
        """The mouse cursor that shows what a press would do."""
        if self._hit_tester.is_over_scrollbar(position) or self._modes & MOUSE_MODES:
            return Qt.CursorShape.ArrowCursor
        return Qt.CursorShape.IBeamCursor

    def press(self, event: QMouseEvent) -> None:
        host, position = self._host, event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self._hit_tester.is_over_scrollbar(position):
            match self._hit_tester.tick_at(position):
                case Match() as found:
                    host.choose_match(found)
                    return
                case int(line):
                    host.show_line(line)
                    return
            self._scrollbar.grab(position.y(), self._hit_tester.scrollbar_thumb())
            host.scroll_to(self._hit_tester.scrollbar_target(position.y()))
        elif self.is_for_program(event.modifiers()):
            self._report_press(event)
        elif left:
            self._begin_selection(event, self._clicked_mode(event))
        elif event.button() == Qt.MouseButton.MiddleButton:
            host.paste_primary()

    def double_click(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.is_for_program(event.modifiers()):
            self.press(event)
        elif not self._hit_tester.is_over_scrollbar(event.position()):
            self._double_click = (time.monotonic(), event.position())
            self._begin_selection(event, SelectionMode.WORDS)

    def move(self, event: QMouseEvent) -> None:
        host, self._position = self._host, event.position()
        if self._scrollbar.dragging:
            host.scroll_to(self._hit_tester.scrollbar_target(self._position.y()))
        elif self._selecting:
            self._extend_selection()
            if self._hit_tester.rows_outside(self._position):
                self._auto_scroll.start()
            else:
                self._auto_scroll.stop()
        else:
            self._set_hovered(self._hit_tester.is_over_scrollbar(self._position))
            position = self._hit_tester.screen_position(self._position)
            if position is not None and (self._reporter.holds_button or not _shift(event.modifiers())):
                self._send(self._reporter.move(self._modes, position, _modifiers(event)))

    def release(self, event: QMouseEvent) -> None:
        host = self._host
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self._scrollbar.dragging:
            self._scrollbar.release()
            self._set_hovered(self._hit_tester.is_over_scrollbar(event.position()))
        elif left and self._selecting:
            self._selecting = False
            self._auto_scroll.stop()
            if not self._selection.is_empty:
                host.copy_selected()
            elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                host.activate_link(event.position())
        else:
            button = _BUTTONS.get(event.button())
            position = self._hit_tester.screen_position(event.position()) or CellPosition(0, 0)
            if button is not None:
                self._send(self._reporter.release(self._modes, position, button, _modifiers(event)))

    def leave(self) -> None:
        self._set_hovered(False)

    def wheel(self, event: QWheelEvent) -> None:
        host, modes = self._host, self._modes
        pixels, angle = event.pixelDelta(), event.angleDelta()
        # A touch pad gives pixels, a wheel eighths of a degree; some platforms turn it sideways while Shift is held.
        fine = not pixels.isNull()
        delta = pixels if fine else angle
        shift = _shift(event.modifiers())
        vertical = delta.y() or (delta.x() if shift else 0)
        if modes & MOUSE_MODES and not shift:
            step = self._hit_tester.line_height if fine else NOTCH
            self._report_wheel(
                event, self._wheel_y.take(delta.y(), step), self._wheel_x.take(delta.x(), step)
            )
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if steps := self._wheel_zoom.take(angle.y() or angle.x(), NOTCH):
                host.zoom(steps)
        elif modes & ScreenMode.ALTERNATE_SCREEN:
            if modes & ScreenMode.ALTERNATE_SCROLL and not shift:
                lines = self._wheel_y.take(
                    vertical, self._hit_tester.line_height if fine else NOTCH / ALTERNATE_SCROLL_KEYS
                )
                for _ in range(abs(lines)):
                    host.send(KeyInput("Up" if lines > 0 else "Down"))
        else:
            per_notch = max(1, QGuiApplication.styleHints().wheelScrollLines())
            lines = self._wheel_y.take(vertical, self._hit_tester.line_height if fine else NOTCH / per_notch)
            if lines:
                host.scroll_lines(-lines)

    def is_for_program(self, held: Qt.KeyboardModifier) -> bool:
        """True when the program tracks the mouse and Shift does not take it back."""
        return bool(self._modes & MOUSE_MODES) and not _shift(held)

    def _report_press(self, event: QMouseEvent) -> None:
        button, position = _BUTTONS.get(event.button()), self._hit_tester.screen_position(event.position())
        if button is not None and position is not None:
            self._send(self._reporter.press(self._modes, position, button, _modifiers(event)))

    def _report_wheel(self, event: QWheelEvent, down: int, right: int) -> None:
        position = self._hit_tester.screen_position(event.position())
        if position is None:
            return
        modifiers = int(key_modifiers(event.modifiers()))
        for steps, ahead, back in (
            (down, MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN),
            (right, MouseButton.WHEEL_LEFT, MouseButton.WHEEL_RIGHT),
        ):
            for _ in range(abs(steps)):
                self._host.send(position.event(MouseAction.WHEEL, ahead if steps > 0 else back, modifiers))

    def _clicked_mode(self, event: QMouseEvent) -> SelectionMode:
        if self._double_click is not None:
            when, where = self._double_click
            self._double_click = None
            near = (
                event.position() - where
            ).manhattanLength() < QGuiApplication.styleHints().startDragDistance()
            if (
                near
                and time.monotonic() - when < QGuiApplication.styleHints().mouseDoubleClickInterval() / 1000
            ):
                return SelectionMode.LINES
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return SelectionMode.BLOCK
        return SelectionMode.CHARACTERS

    def _begin_selection(self, event: QMouseEvent, mode: SelectionMode) -> None:
        host = self._host
        self._selecting = True
        self._position = event.position()
        # Where the program tracks the mouse, Shift means "select" and so cannot also mean "extend".
        if _shift(event.modifiers()) and not self._modes & MOUSE_MODES and not self._selection.is_empty:
            self._extend_selection()
            return
        cell = self._hit_tester.pointed_cell(self._position)
        self._selection.begin(
            self._hit_tester.state.viewport.top + cell.row, cell.column, cell.right_half, mode
        )
        host.refresh()

    def _extend_selection(self) -> None:
        host = self._host
        cell = self._hit_tester.pointed_cell(self._position)
        self._selection.extend(self._hit_tester.state.viewport.top + cell.row, cell.column, cell.right_half)
        host.refresh()

    def _set_hovered(self, hovered: bool) -> None:
        if hovered != self._scrollbar.hovered:
            self._scrollbar.hovered = hovered
            self._host.refresh_scrollbar()

    def _send(self, report: MouseInput | None) -> None:
        if report is not None:
            self._host.send(report)

    def _on_auto_scroll(self) -> None:
        outside = self._hit_tester.rows_outside(self._position)
        if not self._selecting or not outside:
            self._auto_scroll.stop()
            return
        self._host.scroll_lines(outside)
        self._extend_selection()


def _shift(modifiers: Qt.KeyboardModifier) -> bool:
    return bool(modifiers & Qt.KeyboardModifier.ShiftModifier)


def _modifiers(event: QMouseEvent) -> int:
    return int(key_modifiers(event.modifiers()))
