"""The answers of kitty's graphics protocol."""

from podium.terminal.images.kitty_command import KittyCommand
from podium.terminal.screen.state import Terminal


def answer(t: Terminal, command: KittyCommand, message: str, identifier: int = 0) -> None:
    """Tell what came of a command: "OK", or an error of our own words; only of images that the program has named.

    ``identifier`` is that of the image, where the command did not say it.
    """
    quiet = command.number("q")
    if quiet >= 2 or (quiet == 1 and message == "OK"):
        return
    identifier = identifier or command.number("i")
    label = command.number("I")
    if not identifier and not label:
        return
    keys = [f"i={identifier}"] if identifier else []
    if label:
        keys.append(f"I={label}")
    if command.number("p"):
        keys.append(f"p={command.number('p')}")
    t.reply(f"\x1b_G{','.join(keys)};{message}\x1b\\")
