"""Kitty's graphics protocol: images that come with the output are kept, placed and deleted.

Only what travels in the output itself is taken: a program may not have files or shared memory read for it, so these
are refused with an error, as the protocol has it for a terminal on another computer. Animations are refused too.
"""

from typing import Final

from podium.terminal.graphics.kitty_answer import answer
from podium.terminal.graphics.kitty_delete import delete, delete_image
from podium.terminal.graphics.placing import cell_size, keep, show_placement, take_off
from podium.terminal.images.kitty_command import KittyCommand, parse_command
from podium.terminal.images.placement import Image, Placement
from podium.terminal.images.upload import BadImage, Upload
from podium.terminal.screen.state import Terminal

_MOST_ROWS: Final = 100
"""Rows that an image is made as high as, where the screen itself has fewer."""


def graphics_command(t: Terminal, text: str, whole: bool) -> None:
    """Carry out the command in ``text``, which is what an APC holds after its G. ``whole`` unless it was cut off."""
    command = parse_command(text)
    if command is None:
        return
    pending = t.images.upload
    if pending is not None and command.continues(pending.command):
        _go_on(t, pending, command, whole)
        return
    t.images.upload = None
    action = command.action
    if action in "tTq":
        _begin(t, command, whole)
    elif action == "p":
        _put(t, command)
    elif action == "d":
        delete(t, command)
    else:
        answer(t, command, "EINVAL:no animations here")


def _begin(t: Terminal, command: KittyCommand, whole: bool) -> None:
    try:
        if command.letter("t", "d") != "d":
            raise BadImage("EINVAL:only direct transmission")
        if command.number("i") and command.number("I"):
            raise BadImage("EINVAL:both i and I")
        _add(t, Upload(command), command, whole)
    except BadImage as error:
        answer(t, command, str(error))


def _go_on(t: Terminal, upload: Upload, command: KittyCommand, whole: bool) -> None:
    first = upload.command
    if command.number("q"):
        first.numbers["q"] = command.number("q")
    try:
        _add(t, upload, command, whole)
    except BadImage as error:
        t.images.upload = None
        answer(t, first, str(error))


def _add(t: Terminal, upload: Upload, command: KittyCommand, whole: bool) -> None:
    """Take the payload of a command, and do what was asked for when it is the last one. Raises BadImage."""
    if not whole:
        raise BadImage("EFBIG:too much at once")
    upload.add(command.payload)
    if command.more:
        t.images.upload = upload
        return
    t.images.upload = None
    first = upload.command
    image = upload.image()
    if first.action != "q":
        _store(t, first, image)
        if first.action == "T":
            _place(t, first, image)
    answer(t, first, "OK", image.identifier)


def _store(t: Terminal, command: KittyCommand, image: Image) -> None:
    identifier = command.number("i")
    old = t.images.named(identifier, 0)
    if old is not None:
        delete_image(t, old)
    if not keep(t, image):
        raise BadImage("ENOSPC:too many images")
    t.images.name(image, identifier, command.number("I"))


def _put(t: Terminal, command: KittyCommand) -> None:
    image = t.images.named(command.number("i"), command.number("I"))
    if image is None:
        answer(t, command, "ENOENT:no such image")
        return
    try:
        _place(t, command, image)
    except BadImage as error:
        answer(t, command, str(error))
    else:
        answer(t, command, "OK", image.identifier)


def _place(t: Terminal, command: KittyCommand, image: Image) -> None:
    """Show an image as the command says. Raises BadImage."""
    virtual = command.number("U") == 1
    placement = _placement(t, command, image, virtual)
    identifier = command.number("p")
    placement.identifier = identifier
    if virtual:
        t.images.add_virtual(placement)
        return
    if identifier:
        for old in list(t.images.placements):
            if old.image is image and old.identifier == identifier:
                take_off(t, old)
    t.images.register(placement)
    show_placement(t, placement, moves_cursor=command.number("C") != 1)


def _placement(t: Terminal, command: KittyCommand, image: Image, virtual: bool) -> Placement:
    left, top = min(command.number("x"), image.width), min(command.number("y"), image.height)
    width = min(command.number("w") or image.width, image.width - left)
    height = min(command.number("h") or image.height, image.height - top)
    if width <= 0 or height <= 0:
        raise BadImage("EINVAL:nothing of the image is left")
    cell_width, cell_height = cell_size(t)
    x, y = min(command.number("X"), cell_width - 1), min(command.number("Y"), cell_height - 1)
    columns, rows = _cells(command, t, width / cell_width, height / cell_height)
    area = (left, top, width, height)
    if virtual:
        return _fitted(image, area, columns, rows, (cell_width, cell_height))
    placement = Placement(image, area, columns, rows)
    placement.x, placement.y = x / cell_width, y / cell_height
    placement.z = command.number("z")
    return placement


def _cells(command: KittyCommand, t: Terminal, columns: float, rows: float) -> tuple[float, float]:
    """The size in cells, of an image that is ``columns`` × ``rows`` of them large by itself."""
    # No more than there is room for: a few bytes could ask for a million lines.
    most_columns, most_rows = float(t.columns), float(max(t.lines, _MOST_ROWS))
    wanted_columns = min(float(command.number("c")), most_columns)
    wanted_rows = min(float(command.number("r")), most_rows)
    if wanted_columns and wanted_rows:
        return wanted_columns, wanted_rows
    if wanted_columns:
        return wanted_columns, min(rows * wanted_columns / columns, most_rows)
    if wanted_rows:
        return min(columns * wanted_rows / rows, most_columns), wanted_rows
    return columns, rows


def _fitted(
    image: Image, area: tuple[int, int, int, int], columns: float, rows: float, cell: tuple[int, int]
) -> Placement:
    """A placement for placeholders: as large as fits into whole cells, in the middle of them."""
    width, height = float(max(1, round(columns + 0.499))), float(max(1, round(rows + 0.499)))
    scale = min(width * cell[0] / area[2], height * cell[1] / area[3])
    fitted = Placement(image, area, area[2] * scale / cell[0], area[3] * scale / cell[1])
    fitted.x, fitted.y = (width - fitted.columns) / 2.0, (height - fitted.rows) / 2.0
    return fitted
