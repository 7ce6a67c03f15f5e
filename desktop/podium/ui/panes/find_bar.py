"""The search bar under a pane's bar: what is searched for, how many matches there are, and which one is shown.

It lies over the terminal's first rows: making room would tell the program of a new size.
"""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from podium.core.finding.query import MAX_QUERY, SearchQuery
from podium.core.themes import ThemeVariant, load_tokens
from podium.ui.terminal.finding.results import FindResults
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import icon
from podium.ui.theme.painting import paint_text
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.widgets.buttons import Button
from podium.ui.widgets.toggles import Toggle

_LEFT: Final = 9
_FIELD: Final = 300
_LEAST_FIELD: Final = 90
_GAP: Final = 12
_LEAST_SAID: Final = 96
_WIDE: Final = 640
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FindBar(QWidget):
    """Shows what it is told and emits what the person wants; it searches nothing itself."""

    query_changed = Signal(object)
    """A SearchQuery, or None when there is nothing to search for."""
    stepped = Signal(bool)
    """To the next match; True: the older one."""
    all_requested = Signal()
    closed = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._theme: ThemeVariant | None = None
        self._count = ""
        self._fault = ""
        self._scope = ""
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Find")
        self.field.setAccessibleName("Find in this terminal")
        self.field.setMaxLength(MAX_QUERY)
        self.field.setProperty("quiet", True)
        self._lens = QAction(icon("search", themes.colors.chrome.text_3), "Search", self.field)
        self.field.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self.case = Toggle(themes, "Aa", "Match case", self)
        self.word = Toggle(themes, "W", "Whole words", self)
        self.regex = Toggle(themes, ".*", "Regular expression", self)
        self.older = Button(themes, icon="chevron-up", small=True, name="Older match (Enter)", parent=self)
        self.newer = Button(themes, icon="chevron", small=True, name="Newer match (Shift+Enter)", parent=self)
        self.all = Button(themes, "All instances", small=True, name="Find in all instances", parent=self)
        self.close_button = Button(themes, icon="close", small=True, name="Close search (Esc)", parent=self)
        self.setFixedHeight(load_tokens().size["search_bar"])
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._on_changed)
        for toggle in (self.case, self.word, self.regex):
            toggle.toggled.connect(self._on_changed)
        self.older.clicked.connect(lambda: self.stepped.emit(True))
        self.newer.clicked.connect(lambda: self.stepped.emit(False))
        self.all.clicked.connect(self.all_requested)
        self.close_button.clicked.connect(self.closed)
        themes.changed.connect(self._on_theme_changed)

    @property
    def query(self) -> SearchQuery | None:
        """What is to be searched for; None for nothing."""
        text = self.field.text()
        if not text:
            return None
        return SearchQuery(text, self.case.isChecked(), self.word.isChecked(), self.regex.isChecked())

    def begin(self, text: str) -> None:
        """Take the keyboard, with ``text`` if there is any in the place of what was searched for last."""
        if text and text != self.field.text():
            self.field.setText(text[:MAX_QUERY])
        else:
            self._on_changed()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_query(self, query: SearchQuery) -> None:
        """Search for ``query`` and take the keyboard."""
        for toggle, on in ((self.case, query.case), (self.word, query.word), (self.regex, query.regex)):
            toggle.blockSignals(True)
            toggle.setChecked(on)
            toggle.blockSignals(False)
        self.field.blockSignals(True)
        self.field.setText(query.text)
        self.field.blockSignals(False)
        self.begin("")

    def set_theme(self, theme: ThemeVariant) -> None:
        """The colours of the pane's own bar."""
        self._theme = theme
        self.update()

    def show_results(self, results: FindResults) -> None:
        """Show how many matches there are, and the number of the current one."""
        total = f"{results.total:,}" + ("" if results.complete else "+")
        if results.total:
            self._count = f"{results.number:,} of {total}"
        else:
            self._count = "No match" if results.complete else "Searching"
        self._scope = "This screen only" if results.alternate else f"Newest first, {results.lines:,} lines"
        self._fault = ""
        self._lay_out()

    def show_fault(self, reason: str) -> None:
        """Show why it is not searched; matches in sight are those of the search before."""
        self._fault = reason
        self._lay_out()

    def show_nothing(self) -> None:
        """Nothing is searched for."""
        self._count = self._fault = self._scope = ""
        self._lay_out()

    # What happens

    def _on_changed(self) -> None:
        self.query_changed.emit(self.query)

    def _on_theme_changed(self) -> None:
        self._lens.setIcon(icon("search", self._themes.colors.chrome.text_3))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field or not isinstance(event, QKeyEvent):
            return False
        return event.type() is QEvent.Type.KeyPress and self._take_key(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in _ENTER or key == Qt.Key.Key_F3:
            self.stepped.emit(not shift)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(key == Qt.Key.Key_Up)
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # From the field and the buttons: they leave Escape to the bar.
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    # Layout and painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        right = self._place(self.close_button, self.width() - 6, ends=True)
        said = QFontMetricsF(font(Role.BODY_STRONG)).horizontalAdvance(self._fault or self._count)
        # The buttons keep their place while the number grows.
        said = max(said, _LEAST_SAID if right > _WIDE else 0)
        choices = (self.case, self.word, self.regex, self.older, self.newer)
        needed = sum(choice.sizeHint().width() + 4 for choice in choices) + 2 * _GAP + round(said)
        field = min(_FIELD, max(_LEAST_FIELD, right - _LEFT - needed - 2 * _GAP))
        self.field.setGeometry(_LEFT, (self.height() - 28) // 2, field, 28)
        self._said_at = _LEFT + field + _GAP
        left = self._said_at + round(said) + _GAP
        for choice in choices:
            choice.setVisible(left + choice.sizeHint().width() <= right)
            left = self._place(choice, left) + (_GAP if choice is self.regex else 4)
        scope = QFontMetricsF(font(Role.SMALL)).horizontalAdvance(self._scope)
        all_width = self.all.sizeHint().width()
        self.all.setVisible(left + all_width <= right - 8)
        if not self.all.isHidden():
            self._place(self.all, right - 8, ends=True)
            right -= all_width + 8
        self._scope_at = right - 8 - scope if left + scope + 8 <= right - 8 else None
        self.update()

    def _place(self, button: Button, at: int, *, ends: bool = False) -> int:
        """Put ``button`` where it begins at ``at``, or ends there; returns its other side."""
        width = button.sizeHint().width()
        left = at - width if ends else at
        button.setGeometry(left, (self.height() - button.height()) // 2, width, button.height())
        return left if ends else left + width

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        chrome = self._themes.colors.chrome
        if self._theme is not None:
            painter.fillRect(self.rect(), color(self._theme.bar))
            painter.fillRect(0, self.height() - 1, self.width(), 1, color(self._theme.bar_border))
        if not self.older.isHidden():
            rule = self.older.x() - _GAP // 2
            painter.fillRect(rule, (self.height() - 16) // 2, 1, 16, chrome.border_strong)
        painter.setFont(font(Role.BODY_STRONG))
        known = chrome.text if self._count[:1].isdigit() else chrome.text_2
        tint = chrome.danger_text if self._fault else known
        end = self.close_button.x()
        line = QRectF(self._said_at, 0, end - self._said_at, self.height() - 1)
        paint_text(painter, line, self._fault or self._count, tint)
        if self._scope_at is not None and not self._fault:
            painter.setFont(font(Role.SMALL))
            scope = QRectF(self._scope_at, 0, self.width() - self._scope_at, self.height() - 1)
            paint_text(painter, scope, self._scope, chrome.text_2)
