"""Screens as sessions keep them."""

from pathlib import Path
from typing import Any

from podium.core.protocol.frames import AttributeEntry, Attributes, Line, Run
from podium.core.protocol.saved_screen import KeptScreen, encode

RED = AttributeEntry(1, Attributes(foreground=1))


def leave(place: Path, instance: str = "a", **fields: Any) -> Path:
    """A file as a session leaves it: line 0 … line 49, in red."""
    lines = tuple(Line((Run("line "), Run(str(n), 1))) for n in range(50))
    screen = KeptScreen(**{"columns": 80, "lines": lines, "attributes": (RED,), "saved_at": 500.0} | fields)
    place.mkdir(mode=0o700, exist_ok=True)
    path = place / f"{instance}.screen"
    path.write_bytes(encode(screen))
    return path
