"""A field that takes keys instead of text: every key but Esc, Enter and Backspace."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from podium.core.shortcuts.keys import Chord, Stroke, chord_text, read_stroke
from podium.ui.terminal.input.shortcut_keys import is_modifier, pressed_names
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.accessible import announce
from podium.ui.widgets.keycaps import keycaps_width, paint_keycaps

_WIDTH = 240
_HEIGHT = 30


class Recorder(QWidget):
    """Records one key, or two that are pressed one after the other; a third one begins anew."""

    accessible_role = QAccessible.Role.EditableText

    recorded = Signal()
    """``chord`` is another one."""
    accepted = Signal()
    given_up = Signal()

    def __init__(self, themes: ThemeManager, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._strokes: tuple[Stroke, ...] = ()
        self.setAccessibleName(f"Keys of {name}")
        self.setAccessibleDescription(
            "Press the keys. Enter saves them, Backspace leaves none, Esc gives up."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(self.sizeHint())
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    @property
    def chord(self) -> Chord:
        """What was pressed; empty for nothing."""
        return self._strokes

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()  # What is bound is recorded, not carried out.
            return True
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self.keyPressEvent(event)  # Tab too.
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if is_modifier(event) or event.isAutoRepeat():
            return
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        match event.key():
            case Qt.Key.Key_Escape if plain:
                self.given_up.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if plain:
                self.accepted.emit()
            case Qt.Key.Key_Backspace if plain:
                self._take(())
            case _:
                self._record(event)

    def _record(self, event: QKeyEvent) -> None:
        for name in pressed_names(event):
            stroke = read_stroke(name)
            if stroke is not None:
                self._take((*self._strokes, stroke) if len(self._strokes) == 1 else (stroke,))
                return

    def _take(self, strokes: tuple[Stroke, ...]) -> None:
        self._strokes = strokes
        announce(self, chord_text(strokes) or "no keys")
        self.update()
        self.recorded.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 6, chrome.sunken)
        stroke_round(painter, rect, 6, chrome.focus_ring if self.hasFocus() else chrome.border, FOCUS_RING)
        caps = [cap for stroke in self._strokes for cap in stroke.caps]
        width = keycaps_width(caps)
        paint_keycaps(painter, caps, 8 + width, _HEIGHT / 2, chrome)
        painter.setFont(font(Role.SMALL))
        hint = QRectF(16 + width, 0, _WIDTH - width - 26, _HEIGHT)
        paint_text(painter, hint, "press keys", chrome.text_3, Qt.AlignmentFlag.AlignRight)
