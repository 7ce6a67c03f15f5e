"""The documentation that a package carries: where it lies, and which page fits."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from podium.core.instances import Kind
from podium.workspace.views import InstanceState, InstanceView

_INSTALLED: Final = Path("share", "doc", "podium", "html")
_OF_KIND: Final = {Kind.MISSION: "guide/missions.html", Kind.COMMAND: "guide/agents.html"}
_TROUBLE: Final = frozenset({InstanceState.FAILED, InstanceState.RESTARTING})
FIRST_PAGE: Final = "guide/first-steps.html"
TROUBLE_PAGE: Final = "guide/troubleshooting.html"


def fitting_page(view: InstanceView | None) -> str:
    """The page, relative to the documentation's folder, for whoever looks at this instance."""
    if view is None:
        return FIRST_PAGE
    if view.state in _TROUBLE:
        return TROUBLE_PAGE
    return _OF_KIND.get(view.spec.kind, FIRST_PAGE)


def documentation_folders() -> tuple[Path, ...]:
    """The folders where the documentation may be: of a package, of the environment, of a checkout after *make docs*."""
    program = Path(sys.executable).resolve()  # PREFIX/lib/podium/podium where it is frozen.
    return (
        program.parents[min(2, len(program.parents) - 1)] / _INSTALLED,
        Path(sys.prefix) / _INSTALLED,
        Path(__file__).resolve().parents[3] / "dist" / "docs",
    )


def find_page(page: str, folders: Sequence[Path]) -> Path | None:
    """The file of ``page`` in the first folder that has it. Touches the disk."""
    return next((path for folder in folders if (path := folder / page).is_file()), None)
