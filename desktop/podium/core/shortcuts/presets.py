"""Keys as other terminals have them, for people who know those by heart."""

import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from podium.core.commands import COMMANDS, CommandId
from podium.core.shortcuts.keymap import Keymap, usual_chords
from podium.core.shortcuts.keys import parse_chord


class Preset(StrEnum):
    """What the keys are before a person changes any."""

    PODIUM = "podium"
    WINDOWS_TERMINAL = "windows-terminal"
    ITERM = "iterm"


PRESET_TITLES: Final = {
    Preset.PODIUM: "Podium",
    Preset.WINDOWS_TERMINAL: "Windows Terminal",
    Preset.ITERM: "iTerm",
}

_Keys = Mapping[CommandId, tuple[str, ...]]

_WINDOWS_TERMINAL: Final[_Keys] = {
    CommandId.SWITCH: tuple(f"Ctrl+Alt+{number}" for number in range(1, 10)),
    CommandId.NEXT: ("Ctrl+Tab",),
    CommandId.PREVIOUS: ("Ctrl+Shift+Tab",),
    CommandId.CLOSE: ("Ctrl+Shift+W",),
    CommandId.SELECT_ALL: ("Ctrl+Shift+A",),
    CommandId.INBOX: ("Ctrl+Shift+Alt+A",),
    CommandId.PREVIOUS_PROMPT: ("Ctrl+Shift+Alt+Up",),
    CommandId.NEXT_PROMPT: ("Ctrl+Shift+Alt+Down",),
    CommandId.SCROLL_LINE_UP: ("Ctrl+Shift+Up",),
    CommandId.SCROLL_LINE_DOWN: ("Ctrl+Shift+Down",),
    CommandId.SCROLL_UP: ("Ctrl+Shift+PgUp",),
    CommandId.SCROLL_DOWN: ("Ctrl+Shift+PgDown",),
    CommandId.SCROLL_TOP: ("Ctrl+Shift+Home",),
    CommandId.SCROLL_BOTTOM: ("Ctrl+Shift+End",),
    CommandId.COPY_MODE: ("Ctrl+Shift+M",),
    CommandId.CLEAR_SCROLLBACK: ("Ctrl+Shift+K",),
}

_ITERM: Final[_Keys] = {
    CommandId.SWITCH: tuple(f"Cmd+{number}" for number in range(1, 10)),
    CommandId.NEXT: ("Cmd+Right", "Cmd+]"),
    CommandId.PREVIOUS: ("Cmd+Left", "Cmd+["),
    CommandId.ZOOM: ("Cmd+Shift+Return",),
    CommandId.CLOSE: ("Cmd+W",),
    CommandId.COPY: ("Cmd+C",),
    CommandId.PASTE: ("Cmd+V",),
    CommandId.SELECT_ALL: ("Cmd+A",),
    CommandId.INBOX: ("Cmd+Shift+A",),
    CommandId.NEXT_PAGE: ("Cmd+Shift+Right",),
    CommandId.PREVIOUS_PAGE: ("Cmd+Shift+Left",),
    CommandId.MARK_LINKS: ("Cmd+Shift+O",),
    CommandId.FIND: ("Cmd+F",),
    CommandId.CLEAR_SCROLLBACK: ("Cmd+K",),
    CommandId.PREVIOUS_PROMPT: ("Cmd+Shift+Up",),
    CommandId.NEXT_PROMPT: ("Cmd+Shift+Down",),
    CommandId.COPY_MODE: ("Cmd+Shift+C",),
    CommandId.FONT_LARGER: ("Cmd++", "Cmd+="),
    CommandId.FONT_SMALLER: ("Cmd+-",),
    CommandId.FONT_RESET: ("Cmd+0",),
    CommandId.OPEN_FILE: ("Cmd+O",),
    CommandId.QUIT: ("Cmd+Q",),
}
"""With the Command key. Where there is none, see ``_without_command_key``."""

_PRESETS: Final[Mapping[Preset, _Keys]] = {
    Preset.PODIUM: {},
    Preset.WINDOWS_TERMINAL: _WINDOWS_TERMINAL,
    Preset.ITERM: _ITERM,
}


def preset_keymap(preset: Preset, platform: str = sys.platform) -> Keymap:
    """The keys of a preset. A command that it does not name keeps Podium's own, unless the preset needs them."""
    keys = Keymap({row.id: usual_chords(row) for row in COMMANDS})
    for command, written in _PRESETS[preset].items():
        keys = keys.changed(command, (parse_chord(_on(platform, text)) for text in written))
    return keys


def _on(platform: str, text: str) -> str:
    return text if platform == "darwin" or not text.startswith("Cmd+") else _without_command_key(text)


def _without_command_key(text: str) -> str:
    """Ctrl+Shift stands for the Command key, as in other terminals; with Shift besides Alt is held too."""
    rest = text.removeprefix("Cmd+")
    if rest.startswith("Shift+"):
        return f"Ctrl+Shift+Alt+{rest.removeprefix('Shift+')}"
    if rest in {"+", "=", "-", "0"} or rest.isdecimal():
        return f"Ctrl+{rest}"
    return f"Ctrl+Shift+{rest}"
