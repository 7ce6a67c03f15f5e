"""A pane: one instance's bar, its terminal and its notice inside an outline in the instance's accent."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.themes import ThemeVariant, load_tokens
from podium.ui.panes.find_bar import FindBar
from podium.ui.panes.new_lines_pill import NewLinesPill
from podium.ui.panes.notice import Notice, is_ended_shell
from podium.ui.panes.pane_bar import PaneBar
from podium.ui.terminal.painting.colors import MatchColors
from podium.ui.terminal.view import TerminalView
from podium.ui.theme.painting import fill_round, mix, stroke_round
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.pulse import Pulse
from podium.ui.theme.spoken import spoken_age, spoken_state
from podium.ui.widgets.drag import DragGesture
from podium.workspace.views import InstanceState, InstanceView

OUTLINE_ROOM = 2
"""Always kept free for the thicker outline, so that focus never resizes the terminal."""
_TERMINAL_INSET = 4
"""The terminal is a rectangle: this far inside, its corners stay off the round outline."""
_NOTICE_INSET = 10
_PILL_ABOVE = 14
LIVE_STATES = frozenset(
    {InstanceState.RUNNING, InstanceState.FINISHING, InstanceState.WAITING, InstanceState.STOPPING}
)
"""States in which a program takes input; in all others the terminal shows no cursor."""


class Pane(QWidget):
    """Composes the parts of one instance. Made once per instance and kept while hidden."""

    accessible_role = QAccessible.Role.Grouping

    requested = Signal(object, str)
    """A CommandId for this instance."""
    menu_requested = Signal(str, QPoint)
    terminal_menu_requested = Signal(str, QPoint)
    chosen = Signal(str)
    focused = Signal()
    """The keyboard went to its terminal."""
    drag_moved = Signal(str, QPoint)
    drag_ended = Signal(str, QPoint, bool)
    """Dropped at a global position; False: given up."""

    def __init__(
        self, themes: ThemeManager, view: InstanceView, terminal: TerminalView, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._view = view
        self._current = False
        self._needs_attention = False
        self._outline_thick = False
        self._drop_target = False
        self._live: bool | None = None
        self._theme: ThemeVariant | None = None
        self.terminal = terminal
        terminal.setParent(self)
        terminal.installEventFilter(self)
        terminal.menu_requested.connect(lambda at: self.terminal_menu_requested.emit(self.id, at))
        self.bar = PaneBar(themes, view, self)
        self.notice = Notice(themes, self)
        self.pill = NewLinesPill(themes, self)
        self._find_bar: FindBar | None = None
        self._terminal_shift = 0
        self._pulse = Pulse(themes, self)
        self._pulse.changed.connect(self._on_pulse_changed)
        self._connect()
        self.show_view(view, current=False, needs_attention=False, in_grid=False)

    def _connect(self) -> None:
        id = self.id
        self.bar.requested.connect(lambda command: self.requested.emit(command, id))
        self.notice.requested.connect(lambda command: self.requested.emit(command, id))
        self.pill.clicked.connect(self.terminal.scroll_to_bottom)
        self.terminal.shift_requested.connect(self.shift_terminal)
        self.terminal.new_lines_changed.connect(self._on_new_lines_changed)
        self.bar.answer_clicked.connect(lambda: self.chosen.emit(id))
        self.bar.menu_requested.connect(lambda at: self.menu_requested.emit(id, at))
        self.bar.zoom_requested.connect(self._on_zoom_requested)
        gesture = DragGesture(self.bar, self)
        gesture.moved.connect(lambda at: self.drag_moved.emit(id, at))
        gesture.dropped.connect(lambda at: self.drag_ended.emit(id, at, True))
        gesture.cancelled.connect(lambda: self.drag_ended.emit(id, QPoint(), False))

    @property
    def id(self) -> InstanceId:
        return self._view.id

    @property
    def needs_attention(self) -> bool:
        return self._needs_attention

    def show_view(
        self,
        view: InstanceView,
        *,
        current: bool,
        needs_attention: bool,
        in_grid: bool,
        pulses: bool = True,
    ) -> None:
        """``pulses``: its need for attention may catch the eye when it is fresh."""
        fresh = needs_attention and not self._needs_attention and pulses
        # Views change twenty times a second in a busy instance; painting the pane paints its terminal too.
        frame = (view.spec.theme, current, needs_attention)
        redraw = frame != (self._view.spec.theme, self._current, self._needs_attention)
        self._view = view
        self._current = current
        self._needs_attention = needs_attention
        self.bar.show_view(view, needs_attention=needs_attention, in_grid=in_grid)
        was_shown = not self.notice.isHidden()
        self.notice.show_view(view)
        if not self.notice.isHidden() or was_shown:
            self._place_notice()
            self._place_pill()
            self._tell_covered()
        self._describe()
        self._set_theme(self._themes.colors.theme(view.spec.theme))
        self._set_live(view.state in LIVE_STATES)
        self.terminal.set_marks_prompts(view.marks_prompts)
        if fresh:
            self._pulse.start()
        elif not needs_attention:
            self._pulse.stop()
        if redraw:
            self.update()

    def _describe(self) -> None:
        name = f"{self._view.spec.name}, {spoken_state(self._view)}"
        if name != self.accessibleName():  # each setting is told to screen readers
            self.setAccessibleName(name)
            self.terminal.setAccessibleName(f"Terminal of {name}")
        if (age := spoken_age(self._view)) != self.accessibleDescription():
            self.setAccessibleDescription(age)

    def _set_theme(self, theme: ThemeVariant) -> None:
        if theme is not self._theme:
            self._theme = theme
            chrome = self._themes.colors.chrome
            matches = MatchColors(chrome.match, chrome.match_text, chrome.match_other, chrome.match_tick)
            self.terminal.set_theme(theme, matches)
            if self._find_bar is not None:
                self._find_bar.set_theme(theme)

    def _set_live(self, live: bool) -> None:
        if live != self._live:
            self._live = live
            self.terminal.set_live(live)

    # Searching

    def set_find_bar(self, bar: FindBar) -> None:
        """Take the search bar in, hidden."""
        self._find_bar = bar
        bar.hide()
        if self._theme is not None:
            bar.set_theme(self._theme)

    def show_find_bar(self, shown: bool) -> None:
        """Show it over the terminal's first rows, or hide it."""
        if self._find_bar is not None:
            self._find_bar.setVisible(shown)
            self._find_bar.raise_()
            self.shift_terminal(False)

    def shift_terminal(self, shifted: bool) -> None:
        """Have the terminal begin below the search bar, as large as before: its last rows are then out of sight."""
        bar = self._find_bar
        self._terminal_shift = bar.height() if shifted and bar is not None and not bar.isHidden() else 0
        self._lay_out()

    def _on_new_lines_changed(self, count: int) -> None:
        self.pill.show_count(count)
        self._place_pill()

    def set_drop_target(self, target: bool) -> None:
        """Mark it as the place where a dragged pane would go."""
        if target != self._drop_target:
            self._drop_target = target
            self.update()

    def _on_zoom_requested(self) -> None:
        self.requested.emit(CommandId.ZOOM, self.id)

    def _on_pulse_changed(self) -> None:
        thick, self._outline_thick = self._outline_thick, self._pulse.thick
        if thick is not self._outline_thick:
            self.update()
        else:
            self.update(0, 0, self.width(), OUTLINE_ROOM + self.bar.height())

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        # The bar leaves its presses to the pane.
        self.chosen.emit(self.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.terminal and event.type() is QEvent.Type.FocusIn:
            self.focused.emit()
        if watched is self.terminal and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take_key_of_ended(event)
        return False

    def _take_key_of_ended(self, event: QKeyEvent) -> bool:
        """Enter starts a shell that has ended again, Ctrl+D closes it, as the notice over it says."""
        if not is_ended_shell(self._view) or self.terminal.takes_keys_itself or event.isAutoRepeat():
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            self.requested.emit(CommandId.START, self.id)
        elif event.key() == Qt.Key.Key_D and held == Qt.KeyboardModifier.ControlModifier:
            self.requested.emit(CommandId.CLOSE, self.id)
        else:
            return False
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        room = OUTLINE_ROOM
        self.bar.setGeometry(room, room, self.width() - 2 * room, self.bar.height())
        top = room + self.bar.height()
        inset = _TERMINAL_INSET
        height = self.height() - top - inset
        self.terminal.setGeometry(inset, top + self._terminal_shift, self.width() - 2 * inset, height)
        if self._terminal_shift:
            # What is below the pane would be painted over its outline.
            seen = height - self._terminal_shift
            self.terminal.setMask(QRegion(0, 0, self.terminal.width(), max(1, seen)))
        elif not self.terminal.mask().isEmpty():
            self.terminal.clearMask()
        if self._find_bar is not None:
            self._find_bar.setGeometry(room, top, self.width() - 2 * room, self._find_bar.height())
        self._place_notice()
        self._place_pill()
        self._tell_covered()

    def _tell_covered(self) -> None:
        """Have the terminal know what of it the search bar and the notice hide."""
        bar, notice, terminal = self._find_bar, self.notice, self.terminal.geometry()
        top = bar.geometry().bottom() + 1 - terminal.top() if bar is not None and not bar.isHidden() else 0
        if notice.at_top:
            top = max(top, notice.geometry().bottom() + 1 - terminal.top())
        end = notice.y() if notice.at_bottom else self.height() - _TERMINAL_INSET
        self.terminal.set_covered(max(0, top), max(0, terminal.bottom() + 1 - end))

    def _place_pill(self) -> None:
        size = self.pill.size()
        bottom = self.notice.y() if self.notice.at_bottom else self.height() - _TERMINAL_INSET
        self.pill.move((self.width() - size.width()) // 2, bottom - _PILL_ABOVE - size.height())

    def _place_notice(self) -> None:
        inset = OUTLINE_ROOM + _NOTICE_INSET
        width = self.width() - 2 * inset
        height = min(self.notice.height_for(width), self.height() - 60)
        top = self.height() - inset - height
        if self.notice.at_top:
            bar = self._find_bar if self._find_bar is not None and not self._find_bar.isHidden() else self.bar
            top = bar.geometry().bottom() + 1 + _NOTICE_INSET
        self.notice.setGeometry(QRect(inset, top, width, height))

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        theme = colors.theme(self._view.spec.theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        radius = load_tokens().radius["pane"]
        fill_round(painter, rect, radius, color(theme.background))
        painter.save()
        painter.setClipRect(0, 0, self.width(), OUTLINE_ROOM + self.bar.height())
        fill_round(painter, rect, radius, color(theme.bar))
        if self._needs_attention:
            painter.setOpacity(self._pulse.opacity)
            fill_round(painter, rect, radius, color(colors.waiting.fill))
        elif self._drop_target:
            fill_round(painter, rect, radius, mix(color(theme.bar), colors.chrome.selected, 0.5))
        painter.restore()
        size = load_tokens().size
        if self._needs_attention:
            width = size["outline_focus"] + self._outline_thick
            stroke_round(painter, rect, radius, colors.waiting_outline, width)
        elif self._drop_target:
            stroke_round(painter, rect, radius, colors.chrome.focus_ring, size["outline_focus"])
        elif self._current:
            stroke_round(painter, rect, radius, color(theme.outline_focus), size["outline_focus"])
        else:
            stroke_round(painter, rect, radius, color(theme.outline), size["outline"])
