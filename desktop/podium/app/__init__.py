"""``podium``, ``podium run``, ``podium demo``: the only room that builds and connects the others."""

from podium.app.main import main

__all__ = ["main"]
