"""The overview of commands and their keys, from the command table; Return runs the chosen one."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from podium.core.commands import COMMANDS, ArgumentType, Command, CommandId, Group
from podium.ui.dialogs.sheet import Sheet
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label
from podium.ui.widgets.keycaps import keycaps_width, paint_keycaps, split_keys

_ROW = 34
_TITLE = 190


def shown_keys(row: Command) -> list[str]:
    """The first default key as caps; a numbered command shows the range."""
    if not row.keys:
        return []
    if row.argument is ArgumentType.NUMBER:
        return [*split_keys(row.keys[0])[:-1], f"1…{len(row.keys)}"]
    return split_keys(row.keys[0])


class _CommandRow(QAbstractButton):
    def __init__(self, themes: ThemeManager, row: Command) -> None:
        super().__init__()
        self._themes = themes
        self.row = row
        self._keys = shown_keys(row)
        self.setText(row.title.rstrip("…"))
        self.setAccessibleName(f"{self.text()}, {'+'.join(self._keys) or 'no key'}")
        self.setAccessibleDescription(row.help)
        self.setToolTip(row.help)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(_ROW)

    def matches(self, text: str) -> bool:
        return text in f"{self.row.title} {self.row.help} {'+'.join(self._keys)}".casefold()

    def sizeHint(self) -> QSize:
        return QSize(200, _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        if self.hasFocus() or self.underMouse():
            fill_round(painter, rect, 6, chrome.selected if self.hasFocus() else chrome.hover)
        if self.hasFocus():
            stroke_round(painter, rect, 6, chrome.focus_ring, FOCUS_RING)
        painter.setFont(font(Role.BODY))
        paint_text(painter, QRectF(10, 0, _TITLE, _ROW), self.text(), chrome.text)
        end = self.width() - 10 - keycaps_width(self._keys)
        painter.setFont(font(Role.SMALL))
        help_rect = QRectF(10 + _TITLE + 8, 0, end - _TITLE - 26, _ROW)
        paint_text(painter, help_rect, self.row.help.rstrip("."), chrome.text_3)
        paint_keycaps(painter, self._keys, self.width() - 10, _ROW / 2, chrome)


class ShortcutsDialog(Sheet):
    """Lists the commands in ``offered``; choosing one closes the dialog and asks for it."""

    command_chosen = Signal(object)
    """A CommandId."""

    def __init__(self, themes: ThemeManager, host: QWidget, offered: Collection[CommandId]) -> None:
        super().__init__(themes, host, "Keyboard shortcuts", width=680)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search commands and keys")
        self.search.setAccessibleName("Search commands and keys")
        self.search.addAction(
            icon("search", themes.colors.chrome.text_3), QLineEdit.ActionPosition.LeadingPosition
        )
        self.search.textChanged.connect(self._on_searched)
        self.search.returnPressed.connect(self._on_return_pressed)
        self.search.installEventFilter(self)
        self._rows: list[_CommandRow] = []
        self._groups: list[tuple[QLabel, list[_CommandRow]]] = []
        content = QWidget()
        content.setObjectName("scrolled")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(0)
        for group in Group:
            self._add_group(group, offered, column)
        self._nothing = plain_label()
        self._nothing.setProperty("role", "secondary")
        self._nothing.hide()
        column.addWidget(self._nothing)
        column.addStretch()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(content)
        self._area.setFixedHeight(max(240, min(560, host.height() - 180)))
        self.body.setSpacing(12)
        self.body.addWidget(self.search)
        self.body.addWidget(self._area)

    def _add_group(self, group: Group, offered: Collection[CommandId], column: QVBoxLayout) -> None:
        commands = [row for row in COMMANDS if row.group is group and row.id in offered]
        if not commands:
            return
        label = QLabel(group.value)
        label.setFont(font(Role.CAPTION, 600))
        label.setProperty("role", "tertiary")
        label.setContentsMargins(10, 10, 0, 4)
        column.addWidget(label)
        rows = [_CommandRow(self._themes, row) for row in commands]
        for row in rows:
            row.clicked.connect(lambda _checked=False, row=row: self._choose(row.row.id))
            row.installEventFilter(self)
            column.addWidget(row)
        self._rows.extend(rows)
        self._groups.append((label, rows))

    def first_focus(self) -> QWidget:
        return self.search

    def shown(self) -> tuple[CommandId, ...]:
        return tuple(row.row.id for row in self._rows if not row.isHidden())

    def _choose(self, command: CommandId) -> None:
        self.accept()
        self.command_chosen.emit(command)

    def _on_searched(self, text: str) -> None:
        wanted = text.strip().casefold()
        for label, rows in self._groups:
            for row in rows:
                row.setVisible(row.matches(wanted))
            label.setVisible(any(not row.isHidden() for row in rows))
        self._nothing.setText(f"No command matches ‘{text}’.")
        self._nothing.setVisible(not self.shown())

    def _on_return_pressed(self) -> None:
        shown = self.shown()
        if shown and self.search.text():
            self._choose(shown[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self._step(watched, step)
                return True
            if isinstance(watched, _CommandRow) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                watched.click()
                return True
        return super().eventFilter(watched, event)

    def _step(self, watched: QObject, step: int) -> None:
        chain: list[QWidget] = [self.search, *(row for row in self._rows if not row.isHidden())]
        at = next((index for index, widget in enumerate(chain) if widget is watched), 0)
        following = chain[(at + step) % len(chain)]
        following.setFocus(Qt.FocusReason.TabFocusReason)
        if following is not self.search:
            self._area.ensureWidgetVisible(following, 0, _ROW)
