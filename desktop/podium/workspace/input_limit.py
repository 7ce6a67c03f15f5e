"""Checks of input before anything of it is queued: whether it is too much, whether it is an answer."""

from podium.core.protocol.command_requests import RunAtPrompt
from podium.core.protocol.requests import (
    MAX_INPUT_BYTES,
    KeyAction,
    KeyInput,
    Paste,
    RawInput,
    Request,
    SendText,
)


def is_answer(request: Request) -> bool:
    """Whether somebody types with ``request``: then the program does not wait for a person any more."""
    match request:
        case KeyInput(action=action):
            return action != KeyAction.RELEASE
        case Paste() | RawInput() | SendText() | RunAtPrompt():
            return True
    return False


def input_error(request: Request) -> str | None:
    """In words for a person why ``request`` can't be sent whatever its program does; None when it can be."""
    match request:
        case Paste(text=text) | SendText(text=text) | RunAtPrompt(text=text):
            # Encoding hundreds of megabytes only to count them would hold the window up.
            size = len(text) if len(text) > MAX_INPUT_BYTES else len(text.encode(errors="replace"))
        case RawInput(data=data):
            size = len(data)
        case _:
            return None
    if size <= MAX_INPUT_BYTES:
        return None
    return (
        f"{size / 2**20:.1f} MiB are too much at once, so nothing was sent; {MAX_INPUT_BYTES >> 20} MiB is the most. "
        "Put the text in a file and let the program read that."
    )
