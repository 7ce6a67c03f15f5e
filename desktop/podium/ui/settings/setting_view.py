"""One setting: its title and prose, its control, whether it was changed, and what is wrong with it."""

import html

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from podium.core.config.declared import SettingRow
from podium.core.config.toml_file import Fault
from podium.ui.settings.controls import make_control, value_text
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import breakable, wrapped_label
from podium.ui.widgets.buttons import Button

_PADDING = 16


class SettingView(QWidget):
    """A row of the page."""

    entered = Signal(str, object)
    """The key, and a value that a person has chosen."""
    reset = Signal(str)
    """The key whose usual value is to count again."""

    def __init__(self, themes: ThemeManager, section: str, row: SettingRow) -> None:
        super().__init__()
        self._themes = themes
        self.row = row
        self.key = f"{section}.{row.key}"
        self._found = ""
        self._title = QLabel()
        self._title.setFont(font(Role.BODY))
        self._title.setWordWrap(True)
        self._title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._prose = wrapped_label(row.prose)
        self._prose.setFont(font(Role.SMALL))
        self._prose.setProperty("role", "secondary")
        self._fault = wrapped_label()
        self._fault.setFont(font(Role.SMALL))
        self._fault.setProperty("role", "error")
        self._fault.hide()
        self._changed = wrapped_label()
        self._changed.setFont(font(Role.SMALL))
        self._changed.setProperty("role", "secondary")
        self._undo = Button(themes, "Reset", small=True)
        self._undo.setAccessibleName(f"Reset: {row.title}")
        self._undo.setToolTip(f"Have the usual value again: {value_text(row.default)}")
        self._undo.clicked.connect(lambda: self.reset.emit(self.key))
        self.control = make_control(themes, row, lambda value: self.entered.emit(self.key, value))
        widget = self.control.widget()
        widget.setAccessibleDescription(row.prose)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for label in (self._title, self._prose, self._fault):
            texts.addWidget(label)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._changed, 1)
        below.addWidget(self._undo)
        texts.addLayout(below)
        line = QHBoxLayout(self)
        line.setContentsMargins(_PADDING, 10, _PADDING, 10)
        line.setSpacing(24)
        line.addLayout(texts, 1)
        line.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        self._show_title()
        themes.changed.connect(self._show_title)

    def first_focus(self) -> QWidget:
        return self.control.widget()

    def show_value(self, value: object) -> None:
        """Show what counts, as TOML has it."""
        self.control.show_value(value)
        changed = value != self.row.default
        self._changed.setText(
            breakable(f"Changed. Usually {value_text(self.row.default)}.") if changed else ""
        )
        self._changed.setVisible(changed)
        self._undo.setVisible(changed)

    def show_fault(self, fault: Fault | None, used: object = None) -> None:
        """Say what is wrong in the file, and which value is ``used`` instead; None takes that back."""
        if fault is None:
            self.show_error("")
        else:
            place = f"Line {fault.line}: " if fault.line else ""
            self.show_error(f"{place}{fault.reason} {fault.fix} {value_text(used)} is used.", wrong=False)

    def show_error(self, text: str, *, wrong: bool = True) -> None:
        """Say what can't be; "" takes it back. ``wrong``: it is what stands in the control."""
        self._fault.setText(breakable(text))
        self._fault.setVisible(bool(text))
        self.control.show_wrong(wrong and bool(text))

    def matches(self, words: list[str]) -> bool:
        """Whether all ``words``, in lower case, are in its title, prose or key."""
        text = f"{self.row.title} {self.row.prose} {self.key}".casefold()
        return all(word in text for word in words)

    def mark(self, words: list[str]) -> None:
        """Show where the title has these words."""
        self._found = max((word for word in words if word in self.row.title.casefold()), key=len, default="")
        self._show_title()

    def _show_title(self) -> None:
        title, found = self.row.title, self._found
        at = title.casefold().find(found) if found else -1
        later = "  Counts at the next start." if self.row.next_start else ""
        chrome = self._themes.colors.chrome
        text = html.escape(title)
        if at >= 0:
            parts = (title[:at], title[at : at + len(found)], title[at + len(found) :])
            before, marked, after = map(html.escape, parts)
            text = f'{before}<span style="color:{chrome.link.name()};font-weight:600">{marked}</span>{after}'
        if later:
            text += f'<span style="color:{chrome.text_3.name()}">&nbsp;{html.escape(later)}</span>'
        self._title.setText(text)
