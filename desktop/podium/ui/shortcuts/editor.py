"""All commands with their keys, a search among them, and the presets."""

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from podium.core.commands import COMMANDS, ArgumentType, CommandId, Group, command
from podium.core.shortcuts.file import LoadedShortcuts
from podium.core.shortcuts.keymap import without
from podium.core.shortcuts.keys import chord_text, lost_by_programs, refusal
from podium.core.shortcuts.presets import PRESET_TITLES, Preset, preset_keymap
from podium.ui.shortcuts.shortcut_view import ShortcutView
from podium.ui.shortcuts.source import ShortcutSource
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import breakable, plain_label, wrapped_label
from podium.ui.widgets.buttons import Button, ButtonKind

_SEARCH: Final = 200


class _Card(QWidget):
    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        themes.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chrome = self._themes.colors.chrome
        fill_round(painter, QRectF(self.rect()), 8, chrome.surface)
        stroke_round(painter, QRectF(self.rect()), 8, chrome.border)


class ShortcutEditor(QWidget):
    """One command at most is being recorded for."""

    def __init__(self, themes: ThemeManager, source: ShortcutSource, offered: Collection[CommandId]) -> None:
        """Lists the commands in ``offered``."""
        super().__init__()
        self.setAccessibleName("Keys")
        self._source = source
        self._themes = themes
        self.views: dict[CommandId, ShortcutView] = {}
        self._groups: list[tuple[QWidget, list[ShortcutView]]] = []
        self._title = plain_label("Keys")
        self._title.setFont(font(Role.BODY_STRONG))
        self._count = plain_label()
        self._count.setFont(font(Role.SMALL))
        self._count.setProperty("role", "secondary")
        self.preset = Button(themes, icon="chevron", kind=ButtonKind.OUTLINED)
        self.preset.clicked.connect(self._open_presets)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Command or keys")
        self.search.setAccessibleName("Search commands and keys")
        self.search.setFont(font(Role.BODY))
        self.search.setFixedWidth(_SEARCH)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_searched)
        self._faults = wrapped_label()
        self._faults.setFont(font(Role.SMALL))
        self._faults.setProperty("role", "error")
        self._faults.hide()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch()
        head.addWidget(self.preset)
        head.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 24)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._faults)
        column.addWidget(self._make_rows(themes, offered))
        source.loaded.connect(self._on_loaded)
        self._on_loaded(source.current)

    def _make_rows(self, themes: ThemeManager, offered: Collection[CommandId]) -> QWidget:
        card = _Card(themes)
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 4, 1, 4)
        column.setSpacing(0)
        for group in Group:
            rows = [row for row in COMMANDS if row.group is group and row.id in offered]
            if not rows:
                continue
            label = plain_label(group.value)
            label.setFont(font(Role.CAPTION, 600))
            label.setProperty("role", "tertiary")
            label.setContentsMargins(16, 8, 0, 2)
            column.addWidget(label)
            views = [self._make_row(themes, row.id) for row in rows]
            for view in views:
                column.addWidget(view)
            self._groups.append((label, views))
        self._nothing = plain_label()
        self._nothing.setProperty("role", "secondary")
        self._nothing.setContentsMargins(16, 8, 16, 8)
        self._nothing.hide()
        column.addWidget(self._nothing)
        return card

    def _make_row(self, themes: ThemeManager, id: CommandId) -> ShortcutView:
        view = self.views[id] = ShortcutView(themes, command(id))
        view.editing.connect(lambda: self._on_editing(view))
        view.recorded.connect(lambda: self._on_recorded(view))
        view.wanted.connect(lambda chords: self._source.change(id, chords, self._on_failed))
        return view

    # recording

    def _on_editing(self, editing: ShortcutView) -> None:
        for view in self.views.values():
            if view is not editing:
                view.end()

    def _on_recorded(self, view: ShortcutView) -> None:
        """Say who would lose what has been pressed."""
        for other in self.views.values():
            other.show_loses(False)
        if view.recorder is None:
            return
        chord = view.recorder.chord
        if not chord:
            view.say("Enter saves: no keys, and programs in terminals get them.")
            return
        text = chord_text(chord)
        if reason := refusal(chord[0]):
            view.say(f"{reason} Hold Ctrl, Alt or Meta with it, or take a function key.", wrong=True)
            return
        if view.row.argument is ArgumentType.NUMBER and not chord[-1].key.isdecimal():
            view.say("This one goes by numbers. Press its keys with a digit, such as Ctrl+1.", wrong=True)
            return
        losers = self._losers(view)
        for loser in losers:
            self.views[loser].show_loses(True)
        if losers:
            title = command(losers[0]).title.rstrip("…")
            view.say(f"{text} is “{title}” already. Saving takes it from there.", takes_from=title)
        elif lost_by_programs(chord[0]):
            view.say(f"Programs in terminals would never see {chord[0]}. Enter saves, Esc gives up.")
        else:
            view.say("Enter saves. Another key besides makes it two, one after the other.")

    def _losers(self, view: ShortcutView) -> list[CommandId]:
        wanted = view.chords_recorded()
        keymap = self._source.current.keymap
        return [
            id
            for id, chords in keymap.all().items()
            if id is not view.row.id and id in self.views and without(chords, wanted) != chords
        ]

    def _on_failed(self, reason: str) -> None:
        self._say(f"The keys were not changed: {reason}")

    def _say(self, text: str) -> None:
        self._faults.setText(breakable(text))
        self._faults.setVisible(bool(text))

    # what counts

    def _on_loaded(self, loaded: LoadedShortcuts) -> None:
        usual = preset_keymap(loaded.preset)
        changed = 0
        for id, view in self.views.items():
            chords = loaded.keymap.chords(id)
            differs = id in loaded.own or chords != usual.chords(id)
            view.show_keys(chords, differs)
            changed += differs
        self._count.setText(f"{len(self.views)} commands, {changed} changed")
        self.preset.setText(PRESET_TITLES[loaded.preset])
        self.preset.setAccessibleName(f"Keys to begin with: {PRESET_TITLES[loaded.preset]}")
        self._say("\n".join(f"{fault.place}: {fault.reason} {fault.fix}" for fault in loaded.faults[:4]))

    def _open_presets(self) -> None:
        menu = QMenu(self.preset)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for preset in Preset:
            action = menu.addAction(PRESET_TITLES[preset])
            action.setCheckable(True)
            action.setChecked(preset is self._source.current.preset)
            action.triggered.connect(
                lambda _checked=False, preset=preset: self._source.set_preset(preset, self._on_failed)
            )
        menu.popup(self.preset.mapToGlobal(self.preset.rect().bottomLeft()))

    def _on_searched(self, text: str) -> None:
        self.show_matches(text)

    def show_matches(self, text: str) -> bool:
        """Leave the commands that match; whether there are any."""
        wanted = text.casefold().strip()
        found = False
        for label, views in self._groups:
            for view in views:
                view.setVisible(view.matches(wanted))
            shown = any(not view.isHidden() for view in views)
            label.setVisible(shown)
            found = found or shown
        self._nothing.setText(f"No command matches ‘{text.strip()}’.")
        self._nothing.setVisible(not found)
        return found
