"""A virtual display as two screens side by side, and a window manager on it."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.display import virtual_display

WIDTH, HEIGHT = 1280, 800
"""Of each of them, in pixels."""


class _Resources(ctypes.Structure):
    """The beginning of ``XRRScreenResources``."""

    _fields_ = (
        ("timestamp", ctypes.c_ulong),
        ("config_timestamp", ctypes.c_ulong),
        ("crtc_count", ctypes.c_int),
        ("crtcs", ctypes.c_void_p),
        ("output_count", ctypes.c_int),
        ("outputs", ctypes.POINTER(ctypes.c_ulong)),
    )


class _Monitor(ctypes.Structure):
    """``XRRMonitorInfo``."""

    _fields_ = (
        ("name", ctypes.c_ulong),
        ("primary", ctypes.c_int),
        ("automatic", ctypes.c_int),
        ("output_count", ctypes.c_int),
        *((name, ctypes.c_int) for name in ("x", "y", "width", "height", "width_mm", "height_mm")),
        ("outputs", ctypes.c_void_p),
    )


@contextmanager
def two_screens() -> Iterator[str]:
    """Yields the display's name."""
    with virtual_display(f"{2 * WIDTH}x{HEIGHT}x24") as display:
        _split(display)
        manager = subprocess.Popen(
            ["openbox"],
            env={**os.environ, "DISPLAY": display},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield display
        finally:
            manager.terminate()
            manager.wait()


def _split(name: str) -> None:
    """Make two monitors of the display, as ``xrandr --setmonitor`` does."""
    x11, randr = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = x11.XDefaultRootWindow.restype = ctypes.c_ulong
    randr.XRRGetScreenResources.restype = ctypes.POINTER(_Resources)
    display = ctypes.c_void_p(x11.XOpenDisplay(name.encode()))
    assert display.value, f"there is no display {name}"
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    output = (ctypes.c_ulong * 1)(randr.XRRGetScreenResources(display, root).contents.outputs[0])
    for place, of_screen in enumerate((1, 0)):
        monitor = _Monitor(
            x11.XInternAtom(display, f"screen-{place}".encode(), 0),
            place == 0,
            0,
            of_screen,
            place * WIDTH,
            0,
            WIDTH,
            HEIGHT,
            340,
            210,
            ctypes.cast(output, ctypes.c_void_p),
        )
        randr.XRRSetMonitor(display, root, ctypes.byref(monitor))
    x11.XSync(display, 0)
    x11.XCloseDisplay(display)
