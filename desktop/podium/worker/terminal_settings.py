"""What the window lets a session's terminal do and be: colours, clipboard, pictures, direction, lines it keeps."""

from podium.core.protocol.images import AllowGraphics
from podium.core.protocol.requests import AllowClipboard, KeepLines, Request, SetBidi, SetColors
from podium.terminal import Emulator


def set_up(emulator: Emulator, request: Request) -> bool:
    """Carry out a request of this kind; False for any other."""
    match request:
        case SetColors(foreground=foreground, background=background, cursor=cursor, dark=dark):
            emulator.set_colors(foreground, background, cursor, dark, request.palette())
        case AllowClipboard(allowed=allowed):
            emulator.allow_clipboard(allowed)
        case AllowGraphics(allowed=allowed):
            emulator.allow_graphics(allowed)
        case SetBidi(flags=flags, allowed=allowed):
            emulator.set_default_bidi(flags, allowed)
        case KeepLines(lines=lines):
            emulator.keep_lines(lines)
        case _:
            return False
    return True
