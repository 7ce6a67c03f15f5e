"""The settings as a page: a search field and the groups at the left, all settings in one scroll beside them."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from podium.core.config.declared import SettingSection, declared_sections
from podium.core.config.loading import LoadedSettings
from podium.core.config.toml_checks import WrongValue
from podium.ui.pages.page import Page
from podium.ui.settings.group_list import GroupList
from podium.ui.settings.setting_view import SettingView
from podium.ui.settings.source import SettingsSource
from podium.ui.shortcuts.editor import ShortcutEditor
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import icon
from podium.ui.theme.painting import fill_round, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label, wrapped_label
from podium.ui.widgets.buttons import Button

_SIDE: Final = 200
_COLUMN: Final = 960
_SHORTCUTS: Final = "shortcuts"
_AT_ONCE: Final = 3
"""Groups that fill the first sight of it."""


class _Card(QWidget):
    """The rows of one group, with lines between them."""

    def __init__(self, themes: ThemeManager, rows: list[SettingView]) -> None:
        super().__init__()
        self._themes = themes
        self._rows = rows
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in rows:
            column.addWidget(row)
        themes.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 8, chrome.surface)
        stroke_round(painter, rect, 8, chrome.border)
        shown = [row for row in self._rows if not row.isHidden()]
        for row in shown[1:]:
            painter.fillRect(QRectF(16, row.y(), self.width() - 32, 1), chrome.border)


class _Group(QWidget):
    def __init__(self, themes: ThemeManager, section: SettingSection) -> None:
        super().__init__()
        self.name = section.name
        self.rows = [SettingView(themes, section.name, row) for row in section.rows]
        title = plain_label(section.title)
        title.setFont(font(Role.BODY_STRONG))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 24)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(_Card(themes, self.rows))
        self.setAccessibleName(section.title)


class SettingsPage(Page):
    """Everything is saved at once, into the file that a person may edit too."""

    def __init__(
        self,
        themes: ThemeManager,
        source: SettingsSource,
        open_file: Callable[[], None],
        make_shortcuts: Callable[[], ShortcutEditor],
    ) -> None:
        super().__init__(themes, "Settings")
        self._make_shortcuts = make_shortcuts
        self.shortcuts: ShortcutEditor | None = None
        self._source = source
        self._errors: dict[str, str] = {}
        """What can't be of what was entered last, by its key."""
        self.groups: list[_Group] = []
        self.views: dict[str, SettingView] = {}
        self._to_make = list(declared_sections())
        self.search = self._make_search()
        groups = [(one.name, one.title) for one in declared_sections()]
        self.list = GroupList(themes, [*groups, (_SHORTCUTS, "Shortcuts")])
        self._nothing = plain_label()
        self._nothing.setProperty("role", "secondary")
        self._nothing.hide()
        self._clear = Button(themes, "Clear", small=True, parent=self)
        self._clear.clicked.connect(self.search.clear)
        self._clear.hide()
        self._area = self._make_area()
        self._place(open_file)
        for _ in range(_AT_ONCE):
            self._make_group()
        self.list.chosen.connect(self._go_to)
        self._area.verticalScrollBar().valueChanged.connect(self._follow)
        source.loaded.connect(self._on_loaded)
        themes.changed.connect(self._tint)
        self._tint()
        self._on_loaded(source.current)
        self._make_more()

    def _make_group(self) -> None:
        section = self._to_make.pop(0)
        group = _Group(self.themes, section)
        self.groups.append(group)
        self._column.insertWidget(self._column.count() - 1, group)
        for view in group.rows:
            self.views[view.key] = view
            view.entered.connect(self._on_entered)
            view.reset.connect(self._on_reset)
            view.control.widget().installEventFilter(self)
            self._show(view, self._source.current)

    def _make_more(self) -> None:
        """The groups below what is in sight come one by one, so that the page stands at once."""
        if self._to_make or self.shortcuts is None:
            self._make_next()
            QTimer.singleShot(0, self, self._make_more)

    def _make_all(self) -> None:
        while self._to_make or self.shortcuts is None:
            self._make_next()

    def _make_next(self) -> None:
        if self._to_make:
            self._make_group()
        else:
            self.shortcuts = self._make_shortcuts()
            self._column.insertWidget(self._column.count() - 1, self.shortcuts)

    def _make_search(self) -> QLineEdit:
        search = QLineEdit()
        search.setPlaceholderText("Search settings")
        search.setAccessibleName("Search settings")
        search.setToolTip("Search settings  /")
        search.setFont(font(Role.BODY))
        search.setClearButtonEnabled(True)
        search.textChanged.connect(self._on_searched)
        search.installEventFilter(self)
        return search

    def _make_area(self) -> QScrollArea:
        content = QWidget()
        content.setObjectName("scrolled")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 16, 0)
        column.setSpacing(0)
        nothing = QHBoxLayout()
        nothing.addWidget(self._nothing)
        nothing.addWidget(self._clear)
        nothing.addStretch()
        column.addLayout(nothing)
        column.addStretch()
        self._column = column
        content.setMaximumWidth(_COLUMN + 16)
        return scroll_area(content)

    def _place(self, open_file: Callable[[], None]) -> None:
        title = plain_label("Settings")
        title.setFont(font(Role.TITLE))
        kept = wrapped_label("Kept in settings.toml, saved as you change them.")
        kept.setFont(font(Role.SMALL))
        kept.setProperty("role", "secondary")
        file = Button(self.themes, "Open the file", small=True)
        file.clicked.connect(open_file)
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addWidget(self.search)
        side.addWidget(_scrolled(self.list), 1)
        side.addWidget(kept)
        side.addWidget(file, 0, Qt.AlignmentFlag.AlignLeft)
        left = QWidget()
        left.setFixedWidth(_SIDE)
        side.setContentsMargins(0, 0, 0, 0)
        left.setLayout(side)
        beside = QHBoxLayout()
        beside.setSpacing(32)
        beside.addWidget(left)
        beside.addWidget(self._area, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 8, 16)
        column.setSpacing(20)
        column.addWidget(title)
        column.addLayout(beside, 1)

    # what the window and the palette ask for

    def enter(self) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()

    def reveal(self, key: str) -> None:
        """Show the setting ``section.key`` and give it the keyboard."""
        self._make_all()
        view = self.views.get(key)
        if view is not None:
            self.search.clear()
            # Its place is known when the page has been laid out.
            QTimer.singleShot(0, self, lambda: self._show_view(view))

    def reveal_shortcuts(self) -> None:
        """Show the commands and their keys."""
        self._make_all()
        self.search.clear()
        QTimer.singleShot(0, self, self._show_shortcuts)

    def _show_shortcuts(self) -> None:
        self._go_to(_SHORTCUTS)
        if self.shortcuts is not None:
            self.shortcuts.search.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_view(self, view: SettingView) -> None:
        self._area.ensureWidgetVisible(view, 0, 80)
        view.first_focus().setFocus(Qt.FocusReason.TabFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    # what a person enters

    def _on_entered(self, key: str, value: object) -> None:
        self._say_error(key, "")
        try:
            self._source.change(key, value, lambda reason: self._on_failed(key, reason))
        except WrongValue as wrong:
            self._say_error(key, f"{wrong.reason} {wrong.fix}")

    def _on_reset(self, key: str) -> None:
        self._say_error(key, "")
        self._source.reset(key, lambda reason: self._on_failed(key, reason))
        self.views[key].first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_failed(self, key: str, reason: str) -> None:
        self._say_error(key, f"The file was not changed: {reason} Open the file to put it right.")
        self._on_loaded(self._source.current)

    def _say_error(self, key: str, text: str) -> None:
        self._errors[key] = text
        if text:
            self.views[key].show_error(text)
        else:
            self._show_fault(self.views[key], self._source.current)

    # what counts

    def _on_loaded(self, loaded: LoadedSettings) -> None:
        for view in self.views.values():
            self._show(view, loaded)
        for section in declared_sections():
            count = sum(fault.key.split(".")[0] == section.name for fault in loaded.faults)
            self.list.buttons[section.name].show_faults(count)

    def _show(self, view: SettingView, loaded: LoadedSettings) -> None:
        view.show_value(_value(loaded, view.key))
        if not self._errors.get(view.key):
            self._show_fault(view, loaded)

    def _show_fault(self, view: SettingView, loaded: LoadedSettings) -> None:
        fault = next((one for one in loaded.faults if one.key == view.key), None)
        view.show_fault(fault, _value(loaded, view.key))

    # searching and going about

    def _on_searched(self, text: str) -> None:
        self._make_all()
        words = text.casefold().split()
        found = 0
        if not words and self.shortcuts is not None:
            self.shortcuts.show_matches("")
        for group in self.groups:
            for view in group.rows:
                matches = view.matches(words)
                view.setVisible(matches)
                view.mark(words)
                found += matches
            shown = any(not view.isHidden() for view in group.rows)
            group.setVisible(shown)
            self.list.buttons[group.name].setVisible(shown)
        if self.shortcuts is not None:
            among_keys = not words or self.shortcuts.show_matches(text)
            self.shortcuts.setVisible(among_keys)
            self.list.buttons[_SHORTCUTS].setVisible(among_keys)
            found += among_keys
        self._nothing.setText(f"No setting matches ‘{text.strip()}’.")
        self._nothing.setVisible(not found)
        self._clear.setVisible(not found)
        self._area.verticalScrollBar().setValue(0)
        self._follow()

    def _go_to(self, name: str) -> None:
        self._make_all()
        self._area.verticalScrollBar().setValue(self._places()[name])
        self.list.show_current(name)  # Also a group at the end, which can't come to the top.

    def _follow(self) -> None:
        """Mark the group that is at the top."""
        top = self._area.verticalScrollBar().value()
        shown = self._places()
        current = [name for name, y in shown.items() if y <= top + 40]
        if shown:
            self.list.show_current(current[-1] if current else next(iter(shown)))

    def _places(self) -> dict[str, int]:
        """Where each group that is shown begins, in px from the top."""
        places = {group.name: group.y() for group in self.groups if not group.isHidden()}
        if self.shortcuts is not None and not self.shortcuts.isHidden():
            places[_SHORTCUTS] = self.shortcuts.y()
        return places

    def _tint(self) -> None:
        for action in self.search.actions():
            if action.objectName() == "lens":
                self.search.removeAction(action)
        action = self.search.addAction(
            icon("search", self.themes.colors.chrome.text_3), QLineEdit.ActionPosition.LeadingPosition
        )
        action.setObjectName("lens")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.FocusIn
            and isinstance(watched, QWidget)
            and watched is not self.search
        ):
            self._area.ensureWidgetVisible(watched, 0, 60)
        if watched is self.search and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter_first()
                return True
        return super().eventFilter(watched, event)

    def _enter_first(self) -> None:
        """Go to the first setting that was found."""
        first = next((view for view in self.views.values() if not view.isHidden()), None)
        if first is not None:
            self._show_view(first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Fields keep what they can write: only what no field wanted comes here.
        if event.text() == "/":
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
        else:
            super().keyPressEvent(event)


def _scrolled(content: QWidget) -> QScrollArea:
    """``content`` at the top of what scrolls where there is too little room."""
    holder = QWidget()
    holder.setObjectName("scrolled")
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(content)
    column.addStretch()
    return scroll_area(holder)


def scroll_area(content: QWidget) -> QScrollArea:
    """An area that scrolls ``content`` up and down, and takes no keyboard itself."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    return area


def _value(loaded: LoadedSettings, key: str) -> object:
    """What counts for a key, as TOML has it."""
    section, _, name = key.partition(".")
    value = getattr(getattr(loaded.settings, section), name)
    if isinstance(value, tuple):
        return list(value)
    return value.value if hasattr(value, "value") else value
