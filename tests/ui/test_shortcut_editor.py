"""The shortcut editor: keys in, the change that is asked for out, and who would lose them."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.app.state.shortcut_store import ShortcutStore
from podium.core.commands import CommandId
from podium.core.shortcuts.file import LoadedShortcuts, read_shortcuts
from podium.core.shortcuts.keymap import usual_keymap
from podium.core.shortcuts.keys import Chord, chord_text, parse_chord
from podium.core.shortcuts.presets import Preset
from podium.ui.shortcuts.editor import ShortcutEditor
from podium.ui.theme.palette import ThemeManager

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
Key = Qt.Key


class Source(QObject):
    loaded = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.current = LoadedShortcuts(usual_keymap())
        self.changes: list[tuple[CommandId, list[str] | None]] = []
        self.presets: list[Preset] = []

    def change(self, id: CommandId, chords: tuple[Chord, ...] | None, failed: Callable[[str], None]) -> None:
        self.changes.append((id, None if chords is None else list(map(chord_text, chords))))

    def set_preset(self, preset: Preset, failed: Callable[[str], None]) -> None:
        self.presets.append(preset)

    def load(self, text: str) -> None:
        self.current = read_shortcuts(tomllib.loads(text), "shortcuts.toml", text)
        self.loaded.emit(self.current)


@pytest.fixture
def source(qtbot: QtBot) -> Source:
    return Source()


@pytest.fixture
def editor(qtbot: QtBot, source: Source) -> ShortcutEditor:
    editor = ShortcutEditor(ThemeManager(), source, list(CommandId))
    qtbot.addWidget(editor)
    editor.show()
    return editor


def record(editor: ShortcutEditor, id: CommandId, *keys: tuple[Key, Qt.KeyboardModifier]) -> None:
    view = editor.views[id]
    if view.recorder is None:
        QTest.keyClick(view, Key.Key_Return)
    assert view.recorder is not None
    for key, held in keys:
        QTest.keyClick(view.recorder, key, held)


def enter(editor: ShortcutEditor, id: CommandId) -> None:
    record(editor, id, (Key.Key_Return, NONE))


def said(editor: ShortcutEditor, id: CommandId) -> str:
    return editor.views[id]._warning.text()


def test_pressed_keys_are_asked_for_with_enter(editor: ShortcutEditor, source: Source) -> None:
    record(editor, CommandId.ZOOM, (Key.Key_F11, CTRL))
    assert source.changes == []
    enter(editor, CommandId.ZOOM)
    assert source.changes == [(CommandId.ZOOM, ["Ctrl+F11"])]
    assert editor.views[CommandId.ZOOM].recorder is None


def test_two_keys_one_after_the_other_are_a_chord(editor: ShortcutEditor, source: Source) -> None:
    record(editor, CommandId.ZOOM, (Key.Key_F11, CTRL), (Key.Key_Z, NONE))
    enter(editor, CommandId.ZOOM)
    assert source.changes == [(CommandId.ZOOM, ["Ctrl+F11 Z"])]


def test_escape_leaves_the_keys_as_they_are(editor: ShortcutEditor, source: Source) -> None:
    record(editor, CommandId.ZOOM, (Key.Key_F11, CTRL), (Key.Key_Escape, NONE))
    assert source.changes == []
    assert editor.views[CommandId.ZOOM].recorder is None


def test_backspace_and_enter_leave_no_keys(editor: ShortcutEditor, source: Source) -> None:
    record(editor, CommandId.ZOOM, (Key.Key_F11, CTRL), (Key.Key_Backspace, NONE))
    assert "programs in terminals get them" in said(editor, CommandId.ZOOM)
    enter(editor, CommandId.ZOOM)
    assert source.changes == [(CommandId.ZOOM, [])]


def test_who_would_lose_the_keys_is_named_before_they_are_taken(
    editor: ShortcutEditor, source: Source
) -> None:
    record(editor, CommandId.ZOOM, (Key.Key_G, CTRL | SHIFT))
    assert said(editor, CommandId.ZOOM).startswith("Ctrl+Shift+G is “")
    assert editor.views[CommandId.TOGGLE_LAYOUT]._loses
    editor.views[CommandId.ZOOM]._take.click()
    assert source.changes == [(CommandId.ZOOM, ["Ctrl+Shift+G"])]
    assert not editor.views[CommandId.TOGGLE_LAYOUT]._loses


@pytest.mark.parametrize(
    ("key", "held", "reason"),
    [
        (Key.Key_A, NONE, "A types a character."),
        (Key.Key_Tab, NONE, "Programs in terminals need Tab."),
        (Key.Key_Up, NONE, "Programs in terminals need Up."),
    ],
)
def test_what_terminals_need_can_not_be_bound(
    editor: ShortcutEditor, source: Source, key: Key, held: Qt.KeyboardModifier, reason: str
) -> None:
    record(editor, CommandId.ZOOM, (key, held))
    assert reason in said(editor, CommandId.ZOOM)
    enter(editor, CommandId.ZOOM)
    assert source.changes == []
    assert editor.views[CommandId.ZOOM].recorder is not None


def test_keys_that_programs_would_lose_are_named(editor: ShortcutEditor) -> None:
    record(editor, CommandId.ZOOM, (Key.Key_R, CTRL))
    assert said(editor, CommandId.ZOOM).startswith("Programs in terminals would never see Ctrl+R.")


def test_numbered_commands_get_all_their_numbers(editor: ShortcutEditor, source: Source) -> None:
    record(editor, CommandId.SWITCH, (Key.Key_F5, NONE))
    assert "Press its keys with a digit" in said(editor, CommandId.SWITCH)
    record(editor, CommandId.SWITCH, (Key.Key_Backspace, NONE), (Key.Key_3, Qt.KeyboardModifier.AltModifier))
    enter(editor, CommandId.SWITCH)
    assert source.changes == [(CommandId.SWITCH, [f"Alt+{number}" for number in range(1, 10)])]


def test_further_keys_are_added_beside_the_old_ones(editor: ShortcutEditor, source: Source) -> None:
    editor.views[CommandId.ZOOM]._add.click()
    record(editor, CommandId.ZOOM, (Key.Key_F11, CTRL))
    enter(editor, CommandId.ZOOM)
    assert source.changes == [(CommandId.ZOOM, ["Ctrl+Shift+X", "Ctrl+F11"])]


def test_changed_keys_can_be_reset(editor: ShortcutEditor, source: Source) -> None:
    view = editor.views[CommandId.ZOOM]
    assert view._undo.isHidden()
    source.load('[keys]\nzoom-pane = ["F11"]\n')
    assert not view._undo.isHidden()
    assert view.accessibleName() == "Zoom pane, F11, changed"
    view._undo.click()
    assert source.changes == [(CommandId.ZOOM, None)]


def test_only_one_command_is_recorded_for(editor: ShortcutEditor) -> None:
    record(editor, CommandId.ZOOM)
    record(editor, CommandId.QUIT)
    assert editor.views[CommandId.ZOOM].recorder is None
    assert editor.views[CommandId.QUIT].recorder is not None


def test_faults_of_the_file_are_shown(editor: ShortcutEditor, source: Source) -> None:
    source.load("[keys]\nzoom-pane = 3\n")
    assert editor._faults.text().startswith("line 2: keys.zoom-pane: This is a number")
    source.load("")
    assert editor._faults.isHidden()


def test_commands_and_keys_are_searched(editor: ShortcutEditor) -> None:
    editor.search.setText("ctrl+shift+x")
    assert [id for id, view in editor.views.items() if not view.isHidden()] == [CommandId.ZOOM]
    editor.search.setText("nothing like it")
    assert editor._nothing.text() == "No command matches ‘nothing like it’."


def test_a_preset_is_chosen_from_a_menu(editor: ShortcutEditor, source: Source) -> None:
    editor.preset.click()
    (menu,) = editor.preset.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["Podium", "Windows Terminal", "iTerm"]
    menu.actions()[1].trigger()
    menu.close()
    assert source.presets == [Preset.WINDOWS_TERMINAL]


def test_the_store_takes_keys_from_what_the_person_set_before(qtbot: QtBot, tmp_path: Path) -> None:
    owner = QObject()
    background = Background(owner)
    path = tmp_path / "shortcuts.toml"
    path.write_text('# mine\n[keys]\ncopy = ["F9", "F8"]\n')
    store = ShortcutStore(path, background.own.run, owner)
    failures: list[str] = []
    with qtbot.waitSignal(store.loaded):
        store.start()
    store.change(CommandId.ZOOM, (parse_chord("F9"),), failures.append)
    qtbot.waitUntil(lambda: store.current.keymap.bound(parse_chord("F9")) == (CommandId.ZOOM, 0))
    assert store.current.faults == ()
    assert path.read_text() == '# mine\n[keys]\ncopy = ["F8"]\nzoom-pane = ["F9"]\n'
    store.change(CommandId.ZOOM, None, failures.append)
    qtbot.waitUntil(lambda: CommandId.ZOOM not in store.current.own)
    store.set_preset(Preset.ITERM, failures.append)
    qtbot.waitUntil(lambda: store.current.preset is Preset.ITERM)
    assert store.current.own == {CommandId.COPY: (parse_chord("F8"),)}
    assert failures == []
    background.close()
    shiboken6.delete(owner)
