"""The terminal widget: shows what frames say and emits what the person does as requests."""

import itertools
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from podium.core.frames import Frame, ScreenMode
from podium.core.instances import ThemeName
from podium.core.reports import LinesReport, TextReport
from podium.core.requests import Acknowledge, FocusInput, LinesWanted, Paste, RawInput, Resize
from podium.core.themes import ThemeVariant, load_theme
from podium.ui.terminal.canvas import Canvas, CursorContent
from podium.ui.terminal.clipboard import dropped_text, has_primary_selection, paste_is_risky, read_clipboard
from podium.ui.terminal.colors import Palette
from podium.ui.terminal.copying import Copying
from podium.ui.terminal.cursor_blink import CursorBlink
from podium.ui.terminal.fonts import DEFAULT_SIZE, MAXIMUM_SIZE, MINIMUM_SIZE
from podium.ui.terminal.geometry import Geometry, PointedCell
from podium.ui.terminal.keyboard import key_input
from podium.ui.terminal.pointer import Pointer
from podium.ui.terminal.scene import Scene
from podium.ui.terminal.scrollbar import ScrollBar

RESIZE_DELAY_MS: Final = 60
LINES_DELAY_MS: Final = 10
"""Scrolling asks for lines at most once in this time."""


class TerminalView(QWidget):
    """Paints frames of one session and emits intentions; knows nothing of workers.

    ``next_request`` numbers the requests that expect an answer; share one between all who ask the same session.
    """

    requested = Signal(object)
    """A value of core.requests for the session."""
    paste_requested = Signal(str)
    """Text that a program could run at once: ask the person, then call ``paste_text``."""
    link_activated = Signal(str)
    """Control+click on a hyperlink: ask the person, then open it."""

    def __init__(
        self, parent: QWidget | None = None, *, next_request: Callable[[], int] | None = None
    ) -> None:
        super().__init__(parent)
        self.shortcut_filter: Callable[[QKeyEvent], bool] | None = None
        """Says which keys the window has bound; those never reach the program."""
        self._next_request = next_request or itertools.count(1).__next__
        self._scene = Scene()
        self.viewport, self.selection = self._scene.viewport, self._scene.selection
        self.scrollbar = ScrollBar()
        self._copying = Copying()
        self._theme = load_theme(ThemeName.INDIGO).dark
        self._font_size = DEFAULT_SIZE
        self._canvas = Canvas(
            self._palette(), DEFAULT_SIZE, self.devicePixelRatioF(), self.width(), self.height()
        )
        self._pointer = Pointer(self, self)
        self._blink = CursorBlink(self)
        self._blink.toggled.connect(self._on_blink_toggled)
        self._is_shown = False
        self._withheld_ack: int | None = None
        self._sent_size: tuple[int, int] | None = None
        self._preedit = ""
        self._painted_cursor = QRect()
        self._painted_thumb = QRect()
        self._resize_timer = self._single_shot(RESIZE_DELAY_MS, self._on_resize_settled)
        self._lines_timer = self._single_shot(LINES_DELAY_MS, self._on_lines_due)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhSensitiveData
        )
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAccessibleName("Terminal")

    def _single_shot(self, milliseconds: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(slot)
        return timer

    # --- what the session says

    def apply_frame(self, frame: Frame) -> None:
        """Show a frame. It is acknowledged at once, or, while the view is hidden, when it is shown."""
        effect = self._scene.apply_frame(frame)
        if effect is None:
            return
        if effect.colors_changed:
            self._canvas.set_palette(self._palette())
            self.update()
        self._withheld_ack = frame.number
        if self._is_shown:
            self._blink.restart()
            self.refresh()
            self._acknowledge()

    def apply_lines(self, report: LinesReport) -> None:
        """Keep and show lines of the scrollback."""
        if self._scene.model.add_lines(report):
            self.refresh()

    def apply_text(self, report: TextReport) -> None:
        """Finish a copy."""
        self._copying.answered(report)

    def reset(self) -> None:
        """Forget the session: its worker was started anew. The screen is empty until the next frame."""
        self._scene.reset()
        self._copying.clear()
        self._withheld_ack = None
        self.update()

    def set_live(self, live: bool) -> None:
        """False when the program is gone: its last screen stays, the cursor goes, input goes nowhere."""
        self._scene.live = live
        self.refresh()

    def _acknowledge(self) -> None:
        if self._withheld_ack is not None:
            number, self._withheld_ack = self._withheld_ack, None
            self.requested.emit(Acknowledge(number))

    # --- looks

    def set_theme(self, theme: ThemeVariant) -> None:
        self._theme = theme
        self._canvas.set_palette(self._palette())
        self.update()

    @property
    def font_size(self) -> int:
        """In logical pixels."""
        return self._font_size

    def set_font_size(self, pixels: int) -> None:
        self._font_size = min(max(pixels, MINIMUM_SIZE), MAXIMUM_SIZE)
        self._fit()

    def _palette(self) -> Palette:
        model = self._scene.model
        return Palette(self._theme, model.palette, model.has_mode(ScreenMode.REVERSE_SCREEN))

    def grid_size(self) -> tuple[int, int]:
        """(columns, lines) that fit into the view, also before it was ever shown."""
        geometry = Geometry(self._canvas.font, self.width(), self.height())
        return geometry.columns, geometry.lines

    def _fit(self) -> None:
        self._canvas.set_font(self._font_size, self.devicePixelRatioF())
        self._canvas.set_extent(self.width(), self.height())
        self.update()
        if self._is_shown:
            # Every size on the way of a dragged edge would make the program redraw.
            self._resize_timer.start()

    def _on_resize_settled(self) -> None:
        size = self.grid_size()
        if size != self._sent_size:
            self._sent_size = size
            self.requested.emit(Resize(*size))

    # --- commands

    def copy(self) -> None:
        """Copy the selection to the clipboard; the text comes from the session."""
        self._copy(primary=False)

    def copy_to_primary(self) -> None:
        if has_primary_selection():
            self._copy(primary=True)

    def _copy(self, primary: bool) -> None:
        wanted = self.selection.text_range()
        if wanted is not None:
            self.requested.emit(self._copying.ask(self._next_request(), wanted, primary))

    def paste(self) -> None:
        self._offer_paste(read_clipboard())

    def paste_primary(self) -> None:
        self._offer_paste(read_clipboard(primary=True))

    def _offer_paste(self, text: str) -> None:
        bracketed = self._scene.program_modes & ScreenMode.BRACKETED_PASTE
        if text and not bracketed and paste_is_risky(text):
            self.paste_requested.emit(text)
        elif text:
            self.paste_text(text)

    def paste_text(self, text: str) -> None:
        """Paste without asking."""
        self.scroll_to_bottom()
        self.send(Paste(text))

    def select_all(self) -> None:
        self._scene.select_all()
        self.refresh()

    def clear_selection(self) -> None:
        self.selection.clear()
        self.refresh()

    def has_selection(self) -> bool:
        return not self.selection.is_empty

    def selected_text(self) -> str:
        """The selected text as far as the window knows it, for when no session answers."""
        return self._scene.selected_text()

    def scroll_lines(self, lines: int) -> None:
        """Scroll towards newer lines, or older ones with a negative number."""
        self.scroll_to(self.viewport.top + lines)

    def scroll_pages(self, pages: int) -> None:
        self.scroll_lines(pages * max(1, self._scene.model.lines - 1))

    def scroll_to_bottom(self) -> None:
        if self.viewport.to_bottom():
            self.refresh()

    def scroll_to(self, top: int) -> None:
        """Show the line with absolute number ``top`` first."""
        if self._scene.can_scroll and self.viewport.move_to(top):
            self.refresh()

    def _on_lines_due(self) -> None:
        now = time.monotonic()
        page = max(1, self._scene.model.lines)
        wanted = self._scene.line_requests.next_range(self.viewport.top, page, now)
        if wanted is not None:
            request = self._next_request()
            self._scene.line_requests.sent(request, *wanted, now)
            self.requested.emit(LinesWanted(request, *wanted))

    # --- what the pointer asks and does (PointerHost)

    def send(self, request: object) -> None:
        """Input for the program, if there is one."""
        if self._scene.live:
            self.requested.emit(request)

    def modes(self) -> int:
        return self._scene.program_modes

    def line_height(self) -> float:
        return self._canvas.geometry.line_height

    def pointed_cell(self, position: QPointF) -> PointedCell:
        model = self._scene.model
        return self._canvas.geometry.cell_at(position, model.columns, model.lines)

    def screen_cell(self, position: QPointF) -> tuple[int, int] | None:
        """Column and row of the live screen; None while that place shows scrollback."""
        cell = self.pointed_cell(position)
        row = self.viewport.top + cell.row - self._scene.model.first_line
        return (cell.column, row) if row >= 0 else None

    def rows_outside(self, position: QPointF) -> int:
        return self._canvas.geometry.rows_outside(position, self._scene.model.lines)

    def scrollbar_thumb(self) -> QRect:
        if not self._scene.can_scroll:
            return QRect()
        viewport, model = self.viewport, self._scene.model
        above = viewport.top - model.oldest_line
        return self.scrollbar.thumb(self.width(), self.height(), viewport.scrollback, model.lines, above)

    def scrollbar_target(self, y: float) -> int:
        model = self._scene.model
        return model.oldest_line + self.scrollbar.drag(
            y, self.height(), self.viewport.scrollback, model.lines
        )

    def is_over_scrollbar(self, position: QPointF) -> bool:
        return self._scene.can_scroll and self.scrollbar.hot_area(self.width(), self.height()).contains(
            position.toPoint()
        )

    def activate_link(self, position: QPointF) -> bool:
        cell = self.pointed_cell(position)
        link = self._scene.link_at(cell.row, cell.column)
        if link:
            self.link_activated.emit(link)
        return bool(link)

    # --- painting

    def refresh(self) -> None:
        """Have everything repainted that no longer looks as it should; ask for lines that are missing."""
        if not self._is_shown:
            return
        for area in self._canvas.changed_areas(self._scene.rows()):
            self.update(area)
        self._refresh_cursor()
        self.refresh_scrollbar()
        if not self.viewport.at_bottom and not self._lines_timer.isActive():
            self._lines_timer.start()

    def refresh_scrollbar(self) -> None:
        thumb = self.scrollbar_thumb()
        if thumb != self._painted_thumb:
            self.update(self._painted_thumb.united(thumb).adjusted(-1, -1, 1, 1))

    def _refresh_cursor(self) -> None:
        content = self._cursor_content()
        self._blink.set_wanted(content is not None and content.cursor.blinking and content.focused)
        area = self._canvas.cursor_area(content) if content is not None else QRect()
        self.update(self._painted_cursor)
        self.update(area)

    def _cursor_content(self) -> CursorContent | None:
        found = self._scene.cursor()
        if found is None:
            return None
        row, cursor = found
        line = self._scene.model.rows[cursor.y]
        return CursorContent(row, cursor, self.hasFocus() and self.isActiveWindow(), line)

    def _on_blink_toggled(self) -> None:
        self.update(self._painted_cursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        content = self._cursor_content()
        self._painted_cursor = self._canvas.cursor_area(content) if content is not None else QRect()
        self._painted_thumb = self.scrollbar_thumb()
        painter = QPainter(self)
        self._canvas.paint(
            painter,
            event.rect(),
            self._scene.rows(),
            content if self._blink.on or self._preedit else None,
            self._preedit,
            self._painted_thumb,
            self.scrollbar.hovered or self.scrollbar.dragging,
        )
        painter.end()

    # --- Qt's events

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QKeyEvent):
            if kind == QEvent.Type.ShortcutOverride:
                event.setAccepted(not self._is_bound(event))
                return True
            if kind == QEvent.Type.KeyPress:
                # Not through QWidget.event(): it would spend Tab and Backtab on moving the focus.
                self.keyPressEvent(event)
                return True
        elif kind == QEvent.Type.DevicePixelRatioChange:
            self._fit()
        return super().event(event)

    def _is_bound(self, event: QKeyEvent) -> bool:
        return self.shortcut_filter is not None and self.shortcut_filter(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_bound(event):
            event.ignore()
            return
        event.accept()
        if self._scroll_by_key(event):
            return
        request = key_input(event)
        if request is not None:
            self.scroll_to_bottom()
            self._blink.restart()
            self.send(request)

    def _scroll_by_key(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers != Qt.KeyboardModifier.ShiftModifier:
            return False
        if self._scene.model.has_mode(ScreenMode.ALTERNATE_SCREEN):
            return False
        match event.key():
            case Qt.Key.Key_PageUp:
                self.scroll_pages(-1)
            case Qt.Key.Key_PageDown:
                self.scroll_pages(1)
            case Qt.Key.Key_Home:
                self.scroll_to(self._scene.model.oldest_line)
            case Qt.Key.Key_End:
                self.scroll_to_bottom()
            case _:
                return False
        return True

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._preedit = event.preeditString()
        if event.commitString():
            self.scroll_to_bottom()
            self.send(RawInput(event.commitString().encode()))
        event.accept()
        self.update()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            content = self._cursor_content()
            return self._canvas.cursor_area(content) if content is not None else QRect()
        if query == Qt.InputMethodQuery.ImEnabled:
            return True
        return super().inputMethodQuery(query)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._focus_changed(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._focus_changed(False)

    def _focus_changed(self, focused: bool) -> None:
        self.send(FocusInput(focused))
        self._blink.restart()
        self._refresh_cursor()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._is_shown = True
        self._fit()
        if self._sent_size is None:
            self._resize_timer.stop()
            self._on_resize_settled()
        self.refresh()
        self._acknowledge()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._is_shown = False
        self._blink.set_wanted(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)
        self.setCursor(self._pointer.shape(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointer.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.wheel(event)
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._offer_paste(dropped_text(event.mimeData()))
