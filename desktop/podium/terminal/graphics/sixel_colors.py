"""The colour registers of sixel images, as a VT340 has them."""

from typing import Final

REGISTERS: Final = 256
_VT340: Final = (
    (0, 0, 0), (20, 20, 80), (80, 13, 13), (20, 80, 20), (80, 20, 80), (20, 80, 80), (80, 80, 20), (53, 53, 53),
    (26, 26, 26), (33, 33, 60), (60, 26, 26), (33, 60, 33), (60, 33, 60), (33, 60, 60), (60, 60, 33), (80, 80, 80),
)  # fmt: skip
"""Red, green and blue in per cent; registers above are black."""
_HLS: Final = 1
_RGB: Final = 2


def default_color(register: int) -> int:
    """The colour (0xRRGGBB) of a register that nobody has set."""
    if register >= len(_VT340):
        return 0
    red, green, blue = _VT340[register]
    return _rgb(red / 100.0, green / 100.0, blue / 100.0)


def color(system: int, first: int, second: int, third: int) -> int:
    """0xRRGGBB: 2 is red, green and blue in per cent; 1 hue (degrees, 0 is blue), lightness, saturation. Else -1."""
    if system == _RGB:
        return _rgb(min(first, 100) / 100.0, min(second, 100) / 100.0, min(third, 100) / 100.0)
    if system == _HLS:
        return _of_hls(first, min(second, 100) / 100.0, min(third, 100) / 100.0)
    return -1


def _of_hls(hue: int, lightness: float, saturation: float) -> int:
    high = lightness + saturation * min(lightness, 1.0 - lightness)
    low = 2.0 * lightness - high
    # A terminal's circle of hues begins at blue, the usual one at red.
    place = (hue + 240) % 360
    return _rgb(
        _channel(low, high, (place + 120) % 360),
        _channel(low, high, place),
        _channel(low, high, (place + 240) % 360),
    )


def _channel(low: float, high: float, hue: int) -> float:
    if hue < 60:
        return low + (high - low) * hue / 60.0
    if hue < 180:
        return high
    if hue < 240:
        return low + (high - low) * (240 - hue) / 60.0
    return low


def _rgb(red: float, green: float, blue: float) -> int:
    return int(red * 255.0 + 0.5) << 16 | int(green * 255.0 + 0.5) << 8 | int(blue * 255.0 + 0.5)
