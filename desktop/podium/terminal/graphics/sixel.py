"""Sixel data become an image. Any text is taken, cut anywhere; what makes no sense is skipped."""

from typing import TYPE_CHECKING, Final

from podium.core.protocol.images import ImageEncoding
from podium.terminal.graphics.sixel_colors import REGISTERS, color, default_color
from podium.terminal.images.limits import MAX_PIXELS, MAX_SIDE, possible_size
from podium.terminal.images.placement import Image
from podium.terminal.images.png import paletted_png

if TYPE_CHECKING:
    from mypy_extensions import i64

_MAX_SLOTS: Final = 256
_MAX_NUMBER: Final = 65_535
_MAX_NUMBERS: Final = 8
_REPEAT: Final = 0x21
_COLOR: Final = 0x23
_RETURN: Final = 0x24
_NEW_LINE: Final = 0x2D


class SixelDecoder:
    """Takes the data of one image; registers that it sets are kept in ``colors``.

    A pixel is the number of a slot: 0 was never drawn, the others stand for registers in the order of their first use.
    A register that is set again changes what was drawn with it, as in xterm.
    """

    def __init__(self, transparent: bool, colors: dict[int, int]) -> None:
        self.colors = colors
        self.transparent = transparent
        """What is not drawn stays as it is; else it is in the colour of register 0."""
        self.width = 0
        self.height = 0
        """Pixels that were drawn."""
        self._declared_width = 0
        self._declared_height = 0
        self._rows: list[bytearray] = []
        self._x = 0
        self._top = 0
        self._slots: dict[int, int] = {}
        self._slot = self._slot_of(0)
        self._command = 0
        self._numbers: list[int] = []
        self._repeat = 1

    def feed(self, text: str) -> None:
        """The next characters."""
        size: i64 = len(text)
        i: i64 = 0
        while i < size:
            code: i64 = ord(text[i])
            i += 1
            if 0x3F <= code <= 0x7E:
                if self._command:
                    self._run_command()
                self._draw(code - 0x3F)
            elif 0x30 <= code <= 0x39:
                if self._command:
                    number: i64 = self._numbers[-1] * 10 + code - 0x30
                    self._numbers[-1] = number if number < _MAX_NUMBER else _MAX_NUMBER
            elif code == 0x3B:
                if self._command and len(self._numbers) < _MAX_NUMBERS:
                    self._numbers.append(0)
            elif _REPEAT <= code <= _COLOR:
                if self._command:
                    self._run_command()
                self._command = code
                self._numbers = [0]
            elif code in (_RETURN, _NEW_LINE):
                if self._command:
                    self._run_command()
                self._x = 0
                if code == _NEW_LINE and self._top < MAX_SIDE:
                    self._top += 6

    def _run_command(self) -> None:
        command, numbers = self._command, self._numbers
        self._command = 0
        if command == _REPEAT:
            self._repeat = max(1, numbers[0])
        elif command == _COLOR:
            register = numbers[0] % REGISTERS
            if len(numbers) >= 5:
                value = color(numbers[1], numbers[2], numbers[3], numbers[4])
                if value >= 0:
                    self.colors[register] = value
            self._slot = self._slot_of(register)
        elif len(numbers) >= 4 and not self._rows and possible_size(numbers[2], numbers[3]):
            self._declared_width, self._declared_height = numbers[2], numbers[3]

    def _slot_of(self, register: int) -> int:
        slot = self._slots.get(register, 0)
        if not slot:
            if len(self._slots) + 1 >= _MAX_SLOTS:
                return self._nearest(self._color(register))
            slot = len(self._slots) + 1
            self._slots[register] = slot
        return slot

    def _color(self, register: int) -> int:
        value = self.colors.get(register, -1)
        return value if value >= 0 else default_color(register)

    def _nearest(self, wanted: int) -> int:
        """The slot whose colour is most like this one, for the 256th register of an image."""
        best, distance = 1, 1 << 30
        for register, slot in self._slots.items():
            value = self._color(register)
            red, green = (value >> 16) - (wanted >> 16), (value >> 8 & 255) - (wanted >> 8 & 255)
            blue = (value & 255) - (wanted & 255)
            apart = red * red + green * green + blue * blue
            if apart < distance:
                best, distance = slot, apart
        return best

    def _draw(self, bits: "i64") -> None:
        """Draw a column of up to six pixels, as often as was said."""
        x = self._x
        count = min(self._repeat, MAX_SIDE - x)
        self._repeat = 1
        if count <= 0:
            return
        end = x + count
        self._x = end
        if not bits:
            return
        height: i64 = 6
        while not bits >> (height - 1):
            height -= 1
        if not self._has_room(end, self._top + height):
            return
        slot = self._slot
        rows = self._rows
        piece = b""
        y = self._top
        while bits:
            if bits & 1:
                row = rows[y]
                have = len(row)
                if count == 1 and x < have:
                    row[x] = slot
                else:
                    if have < x:
                        row.extend(bytes(x - have))
                    if not piece:
                        piece = bytes([slot]) * count
                    row[x:end] = piece
            bits >>= 1
            y += 1

    def _has_room(self, width: int, height: int) -> bool:
        """Make the image at least that large, if an image may be."""
        if width > self.width or height > self.height:
            width, height = max(width, self.width), max(height, self.height)
            if width * height > MAX_PIXELS or height > MAX_SIDE:
                return False
            self.width, self.height = width, height
            while len(self._rows) < height:
                self._rows.append(bytearray())
        return True

    def finish(self) -> None:
        """No more characters come."""
        if self._command:
            self._run_command()

    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as declared or drawn; declared pixels cost nothing until they are drawn."""
        return max(self.width, self._declared_width), max(self.height, self._declared_height)

    def image(self) -> Image | None:
        """What was drawn; None when that is nothing."""
        if not self._rows:
            return None
        rows = [bytes(row).ljust(self.width, b"\x00") for row in self._rows]
        covered = not any(b"\x00" in row for row in rows)
        colors = [self._color(0), *[self._color(register) for register in self._slots]]
        data = paletted_png(rows, self.width, colors, self.transparent and not covered)
        return Image(int(ImageEncoding.PNG), self.width, self.height, data, covered or not self.transparent)

    def backdrop(self) -> Image | None:
        """A pixel in the colour of what is declared and not drawn; None when there is no such thing."""
        if self.transparent or self.size() == (self.width, self.height):
            return None
        data = paletted_png([b"\x00"], 1, [self._color(0)], False)
        return Image(int(ImageEncoding.PNG), 1, 1, data, True)
