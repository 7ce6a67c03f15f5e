"""Colours by what people see, in the notations of X: CIE 1931 and 1976 and TekHVC, as intensities of a screen.

Constants, and the forms of L*a*b* and L*u*v* with their scales, are those that X servers' clients have in common; what
they make of a colour was measured. Colours that no screen shows lose chroma until one does.
"""

import math
from collections.abc import Callable
from typing import Final

Triple = tuple[float, float, float]

_TO_XYZ: Final[list[list[float]]] = [
    [0.3810614910871479, 0.3202571236535211, 0.248345785259331],
    [0.2072974511514085, 0.6805463877637324, 0.1121561610848592],
    [0.02133944350088028, 0.1429719302024648, 1.241728926296655],
]
"""The X, Y and Z of red, green and blue at their full intensities."""
_X_WHITE: Final = 0.9496644
_Z_WHITE: Final = 1.4060403
"""Where Y is 1."""
_U_WHITE: Final = 4 * _X_WHITE / (_X_WHITE + 15 + 3 * _Z_WHITE)
_V_WHITE: Final = 9 / (_X_WHITE + 15 + 3 * _Z_WHITE)
_HUE_ZERO: Final = math.atan2(0.4931 - _V_WHITE, 0.7127 - _U_WHITE)
"""The hue 0 is that of the best red."""
_CHROMA: Final = 7.50725
_TOLERANCE: Final = 0.001
_ROUNDING: Final = 1e-9
_LEAST: Final = 1e-6
_STEPS: Final = 24


def intensities(space: str, numbers: Triple) -> Triple | None:
    """Red, green and blue from 0 to 1 of a colour in this ``space``; None for an unknown one, and for no colour."""
    convert = _SPACES.get(space)
    xyz = convert(*numbers) if convert is not None else None
    if xyz is None or not all(math.isfinite(part) for part in xyz):
        return None
    shown = _shown(xyz, _TOLERANCE)
    return shown if shown is not None else _with_less_chroma(xyz)


def _shown(xyz: Triple, tolerance: float) -> Triple | None:
    """The intensities, None where the screen can't show that. None is quite 0: that is the black of X alone."""
    (a, b, c), (d, e, f), (g, h, i) = _TO_XYZ
    x, y, z = xyz
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    red = (x * (e * i - f * h) - b * (y * i - f * z) + c * (y * h - e * z)) / determinant
    green = (a * (y * i - f * z) - x * (d * i - f * g) + c * (d * z - y * g)) / determinant
    blue = (a * (e * z - y * h) - b * (d * z - y * g) + x * (d * h - e * g)) / determinant
    if min(red, green, blue) < -tolerance or max(red, green, blue) > 1 + tolerance:
        return None
    return min(max(red, _LEAST), 1.0), min(max(green, _LEAST), 1.0), min(max(blue, _LEAST), 1.0)


def _with_less_chroma(xyz: Triple) -> Triple | None:
    """The colour of the same hue and lightness that is as colourful as the screen allows."""
    x, y, z = xyz
    total = x + 15 * y + 3 * z
    if total == 0 or not 0 <= y <= 1:
        return None
    u, v = 4 * x / total - _U_WHITE, 9 * y / total - _V_WHITE
    low, high = 0.0, 1.0
    best: Triple | None = None
    for _ in range(_STEPS):
        share = (low + high) / 2
        moved = _uvy(_U_WHITE + u * share, _V_WHITE + v * share, y)
        shown = _shown(moved, _ROUNDING) if moved is not None else None
        if shown is None:
            high = share
        else:
            low, best = share, shown
    return best if best is not None else _shown((_X_WHITE * y, y, _Z_WHITE * y), _TOLERANCE)


def _xyz(x: float, y: float, z: float) -> Triple | None:
    return (x, y, z) if 0 <= y <= 1 else None


def _uvy(u: float, v: float, y: float) -> Triple | None:
    if v == 0 or not 0 <= y <= 1:
        return None
    return 9 * u * y / (4 * v), y, y * (12 - 3 * u - 20 * v) / (4 * v)


def _xyy(x: float, y: float, luminance: float) -> Triple | None:
    if y == 0 or not 0 <= luminance <= 1:
        return None
    return x * luminance / y, luminance, (1 - x - y) * luminance / y


def _lab(lightness: float, a: float, b: float) -> Triple | None:
    if not 0 <= lightness <= 100:
        return None
    root = (lightness + 16) / 116
    if root**3 < 0.008856:
        y = lightness / 9.03292
        return _X_WHITE * (a / 3893.5 + y), y, _Z_WHITE * (y - b / 1557.4)
    return _X_WHITE * (root + a / 5) ** 3, root**3, _Z_WHITE * (root - b / 2) ** 3


def _luv(lightness: float, u: float, v: float) -> Triple | None:
    y = _luminance(lightness)
    if y is None or lightness == 0:
        return None
    scale = 13 * lightness / 100
    return _uvy(u / scale + _U_WHITE, v / scale + _V_WHITE, y)


def _hvc(hue: float, value: float, chroma: float) -> Triple | None:
    y = _luminance(value)
    if y is None or chroma < 0:
        return None
    if value in (0, 100):
        return _X_WHITE * y, y, _Z_WHITE * y
    angle = math.radians(hue) + _HUE_ZERO
    length = chroma / (value * _CHROMA)
    return _uvy(_U_WHITE + length * math.cos(angle), _V_WHITE + length * math.sin(angle), y)


def _luminance(lightness: float) -> float | None:
    if not 0 <= lightness <= 100:
        return None
    return ((lightness + 16) / 116) ** 3 if lightness >= 7.99953624 else lightness / 903.29


_SPACES: Final[dict[str, Callable[[float, float, float], Triple | None]]] = {
    "ciexyz": _xyz,
    "cieuvy": _uvy,
    "ciexyy": _xyy,
    "cielab": _lab,
    "cieluv": _luv,
    "tekhvc": _hvc,
}
