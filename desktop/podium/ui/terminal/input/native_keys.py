"""The platform's own key codes, which hold more than Qt's: a key's place, which of two it is, the locks."""

import sys
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from podium.core.protocol.requests import Modifier

_X11_OFFSET: Final = 8
"""X11 and Wayland count from the kernel's codes; Windows' scan codes are, for these keys, the kernel's own."""
_EVDEV_ROWS: Final = (
    (2, "1234567890-="),
    (16, "qwertyuiop[]"),
    (30, "asdfghjkl;'`"),
    (43, "\\zxcvbnm,./"),
    (57, " "),
)
_EVDEV: Final = {first + place: char for first, row in _EVDEV_ROWS for place, char in enumerate(row)}
_MACOS: Final = {
    code: char
    for code, char in enumerate("asdfhgzxcv\0bqweryt123465=97-80]ou[ip\0lj'k;\\,/nm.\0 `")
    if char != "\0"
}

_KEYSYMS: Final = {
    0xFFE1: "Shift", 0xFFE2: "Shift_R", 0xFFE3: "Control", 0xFFE4: "Control_R", 0xFFE9: "Alt", 0xFFEA: "Alt_R",
    0xFFEB: "Meta", 0xFFEC: "Meta_R",
    # Most layouts call Alt so while Shift is held.
    0xFFE7: "Alt", 0xFFE8: "Alt_R",
}  # fmt: skip
_WINDOWS_RIGHT: Final = {0x36: "Shift_R", 0x11D: "Control_R", 0x138: "Alt_R", 0x15C: "Meta_R"}
_MACOS_LABELS: Final = {"Control": "Meta", "Meta": "Control"}

_X11_ALT_GR: Final = 0x80
_X11_LOCKS: Final = ((0x02, Modifier.CAPS_LOCK), (0x10, Modifier.NUM_LOCK))
_MACOS_CAPS_LOCK: Final = 0x10000


def physical_key(event: QKeyEvent, platform: str = sys.platform) -> int:
    """A number for the physical key, the same for its press and its release, whatever is held by then."""
    native = event.nativeVirtualKey() if platform == "darwin" else event.nativeScanCode()
    # Events that no keyboard made have no native code. Qt's keys are told apart from native ones by their sign.
    return native if event.nativeScanCode() and native else -int(event.key()) - 1


def us_character(event: QKeyEvent, platform: str = sys.platform) -> str:
    """The character at the key's place on a US keyboard, without Shift; "" where that is not known."""
    code = event.nativeScanCode()
    if platform == "darwin":
        # The scan code only says that a keyboard made the event.
        return _MACOS.get(event.nativeVirtualKey(), "") if code else ""
    return _EVDEV.get(code if platform == "win32" else code - _X11_OFFSET, "")


def modifier_name(event: QKeyEvent, name: str, platform: str = sys.platform) -> str:
    """The name of a modifier key for KeyInput, by ``name``, Qt's; macOS does not distinguish left from right."""
    if platform == "darwin":
        return _MACOS_LABELS.get(name, name)
    if platform == "win32":
        return _WINDOWS_RIGHT.get(event.nativeScanCode(), name)
    return _KEYSYMS.get(event.nativeVirtualKey(), name)


def locks(event: QKeyEvent, platform: str = sys.platform) -> Modifier:
    """The locks that were on before the event, if the platform reports them: on Windows none."""
    native, result = event.nativeModifiers(), Modifier(0)
    if platform == "darwin":
        return Modifier.CAPS_LOCK if native & _MACOS_CAPS_LOCK else result
    if platform != "win32":
        for mask, lock in _X11_LOCKS:
            if native & mask:
                result |= lock
    return result


def alt_gr_is_held(event: QKeyEvent, platform: str = sys.platform) -> bool:
    """Whether AltGr makes what the key types. macOS has no such key: its Option is Alt."""
    held = event.modifiers()
    if platform == "darwin":
        return False
    if platform == "win32":
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        return held & both == both and event.text() != "" and event.text().isprintable()
    switched = bool(held & Qt.KeyboardModifier.GroupSwitchModifier)
    return switched or bool(event.nativeModifiers() & _X11_ALT_GR)
