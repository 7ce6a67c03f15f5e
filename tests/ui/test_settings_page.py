"""The settings page: what counts is shown, what is entered is written, and what can't be says why."""

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.config.declared import declared_sections, find_row
from podium.core.config.loading import LoadedSettings
from podium.core.config.settings import Settings, Terminal
from podium.core.config.toml_file import Fault
from podium.core.shortcuts.file import LoadedShortcuts
from podium.core.shortcuts.keymap import usual_keymap
from podium.core.shortcuts.keys import Chord
from podium.core.shortcuts.presets import Preset
from podium.ui.settings.settings_page import SettingsPage
from podium.ui.settings.switch import Switch
from podium.ui.shortcuts.editor import ShortcutEditor
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.buttons import Button


class Source(QObject):
    """Keeps settings in memory."""

    loaded = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.current = LoadedSettings(Settings())
        self.changes: list[tuple[str, object]] = []
        self.resets: list[str] = []
        self.failure = ""

    def change(self, key: str, value: object, failed: Callable[[str], None]) -> None:
        section, row = find_row(key)
        checked = row.check(value)
        self.changes.append((key, value))
        if self.failure:
            failed(self.failure)
        else:
            self._set(section, row.key, checked)

    def reset(self, key: str, failed: Callable[[str], None]) -> None:
        section, row = find_row(key)
        self.resets.append(key)
        self._set(section, row.key, getattr(getattr(Settings(), section), row.key))

    def _set(self, section: str, key: str, value: object) -> None:
        changed = msgspec.structs.replace(getattr(self.current.settings, section), **{key: value})
        self.load(LoadedSettings(msgspec.structs.replace(self.current.settings, **{section: changed})))

    def load(self, loaded: LoadedSettings) -> None:
        self.current = loaded
        self.loaded.emit(loaded)


class Shortcuts(QObject):
    """Podium's own keys, which nobody changes."""

    loaded = Signal(object)
    current = LoadedShortcuts(usual_keymap())

    def change(self, id: CommandId, chords: tuple[Chord, ...] | None, failed: Callable[[str], None]) -> None:
        raise NotImplementedError

    def set_preset(self, preset: Preset, failed: Callable[[str], None]) -> None:
        raise NotImplementedError


def settings_page(themes: ThemeManager, source: Source) -> SettingsPage:
    shortcuts = Shortcuts()
    return SettingsPage(
        themes, source, lambda: None, lambda: ShortcutEditor(themes, shortcuts, list(CommandId))
    )


@pytest.fixture
def source(qtbot: QtBot) -> Source:
    return Source()


@pytest.fixture
def page(qtbot: QtBot, source: Source) -> SettingsPage:
    page = settings_page(ThemeManager(), source)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page._make_all()
    return page


def field(page: SettingsPage, key: str) -> QLineEdit:
    widget = page.views[key].control.widget()
    assert isinstance(widget, QLineEdit)
    return widget


def shown(page: SettingsPage) -> list[str]:
    return [key for key, view in page.views.items() if not view.isHidden()]


def test_every_declared_setting_has_a_row(page: SettingsPage) -> None:
    declared = [f"{section.name}.{row.key}" for section in declared_sections() for row in section.rows]
    assert list(page.views) == declared
    for view in page.views.values():
        assert view.row.title in view.control.widget().accessibleName()


def test_a_switch_is_written_at_once(page: SettingsPage, source: Source) -> None:
    switch = page.views["links.ask"].control.widget()
    assert isinstance(switch, Switch)
    assert switch.isChecked()
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert source.changes == [("links.ask", False)]
    QTest.keyClick(switch, Qt.Key.Key_Return)
    assert source.current.settings.links.ask


def test_a_choice_is_made_from_a_menu(page: SettingsPage, source: Source, qtbot: QtBot) -> None:
    button = page.views["links.editor"].control.widget()
    assert isinstance(button, Button)
    button.click()
    (menu,) = button.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["system", "vscode", "jetbrains", "vim", "editor"]
    menu.actions()[3].trigger()
    menu.close()
    assert source.changes == [("links.editor", "vim")]
    assert button.accessibleName() == "Open files with: vim"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("terminal.scrollback_lines", "50,000", 50_000),
        ("missions.day_budget_usd", "20.5", 20.5),
        ("terminal.word_characters", "/.", "/."),
        ("keys.newline_tools", "claude 'my tool'", ["claude", "my tool"]),
        ("keys.newline_tools", "", []),
        ("notify.quiet_hours", "22:00-07:00", "22:00-07:00"),
    ],
)
def test_a_field_is_written_with_enter(
    page: SettingsPage, source: Source, key: str, text: str, value: object
) -> None:
    edit = field(page, key)
    edit.setText(text)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert source.changes == [(key, value)]


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [
        ("terminal.scrollback_lines", "huge", "This is text, not a number."),
        ("terminal.scrollback_lines", "-1", "-1 is out of range."),
        ("notify.quiet_hours", "night", "This text has another form."),
        ("keys.newline_tools", "'open", "This is text, not a list."),
        ("keys.newline_tools", "''", "Item 0 is empty."),
    ],
)
def test_what_can_not_be_says_why_and_is_not_written(
    page: SettingsPage, source: Source, key: str, text: str, reason: str
) -> None:
    edit = field(page, key)
    edit.setText(text)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert source.changes == []
    assert reason in page.views[key]._fault.text()
    assert edit.property("wrong")
    edit.setText(str(getattr(getattr(Settings(), key.split(".")[0]), key.split(".")[1])))


def test_a_changed_value_says_what_it_was_and_goes_back(page: SettingsPage, source: Source) -> None:
    view = page.views["terminal.ligatures"]
    assert view._undo.isHidden()
    source.load(LoadedSettings(Settings(terminal=Terminal(ligatures=True))))
    assert not view._undo.isHidden()
    assert view._changed.text() == "Changed. Usually off."
    view._undo.click()
    assert source.resets == ["terminal.ligatures"]
    assert view._undo.isHidden()


def test_a_fault_in_the_file_stands_at_its_row_and_its_group(page: SettingsPage, source: Source) -> None:
    fault = Fault("settings.toml", "terminal.scrollback_lines", "This is text.", "Write a number.", 14)
    source.load(LoadedSettings(Settings(), (fault,)))
    text = page.views["terminal.scrollback_lines"]._fault.text()
    assert text == "Line 14: This is text. Write a number. 10,000 is used."
    assert page.list.buttons["terminal"].accessibleName() == "Terminal, 1 can't be used"
    source.load(LoadedSettings(Settings()))
    assert page.views["terminal.scrollback_lines"]._fault.isHidden()


def test_what_a_person_is_writing_stays_when_other_settings_count(page: SettingsPage, source: Source) -> None:
    edit = field(page, "terminal.word_characters")
    page.activateWindow()
    edit.setFocus()
    edit.setText("half wri")
    source.change("links.ask", False, lambda _: None)
    if edit.hasFocus():  # Offscreen windows may have no keyboard.
        assert edit.text() == "half wri"


def test_a_failed_write_says_so_and_shows_what_counts(page: SettingsPage, source: Source) -> None:
    source.failure = "No space left on device."
    switch = page.views["links.ask"].control.widget()
    assert isinstance(switch, Switch)
    switch.click()
    assert switch.isChecked()
    assert "No space left on device." in page.views["links.ask"]._fault.text()


def test_searching_leaves_what_is_meant(page: SettingsPage) -> None:
    page.search.setText("clipboard")
    assert shown(page) == ["terminal.clipboard", "terminal.copy_on_select"]
    page.search.setText("terminal.word")
    assert shown(page) == ["terminal.word_characters"]
    page.search.setText("<b>")
    assert shown(page) == []
    assert page._nothing.text() == "No setting matches ‘<b>’."
    page._clear.click()
    assert len(shown(page)) == len(page.views)


def test_reveal_shows_a_setting_by_its_key(page: SettingsPage, qtbot: QtBot) -> None:
    page.search.setText("clipboard")
    page.reveal("updates.feed")
    view = page.views["updates.feed"]
    qtbot.waitUntil(
        lambda: (
            page._area.viewport()
            .rect()
            .intersects(view.rect().translated(view.mapTo(page._area.viewport(), view.rect().topLeft())))
        )
    )
    assert page.search.text() == ""
    page.reveal("no.such")


def test_slash_goes_to_the_search_and_escape_back(page: SettingsPage, qtbot: QtBot) -> None:
    page.search.setText("x")
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    with qtbot.waitSignal(page.left):
        QTest.keyClick(page.search, Qt.Key.Key_Escape)
    QTest.keyClick(page.list.buttons["links"], Qt.Key.Key_Slash)


def test_a_click_on_a_group_goes_there(page: SettingsPage) -> None:
    page.list.buttons["links"].click()
    group = next(one for one in page.groups if one.name == "links")
    assert page._area.verticalScrollBar().value() == min(group.y(), page._area.verticalScrollBar().maximum())
    assert page.list.buttons["links"].isChecked()
