"""Detects a display to open a window on."""

import os
import sys
from collections.abc import MutableMapping

PLATFORM = "QT_QPA_PLATFORM"


def has_display(environment: MutableMapping[str, str] = os.environ) -> bool:
    """True where Qt can open a visible window, as far as the environment shows."""
    if environment.get(PLATFORM):
        return environment[PLATFORM] not in ("offscreen", "minimal")
    if sys.platform.startswith("linux"):
        return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    return True


def go_offscreen(environment: MutableMapping[str, str] = os.environ) -> tuple[str, ...]:
    """Let Qt paint without a display. Returns the variables it added, which programs must not inherit."""
    if environment.get(PLATFORM):
        return ()
    environment[PLATFORM] = "offscreen"
    return (PLATFORM,)
