"""One command with its keys; they are changed in place."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from podium.core.commands import ArgumentType, Command
from podium.core.shortcuts.keys import Chord, chord_text, lost_by_programs
from podium.ui.shortcuts.recorder import Recorder
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import breakable, wrapped_label
from podium.ui.theme.state_shapes import paint_warning
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.keycaps import keycaps_width, paint_keycaps

_ROW: Final = 36
_TITLE: Final = 216
_EDGE: Final = 16


class ShortcutView(QWidget):
    """Enter or a click begins to record; ``wanted`` is what a person has decided on."""

    accessible_role = QAccessible.Role.ListItem

    editing = Signal()
    """A person has begun to record."""
    recorded = Signal()
    wanted = Signal(object)
    """Chords that the command is to have; None for those of the preset."""

    def __init__(self, themes: ThemeManager, row: Command) -> None:
        super().__init__()
        self._themes = themes
        self.row = row
        self._chords: tuple[Chord, ...] = ()
        self._changed = False
        self._loses = False
        self._adds = False
        self._wrong = False
        """What is recorded can't be bound."""
        self.recorder: Recorder | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(_ROW)
        self._add = Button(
            themes, icon="plus", small=True, name=f"Add keys: {row.title.rstrip('…')}", parent=self
        )
        self._add.clicked.connect(lambda: self.begin(adds=True))
        self._undo = Button(themes, "Reset", small=True, parent=self)
        self._undo.setAccessibleName(f"Reset the keys of {row.title.rstrip('…')}")
        self._undo.clicked.connect(lambda: self.wanted.emit(None))
        self._warning = wrapped_label()
        self._warning.setFont(font(Role.SMALL))
        self._take = Button(themes, kind=ButtonKind.PRIMARY, small=True)
        self._take.clicked.connect(self._accept)
        self._take.hide()
        self._line = QHBoxLayout()
        self._line.setSpacing(8)
        self._line.addWidget(self._warning, 1)
        self._line.addWidget(self._take)
        self._below = QVBoxLayout(self)
        self._below.setContentsMargins(_EDGE + _TITLE, _ROW, _EDGE, 0)
        self._below.addLayout(self._line)
        self._warning.hide()
        themes.changed.connect(self.update)

    def show_keys(self, chords: tuple[Chord, ...], changed: bool) -> None:
        self._chords, self._changed = chords, changed
        self._undo.setVisible(changed and self.recorder is None)
        keys = ", ".join(map(chord_text, chords)) or "no keys"
        self.setAccessibleName(f"{self.row.title.rstrip('…')}, {keys}{', changed' if changed else ''}")
        self._place()
        self.update()

    def show_loses(self, loses: bool) -> None:
        """What is being recorded for another command would take keys from this one."""
        self._loses = loses
        self.update()

    def matches(self, text: str) -> bool:
        keys = " ".join(map(chord_text, self._chords))
        return all(
            word in f"{self.row.title} {self.row.help} {self.row.id} {keys}".casefold()
            for word in text.split()
        )

    # recording

    def begin(self, *, adds: bool = False) -> None:
        """Record keys, in place of those it has or besides."""
        if self.recorder is not None:
            return
        self._adds = adds
        self.recorder = Recorder(self._themes, self.row.title.rstrip("…"), self)
        self.recorder.recorded.connect(self.recorded)
        self.recorder.accepted.connect(self._accept)
        self.recorder.given_up.connect(self.end)
        self._place()
        self.recorder.show()
        self.recorder.setFocus(Qt.FocusReason.OtherFocusReason)
        self._undo.hide()
        self.editing.emit()
        self.say("Enter saves, Backspace leaves none, Esc gives up.")
        self.update()

    def end(self) -> None:
        """Leave the keys as they are."""
        recorder, self.recorder = self.recorder, None
        if recorder is None:
            return
        recorder.hide()
        recorder.deleteLater()
        self.say("")
        self._undo.setVisible(self._changed)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.recorded.emit()
        self.update()

    def say(self, text: str, *, takes_from: str = "", wrong: bool = False) -> None:
        """A line below; ``takes_from`` names the command that would lose its keys."""
        self._wrong = wrong
        self._warning.setText(breakable(text))
        self._warning.setProperty("role", "error" if wrong else "secondary")
        self._warning.style().polish(self._warning)
        self._warning.setVisible(bool(text))
        self._take.setText(f"Take from {takes_from}")
        self._take.setVisible(bool(takes_from))
        self._below.setContentsMargins(_EDGE + _TITLE, _ROW, _EDGE, 8 if text else 0)

    def chords_recorded(self) -> tuple[Chord, ...]:
        """What the command would have with what has been pressed; all numbers of a numbered one."""
        chord = self.recorder.chord if self.recorder is not None else ()
        if not chord:
            return self._chords if self._adds else ()
        if self.row.argument is ArgumentType.NUMBER:
            return tuple(
                (*chord[:-1], type(chord[-1])(str(number), chord[-1].modifiers))
                for number in range(1, len(self.row.keys) + 1)
            )
        return tuple(dict.fromkeys((*self._chords, chord))) if self._adds else (chord,)

    def _accept(self) -> None:
        if self.recorder is not None and not self._wrong:
            chords = self.chords_recorded()
            self.end()
            self.wanted.emit(chords)

    # Qt

    def _place(self) -> None:
        right = self.width() - _EDGE
        self._undo.setGeometry(right - self._undo.sizeHint().width(), 6, self._undo.sizeHint().width(), 24)
        add = right - (self._undo.width() + 4 if self._undo.isVisibleTo(self) else 0)
        self._add.setGeometry(add - 24, 6, 24, 24)
        if self.recorder is not None:
            self.recorder.move(_EDGE + _TITLE, 3)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(400, max(_ROW, super().sizeHint().height()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and event.position().y() < _ROW:
            self.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
            and not event.isAutoRepeat()
        ):
            self.begin()
        elif event.key() == Qt.Key.Key_Backspace and self._changed:
            self.wanted.emit(None)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(2, 1, -2, -1)
        if self.recorder is not None:
            fill_round(painter, rect, 6, chrome.selected)
        elif self.underMouse():
            fill_round(painter, rect, 6, chrome.hover)
        if self.hasFocus():
            stroke_round(painter, rect, 6, chrome.focus_ring, FOCUS_RING)
        painter.setFont(font(Role.BODY))
        tint = chrome.text_2 if self._loses else chrome.text
        paint_text(painter, QRectF(_EDGE, 0, _TITLE - 12, _ROW), self.row.title.rstrip("…"), tint)
        if self.recorder is not None:
            return
        left = float(_EDGE + _TITLE)
        for caps in self._caps():
            width = keycaps_width(caps)
            paint_keycaps(painter, caps, left + width, _ROW / 2, chrome)
            left += width + 10
        if self._loses:
            painter.setFont(font(Role.SMALL))
            paint_warning(painter, left, (_ROW - 10) / 2, chrome.text_2)
            paint_text(painter, QRectF(left + 16, 0, 200, _ROW), "would lose its keys", chrome.text_2)
        elif self._is_lost_by_programs():
            painter.setFont(font(Role.SMALL))
            room = QRectF(left, 0, self._add.x() - left - 8, _ROW)
            paint_text(painter, room, "programs never see it", chrome.text_3, Qt.AlignmentFlag.AlignRight)

    def _caps(self) -> list[list[str]]:
        if self.row.argument is ArgumentType.NUMBER and len(self._chords) > 1:
            first = [cap for stroke in self._chords[0] for cap in stroke.caps]
            return [[*first[:-1], f"1…{len(self._chords)}"]]
        return [[cap for stroke in chord for cap in stroke.caps] for chord in self._chords]

    def _is_lost_by_programs(self) -> bool:
        return any(lost_by_programs(chord[0]) for chord in self._chords)
