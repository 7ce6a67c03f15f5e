"""The version of Podium, what it was built from and what it runs on, for ``podium --version`` and crash reports.

The number stands in ``podium/__init__.py`` and nowhere else. A package carries ``build.json`` among the resources, with
its kind, commit and release feed; a checkout has none, and asks git.
"""

import enum
import importlib.util
import json
import platform
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from podium import __version__
from podium.app.paths import state_path
from podium.core.resources import read_text
from podium.core.system.processes import NO_CONSOLE

BUILD_FILE: Final = "build.json"
_ROOT: Final = Path(__file__).parents[3]
_GIT_SECONDS: Final = 5.0


class PackageKind(enum.Enum):
    """How this Podium came to the machine."""

    SOURCE = "source"
    WHEEL = "wheel"
    FROZEN = "frozen"
    DEB = "deb"
    PORTABLE = "portable"
    APPIMAGE = "appimage"
    FLATPAK = "flatpak"
    WINDOWS = "windows"
    MACOS = "macos"


UPDATES: Final = {
    PackageKind.SOURCE: "git pull, then make setup",
    PackageKind.WHEEL: "install the newer wheel: pipx install --force FILE.whl, or uv tool install --force FILE.whl",
    PackageKind.FROZEN: "build it again: make package",
    PackageKind.DEB: "install the new .deb over it: apt install ./podium_VERSION_ARCH.deb",
    PackageKind.PORTABLE: "unpack the new archive and run its install.sh with the same option",
    PackageKind.APPIMAGE: "put the new AppImage in place of this one",
    PackageKind.FLATPAK: "flatpak update",
    PackageKind.WINDOWS: "run the new installer; it replaces this version",
    PackageKind.MACOS: "drag the new Podium to Applications",
}
"""What a person does to get a newer one."""


@dataclass(frozen=True, slots=True)
class Build:
    """What this Podium was built from. ``commit`` is empty where nobody knows, ``feed`` where releases are not told."""

    kind: PackageKind = PackageKind.SOURCE
    commit: str = ""
    feed: str = ""
    """The address that tells of the newest release."""


def read_build(read: Callable[[str], str] = read_text) -> Build:
    """The build of this package, or of the checkout. Runs git there: not for the window."""
    try:
        told = json.loads(read(BUILD_FILE))
        return Build(PackageKind(told["kind"]), str(told["commit"]), str(told.get("feed", "")))
    except FileNotFoundError:
        return Build(commit=_commit_of_checkout())
    except (ValueError, KeyError, TypeError):
        return Build(commit="unknown: build.json is damaged")


def version_text(verbose: bool) -> str:
    """``podium 0.1.0``, and with ``verbose`` a line for each thing it was built from and runs on."""
    lines = [f"podium {__version__}"]
    if verbose:
        from importlib.metadata import version

        build = read_build()
        lines.append(f"Commit: {build.commit or 'unknown'}")
        lines.append(f"Package: {build.kind.value}; to update it: {UPDATES[build.kind]}")
        if build.feed:
            lines.append(f"Release feed: {build.feed}")
        lines.append(f"Python {platform.python_version()} on {platform.platform()}")
        lines.append(f"Qt {version('PySide6-Essentials')}")
        lines += [f"{name} {version(name)}" for name in ("pyte", "msgspec", "wcwidth")]
        lines.append(f"Terminal engine: {engine_form()}")
        lines.append(f"State is kept in {state_path()}")
    return "\n".join(lines)


def engine_form() -> str:
    """Whether the terminal engine runs ``compiled`` (mypyc) or ``interpreted``; the source is the same."""
    found = importlib.util.find_spec("podium.terminal.screen.state")
    return "interpreted" if found is None or (found.origin or "").endswith(".py") else "compiled"


def _commit_of_checkout() -> str:
    if not (_ROOT / ".git").exists():
        return ""
    try:
        done = subprocess.run(
            ["git", "-C", str(_ROOT), "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            creationflags=NO_CONSOLE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
