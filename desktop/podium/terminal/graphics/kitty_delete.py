"""Kitty's delete command: which placements and images go."""

from podium.terminal.graphics.placing import take_off
from podium.terminal.images.kitty_command import KittyCommand
from podium.terminal.images.placement import Image, Placement
from podium.terminal.screen.state import Terminal


def delete(t: Terminal, command: KittyCommand) -> None:
    """Delete placements; with a capital letter also the images that none is left of."""
    what = command.letter("d", "a")
    kind = what.lower()
    images: list[Image] = []
    if kind in "in":
        image = (
            t.images.named(command.number("i"), 0) if kind == "i" else t.images.named(0, command.number("I"))
        )
        images = [image] if image is not None else []
    elif kind == "r":
        low, high = command.number("x"), command.number("y")
        images = [image for image in t.images.images.values() if low <= image.identifier <= high]
        images = [image for image in images if image.identifier]
    if kind in "inr":
        gone = _of_images(t, images, command.number("p") if kind != "r" else 0)
    else:
        gone = _on_screen(t, kind, command)
        images = list({placement.image.number: placement.image for placement in gone}.values())
    for placement in gone:
        take_off(t, placement)
    if what.isupper():
        for image in images:
            if not image.placed and not _has_virtual(t, image):
                t.images.drop(image)


def delete_image(t: Terminal, image: Image) -> None:
    """An image with all its placements: another one takes its id."""
    for placement in _of_images(t, [image], 0):
        take_off(t, placement)
    t.images.drop(image)


def _of_images(t: Terminal, images: list[Image], identifier: int) -> list[Placement]:
    """All placements of these images, or those with an id, without the virtual ones, which are dropped here."""
    found = []
    for image in images:
        found += [
            placement
            for placement in t.images.placements
            if placement.image is image and (not identifier or placement.identifier == identifier)
        ]
        t.images.virtual = {
            key: value
            for key, value in t.images.virtual.items()
            if value.image is not image or (identifier and value.identifier != identifier)
        }
    return found


def _has_virtual(t: Terminal, image: Image) -> bool:
    return any(placement.image is image for placement in t.images.virtual.values())


def _on_screen(t: Terminal, kind: str, command: KittyCommand) -> list[Placement]:
    """The placements on the screen that a delete command by place or z means."""
    x, y, z = command.number("x") - 1, command.number("y") - 1, command.number("z")
    if kind == "c":
        x, y = t.x, t.y
    found: list[Placement] = []
    for number, row in enumerate(t.rows):
        for strip in row.images:
            placement = strip.placement
            if placement.sixel or placement in found:
                continue
            in_column = strip.start <= x < strip.stop
            if (
                kind == "a"
                or (kind in "cp" and number == y and in_column)
                or (kind == "q" and number == y and in_column and placement.z == z)
                or (kind == "x" and in_column)
                or (kind == "y" and number == y)
                or (kind == "z" and placement.z == z)
            ):
                found.append(placement)
    return found
