"""Mouse and focus events in the encodings a program asked for."""

from typing import Final

from podium.core.protocol.requests import Modifier, MouseAction, MouseButton, MouseInput
from podium.terminal.screen.state import Terminal

WHEEL_LINES: Final = 3
"""Arrow keys per wheel step where the wheel acts as arrow keys."""

_CODES: Final[dict[int, int]] = {
    int(MouseButton.NONE): 3,
    int(MouseButton.LEFT): 0,
    int(MouseButton.MIDDLE): 1,
    int(MouseButton.RIGHT): 2,
    int(MouseButton.WHEEL_UP): 64,
    int(MouseButton.WHEEL_DOWN): 65,
    int(MouseButton.WHEEL_LEFT): 66,
    int(MouseButton.WHEEL_RIGHT): 67,
    int(MouseButton.BACK): 128,
    int(MouseButton.FORWARD): 129,
    int(MouseButton.EXTRA_10): 130,
    int(MouseButton.EXTRA_11): 131,
}
_PRESS: Final = int(MouseAction.PRESS)
_RELEASE: Final = int(MouseAction.RELEASE)
_MOVE: Final = int(MouseAction.MOVE)
_WHEEL: Final = int(MouseAction.WHEEL)
_MOTION_BIT: Final = 32
_WHEEL_BIT: Final = 64
_EXTRA_BIT: Final = 128
_BYTE_LIMIT: Final = 223
"""The last column or row the one-byte form can say."""
_UTF8_LIMIT: Final = 2015


def encode_mouse(t: Terminal, event: MouseInput) -> bytes:
    """The bytes for a mouse event; empty when the program did not ask for it."""
    code = _CODES.get(event.button, -1)
    if code < 0:
        return b""
    action = event.action
    wheel = action == _WHEEL or code & _WHEEL_BIT != 0
    if t.mouse == 0:
        return _wheel_as_arrows(t, code) if wheel else b""
    if t.mouse == 9:
        if action != _PRESS or wheel or code & _EXTRA_BIT:
            return b""
    elif action == _MOVE and (t.mouse == 1000 or (t.mouse == 1002 and code == 3)):
        return b""
    if wheel and action == _RELEASE:
        return b""
    if action == _MOVE:
        code += _MOTION_BIT
    if t.mouse != 9:
        if event.modifiers & Modifier.SHIFT:
            code += 4
        if event.modifiers & Modifier.ALT:
            code += 8
        if event.modifiers & Modifier.CONTROL:
            code += 16
    x = min(max(event.x, 0), t.columns - 1)
    y = min(max(event.y, 0), t.lines - 1)
    if t.mouse_encoding == 1016:
        x = _pixel(event.pixel_x, x, t.cell_width, t.columns)
        y = _pixel(event.pixel_y, y, t.cell_height, t.lines)
    return _encoded(t.mouse_encoding, code, x + 1, y + 1, action == _RELEASE)


def _pixel(given: int, cell: int, size: int, cells: int) -> int:
    """The pixel as it was given, or the middle of the cell."""
    if given < 0:
        return cell * size + size // 2
    return given if size == 1 else min(given, cells * size - 1)


def _encoded(encoding: int, code: int, x: int, y: int, release: bool) -> bytes:
    if encoding in (1006, 1016):
        return f"\x1b[<{code};{x};{y}{'m' if release else 'M'}".encode("ascii")
    if release:
        # Only SGR says which button was let go.
        code = code & ~_EXTRA_BIT | 3
    if encoding == 1015:
        return f"\x1b[{code + 32};{x};{y}M".encode("ascii")
    if encoding == 1005:
        if x > _UTF8_LIMIT or y > _UTF8_LIMIT:
            return b""
        return b"\x1b[M" + (chr(code + 32) + chr(x + 32) + chr(y + 32)).encode("utf-8")
    if x > _BYTE_LIMIT or y > _BYTE_LIMIT:
        return b""
    return b"\x1b[M" + bytes((code + 32, x + 32, y + 32))


def _wheel_as_arrows(t: Terminal, code: int) -> bytes:
    """Mode 1007: on the alternate screen the wheel moves the program's cursor."""
    if not t.alternate or 1007 not in t.modes or code not in (64, 65):
        return b""
    letter = b"A" if code == 64 else b"B"
    return ((b"\x1bO" if 1 in t.modes else b"\x1b[") + letter) * WHEEL_LINES


def encode_focus(t: Terminal, focused: bool) -> bytes:
    """Mode 1004: the window got or lost the keyboard."""
    if 1004 not in t.modes:
        return b""
    return b"\x1b[I" if focused else b"\x1b[O"
