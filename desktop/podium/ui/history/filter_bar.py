"""The field and the choices above the table."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from podium.core.ids import InstanceId
from podium.core.visible_text import visible
from podium.history.run_list import RunSums
from podium.ui.history import words
from podium.ui.history.choice import Choice
from podium.ui.history.wanted import Wanted
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import icon
from podium.ui.theme.palette import ThemeManager

_FIELD: Final = 280
_LEAST_FIELD: Final = 160
_LONGEST: Final = 200
_TYPING_MS: Final = 150
"""Between two keys that belong together."""
_MOST_INSTANCES: Final = 40
"""Entries of a menu; a name that is not in it can be typed."""


class _Field(QLineEdit):
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """Says what is wanted; the page asks for it."""

    text_changed = Signal(str)
    """A moment after the last key."""
    outcome_chosen = Signal(object)
    instance_chosen = Signal(object)
    left = Signal()
    """Esc, Enter or ↓ in the field: the keyboard goes to the table."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.field = _Field()
        self.field.setFont(font(Role.BODY))
        self.field.setMaxLength(_LONGEST)
        self.field.setPlaceholderText("Name, command, folder, reason")
        self.field.setAccessibleName("Filter runs by name, command, folder or reason")
        self.field.setMinimumWidth(_LEAST_FIELD)
        self.field.setMaximumWidth(_FIELD)
        self._icon = self.field.addAction(
            icon("search", themes.colors.chrome.text_3), QLineEdit.ActionPosition.LeadingPosition
        )
        self.outcomes = Choice(themes, "Results", self)
        self.instances = Choice(themes, "Instances", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.outcomes)
        row.addWidget(self.instances)
        row.addStretch()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(lambda: self.text_changed.emit(self.text))
        self.field.textEdited.connect(self._typing.start)
        self.field.escaped.connect(self._on_escaped)
        self.field.returnPressed.connect(self._finish)
        self.outcomes.chosen.connect(self.outcome_chosen)
        self.instances.chosen.connect(self.instance_chosen)
        themes.changed.connect(self._on_theme_changed)
        self.show_wanted(Wanted(), ())

    @property
    def text(self) -> str:
        return self.field.text().strip()

    def show_wanted(self, wanted: Wanted, instances: tuple[tuple[str, str, str], ...]) -> None:
        self.outcomes.offer(
            [("All results", None), *((word, outcome) for outcome, word in words.OUTCOMES.items())],
            wanted.outcome,
        )
        entries: list[tuple[str, InstanceId | None]] = [("All instances", None)]
        shown = ""
        for id, name, text in instances[:_MOST_INSTANCES]:
            entries.append((f"{name}   {text}", InstanceId(id)))
        if wanted.instance is not None:
            shown = next((name for id, name, _ in instances if id == wanted.instance), wanted.instance)
        self.instances.offer(entries, wanted.instance, shown)

    def show_sums(self, wanted: Wanted, everything: RunSums) -> None:
        """The instances there are, and what the runs of each came to."""
        self.show_wanted(
            wanted,
            tuple((id, visible(name), words.day_sums(sums)) for id, name, sums in everything.instances),
        )

    def clear(self) -> None:
        self._typing.stop()
        self.field.clear()

    def _on_escaped(self) -> None:
        if self.field.text():
            self.clear()
            self.text_changed.emit("")
        else:
            self.left.emit()

    def _finish(self) -> None:
        if self._typing.isActive():
            self._typing.stop()
            self.text_changed.emit(self.text)
        self.left.emit()

    def _on_theme_changed(self) -> None:
        self._icon.setIcon(icon("search", self._themes.colors.chrome.text_3))
