"""The terminal widget: shows what frames say and emits what the person does as requests."""

import itertools
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
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

from podium.core.clock import monotonic
from podium.core.instances import ThemeName
from podium.core.protocol.frames import Frame, ScreenMode
from podium.core.protocol.reports import LinesReport, TextReport
from podium.core.protocol.requests import Acknowledge, FocusInput, Paste, Resize
from podium.core.themes import ThemeVariant, load_theme
from podium.ui.terminal.hit_tester import Stage
from podium.ui.terminal.input.clipboard import dropped_text
from podium.ui.terminal.input.key_sender import KeySender
from podium.ui.terminal.input.pointer import Pointer
from podium.ui.terminal.painting.ack_schedule import SHARE, PaintBudget
from podium.ui.terminal.painting.canvas import Canvas, CursorContent
from podium.ui.terminal.painting.colors import Palette
from podium.ui.terminal.painting.cursor_blink import CursorBlink
from podium.ui.terminal.painting.fonts import DEFAULT_SIZE, MAXIMUM_SIZE, MINIMUM_SIZE
from podium.ui.terminal.painting.geometry import Geometry
from podium.ui.terminal.scrolling.line_fetcher import LineFetcher
from podium.ui.terminal.selection.copying import CopyPaste
from podium.ui.terminal.view_state import Scene

RESIZE_DELAY_MS: Final = 60
"""Every size on the way of a dragged edge would make the program redraw."""


class TerminalView(QWidget):
    """Paints frames of one session and emits intentions; knows nothing of workers. Requests that expect an answer have
    numbers of the view's own.
    """

    requested = Signal(object)
    """A value of core.requests for the session."""
    paste_requested = Signal(str)
    """Text that a program could run at once: ask the person, then call ``paste_text``."""
    link_activated = Signal(str)
    """Control+click on a hyperlink: ask the person, then open it."""
    menu_requested = Signal(QPoint)
    """The person asked for a menu at this global position, and the program did not claim the mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shortcut_filter: Callable[[QKeyEvent], bool] | None = None
        """Says which keys the window has bound; those never reach the program. Without one nothing is bound at all,
        not even the keys that scroll."""
        next_request = itertools.count(1).__next__
        self._scene = Scene()
        self._copy_paste = CopyPaste(self._scene, next_request, self)
        self._copy_paste.requested.connect(self.requested)
        self._copy_paste.paste_doubted.connect(self.paste_requested)
        self._copy_paste.paste_offered.connect(self.paste_text)
        self._theme = load_theme(ThemeName.INDIGO).dark
        self._raise_faint: bool | None = None
        self._font_size = DEFAULT_SIZE
        self._canvas = Canvas(
            self._palette(), DEFAULT_SIZE, self.devicePixelRatioF(), self.width(), self.height()
        )
        self._stage = Stage(self._scene, self._canvas)
        self._pointer = Pointer(self._stage, self, self)
        self._keys = KeySender(self._scene, self.send, self)
        self._lines = LineFetcher(self._scene, next_request, self)
        self._lines.requested.connect(self.requested)
        self._blink = CursorBlink(self)
        self._blink.toggled.connect(self._on_blink_toggled)
        self._repeats_are_foreign = False
        """The keyboard has just come here: a key that is still down, such as the Enter that closed a dialog, was meant
        for what had it before.
        """
        self._is_shown = False
        self._withheld_ack: int | None = None
        self._budget = PaintBudget(self, self._on_painting_paid)
        self._companions = 0
        self._sent_size: Resize | None = None
        self._preedit = ""
        self._painted_cursor = QRect()
        self._told_input_area = QRect()
        self._painted_thumb = QRect()
        self._resize_timer = QTimer(self)
        self._resize_timer.setSingleShot(True)
        self._resize_timer.setInterval(RESIZE_DELAY_MS)
        self._resize_timer.timeout.connect(self._on_resize_settled)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAccessibleName("Terminal")

    # --- what the session says

    def apply_frame(self, frame: Frame) -> None:
        """Show a frame. It is acknowledged at once, or, while the view is hidden, when it is shown."""
        start = monotonic()
        effect = self._scene.apply_frame(frame)
        if effect is None:
            return
        if effect.colors_changed:
            self._repaint_all()
        self._withheld_ack = frame.number
        if self._is_shown:
            self._blink.restart()
            self.refresh()
            self._budget.settle()
            self._budget.spent(monotonic() - start)

    def apply_lines(self, report: LinesReport) -> None:
        """Keep and show lines of the scrollback."""
        if self._scene.model.add_lines(report):
            self.refresh()

    def apply_text(self, report: TextReport) -> None:
        """Finish a copy."""
        self._copy_paste.answered(report)

    def reset(self) -> None:
        """Forget the session: its worker was started anew. The screen is empty until the next frame."""
        self._scene.reset()
        self._keys.forget()
        self._copy_paste.clear()
        self._withheld_ack = None
        self.update()

    def set_live(self, live: bool) -> None:
        """False when the program is gone: its last screen stays, the cursor goes, input goes nowhere."""
        if live != self._scene.live:
            self._keys.forget()
        self._scene.live = live
        self.refresh()

    def set_companions(self, count: int) -> None:
        """How many terminals are in sight with this one; they share the time that painting may take."""
        self._companions = count
        self._share_time()

    def _share_time(self) -> None:
        self._budget.share = SHARE if self.hasFocus() else SHARE / max(1, self._companions)

    def _on_painting_paid(self) -> None:
        if self._is_shown:
            self._acknowledge()

    def _acknowledge(self) -> None:
        if self._withheld_ack is not None:
            number, self._withheld_ack = self._withheld_ack, None
            self.requested.emit(Acknowledge(number))

    # --- looks

    def set_theme(self, theme: ThemeVariant) -> None:
        self._theme = theme
        self._repaint_all()

    @property
    def font_size(self) -> int:
        """In logical pixels."""
        return self._font_size

    def set_font_size(self, pixels: int) -> None:
        self._font_size = min(max(pixels, MINIMUM_SIZE), MAXIMUM_SIZE)
        self._fit()

    def set_raise_faint_colors(self, raised: bool | None) -> None:
        """Whether colours a program chose are made readable; None: in light themes only."""
        self._raise_faint = raised
        self._repaint_all()

    def _palette(self) -> Palette:
        model = self._scene.model
        reverse = model.has_mode(ScreenMode.REVERSE_SCREEN)
        return Palette(self._theme, model.palette, reverse, self._raise_faint)

    def _repaint_all(self) -> None:
        self._canvas.set_palette(self._palette())
        self.update()

    def grid_size(self) -> tuple[int, int]:
        """(columns, lines) that fit into the view, also before it was ever shown."""
        geometry = Geometry(self._canvas.font, self.width(), self.height())
        return geometry.columns, geometry.lines

    def _fit(self) -> None:
        self._canvas.set_extent(self._font_size, self.devicePixelRatioF(), self.width(), self.height())
        self._stage.width, self._stage.height = self.width(), self.height()
        self.update()
        if self._is_shown:
            self._resize_timer.start()

    def _on_resize_settled(self) -> None:
        size = Resize(*self.grid_size(), self._canvas.font.width, self._canvas.font.height)
        if size != self._sent_size:
            self._sent_size = size
            self.requested.emit(size)

    # --- commands

    def copy(self) -> None:
        """Copy the selection to the clipboard; the text comes from the session."""
        self._copy_paste.copy()

    def copy_to_primary(self) -> None:
        self._copy_paste.copy(primary=True)

    def paste(self) -> None:
        self._copy_paste.paste()

    def paste_primary(self) -> None:
        self._copy_paste.paste(primary=True)

    def paste_text(self, text: str) -> None:
        """Paste without asking."""
        self.scroll_to_bottom()
        self.send(Paste(text))

    def select_all(self) -> None:
        self._scene.select_all()
        self.refresh()

    def clear_selection(self) -> None:
        self._scene.selection.clear()
        self.refresh()

    def has_selection(self) -> bool:
        return not self._scene.selection.is_empty

    def selected_text(self) -> str:
        """The selected text as far as the window knows it, for when no session answers."""
        return self._scene.selected_text()

    def scroll_lines(self, lines: int) -> None:
        """Scroll towards newer lines, or older ones with a negative number."""
        self.scroll_to(self._scene.viewport.top + lines)

    def scroll_pages(self, pages: int) -> None:
        self.scroll_lines(pages * max(1, self._scene.model.lines - 1))

    def scroll_to_bottom(self) -> None:
        if self._scene.viewport.to_bottom():
            self.refresh()

    def scroll_to(self, top: int) -> None:
        """Show the line with absolute number ``top`` first."""
        if self._scene.can_scroll and self._scene.viewport.move_to(top):
            self.refresh()

    # --- what the pointer asks for (PointerHost)

    def send(self, request: object) -> None:
        """Input for the program, if there is one."""
        if self._scene.live:
            self.requested.emit(request)

    def activate_link(self, link: str) -> None:
        self.link_activated.emit(link)

    # --- painting

    def refresh(self) -> None:
        """Have everything repainted that no longer looks as it should; ask for lines that are missing."""
        if not self._is_shown:
            return
        for area in self._canvas.changed_areas(self._scene.rows()):
            self.update(area)
        self._refresh_cursor()
        self.refresh_scrollbar()
        self._lines.view_moved()

    def refresh_scrollbar(self) -> None:
        thumb = self._stage.scrollbar_thumb()
        if thumb != self._painted_thumb:
            self.update(self._painted_thumb.united(thumb).adjusted(-1, -1, 1, 1))

    def _refresh_cursor(self) -> None:
        content = self._cursor_content()
        self._blink.set_wanted(content is not None and content.cursor.blinking and content.focused)
        area = self._canvas.cursor_area(content) if content is not None else QRect()
        self.update(self._painted_cursor)
        self.update(area)
        if self.hasFocus() and self._input_area() != self._told_input_area:
            # An input method asks only when it is told; its list of candidates would stay where the cursor was.
            self._told_input_area = self._input_area()
            self.updateMicroFocus(Qt.InputMethodQuery.ImCursorRectangle)

    def _cursor_content(self) -> CursorContent | None:
        return self._stage.cursor(self.hasFocus() and self.isActiveWindow(), composing=bool(self._preedit))

    def _input_area(self) -> QRect:
        """Where composed text goes; empty while that place is not in view."""
        content = self._stage.cursor(focused=True, composing=True)
        return self._canvas.cursor_area(content) if content is not None else QRect()

    def _on_blink_toggled(self) -> None:
        self.update(self._painted_cursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        start = monotonic()
        content = self._cursor_content()
        self._painted_cursor = self._canvas.cursor_area(content) if content is not None else QRect()
        self._painted_thumb = self._stage.scrollbar_thumb()
        painter = QPainter(self)
        self._canvas.paint(
            painter,
            event.rect(),
            self._scene.rows(),
            content if self._blink.on or self._preedit else None,
            self._preedit,
            self._painted_thumb,
            self._stage.scrollbar_is_hot,
        )
        painter.end()
        self._budget.spent(monotonic() - start)

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
        if event.isAutoRepeat() and self._repeats_are_foreign:
            return
        self._repeats_are_foreign = False
        if self.shortcut_filter is not None and self._scroll_by_key(event):
            return
        if self._keys.press(event):
            self.scroll_to_bottom()
            self._blink.restart()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.accept()
        self._keys.release(event)

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
            case Qt.Key.Key_End:
                self.scroll_to_bottom()
            case _:
                return False
        return True

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._preedit = event.preeditString()
        if event.commitString():
            self.scroll_to_bottom()
            self._keys.commit(event.commitString())
        event.accept()
        self.update()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            return self._input_area()
        if query == Qt.InputMethodQuery.ImEnabled:
            return True
        return super().inputMethodQuery(query)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._repeats_are_foreign = True
        self._focus_changed(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._keys.release_all()
        self._focus_changed(False)

    def _focus_changed(self, focused: bool) -> None:
        self._share_time()
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
        # Sixteen hidden panes would hold on to some megabytes each; painting them again takes 2 ms.
        self._canvas.drop_image()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)
        shape = self._pointer.shape(event.position())
        if shape != self.cursor().shape():
            self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointer.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.wheel(event)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if not by_mouse or not self._pointer.is_for_program(event.modifiers()):
            self.menu_requested.emit(event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._copy_paste.offer(dropped_text(event.mimeData()))
