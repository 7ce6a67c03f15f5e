"""The links of one terminal view: pointed at, marked while Control is held, opened by a click or by keys."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from podium.core.links.targets import Answer, Target
from podium.core.protocol.frames import MOUSE_MODES
from podium.core.themes import ThemeVariant
from podium.ui.terminal.hit_tester import HitTester
from podium.ui.terminal.input.keyboard import MODIFIER_KEYS, key_name
from podium.ui.terminal.input.native_keys import us_character
from podium.ui.terminal.links.finder import LinkFinder
from podium.ui.terminal.links.hints import Act, Hints
from podium.ui.terminal.links.hover import Cell, LinkHover
from podium.ui.terminal.links.overlay import LinkOverlay, Marks
from podium.ui.terminal.links.scan import Link

HINTS_MS: Final = 300
"""Labels come after this time at the latest, on the links that are known by then."""

_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_OWN_MODIFIER: Final = {
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
    Qt.Key.Key_Meta: Qt.KeyboardModifier.MetaModifier,
}
_OTHERS: Final = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class ViewLinks(QObject):
    """Nothing is opened here: what a person chose is emitted."""

    wanted = Signal(object)
    """A LinkQuery to look up; see ``answer``."""
    activated = Signal(object)
    """The Target that a person asked to open."""
    copied = Signal(object)
    """The Target that a person asked to copy."""
    told = Signal(object, QRect)
    """The Target under the pointer and its first cells, in the view's logical pixels; None when it is to be hidden."""
    none_found = Signal()
    """Links were to be marked, and there are none."""
    changed = Signal()
    """The view is to be painted again."""

    def __init__(
        self,
        hit_tester: HitTester,
        next_request: Callable[[], int],
        in_sight: Callable[[int], bool],
        parent: QObject,
    ) -> None:
        """``in_sight`` says whether nothing lies over a line that is in view."""
        super().__init__(parent)
        self._in_sight = in_sight
        self._hit_tester = hit_tester
        self._state = hit_tester.state
        self._finder = LinkFinder(self._state, next_request, self)
        self._finder.wanted.connect(self.wanted)
        self._hover = LinkHover(self._finder, self)
        self._hover.changed.connect(self.changed)
        self._hover.told.connect(self._on_told)
        self._hints = Hints()
        self._overlay = LinkOverlay(hit_tester)
        self._position: QPointF | None = None
        self._held = Qt.KeyboardModifier.NoModifier
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(HINTS_MS)
        self._patience.timeout.connect(self._show_what_is_known)

    # what the session and the disk say

    def answer(self, number: int, answers: Sequence[Answer | None]) -> None:
        """Take the answers to a LinkQuery, None where a candidate is no link."""
        self._finder.answer(number, answers)

    def lines_changed(self, lines: Sequence[int]) -> None:
        """These lines have another text now."""
        self._hints.drop_lines(lines)
        link = self._hover.link
        if link is not None and any(span.line in lines for span in link.spans):
            self._hover.lines_changed()

    def view_changed(self) -> None:
        """A frame was shown, or the view was scrolled."""
        self._hover.text_changed(self._cell())

    def forget(self) -> None:
        """Lines have other numbers now, or there are none."""
        self._finder.clear()
        self._hints.leave()
        self._patience.stop()
        self._hover.lines_changed()

    # the pointer

    def point_at(self, position: QPointF | None, held: Qt.KeyboardModifier) -> None:
        """The pointer is there, or (None) has left."""
        self._position = position
        self._hold(held)

    def follow_key(self, event: QKeyEvent) -> None:
        """A modifier was pressed or released; any other key makes a shortcut of what is held."""
        own = _OWN_MODIFIER.get(Qt.Key(event.key()))
        pressed = event.type() is QEvent.Type.KeyPress
        if own is not None:
            # Whether an event's modifiers count its own key differs between platforms.
            self._hold(event.modifiers() | own if pressed else event.modifiers() & ~own)
        elif pressed:
            self._hold(event.modifiers() & ~_CONTROL)

    def _hold(self, held: Qt.KeyboardModifier) -> None:
        self._held = held
        control = bool(held & _CONTROL) and not held & _OTHERS and (not held & _SHIFT or self._is_tracked)
        self._hover.hold_control(control)
        self._hover.point_at(self._cell())

    @property
    def pointed(self) -> Target | None:
        """The target of the link under the pointer, as far as it is looked up."""
        return self._hover.link.target if self._hover.link is not None else None

    def stop_telling(self) -> None:
        """Something opens that the target would lie under."""
        self._hover.stop_telling()

    def activate_at(self, position: QPointF) -> None:
        """Ask to open the link at a place, if there is one."""
        cell = self._hit_tester.text_cell(position)
        self._hover.stop_telling()
        if cell is not None:
            self._finder.find_at(*cell, lambda links: self._activate(links, cell))

    def keys_to_open(self) -> tuple[str, ...]:
        """The keys that a click needs to open a link."""
        return ("Ctrl", "Shift") if self._is_tracked else ("Ctrl",)

    # the keyboard

    def begin_hints(self) -> None:
        """Mark all links in sight with labels to type."""
        self._hover.stop_telling()
        self._hints.begin()
        self._patience.start()
        self._finder.find_in_view(self._on_hints_found)

    def end_keys(self) -> None:
        """The keyboard is somebody else's."""
        self._hold(Qt.KeyboardModifier.NoModifier)
        if self._hints.on:
            self._hints.leave()
            self._patience.stop()
            self.changed.emit()

    @property
    def takes_keys(self) -> bool:
        """Whether keys are for the labels: they reach neither the window nor the program."""
        return self._hints.on

    def press(self, event: QKeyEvent) -> None:
        """A key while ``takes_keys``."""
        if key_name(event.key()) in MODIFIER_KEYS or event.isAutoRepeat():
            return
        held = event.modifiers() & ~(_SHIFT | Qt.KeyboardModifier.KeypadModifier)
        if event.key() == Qt.Key.Key_Backspace and not held:
            self._hints.erase()
            self.changed.emit()
        else:
            self._type("" if held else _letter(event), copy=bool(event.modifiers() & _SHIFT))

    def commit(self, text: str) -> None:
        """Text of an input method while ``takes_keys``."""
        for letter in text:
            if self._hints.on:
                self._type(letter.lower(), copy=letter.isupper())

    # painting

    def paint(self, painter: QPainter, theme: ThemeVariant) -> None:
        """Paint the marks; ``painter`` counts device pixels from the view's top left."""
        marks = Marks(self._hover.link, self._hover.marked, self._hints.matching() if self._hints.on else ())
        if marks.pointed is not None or marks.underlined or marks.hints:
            self._overlay.paint(painter, marks, theme)

    # details

    @property
    def _is_tracked(self) -> bool:
        return bool(self._state.program_modes & MOUSE_MODES)

    def _cell(self) -> Cell | None:
        """The cell under the pointer, unless clicks there are the program's."""
        if self._position is None or (self._is_tracked and not self._held & _SHIFT):
            return None
        return self._hit_tester.text_cell(self._position)

    def _activate(self, links: list[Link], cell: Cell) -> None:
        for link in links:
            if link.covers(*cell):
                self.activated.emit(link.target)
                return

    def _on_told(self, link: Link | None) -> None:
        if link is None:
            self.told.emit(None, QRect())
            return
        top = self._state.viewport.top
        geometry = self._hit_tester.canvas.geometry
        for span in link.spans:
            if 0 <= span.line - top < self._state.model.lines:
                row = span.line - top
                start, end = self._hit_tester.shown_spans(row, span.start, span.end)[0]
                cells = geometry.cell_rect(row, start, end - start)
                self.told.emit(link.target, geometry.to_logical(cells))
                return

    def _on_hints_found(self, links: list[Link]) -> None:
        if self._patience.isActive():
            self._patience.stop()
            self._show_hints(links)

    def _show_what_is_known(self) -> None:
        self._show_hints(self._finder.known_in_view())

    def _show_hints(self, links: list[Link]) -> None:
        waited = self._hints.on
        top = self._state.viewport.top
        rows = tuple(line for line in range(top, top + self._state.model.lines) if self._in_sight(line))
        in_view = [link for link in links if any(span.line in rows for span in link.spans)]
        if not self._hints.show(in_view) and waited:
            self.none_found.emit()
        self.changed.emit()

    def _type(self, letter: str, *, copy: bool) -> None:
        choice = self._hints.type(letter, copy=copy)
        if not self._hints.on:
            self._patience.stop()
        self.changed.emit()
        if choice is not None:
            (self.copied if choice.act is Act.COPY else self.activated).emit(choice.target)


def _letter(event: QKeyEvent) -> str:
    """The letter that a key types, or the one at its place where its layout has no Latin letters; "" for others."""
    text = event.text().lower()
    if len(text) == 1 and text.isascii() and text.isalpha():
        return text
    return us_character(event) if text.isalpha() else ""
