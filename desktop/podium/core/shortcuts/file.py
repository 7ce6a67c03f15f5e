"""The person's own keys on disk, ``shortcuts.toml``: a preset, and what differs from it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from podium.core.commands import ArgumentType, CommandId, command
from podium.core.config.toml_checks import WrongValue, kind, one_of, text_item
from podium.core.config.toml_file import Fault, UnreadableToml, likely_name, read_toml_text
from podium.core.config.toml_lines import line_of
from podium.core.shortcuts.keymap import MOST_CHORDS, Keymap, usual_keymap
from podium.core.shortcuts.keys import Chord, WrongKeys, chord_text, parse_chord
from podium.core.shortcuts.presets import Preset, preset_keymap

FIRST_TEXT: Final = """\
# The keys of Podium's commands. It is read again when you save it.
#
# preset = "windows-terminal"     The keys to begin with: "podium", "windows-terminal" or "iterm".
#
# [keys]
# zoom-pane = ["Ctrl+Shift+X"]    Keys of a command, also one key after the other: "Ctrl+K Ctrl+Z".
# sidebar = []                    No keys: programs in terminals get them.
#
# "podium ctl commands" lists the commands.
"""


class LoadedShortcuts(msgspec.Struct, frozen=True):
    """The keys as they count, and everything in the file that does not."""

    keymap: Keymap
    preset: Preset = Preset.PODIUM
    own: Mapping[CommandId, tuple[Chord, ...]] = msgspec.field(default_factory=dict)
    """What the person has set, also to what it is anyway."""
    faults: tuple[Fault, ...] = ()
    readable: bool = True


def load_shortcuts(path: Path, before: LoadedShortcuts | None = None) -> LoadedShortcuts:
    """Read the file. Faulty entries are ignored and all reported; a missing file is as good as an empty one. Of one
    that can't be read nothing counts, and what counted ``before`` stays.

    Touches the disk.
    """
    try:
        document, text = read_toml_text(path, "a file of shortcuts")
    except FileNotFoundError:
        return LoadedShortcuts(usual_keymap())
    except UnreadableToml as unreadable:
        counted = before or LoadedShortcuts(usual_keymap())
        return msgspec.structs.replace(counted, faults=(unreadable.fault,), readable=False)
    return read_shortcuts(document, str(path), text)


def read_shortcuts(document: Mapping[str, Any], file: str, text: str = "") -> LoadedShortcuts:
    """The keys that a parsed file says; ``file`` is its name and ``text`` what stands in it, for the faults."""
    faults: list[Fault] = []

    def fault(key: str, reason: str, fix: str) -> None:
        section, _, name = key.partition(".")
        faults.append(Fault(file, key, reason, fix, line_of(text, section, name)))

    known = ("preset", "keys")
    for name in document:
        if name not in known:
            near = likely_name(name, known, document)
            fix = f"Write “{near}”." if near else f"Take it out; there are {' and '.join(known)}."
            fault(name, "There is no such key.", fix)
    preset = Preset.PODIUM
    try:
        preset = Preset(one_of([one.value for one in Preset])(document.get("preset", preset.value)))
    except WrongValue as wrong:
        fault("preset", wrong.reason, wrong.fix)
    table = document.get("keys", {})
    if not isinstance(table, dict):
        fault("keys", f"This is {kind(table)}, not a section.", "Begin it with a line [keys], in brackets.")
        table = {}
    keymap = preset_keymap(preset)
    own: dict[CommandId, tuple[Chord, ...]] = {}
    for name, value in table.items():
        try:
            id = _command(name, table)
            chords = _chords(id, value)
            if taken := _taken(chords, own):
                raise WrongValue(
                    f"“{command(taken).title}” has some of these keys above.",
                    f"Take them out of “{taken.value}” or out of this line.",
                )
        except WrongValue as wrong:
            fault(f"keys.{name}", wrong.reason, wrong.fix)
            continue
        keymap = keymap.changed(id, chords)
        own[id] = chords
    return LoadedShortcuts(keymap, preset, own, tuple(faults))


def changed_text(text: str, id: CommandId, chords: tuple[Chord, ...] | None) -> str:
    """The file ``text`` with other keys for a command; None takes its line out. Remarks and order stay.

    Raises ValueError when ``text`` is not TOML, or has no place for it.
    """
    import tomlkit
    from tomlkit.items import InlineTable, Table

    document = tomlkit.parse(text)
    keys = document.get("keys")
    if keys is None:
        if chords is None:
            return text
        keys = tomlkit.table()
        document.append("keys", keys)
    if not isinstance(keys, Table | InlineTable):
        raise ValueError("keys is not a section")
    if chords is None:
        keys.pop(id.value, None)
    else:
        keys[id.value] = [chord_text(chord) for chord in chords]
    return tomlkit.dumps(document)


def text_with_preset(text: str, preset: Preset) -> str:
    """The file ``text`` with another preset. Raises ValueError as ``changed_text`` does."""
    import tomlkit

    document = tomlkit.parse(text)
    if "preset" in document:
        document["preset"] = preset.value
        return tomlkit.dumps(document)
    # Before the first section, whatever stands there: after it, it would belong to that.
    added = tomlkit.document()
    added.add("preset", tomlkit.item(preset.value))
    lines = text.splitlines(keepends=True)
    first = next((at for at, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    before = "".join(lines[:first])
    if before and not before.endswith("\n"):
        before += "\n"
    changed = before + tomlkit.dumps(added) + "".join(lines[first:])
    tomlkit.parse(changed)
    return changed


def _command(name: str, table: Mapping[str, Any]) -> CommandId:
    try:
        return CommandId(name)
    except ValueError:
        near = likely_name(name, [id.value for id in CommandId], table)
        fix = f"Write “{near}”." if near else "“podium ctl commands” lists them."
        raise WrongValue(f"There is no command “{name[:60]}”.", fix) from None


def _chords(id: CommandId, value: object) -> tuple[Chord, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list):
        raise WrongValue(
            f"This is {kind(value)}, not a list.", 'Write a list, such as ["Ctrl+Shift+T"] or [].'
        )
    numbered = command(id).argument is ArgumentType.NUMBER
    most = 9 if numbered else MOST_CHORDS
    if len(listed) > most:
        raise WrongValue(f"These are {len(listed)} keys.", f"Write {most} at most.")
    chords = []
    for number, item in enumerate(listed):
        try:
            chords.append(parse_chord(text_item(number, item)))
        except WrongKeys as wrong:
            raise WrongValue(wrong.reason, wrong.fix) from None
    return tuple(chords)


def _taken(chords: tuple[Chord, ...], own: Mapping[CommandId, tuple[Chord, ...]]) -> CommandId | None:
    """The command above that wants one of ``chords`` too."""
    for id, others in own.items():
        if any(one[: len(other)] == other[: len(one)] for one in chords for other in others):
            return id
    return None
