"""Input that is too much for a program, told apart before anything of it is queued."""

from podium.core.requests import MAX_INPUT_BYTES, Paste, RawInput, Request


def why_too_much(request: Request) -> str | None:
    """In words for a person why ``request`` can't be sent whatever its program does; None when it can be."""
    match request:
        case Paste(text=text):
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
