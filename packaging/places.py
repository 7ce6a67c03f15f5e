"""Where the scripts of this folder find what they build from, and put what they build."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
DIST: Final = ROOT / "dist"
FROZEN: Final = DIST / "frozen" / "podium"
"""The frozen program, as ``freeze.py`` makes it."""
RESOURCES: Final = Path("_internal", "podium_resources")
"""Its resources, relative to it; ``build.json`` is among them."""
DOCUMENTS: Final = Path("_internal", "share", "doc", "podium", "html")
"""The documentation in it, where nothing like ``/usr/share`` is: ``app/help_pages.py`` looks there."""
