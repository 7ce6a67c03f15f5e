"""The control for a setting, by what may be written for it: a switch, a choice, or a field."""

import shlex
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from podium.core.config.declared import SettingRow
from podium.ui.settings.switch import Switch
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.field import restyle

_FIELD: Final = 200
_NUMBER: Final = 110

Entered = Callable[[object], None]
"""Called with a value, as TOML has it, that a person has chosen."""


class Control(Protocol):
    """What is shown at the right of a setting."""

    def widget(self) -> QWidget: ...

    def show_value(self, value: object) -> None:
        """Show what counts, unless a person is just writing something else."""
        ...

    def show_wrong(self, wrong: bool) -> None:
        """Mark what a person has entered as something that can't be."""
        ...


def value_text(value: object) -> str:
    """A value as the page writes it."""
    match value:
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:.15g}"
        case int():
            return f"{value:,}"
        case list() | tuple():
            return shlex.join(map(str, value)) or "none"
        case "":
            return "empty"
    return str(value)


def make_control(themes: ThemeManager, row: SettingRow, entered: Entered) -> Control:
    """The control for ``row``."""
    if isinstance(row.default, bool):
        return SwitchControl(themes, row, entered)
    if row.choices:
        return ChoiceControl(themes, row, entered)
    return FieldControl(row, entered)


class SwitchControl:
    def __init__(self, themes: ThemeManager, row: SettingRow, entered: Entered) -> None:
        self._switch = Switch(themes)
        self._switch.setAccessibleName(row.title)
        self._switch.clicked.connect(entered)

    def widget(self) -> Switch:
        return self._switch

    def show_value(self, value: object) -> None:
        self._switch.setChecked(bool(value))

    def show_wrong(self, wrong: bool) -> None:
        """Either side of it can be."""


class ChoiceControl:
    """A button that opens a menu of what may be chosen."""

    def __init__(self, themes: ThemeManager, row: SettingRow, entered: Entered) -> None:
        self._row = row
        self._entered = entered
        self._value = ""
        self._button = Button(themes, icon="chevron", kind=ButtonKind.OUTLINED)
        self._button.clicked.connect(self._open)

    def widget(self) -> Button:
        return self._button

    def show_value(self, value: object) -> None:
        self._value = str(value)
        self._button.setText(self._value)
        self._button.setAccessibleName(f"{self._row.title}: {self._value}")
        self._button.updateGeometry()

    def show_wrong(self, wrong: bool) -> None:
        """All that it offers can be."""

    def _open(self) -> None:
        menu = QMenu(self._button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for choice in self._row.choices:
            action = menu.addAction(choice)
            action.setCheckable(True)
            action.setChecked(choice == self._value)
            action.triggered.connect(lambda _checked=False, choice=choice: self._entered(choice))
            if choice == self._value:
                menu.setActiveAction(action)
        menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))


class FieldControl(QObject):
    """A field for a number, a text, or a list of words. It counts at Enter and when the keyboard leaves it."""

    def __init__(self, row: SettingRow, entered: Entered) -> None:
        super().__init__()
        self._row = row
        self._entered = entered
        self._shown = ""
        self._edit = _Edit()
        self._edit.setFont(font(Role.BODY))
        self._edit.setAccessibleName(row.title)
        self._edit.setFixedWidth(_NUMBER if row.bounds else _FIELD)
        if row.bounds:
            low, high = row.bounds
            self._edit.setPlaceholderText(f"{low:.15g} to {high:.15g}")
        elif isinstance(row.default, list):
            self._edit.setPlaceholderText("none")
        self._edit.committed.connect(self._commit)
        self._edit.given_up.connect(lambda: self._edit.setText(self._shown))

    def widget(self) -> QLineEdit:
        return self._edit

    def show_value(self, value: object) -> None:
        unchanged = self._edit.text() == self._shown
        self._shown = self._written(value)
        if unchanged or not self._edit.hasFocus():
            self._edit.setText(self._shown)
            self._edit.setCursorPosition(0)

    def show_wrong(self, wrong: bool) -> None:
        if bool(self._edit.property("wrong")) != wrong:
            self._edit.setProperty("wrong", wrong)
            restyle(self._edit)

    def _written(self, value: object) -> str:
        if isinstance(value, Sequence) and not isinstance(value, str):
            return shlex.join(map(str, value))
        return f"{value:.15g}" if isinstance(value, float) else str(value)

    def _commit(self) -> None:
        text = self._edit.text()
        if text != self._shown:
            self._entered(self._read(text))

    def _read(self, text: str) -> object:
        """What the text means; what it can't mean stays a text, and the check says what is wrong with it."""
        if isinstance(self._row.default, list):
            try:
                return shlex.split(text)
            except ValueError:  # A quote is not closed.
                return text
        if self._row.bounds is None:
            return text
        plain = text.strip().replace(",", "").replace("\u202f", "")
        try:
            return float(plain) if isinstance(self._row.default, float) else int(plain)
        except ValueError:
            return text


class _Edit(QLineEdit):
    committed = Signal()
    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self.committed.emit()
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            event.accept()
            self.given_up.emit()
            self.setModified(False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.committed.emit()
