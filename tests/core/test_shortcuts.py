"""Text in, keys out: how keys are written, presets, the person's file, and what is in conflict."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podium.core.commands import COMMANDS, CommandId
from podium.core.shortcuts.file import (
    FIRST_TEXT,
    LoadedShortcuts,
    changed_text,
    load_shortcuts,
    read_shortcuts,
    text_with_preset,
)
from podium.core.shortcuts.keymap import Keymap, usual_keymap
from podium.core.shortcuts.keys import Stroke, WrongKeys, chord_text, lost_by_programs, parse_chord
from podium.core.shortcuts.presets import Preset, preset_keymap


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Ctrl+Shift+T", "Ctrl+Shift+T"),
        ("shift+ctrl+t", "Ctrl+Shift+T"),
        ("Control+k ctrl+S", "Ctrl+K Ctrl+S"),
        ("Ctrl+K s", "Ctrl+K S"),
        ("Ctrl++", "Ctrl++"),
        ("Ctrl+plus", "Ctrl++"),
        ("Cmd+-", "Ctrl+-"),
        ("Alt+PageDown", "Alt+PgDown"),
        ("Ctrl+Enter", "Ctrl+Return"),
        ("f12", "F12"),
        ("Shift+Insert", "Shift+Ins"),
        ("Win+ä", "Meta+Ä"),
        ("Ctrl+ß", "Ctrl+ß"),
    ],
)
def test_keys_are_read_as_people_write_them(written: str, text: str) -> None:
    assert chord_text(parse_chord(written)) == text


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "No key is named."),
        ("t", "T types a character."),
        ("Shift+t", "Shift+T types a character."),
        ("Space", "Space types a character."),
        ("Return", "Programs in terminals need Return."),
        ("Tab", "Programs in terminals need Tab."),
        ("Shift+Tab", "Programs in terminals need Shift+Tab."),
        ("Up", "Programs in terminals need Up."),
        ("Ctrl+", "“Ctrl+” ends without a key."),
        ("Ctrl+Shift", "“Ctrl+Shift” ends without a key."),
        ("Ctrl+Ctrl+T", "“Ctrl+Ctrl+T” names Ctrl twice."),
        ("Hyper+T", "“Hyper” in “Hyper+T” can't be held."),
        ("Ctrl+Foo", "There is no key “Foo”."),
        ("Ctrl+A Ctrl+B Ctrl+C", "These are 3 keys one after the other."),
        ("Ctrl+A Esc", "Esc gives up a first key that was pressed."),
        ("Ctrl+" + "A" * 200, "The keys are too long."),
    ],
)
def test_what_can_not_be_bound_says_why(written: str, reason: str) -> None:
    with pytest.raises(WrongKeys) as wrong:
        parse_chord(written)
    assert str(wrong.value) == reason
    assert wrong.value.fix.endswith(".")


@given(st.text(max_size=100))
def test_any_text_is_keys_or_a_reason(text: str) -> None:
    try:
        chord = parse_chord(text)
    except WrongKeys:
        return
    assert parse_chord(chord_text(chord)) == chord


@pytest.mark.parametrize(
    ("text", "platform", "lost"),
    [
        ("Ctrl+C", "linux", True),
        ("Ctrl+2", "linux", True),
        ("Ctrl+0", "linux", False),
        ("Ctrl+Shift+C", "linux", False),
        ("Alt+X", "linux", True),
        ("F5", "linux", True),
        ("Meta+T", "linux", False),
        ("Ctrl+C", "darwin", False),
        ("Meta+C", "darwin", True),
    ],
)
def test_keys_that_programs_would_lose(text: str, platform: str, lost: bool) -> None:
    assert lost_by_programs(parse_chord(text)[0], platform) is lost


def test_the_usual_keys_are_those_of_the_table_and_in_no_conflict() -> None:
    keymap = usual_keymap()
    assert keymap.conflicts == ()
    for row in COMMANDS:
        assert keymap.chords(row.id) == tuple(parse_chord(key) for key in row.keys)


def test_of_two_that_want_the_same_keys_the_first_has_them() -> None:
    chord = parse_chord("Ctrl+Shift+F12")
    keymap = Keymap({CommandId.NEW_SHELL: (chord,), CommandId.QUIT: (chord,)})
    assert keymap.bound(chord) == (CommandId.NEW_SHELL, 0)
    assert keymap.chords(CommandId.QUIT) == ()
    (conflict,) = keymap.conflicts
    assert (conflict.kept, conflict.loser, conflict.chord) == (CommandId.NEW_SHELL, CommandId.QUIT, chord)


def test_a_chord_does_not_go_with_its_own_first_key() -> None:
    keymap = Keymap(
        {
            CommandId.NEW_SHELL: (parse_chord("Ctrl+K"),),
            CommandId.QUIT: (parse_chord("Ctrl+K Ctrl+Q"), parse_chord("Ctrl+J Ctrl+Q")),
        }
    )
    assert keymap.chords(CommandId.QUIT) == (parse_chord("Ctrl+J Ctrl+Q"),)
    assert keymap.begins(Stroke("J", ("Ctrl",)))
    assert not keymap.begins(Stroke("K", ("Ctrl",)))


def test_changed_keys_are_taken_from_whoever_had_them() -> None:
    keymap = usual_keymap().changed(CommandId.ZOOM, [parse_chord("Ctrl+Shift+G")])
    assert keymap.bound(parse_chord("Ctrl+Shift+G")) == (CommandId.ZOOM, 0)
    assert keymap.chords(CommandId.TOGGLE_LAYOUT) == ()
    assert keymap.conflicts == ()


def test_numbered_commands_have_a_chord_for_each_number() -> None:
    assert usual_keymap().bound(parse_chord("Ctrl+3")) == (CommandId.SWITCH, 3)


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
@pytest.mark.parametrize("preset", Preset)
def test_a_preset_leaves_no_command_without_keys_that_had_some(preset: Preset, platform: str) -> None:
    keymap = preset_keymap(preset, platform)
    assert keymap.conflicts == ()
    assert [row.id for row in COMMANDS if row.keys and not keymap.chords(row.id)] == []


def read(text: str) -> LoadedShortcuts:
    return read_shortcuts(tomllib.loads(text), "shortcuts.toml")


def test_own_keys_stand_over_the_preset_and_take_what_they_want() -> None:
    loaded = read(
        'preset = "windows-terminal"\n[keys]\nzoom-pane = ["Ctrl+K Ctrl+Z", "F11"]\ncopy = "Ctrl+Tab"\n'
    )
    assert loaded.faults == ()
    assert loaded.keymap.bound(parse_chord("F11")) == (CommandId.ZOOM, 0)
    assert loaded.keymap.chords(CommandId.NEXT) == ()
    assert loaded.keymap.chords(CommandId.COPY) == (parse_chord("Ctrl+Tab"),)


def test_an_empty_list_unbinds() -> None:
    loaded = read("[keys]\ntoggle-sidebar = []\n")
    assert loaded.keymap.chords(CommandId.TOGGLE_SIDEBAR) == ()
    assert loaded.keymap.bound(parse_chord("Ctrl+Shift+B")) is None


@pytest.mark.parametrize(
    ("text", "key", "reason", "fix"),
    [
        ('preset = "vim"', "preset", "“vim” is not one", "podium"),
        ("keys = 3", "keys", "This is a number", "[keys]"),
        ("[key]\n", "key", "no such key", "Write “keys”."),
        ("[keys]\nzoom-pan = []", "keys.zoom-pan", "no command “zoom-pan”", "Write “zoom-pane”."),
        ("[keys]\nzoom-pane = 7", "keys.zoom-pane", "This is a number", "Write a list"),
        ("[keys]\nzoom-pane = [7]", "keys.zoom-pane", "Item 0 is a number", "quotes"),
        ('[keys]\nzoom-pane = ["z"]', "keys.zoom-pane", "Z types a character.", "Hold Ctrl"),
        (
            '[keys]\nzoom-pane = ["F1","F2","F3","F4","F5","F6","F7","F8","F9"]',
            "keys.zoom-pane",
            "9 keys",
            "8",
        ),
        (
            '[keys]\nzoom-pane = ["F9"]\ncopy = ["F9"]',
            "keys.copy",
            "“Zoom pane” has some of these keys above.",
            "zoom-pane",
        ),
        ('[keys]\nzoom-pane = ["F9"]\ncopy = ["F9 a"]', "keys.copy", "has some of these keys", "zoom-pane"),
    ],
)
def test_a_faulty_entry_is_named_and_the_others_count(text: str, key: str, reason: str, fix: str) -> None:
    loaded = read(text)
    (fault,) = loaded.faults
    assert (fault.file, fault.key) == ("shortcuts.toml", key)
    assert reason in fault.reason
    assert fix in fault.fix
    assert loaded.keymap.chords(CommandId.QUIT) == usual_keymap().chords(CommandId.QUIT)


def test_a_missing_file_is_as_good_as_an_empty_one_and_a_broken_one_is_said(tmp_path: Path) -> None:
    assert load_shortcuts(tmp_path / "none.toml").faults == ()
    broken = tmp_path / "shortcuts.toml"
    broken.write_text("[keys\n")
    loaded = load_shortcuts(broken)
    assert not loaded.readable
    assert loaded.faults[0].key.startswith("line 1")


def test_changes_keep_remarks_and_order() -> None:
    text = '# mine\n[keys]\n# the big one\nzoom-pane = ["F9"]  # often\ncopy = ["F8"]\n'
    changed = changed_text(text, CommandId.ZOOM, (parse_chord("F10"), parse_chord("Ctrl+K z")))
    assert (
        changed == '# mine\n[keys]\n# the big one\nzoom-pane = ["F10", "Ctrl+K Z"]  # often\ncopy = ["F8"]\n'
    )
    assert "zoom-pane" not in changed_text(changed, CommandId.ZOOM, None)
    assert changed_text("", CommandId.ZOOM, None) == ""


@pytest.mark.parametrize(
    "text", ["", FIRST_TEXT, "[keys]\n", '# x\n\n[keys]\ncopy = ["F8"]\n', 'preset = "iterm"\n']
)
def test_a_preset_is_written_where_it_counts(text: str) -> None:
    changed = text_with_preset(text, Preset.WINDOWS_TERMINAL)
    assert read(changed).preset is Preset.WINDOWS_TERMINAL
    assert read(changed).own == read(text).own
    for line in text.splitlines():
        assert line.startswith("preset") or line in changed.splitlines()


@pytest.mark.parametrize("text", ['keys = {copy = ["F8"]}\n', 'keys.copy = ["F8"]\n', "[keys]"])
def test_keys_are_written_wherever_a_person_has_put_them(text: str) -> None:
    changed = changed_text(text, CommandId.ZOOM, (parse_chord("F9"),))
    assert read(changed).own == {**read(text).own, CommandId.ZOOM: (parse_chord("F9"),)}


def test_what_can_not_be_changed_is_left_alone() -> None:
    for text in ("[keys\n", "keys = 3\n"):
        with pytest.raises(ValueError):
            changed_text(text, CommandId.ZOOM, ())
    with pytest.raises(ValueError):
        text_with_preset("[keys\n", Preset.ITERM)
