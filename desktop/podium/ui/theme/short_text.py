"""Texts that are read at a glance, in little room."""

from pathlib import Path


def short_path(folder: str) -> str:
    """``~/src/atlas`` instead of the whole way home."""
    home = str(Path.home())
    if folder == home:
        return "~"
    return "~" + folder[len(home) :] if folder.startswith(home + "/") else folder


def age_text(seconds: float | None) -> str:
    """``45 s``, ``2 min``, ``2:14 h``: how long something has been so, to be read at a glance."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{int(seconds)} s"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60}:{minutes % 60:02} h"
