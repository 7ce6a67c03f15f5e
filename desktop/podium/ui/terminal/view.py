"""The terminal widget: shows what frames say and emits what the person does as requests.

Longer than 450 lines because all of Qt's events come to one class; what they lead to is in the folders beside it.
"""

import itertools
import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
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
from podium.core.config.settings import Keys, Pasting, Terminal
from podium.core.finding.query import SearchQuery
from podium.core.instances import ThemeName
from podium.core.protocol.frames import Frame, ScreenMode
from podium.core.protocol.reports import LinesReport, Match, TextReport
from podium.core.protocol.requests import Acknowledge, FocusInput, Paste, Resize, SetBidi
from podium.core.themes import ThemeVariant, load_theme
from podium.ui.terminal.accessible.reading import TerminalReading
from podium.ui.terminal.copy_mode.control import CopyModeControl
from podium.ui.terminal.cursor_display import CursorDisplay
from podium.ui.terminal.finding.results import FindResults
from podium.ui.terminal.hit_tester import HitTester
from podium.ui.terminal.input.clipboard import dropped_text
from podium.ui.terminal.input.copy_paste import CopyPaste
from podium.ui.terminal.input.key_sender import KeySender
from podium.ui.terminal.input.pointer import Pointer
from podium.ui.terminal.input.size_sender import SizeSender
from podium.ui.terminal.key_router import KeyRouter
from podium.ui.terminal.links.view_links import ViewLinks
from podium.ui.terminal.painting.ack_schedule import AckSchedule
from podium.ui.terminal.painting.canvas import NO_TICKS, Canvas
from podium.ui.terminal.painting.colors import NO_MATCHES, MatchColors, Palette
from podium.ui.terminal.painting.fonts import FontLook, font_look
from podium.ui.terminal.painting.geometry import MARKED_PADDING_X, PADDING_X, PADDING_Y, Geometry
from podium.ui.terminal.painting.pictures.picture_store import PictureStore
from podium.ui.terminal.painting.text_size import TextSize
from podium.ui.terminal.prompts.prompt_marks import PromptMarks
from podium.ui.terminal.scrolling.line_fetcher import LineFetcher
from podium.ui.terminal.scrolling.place_sender import PlaceSender
from podium.ui.terminal.view_state import ViewState
from podium.workspace.terminal_bidi import bidi_request


class TerminalView(QWidget):
    """Paints frames of one session and emits intentions; knows no workers. Requests that expect an answer have
    numbers of the view's own.
    """

    requested = Signal(object)
    """A value of core.requests for the session."""
    paste_requested = Signal(str)
    """Text that a program could run at once: ask the person, then call ``paste_text``."""
    run_doubted = Signal(str)
    """A command line that is to run again, and no menu has named: ask the person first."""
    picture_paste_requested = Signal()
    """The picture on the clipboard is to be pasted: save it for the program, then call ``paste_text``."""
    search_requested = Signal()
    """Search this terminal."""
    match_chosen = Signal(object)
    """The tick of this Match was clicked."""
    shift_requested = Signal(bool)
    """A line is to be seen that something covers: at the top (True), or at the bottom."""
    new_lines_changed = Signal(int)
    """So many lines were printed since the view left the live screen; 0 while it shows that."""
    menu_requested = Signal(QPoint)
    """The person asked for a menu at this global position, and the program did not claim the mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shortcut_filter: Callable[[QKeyEvent], bool] | None = None
        self.scroll_filter: Callable[[QKeyEvent], bool] | None = None
        """Says which keys the window has a use for, and carries a press of one out; those never reach the program.
        Without it nothing is bound at all, not even the keys that scroll."""
        next_request = itertools.count(1).__next__
        self._state = ViewState()
        self._copy_paste = CopyPaste(self._state, next_request, self)
        self._copy_paste.requested.connect(self.requested)
        self._copy_paste.paste_doubted.connect(self.paste_requested)
        self._copy_paste.picture_offered.connect(self.picture_paste_requested)
        self._copy_paste.paste_offered.connect(self.paste_text)
        self._theme = load_theme(ThemeName.INDIGO).dark
        self._match_colors = NO_MATCHES
        self._text_size = TextSize()
        self._canvas = Canvas(
            self._palette(), self.font_size, self.devicePixelRatioF(), self.width(), self.height()
        )
        self.pictures = PictureStore(next_request, self._state.visible_images, self)
        self.pictures.requested.connect(self.requested)
        self.pictures.came.connect(self.refresh)
        self._canvas.pictures = self.pictures
        self._hit_tester = HitTester(self._state, self._canvas)
        self.reading = TerminalReading(self, self._hit_tester)
        self.links = ViewLinks(self._hit_tester, next_request, self.is_in_sight, self)
        self.links.changed.connect(self._on_links_changed)
        self._pointer = Pointer(self._hit_tester, self, self)
        self._keys = KeySender(self._state, self.send, self)
        self._lines = LineFetcher(self._state.viewport, self._state.line_requests, next_request, self)
        self._lines.requested.connect(self.requested)
        self._cursor = CursorDisplay(self._hit_tester, self)
        self._copy_mode = CopyModeControl(self._state, next_request, self._theme, self, self)
        self._copy_mode.requested.connect(self.requested)
        self._copy_mode.search_requested.connect(self.search_requested)
        self.prompts = PromptMarks(self._hit_tester, self._theme, next_request, self, self)
        self._key_router = KeyRouter(self._state, self.links, self._copy_mode, self._keys, self._cursor, self)
        self._is_shown = False
        self._ack_schedule = AckSchedule(self, lambda number: self.requested.emit(Acknowledge(number)))
        self._places = PlaceSender(self._state, self.requested.emit, self)
        self._size_sender = SizeSender(self._size, self._send_size, self)
        self._visible_count = 1
        self._covered = (0, 0)
        self._painted_thumb = QRect()
        self._painted_ticks = NO_TICKS
        self._new_lines = 0
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
        effect = self._state.apply_frame(frame)
        if effect is None:
            return
        self._copy_mode.frame_applied()
        if effect.colors_changed:
            self._repaint_all()
        if effect.new_session:
            self.pictures.clear()
        if effect.lines_renumbered:
            self.links.forget()
            self._copy_paste.renumbered()
        elif effect.changed_lines:
            self.links.lines_changed(effect.changed_lines)
        self._ack_schedule.take_frame(frame.number)
        if self._is_shown:
            if effect.lines_renumbered:
                self._lines.fetch_now()
            self._cursor.blink.restart()
            self.refresh()
            if self.hasFocus() and not self._state.model.has_mode(ScreenMode.ALTERNATE_SCREEN):
                # A full-screen program's cursor goes everywhere: its rows stay where they are until a key is pressed.
                self._uncover_input()
            self._ack_schedule.schedule_ack()
            self._ack_schedule.spent(monotonic() - start)

    def apply_lines(self, report: LinesReport) -> None:
        """Keep and show lines of the scrollback."""
        if self._state.model.add_lines(report):
            self._copy_mode.lines_applied(report)
            self.refresh()

    def apply_text(self, report: TextReport) -> None:
        """Finish a copy."""
        self._copy_paste.answered(report)

    def text_is_stale(self, request: int) -> None:
        """The lines of a copy got other numbers on the way: it is asked for again, by those."""
        self._copy_paste.is_stale(request)

    def reset(self) -> None:
        """Forget the session: its worker was restarted. The screen is empty until the next frame."""
        self._copy_mode.leave()
        self._state.reset()
        self._keys.forget()
        self._copy_paste.clear()
        self.links.forget()
        self._ack_schedule.forget()
        self.prompts.clear()
        self.pictures.clear()
        self.update()

    def set_live(self, live: bool) -> None:
        """False when the program is gone: its last screen stays, the cursor goes, input goes nowhere."""
        if live != self._state.live:
            self._keys.forget()
        self._state.live = live
        self.refresh()

    def set_visible_count(self, count: int) -> None:
        """Set the number of visible terminals, this one among them; they share the time that painting may take."""
        self._visible_count = count
        self._ack_schedule.set_share(self.hasFocus(), count)

    def set_input(self, keys: Keys, paste: Pasting) -> None:
        """Set what the settings say of keys and pastes."""
        self._keys.newline_tools = keys.newline_tools
        self._copy_paste.confirm = paste.confirm

    # --- appearance

    @property
    def contents(self) -> ViewState:
        """What it knows of its session, and what of that is shown and selected."""
        return self._state

    @property
    def theme(self) -> ThemeVariant:
        return self._theme

    def set_theme(self, theme: ThemeVariant, matches: MatchColors = NO_MATCHES) -> None:
        self._theme, self._match_colors = theme, matches
        self._copy_mode.set_theme(theme)
        self.prompts.set_theme(theme)
        self._repaint_all()

    @property
    def font_size(self) -> int:
        """In logical pixels."""
        return self._text_size.pixels

    def set_font_size(self, pixels: int) -> None:
        """Set the size of all terminals; this one's own zoom goes on from there."""
        self._text_size.set_usual(pixels)
        self._fit()

    def zoom(self, steps: int) -> None:
        """Make this terminal's text larger by so many pixels; 0 makes it as large as that of the others."""
        self._text_size.zoom(steps)
        self._fit()

    def set_text(self, settings: Terminal) -> None:
        """Show text, and select words of it, as the settings say."""
        self.set_font_look(font_look(settings.font, settings.line_height))
        self.set_ligatures(settings.ligatures)
        self.set_word_characters(settings.word_characters)
        self._copy_paste.on_select = settings.copy_on_select
        self.set_bidi(bidi_request(settings.bidi))

    def set_font_look(self, look: FontLook) -> None:
        """Show text in this font and with lines so high."""
        if look != self._canvas.font_look:
            self._canvas.font_look = look
            self._fit()
            self.update()

    def set_ligatures(self, wanted: bool) -> None:
        """Whether neighbouring signs such as -> may be shown as one."""
        self._canvas.set_ligatures(wanted)
        self.update()

    def set_bidi(self, setting: SetBidi) -> None:
        """Where text is shown from right to left."""
        self._state.orders.set_bidi(setting)
        self.update()

    def set_marks_prompts(self, marks: bool) -> None:
        """Whether its shell marks its prompts: the marks have room beside the text, from the start on."""
        text_left = MARKED_PADDING_X if marks else PADDING_X
        if text_left != self._canvas.text_left:
            self._canvas.text_left = text_left
            self._fit()

    def set_word_characters(self, characters: str) -> None:
        """Set what belongs to words besides letters and digits."""
        self._state.selection.word_characters = characters

    def _palette(self) -> Palette:
        model = self._state.model
        reverse = model.has_mode(ScreenMode.REVERSE_SCREEN)
        return Palette(self._theme, model.palette, reverse, self._match_colors)

    def _repaint_all(self) -> None:
        self._canvas.set_palette(self._palette())
        self.update()

    def grid_size(self) -> tuple[int, int]:
        """(columns, lines) that fit into the view, also before it was ever shown."""
        geometry = Geometry(self._canvas.font, self.width(), self.height(), self._canvas.text_left)
        return geometry.columns, geometry.lines

    def _fit(self) -> None:
        self._canvas.set_extent(self.font_size, self.devicePixelRatioF(), self.width(), self.height())
        self._hit_tester.width, self._hit_tester.height = self.width(), self.height()
        self._copy_mode.resized()
        self.update()
        if self._is_shown:
            self._size_sender.schedule()

    def _size(self) -> Resize:
        return Resize(*self.grid_size(), self._canvas.font.width, self._canvas.font.height)

    def _send_size(self, size: Resize) -> None:
        self._places.send_now()
        self.requested.emit(size)

    # --- commands

    def copy(self) -> None:
        """Copy the selection to the clipboard; the text comes from the session."""
        self._copy_paste.copy()

    @property
    def has_selection(self) -> bool:
        return not self._state.selection.is_empty

    def copy_selected(self) -> None:
        """Copy what was just selected to where the platform and the settings want it."""
        self._copy_paste.copy_selected()

    def paste(self) -> None:
        self._copy_paste.paste()

    def paste_primary(self) -> None:
        self._copy_paste.paste_primary()

    @property
    def bracketed_paste(self) -> bool:
        """Whether the program tells a paste from typed keys."""
        return self._copy_paste.bracketed

    def paste_text(self, text: str) -> None:
        """Paste without asking."""
        self._copy_mode.leave()
        self.scroll_to_bottom()
        self.send(Paste(text))

    @property
    def takes_keys_itself(self) -> bool:
        """Whether keys move in the text or choose a link, and are for no program."""
        return self._copy_mode.active or self.links.takes_keys

    def toggle_copy_mode(self) -> None:
        """Move and select with the keyboard, or stop that."""
        self._keys.release_all()
        self._copy_mode.toggle()

    def select_all(self) -> None:
        self._state.select_all()
        self.refresh()

    def selected_text(self) -> str:
        """The selected text as far as the window has it, for when no session answers."""
        return self._state.selected_text()

    @property
    def results(self) -> FindResults:
        """The matches that are marked. After a change: ``refresh``."""
        return self._state.results

    def mark_rows(self, query: SearchQuery | None) -> None:
        """Mark what is searched for in the rows in view; None ends that, and takes all matches away."""
        self._state.mark_rows(query)
        self.refresh()

    @property
    def bottom_line(self) -> int:
        """Absolute number of the last line in view."""
        return self._state.viewport.top + max(0, self._state.model.lines - 1)

    def reveal(self, line: int) -> None:
        """Have ``line`` in sight, if the terminal has it: scroll there, and ask for room where that is not enough."""
        height = self._hit_tester.line_height
        above, below = (math.ceil(max(0, pixels - PADDING_Y) / height) for pixels in self._covered)
        self._state.reveal(line, above, below)
        self._copy_mode.revealed()
        self.refresh()
        self.uncover(line)

    def set_covered(self, top: int, bottom: int) -> None:
        """Say how many pixels at its edges are under something else, or cut off."""
        self._covered = (top, bottom)
        self._copy_mode.set_covered(top, bottom)

    def uncover(self, line: int) -> None:
        """Ask for room where something hides ``line``."""
        if self._covered_edge(line) is not None:
            self.shift_requested.emit(self._covered_edge(line) is Qt.Edge.TopEdge)

    def _covered_edge(self, line: int) -> Qt.Edge | None:
        """The edge at which a part of ``line`` is out of sight."""
        top = PADDING_Y + (line - self._state.viewport.top) * self._hit_tester.line_height
        if top < self._covered[0]:
            return Qt.Edge.TopEdge
        hidden = top + self._hit_tester.line_height > self.height() - self._covered[1]
        return Qt.Edge.BottomEdge if hidden and self._covered[1] else None

    def is_in_sight(self, line: int) -> bool:
        """Whether nothing hides any part of ``line``, which is in view."""
        return self._covered_edge(line) is None

    def _uncover_input(self) -> None:
        """Have the line in sight that the person types in."""
        if any(self._covered) and self._state.viewport.at_bottom and not self._copy_mode.active:
            self.uncover(self._state.model.first_line + self._state.model.cursor.y)

    def scroll_lines(self, lines: int) -> None:
        """Scroll towards newer lines, or older ones with a negative number."""
        self.scroll_to(self._state.viewport.top + lines)

    def scroll_pages(self, pages: int) -> None:
        self.scroll_lines(pages * max(1, self._state.model.lines - 1))

    def scroll_to_top(self) -> None:
        self.scroll_to(self._state.model.oldest_line)

    def scroll_to_bottom(self) -> None:
        if self._state.viewport.to_bottom():
            self.refresh()
        self._uncover_input()

    def scroll_to(self, top: int) -> None:
        """Show the line with absolute number ``top`` first."""
        if self._state.can_scroll and self._state.viewport.move_to(top):
            self._copy_mode.scrolled()
            self.refresh()
            self._uncover_input()

    # --- what the pointer asks for (PointerHost)

    def send(self, request: object) -> None:
        """Input for the program, if there is one."""
        if self._state.live:
            self.requested.emit(request)

    def ask(self, request: object) -> None:
        """A question that a session answers, whether its program lives or not."""
        self.requested.emit(request)

    def activate_link(self, position: QPointF) -> None:
        self.links.activate_at(position)

    def choose_match(self, match: Match) -> None:
        self.match_chosen.emit(match)

    def show_line(self, line: int) -> None:
        self.scroll_to(line)
        self.uncover(line)

    # --- painting

    def refresh(self) -> None:
        """Have every outdated part repainted; ask for lines that are missing."""
        if not self._is_shown:
            return
        for area in self._canvas.changed_areas(self._state.rows()):
            self.update(area)
        self.links.view_changed()
        self._cursor.refresh()
        self.reading.changed()
        self.refresh_scrollbar()
        self.prompts.refresh()
        self._lines.view_moved()
        self._places.view_moved()
        if (new_lines := self._state.viewport.new_lines) != self._new_lines:
            self._new_lines = new_lines
            self.new_lines_changed.emit(new_lines)

    def refresh_scrollbar(self) -> None:
        thumb = self._hit_tester.scrollbar_thumb()
        if thumb != self._painted_thumb:
            self.update(self._painted_thumb.united(thumb).adjusted(-1, -1, 1, 1))
        if self._hit_tester.ticks() != self._painted_ticks:
            self.update(self._hit_tester.scrollbar.hot_area(self.width(), self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        start = monotonic()
        self._painted_thumb = self._hit_tester.scrollbar_thumb()
        self._painted_ticks = self._hit_tester.ticks()
        painter = QPainter(self)
        self._canvas.paint(
            painter,
            event.rect(),
            self._state.rows(),
            self._cursor.take_for_painting(),
            self._cursor.preedit,
            self._painted_thumb,
            self._hit_tester.scrollbar_is_hot,
            self._painted_ticks,
            lambda device_painter: self.links.paint(device_painter, self._theme),
        )
        self.prompts.paint(painter, event.rect())
        painter.end()
        self._ack_schedule.spent(monotonic() - start)

    # --- Qt's events

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QKeyEvent):
            if kind == QEvent.Type.ShortcutOverride:
                event.setAccepted(self._key_router.overrides_shortcut(event))
                return True
            if kind == QEvent.Type.KeyPress:
                # Not through QWidget.event(): it would spend Tab and Backtab on moving the focus.
                self.keyPressEvent(event)
                return True
        elif kind == QEvent.Type.DevicePixelRatioChange:
            self._fit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.reading.typed()
        self._key_router.press(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._key_router.release(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._key_router.compose(event)
        self.update()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            return self._cursor.input_area()
        if query == Qt.InputMethodQuery.ImEnabled:
            return True
        return super().inputMethodQuery(query)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._key_router.focus_came()
        self.prompts.focus_came(event.reason())
        self._uncover_input()
        self._focus_changed(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._key_router.focus_went()
        self._focus_changed(False)

    def _focus_changed(self, focused: bool) -> None:
        self._ack_schedule.set_share(focused, self._visible_count)
        self.send(FocusInput(focused))
        self._cursor.blink.restart()
        self._cursor.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._is_shown = True
        self._fit()
        self._size_sender.send_first()
        self.refresh()
        self._ack_schedule.acknowledge()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._is_shown = False
        self.links.point_at(None, Qt.KeyboardModifier.NoModifier)
        self._ack_schedule.pause()
        self._cursor.blink.set_wanted(False)
        # Sixteen hidden panes would hold on to some megabytes each; painting them again takes 2 ms.
        self._canvas.drop_image()
        self.pictures.clear()
        self.prompts.pause()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._copy_mode.leave(stay=True)
        if not self.prompts.press(event):
            self._pointer.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)
        self.links.point_at(None if event.buttons() else event.position(), event.modifiers())
        self._show_pointer(event.position())

    def _show_pointer(self, position: QPointF) -> None:
        pointing = self.links.pointed is not None or self.prompts.is_over_mark(position)
        shape = Qt.CursorShape.PointingHandCursor if pointing else self._pointer.shape(position)
        if shape != self.cursor().shape():
            self.setCursor(shape)

    def _on_links_changed(self) -> None:
        self._show_pointer(QPointF(self.mapFromGlobal(QCursor.pos())))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)
        self.prompts.release(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointer.leave()
        self.links.point_at(None, Qt.KeyboardModifier.NoModifier)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.wheel(event)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if not by_mouse or not self._pointer.is_for_program(event.modifiers()):
            self.prompts.point_at(event.pos() if by_mouse else None)
            self.links.stop_telling()
            self.menu_requested.emit(event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._copy_paste.paste_text(dropped_text(event.mimeData()))
