"""Texts that are read at a glance, in little room."""

from collections.abc import Callable
from pathlib import Path


def short_path(folder: str) -> str:
    """``~/src/atlas`` instead of the whole way home."""
    home = str(Path.home())
    if folder == home:
        return "~"
    return "~" + folder[len(home) :] if folder.startswith(home + "/") else folder


def fit_path(path: str, room: float, width_of: Callable[[str], float]) -> str:
    """As much of the end of ``path`` as fits into ``room``, whole names only; "" where not even the last one does.

    ``width_of`` gives a text's width in the unit of ``room``.
    """
    if width_of(path) <= room:
        return path
    names = path.split("/")
    for first in range(1, len(names)):
        shown = "…/" + "/".join(names[first:])
        if names[first] and width_of(shown) <= room:
            return shown
    return ""


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
